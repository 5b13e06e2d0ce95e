#include "api/sts/session_parameters.h"

#include <algorithm>
#include <utility>

#include "api/query/answer.h"
#include "policy/document.h"
#include "policy/small_letters.h"

namespace insula::api::sts {
namespace {

constexpr std::size_t kTagsMax = 50;
constexpr std::size_t kPolicyArnsMax = 10;
constexpr std::size_t kPolicyCharactersMax = 2048;

bool IsName(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
}

// "[\p{L}\p{Z}\p{N}_.:/=+\-@]": of other scripts any character, as nobody asks which of them are letters.
bool IsTagText(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return IsName(std::string_view(&c, 1)) ? c != ','
                                           : static_cast<unsigned char>(c) >= 0x80 || c == ' ' || c == ':' || c == '/';
  });
}

query::TextRule TagRule(std::size_t length_min, std::size_t length_max) {
  return {.length_min = length_min,
          .length_max = length_max,
          .pattern = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
          .matches = IsTagText};
}

template <class Tags>
auto FindTag(Tags& tags, std::string_view key) {
  return std::ranges::find_if(tags, [&](const auto& tag) { return policy::EqualInSmallLetters(tag.key, key); });
}

Error Unfit(std::string message) { return query::ErrorNamed("InvalidParameterValue", std::move(message)); }

}  // namespace

query::TextRule NameRule(std::size_t length_min, std::size_t length_max) {
  return {.length_min = length_min, .length_max = length_max, .pattern = R"([\w+=,.@-]*)", .matches = IsName};
}

query::TextRule ArnRule() { return {.length_min = 20, .length_max = 2048}; }

SessionPolicies ReadPolicies(query::Parameters* parameters) {
  SessionPolicies policies;
  policies.policy = parameters->Optional("Policy", {.length_min = 1, .length_max = kPolicyCharactersMax}).value_or("");
  for (const query::Form& member : parameters->Structures("PolicyArns", kPolicyArnsMax)) {
    parameters->Of(member, [&] {
      if (auto arn = parameters->Optional("arn", ArnRule())) policies.arns.push_back(*std::move(arn));
    });
  }
  return policies;
}

Result<void> CheckPolicies(const SessionPolicies& policies) {
  if (policies.policy.empty()) return {};
  INSULA_TRY(policy::Document::Parse(policies.policy, policy::DocumentKind::kIdentity));
  return {};
}

GivenTags ReadTags(query::Parameters* parameters, bool with_transitive) {
  GivenTags given;
  for (const query::Form& member : parameters->Structures("Tags", kTagsMax)) {
    parameters->Of(member, [&] {
      std::string key = parameters->Required("Key", TagRule(1, 128));
      std::string value = parameters->Required("Value", TagRule(0, 256));
      given.tags.push_back({std::move(key), std::move(value), false});
    });
  }
  if (with_transitive) {
    given.transitive_keys = parameters->Texts("TransitiveTagKeys", {.length_min = 1, .length_max = 128}, kTagsMax);
  }
  return given;
}

Result<std::vector<access::SessionTag>> TagsOf(GivenTags given, const access::Session* caller) {
  std::vector<access::SessionTag> tags;
  for (access::SessionTag& tag : given.tags) {
    if (policy::SmallLetters(tag.key).starts_with("aws:")) {
      return Unfit("Tag keys that begin with aws: are reserved for system use.");
    }
    if (FindTag(tags, tag.key) != tags.end()) {
      return Unfit("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    tags.push_back(std::move(tag));
  }
  for (const std::string& key : given.transitive_keys) {
    const auto tag = FindTag(tags, key);
    if (tag == tags.end()) {
      return Unfit("The specified transitive tag key must be included in the requested tags.");
    }
    tag->transitive = true;
  }
  if (caller == nullptr) return tags;
  for (const access::SessionTag& inherited : caller->tags) {
    if (!inherited.transitive) continue;
    if (FindTag(tags, inherited.key) != tags.end()) {
      return Unfit(
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
          "the "
          "calling session.");
    }
    tags.push_back(inherited);
  }
  return tags;
}

}  // namespace insula::api::sts
