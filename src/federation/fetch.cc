#include "federation/fetch.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <memory>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "federation/public_address.h"

namespace insula::federation {
namespace {

struct Transfer {
  const FetchRules& rules;
  bool plain = false;  // http
  std::string body;
  std::string_view why{};  // it was ended here; a literal
};

std::size_t TakeBody(char* data, std::size_t, std::size_t size, void* user) {
  auto* transfer = static_cast<Transfer*>(user);
  if (transfer->body.size() + size > kDocumentBytesMax) {
    transfer->why = "the document is too large";
    return 0;
  }
  transfer->body.append(data, size);
  return size;
}

curl_socket_t OpenSocket(void* user, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(user);
  const bool is_public = IsPublicAddress(address->addr);
  if (!is_public && !transfer->rules.private_addresses) {
    transfer->why = "its address is a private one";
    return CURL_SOCKET_BAD;
  }
  if (is_public && transfer->plain) {
    transfer->why = "it is asked by http, over the internet";
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct FreeHandle {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

}  // namespace

Result<std::string> Fetch(const std::string& url, const FetchRules& rules) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  INSULA_CHECK(initialized == CURLE_OK);
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  INSULA_CHECK(handle != nullptr);
  CURL* curl = handle.get();
  Transfer transfer{rules, url.starts_with("http://"), {}};

  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, rules.private_addresses ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(rules.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, OpenSocket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  if (!rules.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, rules.ca_file.c_str());

  const CURLcode code = curl_easy_perform(curl);
  const auto failed = [&](std::string_view why) {
    return Error(ErrorCode::kIdpCommunicationError, fmt::format("{}: {}", url, why));
  };
  if (!transfer.why.empty()) return failed(transfer.why);
  if (code != CURLE_OK) return failed(curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return failed(fmt::format("it answered {}", status));
  return std::move(transfer.body);
}

}  // namespace insula::federation
