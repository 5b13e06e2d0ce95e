#include "app/admin_client.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "access/signer.h"
#include "base/clock.h"
#include "http/client.h"

namespace insula::app {
namespace {

constexpr std::string_view kTargetPrefix = "Insula_20261123.";

}  // namespace

Result<AdminAnswer> CallAdmin(const AdminTarget& target, std::string_view operation, std::string_view parameters) {
  INSULA_ASSIGN(http::Url url, http::ParseUrl(target.endpoint));
  const std::string host = url.HostHeader();
  const std::string name = std::string(kTargetPrefix) + std::string(operation);
  const std::vector<std::pair<std::string_view, std::string_view>> signed_headers = {
      {"content-type", "application/x-amz-json-1.0"}, {"host", host}, {"x-amz-target", name}};
  access::Signer signer({target.key.access_key_id, target.key.secret_access_key, {}}, target.key.region, "insula");
  std::vector<std::pair<std::string, std::string>> headers(signed_headers.begin(), signed_headers.end());
  for (auto& header : signer.Sign("POST", "/", signed_headers, parameters, Clock::System().Now()))
    headers.push_back(std::move(header));

  http::ClientOptions options;
  options.patient = true;  // reading everything takes as long as there is to read
  options.tls_pinned_file = target.certificate;
  options.tls_ca_file = target.ca_file;
  http::Client client(std::move(url), std::move(options));
  auto response = client.Send("POST", "/", headers, parameters);
  if (!response.ok())
    return Error{ErrorCode::kIo,
                 fmt::format("cannot reach the server at {}: {}", target.endpoint, response.error().message())};
  return AdminAnswer{response->status, std::move(response->body)};
}

}  // namespace insula::app
