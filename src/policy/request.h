// One request for one resource, as policies see it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "policy/arn.h"
#include "policy/condition_key.h"
#include "policy/fact.h"

namespace insula::policy {

// "dynamodb:GetItem". Made once, as a constant of whoever asks: matching wants it in small letters.
class Action {
 public:
  explicit Action(std::string_view text);

  const std::string& text() const { return text_; }      // as it was given
  std::string_view service() const { return service_; }  // in small letters
  std::string_view name() const { return name_; }        // in small letters
  Action(const Action&) = delete;
  Action& operator=(const Action&) = delete;

 private:
  std::string text_;
  std::string small_;
  std::string_view service_;
  std::string_view name_;
};

// What a request says to the keys that neither its principal nor policy::Request answers. Asked at most once for each
// condition or variable that comes to be looked at, so that what nobody asks for needn't be worked out. Nothing it is
// asked may allocate; what a Fact views lasts until the evaluation is over.
class RequestFacts {
 public:
  virtual ~RequestFacts() = default;

  // `detail` is a tag's key or a kOther's name, in small letters; empty for other keys.
  virtual Fact Find(KeyName name, std::string_view detail) const = 0;

  // Whether this is asked before the principal and the Request are: a simulation's context entries win over what is so.
  bool asked_first() const { return asked_first_; }

 protected:
  explicit RequestFacts(bool asked_first = false) : asked_first_(asked_first) {}

 private:
  bool asked_first_;
};

// Cheap to make; everything it refers to outlives the evaluation.
struct Request {
  // `on`: the resource's ARN, or "*" for an action on no resource in particular, which only Resource "*" allows.
  // `owner`: the account that the resource is of.
  Request(const Action& asked, std::string_view on, std::string_view owner, WallTime at, const RequestFacts& known)
      : action(asked), resource(on), resource_arn(Arn::Parse(on)), resource_account(owner), now(at), facts(known) {}

  const Action& action;
  std::string_view resource;
  std::optional<Arn> resource_arn;
  std::string_view resource_account;
  WallTime now;
  const RequestFacts& facts;
  // The resource counts as one of the principal's own account, whatever the numbers are: a role's session may have been
  // placed in a context that has an account of its own.
  bool is_of_own_account = false;
};

}  // namespace insula::policy
