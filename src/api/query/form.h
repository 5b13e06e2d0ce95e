// The parameters of a request in AWS's Query protocol: a form, whose names say how values are nested.
//
//   Action=CreateRole&RoleName=reader&Tags.member.1.Key=team&Tags.member.1.Value=blue
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace insula::api::query {

// A form, or the part of it whose names begin alike. Cheap to copy; each keeps the whole alive.
class Form {
 public:
  static constexpr std::size_t kParametersMax = 1000;

  // "a=b&c=d", percent-encoded, '+' a space. SerializationException for a name that comes twice, for what isn't
  // encoded rightly or is no UTF-8, and for more than kParametersMax.
  static Result<Form> Parse(std::string_view text);

  // The value of a parameter; none where it isn't given. An empty value is given.
  std::optional<std::string_view> Find(std::string_view name) const;
  // The value of this part itself, as members of a list of texts have.
  std::optional<std::string_view> value() const;
  // The members of a list, in the order of their numbers: of "Tags.member.2.Key" and "Tags.member.10.Key", as some
  // clients write them without "member" also of "Tags.2.Key". None where the list isn't given, or is empty ("Tags=").
  std::vector<Form> Members(std::string_view name) const;
  // What lies below a name: of "Policy.Arn" the part "Policy".
  Form Part(std::string_view name) const;
  // Whether any parameter lies in this part.
  bool is_given() const;
  // The part's name as the request writes it, without the last dot: "Tags.member.2".
  std::string_view name() const { return prefix_; }

 private:
  using Values = std::map<std::string, std::string, std::less<>>;
  Form(std::shared_ptr<const Values> values, std::string prefix)
      : values_(std::move(values)), prefix_(std::move(prefix)) {}
  std::string NameOf(std::string_view name) const;

  std::shared_ptr<const Values> values_;
  std::string prefix_;
};

}  // namespace insula::api::query
