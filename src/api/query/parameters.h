// Reads an operation's parameters and checks them, all before the first is used, as AWS's services do:
//   "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; …"
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/query/form.h"
#include "base/result.h"

namespace insula::api::query {

// What a text must be. `pattern` is the regular expression as the service model has it, for the message; `is_whole`
// says whether a text matches it.
struct TextRule {
  std::size_t length_min = 0;  // characters
  std::size_t length_max = std::numeric_limits<std::size_t>::max();
  std::string_view pattern{};
  bool (*matches)(std::string_view) = nullptr;
};

// For one request. Values of what is wrong are empty: ask Check() before one is used.
class Parameters {
 public:
  explicit Parameters(Form form) : form_(std::move(form)) {}

  std::string Required(std::string_view name, const TextRule& rule = {});
  std::optional<std::string> Optional(std::string_view name, const TextRule& rule = {});
  // What isn't a number is refused as such, before all else.
  std::optional<std::int64_t> Number(std::string_view name, std::int64_t min, std::int64_t max);
  bool Boolean(std::string_view name, bool otherwise);
  // The texts of a list, each by the rule.
  std::vector<std::string> Texts(std::string_view name, const TextRule& rule = {}, std::size_t count_max = 1000);
  // The members of a list of structures, each to be read with Of().
  std::vector<Form> Structures(std::string_view name, std::size_t count_max);
  // Reads of `part`, for the same Check().
  template <class Read>
  void Of(Form part, Read read) {
    std::swap(form_, part);
    read();
    std::swap(form_, part);
  }

  // ValidationException with all that is wrong, or with what isn't a number.
  Result<void> Check() const;

 private:
  void CheckText(const std::string& path, std::string_view value, const TextRule& rule);
  void Violated(const std::string& path, std::optional<std::string_view> value, std::string_view constraint);
  // "tags.1.member.key" of the member "Key" of "Tags.member.1".
  std::string PathOf(std::string_view name) const;

  Form form_;
  std::vector<std::string> violations_;
  std::optional<std::string> malformed_;
};

}  // namespace insula::api::query
