// Where an operation takes place: a scope, and the number of the account that ARNs in it have. Two services' contexts
// of one tenant have one account, and nothing else in common.
#pragma once

#include "access/scope.h"
#include "model/ids.h"

namespace insula::iam {

struct Realm {
  access::Scope scope;
  AccountId account;
};

}  // namespace insula::iam
