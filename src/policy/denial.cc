#include "policy/denial.h"

#include <fmt/format.h>

#include "base/check.h"

namespace insula::policy {
namespace {

struct Words {
  std::string_view explicitly;
  std::string_view implicitly;
};

Words WordsOf(PolicyType type) {
  switch (type) {
    case PolicyType::kServiceControl:
      return {"a service control policy", "service control policy"};
    case PolicyType::kResource:
      return {"a resource-based policy", "resource-based policy"};
    case PolicyType::kTrust:
      return {"the role trust policy", "role trust policy"};
    case PolicyType::kIdentity:
      return {"an identity-based policy", "identity-based policy"};
    case PolicyType::kBoundary:
      return {"a permissions boundary", "permissions boundary"};
    case PolicyType::kSession:
      return {"a session policy", "session policy"};
  }
  return {};
}

}  // namespace

std::string DenialMessage(const Principal& principal, const Request& request, Verdict verdict) {
  INSULA_CHECK(!verdict.allowed());
  const Words words = WordsOf(verdict.decided_by);
  const std::string& action = request.action.text();
  const std::string why = verdict.decision == Decision::kExplicitlyDenied
                              ? fmt::format("with an explicit deny in {}", words.explicitly)
                              : fmt::format("because no {} allows the {} action", words.implicitly, action);
  return fmt::format("User: {} is not authorized to perform: {} on resource: {} {}", principal.arn, action,
                     request.resource, why);
}

}  // namespace insula::policy
