// Collects the top-level names of paths, and those that are looked into.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "expression/document_path.h"

namespace insula::expression {

class PathNames {
 public:
  void Add(const DocumentPath& path) {
    names_.push_back(&path.front().name());
    if (path.size() > 1) nested_.push_back(&path.front().name());
  }
  void AddNested(const DocumentPath& path) {
    if (path.size() > 1) nested_.push_back(&path.front().name());
  }
  // In order, each once. The paths added must still be there.
  void Finish(std::vector<std::string>* names, std::vector<std::string>* nested) {
    Unique(&names_, names);
    Unique(&nested_, nested);
  }

 private:
  static void Unique(std::vector<const std::string*>* from, std::vector<std::string>* to) {
    std::sort(from->begin(), from->end(), [](const auto* a, const auto* b) { return *a < *b; });
    to->reserve(from->size());
    for (const std::string* name : *from) {
      if (to->empty() || to->back() != *name) to->push_back(*name);
    }
  }

  std::vector<const std::string*> names_;
  std::vector<const std::string*> nested_;
};

}  // namespace insula::expression
