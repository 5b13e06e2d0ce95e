// What verifying one request's signature costs: a GetItem of 200 bytes as an SDK signs it.
#include <benchmark/benchmark.h>

#include "access/authenticator.h"
#include "access/signer.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

void VerifySignature(benchmark::State& state) {
  MemoryRecordStore records;
  ManualClock clock;
  auto store = std::move(*RunTask(CredentialStore::Open(records, clock, Keyring{MasterKey::Generate(), {}})));
  ContextPrincipal principal;
  principal.names = {EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
  NewAccessKey request{principal, std::nullopt, ""};
  const CreatedKey key = std::move(*RunTask(store->Create(request)));
  const Authenticator authenticator(*store, clock, "us-east-1");
  const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
  std::vector<std::pair<std::string_view, std::string_view>> headers = {
      {"host", "localhost:8000"},
      {"x-amz-target", "DynamoDB_20120810.GetItem"},
      {"content-type", "application/x-amz-json-1.0"},
      {"x-amz-user-agent", "aws-sdk-js/3.700.0"},
      {"amz-sdk-invocation-id", "2f5b4a3c-1111-2222-3333-444455556666"},
      {"amz-sdk-request", "attempt=1; max=3"}};
  Signer signer({key.key.id, std::string(key.secret.view()), ""}, "us-east-1", "dynamodb");
  auto added = signer.Sign("POST", "/", headers, body, clock.Now());
  const bool unknown = state.range(1) != 0;
  if (unknown) added.back().second.replace(added.back().second.find("AKIA"), 20, "AKIAXXXXXXXXXXXXXXXX");
  for (const auto& [name, value] : added) headers.emplace_back(name, value);
  headers.emplace_back("user-agent", "aws-sdk-js/3.700.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.20.2");
  headers.emplace_back("content-length", "200");
  headers.emplace_back("connection", "keep-alive");
  for (auto _ : state) {
    const auto result = authenticator.Verify(SignedRequest{"POST", "/", headers, body});
    if (result.ok() == unknown) state.SkipWithError("verified otherwise");
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(VerifySignature)->ArgNames({"bytes", "unknown"})->Args({200, 0})->Args({200, 1})->Args({1100, 0});

}  // namespace
}  // namespace insula::access

BENCHMARK_MAIN();
