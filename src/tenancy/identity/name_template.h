// A name template, parsed: literal text and placeholders.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace insula::tenancy {

enum class Placeholder : std::uint8_t { kEnvironment, kService, kTenant, kTable };
std::string_view NameOf(Placeholder placeholder);         // "environment" …
std::span<const std::string_view> AllNames(Placeholder);  // base/enum_names.h

class NameTemplate {
 public:
  using Part = std::variant<std::string, Placeholder>;

  // InvalidArgument for an unknown or repeated placeholder, a brace that doesn't match, or a character that no table
  // name may have.
  static Result<NameTemplate> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<Part>& parts() const { return parts_; }
  bool Has(Placeholder placeholder) const;

  struct Values {
    std::string_view environment, service, tenant, table;
  };
  std::string Expand(const Values& values) const;

 private:
  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace insula::tenancy
