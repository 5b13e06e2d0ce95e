#include "api/sts/sts_facts.h"

#include "policy/small_letters.h"

namespace insula::api::sts {

using policy::Fact;
using policy::KeyName;

StsFacts::StsFacts(const operations::Caller& caller, std::string_view region, const SessionAsked& asked)
    : CallerFacts(caller, region), asked_(asked) {
  for (const access::SessionTag& tag : asked.tags) {
    tag_keys_.push_back(tag.key);
    if (tag.transitive) transitive_keys_.push_back(tag.key);
  }
}

Fact StsFacts::FindOwn(KeyName name, std::string_view detail) const {
  switch (name) {
    case KeyName::kStsRoleSessionName:
      return Fact::TextOrAbsent(asked_.session_name);
    case KeyName::kStsExternalId:
      return Fact::TextOrAbsent(asked_.external_id);
    case KeyName::kStsSourceIdentity:
      return Fact::TextOrAbsent(asked_.source_identity);
    case KeyName::kStsDurationSeconds:
      return asked_.duration_s ? Fact::Number(*asked_.duration_s) : Fact();
    case KeyName::kStsTransitiveTagKeys:
      return Fact::Set(transitive_keys_);
    case KeyName::kTagKeys:
      return Fact::Set(tag_keys_);
    case KeyName::kRequestTag:
      for (const access::SessionTag& tag : asked_.tags) {
        if (policy::EqualInSmallLetters(tag.key, detail)) return Fact::Text(tag.value);
      }
      return {};
    default:
      return {};
  }
}

}  // namespace insula::api::sts
