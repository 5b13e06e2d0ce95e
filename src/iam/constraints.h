// What a request's members must look like. All that is wrong is said at once, as AWS says it:
// "2 validation errors detected: Value '…' at 'roleName' failed to satisfy constraint: …; Value …".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "iam/entities.h"

namespace insula::iam {

// `member` is the name of a member as messages have it: "roleName". Lengths are in characters.
class Constraints {
 public:
  void Length(std::string_view member, std::string_view value, std::size_t min, std::size_t max);
  void Range(std::string_view member, std::int64_t value, std::int64_t min, std::int64_t max);
  // [\w+=,.@-]+, from 1 to `max` characters.
  void Name(std::string_view member, std::string_view value, std::size_t max);
  // "/" or "/…/" of printable ASCII.
  void Path(std::string_view member, std::string_view value);
  void PathPrefix(std::string_view member, std::string_view value);  // "/…"
  void Description(std::string_view member, const std::optional<std::string>& value);
  void Document(std::string_view member, std::string_view value);
  void Arn(std::string_view member, std::string_view value);
  void TagList(const Tags& tags);
  void TagKeys(const std::vector<std::string>& keys);
  // Something that isn't as `constraint` has it: "Member must satisfy enum value set: [Active, Inactive]".
  void Violated(std::string_view member, std::string_view value, std::string_view constraint);

  Result<void> Verdict() const;

 private:
  // What IAM looks at only after all of the above: names' and texts' characters, one sentence for the first.
  void Unfit(std::string message);

  std::vector<std::string> violations_;
  std::optional<std::string> unfit_;
};

// What a policy document's size is: its characters without white space.
std::size_t SizeWithoutBlanks(std::string_view document);

}  // namespace insula::iam
