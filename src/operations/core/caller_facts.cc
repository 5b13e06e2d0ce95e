#include "operations/core/caller_facts.h"

namespace insula::operations {

using policy::Fact;
using policy::KeyName;

Fact CallerFacts::Find(KeyName name, std::string_view detail) const {
  const ContextNames* names = tenancy::NamesOf(caller_.context);
  switch (name) {
    case KeyName::kSourceIp:
      return Fact::TextOrAbsent(caller_.remote_address);
    case KeyName::kUserAgent:
      return Fact::TextOrAbsent(caller_.user_agent);
    case KeyName::kSecureTransport:
      return Fact::Flag(caller_.has_tls);
    case KeyName::kViaAwsService:
      return Fact::Flag(false);
    case KeyName::kRequestedRegion:
      return Fact::Text(region_);
    case KeyName::kInsulaEnvironment:
      return names == nullptr ? Fact() : Fact::Text(names->environment.value());
    case KeyName::kInsulaService:
      return names == nullptr ? Fact() : Fact::Text(names->service.value());
    case KeyName::kInsulaTenant:
      return names == nullptr || !names->tenant ? Fact() : Fact::Text(names->tenant->value());
    default:
      return FindOwn(name, detail);
  }
}

}  // namespace insula::operations
