// How entities are written in the record store. The kind says which it is, the name is the scope (access/scope.h) and
// the unique id, "t/prod/catalog/acme/AROA…", and the value is JSON:
//
//   iam-user    {"v":1,"name":"alice","path":"/","created":US,"boundary":"ANPA…","groups":["AGPA…"],POLICIES,TAGS}
//   iam-group   {"v":1,"name":"readers","path":"/","created":US,POLICIES}
//   iam-role    {"v":1,"name":"app","path":"/","created":US,"trust":"{…}","description":"…","session_seconds_max":3600,
//                "boundary":"ANPA…","last_used":US,"last_used_region":"…",POLICIES,TAGS}
//   iam-policy  {"v":1,"name":"read","path":"/","created":US,"description":"…","updated":US,"default_version":1,
//                "last_version":2,"versions":[{"number":1,"created":US,"document":"{…}"}],TAGS}
//   iam-profile {"v":1,"name":"web","path":"/","created":US,"role":"AROA…",TAGS}
//
// where POLICIES is "inline":{"NAME":"{…}"},"attached":["ANPA…"], TAGS is "tags":[{"key":"…","value":"…"}], US is
// microseconds since 1970, and what says nothing is left out.
#pragma once

#include <array>
#include <string_view>

#include "access/scope.h"
#include "base/record_store.h"
#include "base/result.h"
#include "iam/snapshot.h"

namespace insula::iam {

inline constexpr std::array<std::string_view, 5> kEntityKinds = {"iam-user", "iam-group", "iam-role", "iam-policy",
                                                                 "iam-profile"};

RecordChange PutRecord(const access::Scope& scope, const AnyEntity& entity);
RecordChange RemoveRecord(const access::Scope& scope, const AnyEntity& entity);

struct ReadEntity {
  access::Scope scope;
  AnyEntity entity;
};
// Corruption for a record that isn't one of these, or holds a policy that can't be compiled; FailedPrecondition for one
// of a later version.
Result<ReadEntity> ReadEntityRecord(const Record& record);

}  // namespace insula::iam
