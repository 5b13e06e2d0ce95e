// One signed request to S3 and its answer, over libcurl, with retries. Internal to the room.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/signer.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "objects/s3_store.h"

namespace insula::objects {

struct S3Request {
  std::string_view method;
  std::string target;  // path and query, encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;
  std::size_t answer_bytes_max = 64 * 1024;
};

struct S3Answer {
  long status = 0;
  std::string etag;         // without quotes
  std::uint64_t whole = 0;  // of a range: the size of the whole object
  std::string body;
};

// Safe from any thread; each call has a connection of its own while it lasts, kept for the next one.
class S3Connection {
 public:
  S3Connection(S3Options options, Clock& clock);
  ~S3Connection();

  // An answer of status 200 to 299; else an error: NotFound (404), AccessDenied (401, 403), InvalidArgument (other
  // 4xx), ServiceUnavailable once all tries are used up. The message has S3's code and never a credential.
  Result<S3Answer> Send(const S3Request& request);

  const S3Options& options() const { return options_; }

 private:
  struct Handle;
  struct Tried;
  Tried Try(const S3Request& request, Handle* handle);
  bool Pause(std::uint32_t delay_ms) const;  // false: cancelled
  bool cancelled() const { return options_.cancelled != nullptr && options_.cancelled->load(); }

  const S3Options options_;
  const std::string host_;  // for the Host header
  Clock& clock_;
  Mutex mutex_;
  access::Signer signer_ INSULA_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Handle>> idle_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::objects
