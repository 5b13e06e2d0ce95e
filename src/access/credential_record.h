// How an access key is written in the record store: kind "access-key", name its id, value JSON.
//
//   {"v":1,"owner":{"kind":"context","environment":"prod","service":"catalog","tenant":"acme","may_act":false},
//    "status":"active","created":MICROSECONDS,"expires":MICROSECONDS,"description":"…","secret":"1.FINGERPRINT.HEX"}
// with "owner":{"kind":"operator","account":"123456789012","admin":true} for an operator's, and for a user's
// {"kind":"user","user":"AIDA…","account":"123456789012"} or, where it is a context's, with "environment", "service"
// and "tenant" instead of the account.
#pragma once

#include <string>
#include <string_view>

#include "access/credential_store.h"
#include "base/result.h"

namespace insula::access {

inline constexpr std::string_view kAccessKeyKind = "access-key";

struct AccessKeyRecord {
  AccessKey key;
  std::string sealed_secret;
};

std::string WriteAccessKeyRecord(const AccessKeyRecord& record);
// Corruption for text that isn't such a record; FailedPrecondition for one of a later version.
Result<AccessKeyRecord> ReadAccessKeyRecord(std::string_view id, std::string_view text);

}  // namespace insula::access
