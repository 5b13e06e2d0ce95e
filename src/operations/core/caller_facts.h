// What policies may ask about any request of a caller: where it comes from, and in whose context it acts.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
#pragma once

#include <string_view>

#include "operations/core/caller.h"
#include "policy/request.h"

namespace insula::operations {

// For one request. What it is made of outlives it.
class CallerFacts : public policy::RequestFacts {
 public:
  CallerFacts(const Caller& caller, std::string_view region) : caller_(caller), region_(region) {}

  policy::Fact Find(policy::KeyName name, std::string_view detail) const final;

 protected:
  // The keys of the operation that is asked for.
  virtual policy::Fact FindOwn(policy::KeyName, std::string_view /*detail*/) const { return {}; }

 private:
  const Caller& caller_;
  const std::string_view region_;
};

}  // namespace insula::operations
