// A request's facts as a list of keys and values: what simulations are given.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "policy/request.h"

namespace insula::policy {

// Wins over what the principal and the request say of the same keys.
class ContextEntries : public RequestFacts {
 public:
  ContextEntries() : RequestFacts(true) {}
  ContextEntries(const ContextEntries&) = delete;
  ContextEntries& operator=(const ContextEntries&) = delete;

  // `key`: as in a policy, "aws:PrincipalTag/tenant". A later value of a key replaces the former.
  void Add(std::string_view key, std::string value);
  void AddSet(std::string_view key, std::vector<std::string> values);

  Fact Find(KeyName name, std::string_view detail) const override;

 private:
  struct Entry {
    ConditionKey key;
    bool set = false;
    std::vector<std::string> values;
    std::vector<std::string_view> views;  // of the values
  };
  Entry* At(std::string_view key);

  std::deque<Entry> entries_;  // which don't move, as views of theirs are given away
};

}  // namespace insula::policy
