// What an answer in AWS's Query protocol is written into: elements of an XML document.
#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <string_view>

#include "base/clock.h"

namespace insula::api::query {

// A place in a document, which it must not outlive. Characters that XML has no place for are left out of texts.
class Element {
 public:
  explicit Element(pugi::xml_node node) : node_(node) {}

  Element Add(std::string_view name);  // an element below, after those that are there
  // Elements below that have a value and nothing else.
  void Text(std::string_view name, std::string_view value);
  void Number(std::string_view name, std::int64_t value);
  void Boolean(std::string_view name, bool value);
  void Time(std::string_view name, WallTime value);  // to the second: "2026-11-30T14:35:37Z"

 private:
  pugi::xml_node node_;
};

}  // namespace insula::api::query
