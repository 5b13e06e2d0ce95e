// Signature Version 4: no request makes the authenticator misbehave, none that wasn't signed is let in, and what the
// signer signs is let in until a byte of it changes.
//
// The input is a method line, a target line, header lines "name:value", an empty line, and the body.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/authenticator.h"
#include "access/canonical_request.h"
#include "access/signer.h"
#include "base/check.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

using namespace insula;
using namespace insula::access;

namespace {

struct World {
  World() {
    store = std::move(*RunTask(CredentialStore::Open(records, clock, Keyring{MasterKey::Generate(), {}})));
    ContextPrincipal service;
    service.names = {EnvironmentName("prod"), ServiceName("catalog"), std::nullopt};
    service.may_act_for_tenants = true;
    NewAccessKey request{service, std::nullopt, ""};
    INSULA_CHECK(RunTask(store->Import(request, "AKIAIOSFODNN7EXAMPLE", "a secret that no input holds")).ok());
    authenticator = std::make_unique<Authenticator>(*store, clock, "us-east-1");
  }
  MemoryRecordStore records;
  ManualClock clock{WallTime{std::chrono::seconds{1'795'453'294}}};  // 2026-11-23T17:01:34Z
  std::unique_ptr<CredentialStore> store;
  std::unique_ptr<Authenticator> authenticator;
};

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

std::string_view TakeLine(std::string_view* rest) {
  const std::size_t end = std::min(rest->find('\n'), rest->size());
  const std::string_view line = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return line;
}

// Whether a request with this header verifies once it is signed isn't for the signature alone to say.
bool IsSpecial(std::string_view name) {
  for (const std::string_view special : {"authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
                                         "x-insula-tenant", "host", "x-amz-target", "content-type"}) {
    if (EqualIgnoringCase(name, special)) return true;
  }
  // A name with these in it can't be told from two in the list of signed names.
  return name.empty() || name.find_first_of(";,= \t") != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World& world = *new World;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view method = TakeLine(&rest);
  const std::string_view target = TakeLine(&rest);
  Headers headers;
  for (std::string_view line = TakeLine(&rest); !line.empty(); line = TakeLine(&rest)) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  const std::string body(rest);

  // As it came: nobody signed it.
  INSULA_CHECK(!world.authenticator->Verify(SignedRequest{method, target, headers, body}).ok());
  (void)Authenticator::CheckForm(SignedRequest{method, target, headers, body});

  // Signed.
  std::erase_if(headers, [](const auto& header) { return IsSpecial(header.first); });
  headers.emplace_back("Host", "localhost");
  std::string value;
  if (headers.size() > 200 || FindQueryParameter(target, "X-Amz-Algorithm", &value)) return 0;
  Signer signer({"AKIAIOSFODNN7EXAMPLE", "a secret that no input holds", ""}, "us-east-1", "dynamodb");
  const auto added = signer.Sign(method, target, headers, body, world.clock.Now());
  for (const auto& [name, text] : added) headers.emplace_back(name, text);
  INSULA_CHECK(world.authenticator->Verify(SignedRequest{method, target, headers, body}).ok());

  // Signed in the query, if nothing else in it looks like that.
  const auto plain = Headers(headers.begin(), headers.end() - static_cast<std::ptrdiff_t>(added.size()));
  const std::string presigned =
      signer.Presign(method, target, plain, body, world.clock.Now(), std::chrono::seconds(1 + body.size() % 604'800));
  const bool twice = target.find("Amz") != std::string_view::npos || target.find('%') != std::string_view::npos ||
                     target.find('#') != std::string_view::npos;
  INSULA_CHECK(twice || world.authenticator->Verify(SignedRequest{method, presigned, plain, body}).ok());
  INSULA_CHECK(!world.authenticator->Verify(SignedRequest{method, presigned, plain, body + "x"}).ok());
  INSULA_CHECK(!world.authenticator->Verify(SignedRequest{method, presigned + "&x", plain, body}).ok());

  // Changed.
  const std::string other = body + "x";
  INSULA_CHECK(!world.authenticator->Verify(SignedRequest{method, target, headers, other}).ok());
  const std::string other_method = std::string(method) + "x";
  INSULA_CHECK(!world.authenticator->Verify(SignedRequest{other_method, target, headers, body}).ok());
  headers.emplace_back("x-insula-tenant", "acme");
  INSULA_CHECK(!world.authenticator->Verify(SignedRequest{method, target, headers, body}).ok());
  return 0;
}
