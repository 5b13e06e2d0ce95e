#include "api/sts/sts_service.h"

#include <utility>

#include "api/sts/sts_actions.h"

namespace insula::api::sts {

StsService::StsService(StsParts parts) : QueryService("sts", "2011-06-15"), parts_(std::move(parts)) {
  using Perform = Task<Result<void>> (*)(const StsParts&, const query::Query&, query::Answer&);
  const auto offer = [this](std::string name, Perform perform, bool is_unsigned = false) {
    const auto ask = [this, perform](const query::Query& query, query::Answer& answer) {
      return perform(parts_, query, answer);
    };
    Offer(std::move(name), {ask, is_unsigned});
  };
  offer("AssumeRole", AssumeRole);
  offer("AssumeRoleWithWebIdentity", AssumeRoleWithWebIdentity, true);
  offer("GetAccessKeyInfo", GetAccessKeyInfo);
  offer("GetCallerIdentity", GetCallerIdentity);
  offer("GetFederationToken", GetFederationToken);
  offer("GetSessionToken", GetSessionToken);
}

}  // namespace insula::api::sts
