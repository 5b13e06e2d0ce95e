// All that is known of a request in one place: what an evaluation asks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/condition_key.h"
#include "policy/fact.h"
#include "policy/principal.h"
#include "policy/request.h"

namespace insula::policy {

class Facts {
 public:
  // Both outlive the facts. `missing`, where it isn't nullptr, gets the keys that were asked for in vain, each once.
  Facts(const Principal& principal, const Request& request, std::vector<std::string>* missing = nullptr)
      : principal_(principal), request_(request), missing_(missing) {}

  const Principal& principal() const { return principal_; }
  const Request& request() const { return request_; }
  Fact Find(const ConditionKey& key) const;

 private:
  Fact Known(const ConditionKey& key) const;
  void NoteMissing(const ConditionKey& key) const;

  const Principal& principal_;
  const Request& request_;
  std::vector<std::string>* missing_;
};

// Where the text of a number or a time is written.
struct FactText {
  char characters[40];
};
// The text of a fact that is one value: "true", "42", "2026-01-31T12:00:00Z". Precondition: it is neither absent nor
// kSet.
std::string_view TextOf(const Fact& fact, FactText* text);

}  // namespace insula::policy
