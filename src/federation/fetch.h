// One document from an issuer's web server, over libcurl. Whoever names an issuer has this server send a request: so it
// goes nowhere but to where it may, follows nothing that it is told, and takes no more than there is use for.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/result.h"

namespace insula::federation {

inline constexpr std::size_t kDocumentBytesMax = std::size_t{256} * 1024;

struct FetchRules {
  // Whether a document may come from this machine and the networks around it, and by http from there.
  bool private_addresses = false;
  std::string ca_file;                      // beside the system's certificates' place; empty: the system's
  std::chrono::milliseconds timeout{5000};  // for all of it
};

// Blocks. The URL is of https; there is no proxy and no redirect. The address is looked at as the connection is made,
// not before: the one that was looked at is the one that is connected to. IDPCommunicationError, with the cause, unless
// the answer is of status 200 and at most kDocumentBytesMax. Safe from any thread.
Result<std::string> Fetch(const std::string& url, const FetchRules& rules);

}  // namespace insula::federation
