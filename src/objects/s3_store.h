// Objects in a bucket behind any endpoint that speaks S3's protocol: path-style addresses, Signature Version 4.
//
// Small objects are put whole, larger ones in parts of kPartSize, of which one is in memory. Reading asks for ranges of
// the one version that the first answer named. A call that fails for a reason that may pass (5xx, 429, the network) is
// made again, after a pause that grows; a multipart upload that is given up is aborted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "access/signer.h"
#include "base/clock.h"
#include "objects/object_store.h"

namespace insula::objects {

struct S3Options {
  std::string endpoint;  // "https://s3.eu-central-1.amazonaws.com"; http:// too
  std::string region = "us-east-1";
  std::string bucket;
  std::string prefix;  // of every key; ends in a slash unless it is empty
  access::ClientCredentials credentials;
  std::string ca_file;  // PEM; empty: the system's
  std::size_t part_size = 8 * 1024 * 1024;
  int tries_max = 6;
  std::uint32_t retry_delay_ms_min = 100;
  std::uint32_t connect_timeout_ms = 10'000;
  std::uint32_t stall_timeout_ms = 30'000;  // without a byte in either direction
  // Set: calls end soon, with ServiceUnavailable.
  std::shared_ptr<const std::atomic<bool>> cancelled;
};

// `clock` outlives the store. Nothing is sent yet. InvalidArgument for an endpoint that isn't http:// or https://.
Result<std::unique_ptr<ObjectStore>> OpenS3Store(S3Options options, Clock& clock);

}  // namespace insula::objects
