#include "objects/s3_connection.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include "access/canonical_request.h"
#include "base/check.h"
#include "base/crypto.h"
#include "objects/s3_xml.h"

namespace insula::objects {
namespace {

constexpr std::size_t kIdleMax = 8;
constexpr std::uint32_t kRetryDelayMsMax = 5'000;

std::string HostOf(std::string_view endpoint) {
  endpoint.remove_prefix(endpoint.find("://") + 3);
  return std::string(endpoint.substr(0, endpoint.find('/')));
}

// Passes by itself: worth another try.
bool MayPass(long status) { return status == 429 || status >= 500; }

struct Sink {
  S3Answer* answer;
  std::size_t bytes_max;
  bool too_long = false;
};

std::size_t TakeBody(char* data, std::size_t, std::size_t size, void* user) {
  auto* sink = static_cast<Sink*>(user);
  if (sink->answer->body.size() + size > sink->bytes_max) {
    sink->too_long = true;
    return 0;
  }
  sink->answer->body.append(data, size);
  return size;
}

std::size_t TakeHeader(char* data, std::size_t, std::size_t size, void* user) {
  auto* answer = static_cast<S3Answer*>(user);
  const std::string_view line(data, size);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
  value = access::TrimSpace(value);
  const std::string_view name = line.substr(0, colon);
  if (access::EqualIgnoringCase(name, "etag")) {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    answer->etag = std::string(value);
  } else if (access::EqualIgnoringCase(name, "content-range")) {
    const std::string_view whole = value.substr(value.rfind('/') + 1);
    std::from_chars(whole.data(), whole.data() + whole.size(), answer->whole);
  }
  return size;
}

int AskWhetherToGoOn(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto* cancelled = static_cast<const std::atomic<bool>*>(user);
  return cancelled != nullptr && cancelled->load() ? 1 : 0;
}

// Once per process, before any thread uses curl.
void InitializeCurl() {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  INSULA_CHECK(initialized == CURLE_OK);
}

}  // namespace

struct S3Connection::Handle {
  CURL* curl = curl_easy_init();
  Handle() { INSULA_CHECK(curl != nullptr); }
  Handle(const Handle&) = delete;
  ~Handle() { curl_easy_cleanup(curl); }
};

struct S3Connection::Tried {
  S3Answer answer;
  std::string trouble;  // of the network; empty: there is an answer
  bool too_long = false;
};

S3Connection::S3Connection(S3Options options, Clock& clock)
    : options_(std::move(options)),
      host_(HostOf(options_.endpoint)),
      clock_(clock),
      signer_(options_.credentials, options_.region, "s3") {
  InitializeCurl();
}
S3Connection::~S3Connection() = default;

S3Connection::Tried S3Connection::Try(const S3Request& request, Handle* handle) {
  CURL* curl = handle->curl;
  curl_easy_reset(curl);  // keeps the connection
  Tried tried;
  Sink sink{&tried.answer, request.answer_bytes_max};

  std::vector<std::pair<std::string_view, std::string_view>> to_sign = {{"host", host_}};
  for (const auto& [name, value] : request.headers) to_sign.emplace_back(name, value);
  std::vector<std::pair<std::string, std::string>> added;
  {
    const MutexLock lock(mutex_);
    added = signer_.Sign(request.method, request.target, to_sign, request.body, clock_.Now());
  }
  curl_slist* lines = nullptr;
  const auto add = [&](const std::string& line) { lines = curl_slist_append(lines, line.c_str()); };
  add("Host: " + host_);
  add("Expect:");
  add("Content-Type:");
  for (const auto& [name, value] : request.headers) add(name + ": " + value);
  for (const auto& [name, value] : added) add(name + ": " + value);

  const std::string url = options_.endpoint + request.target;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, std::string(request.method).c_str());
  if (request.method == "PUT" || request.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data() == nullptr ? "" : request.body.data());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, std::string(request.method).c_str());
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &tried.answer);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout_ms));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, std::max<long>(1, options_.stall_timeout_ms / 1000));
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, AskWhetherToGoOn);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, options_.cancelled.get());
  if (!options_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());

  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(lines);
  tried.too_long = sink.too_long;
  if (code == CURLE_OK) {
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &tried.answer.status);
  } else if (!sink.too_long) {
    tried.trouble = curl_easy_strerror(code);
  }
  return tried;
}

bool S3Connection::Pause(std::uint32_t delay_ms) const {
  constexpr std::uint32_t kSliceMs = 50;
  for (std::uint32_t waited = 0; waited < delay_ms; waited += kSliceMs) {
    if (cancelled()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(kSliceMs, delay_ms - waited)));
  }
  return !cancelled();
}

Result<S3Answer> S3Connection::Send(const S3Request& request) {
  std::unique_ptr<Handle> handle;
  {
    const MutexLock lock(mutex_);
    if (!idle_.empty()) {
      handle = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (handle == nullptr) handle = std::make_unique<Handle>();

  Tried tried;
  std::uint32_t delay_ms = options_.retry_delay_ms_min;
  for (int tries = 1;; ++tries) {
    tried = Try(request, handle.get());
    const bool again = !tried.trouble.empty() || MayPass(tried.answer.status);
    if (!again || tries >= options_.tries_max || cancelled()) break;
    // Between half of it and all: those who were refused together don't come back together.
    const auto random = static_cast<unsigned char>(RandomBytes(1).front());
    if (!Pause(delay_ms / 2 + delay_ms / 2 * random / 255)) break;
    delay_ms = std::min(delay_ms * 2, kRetryDelayMsMax);
  }
  if (tried.trouble.empty()) {
    const MutexLock lock(mutex_);
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(handle));
  }

  if (tried.too_long) return Error(ErrorCode::kIo, fmt::format("S3 answered {} with too much", request.method));
  if (!tried.trouble.empty()) {
    return Error(ErrorCode::kServiceUnavailable,
                 fmt::format("S3 at {} could not be reached: {}", options_.endpoint, tried.trouble));
  }
  const long status = tried.answer.status;
  if (status >= 200 && status < 300) return std::move(tried.answer);
  const std::string s3_code = XmlText(tried.answer.body, "Code").value_or("no code");
  const std::string message =
      fmt::format("S3 at {} answered {} ({}) to {}", options_.endpoint, status, s3_code, request.method);
  if (status == 404) return Error(ErrorCode::kNotFound, message);
  if (status == 401 || status == 403) return Error(ErrorCode::kAccessDenied, message);
  if (status == 507) return Error(ErrorCode::kStorageFull, message);
  if (MayPass(status)) return Error(ErrorCode::kServiceUnavailable, message);
  return Error(ErrorCode::kInvalidArgument, message);
}

}  // namespace insula::objects
