// What temporary credentials cost: to issue a session, to open its token for the first time, to find it opened, and to
// verify a request that it signed. The session is a role's, with an inline policy of some 300 bytes and two tags.
#include <benchmark/benchmark.h>

#include "access/authenticator.h"
#include "access/signer.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

Session Vended(std::size_t policy_bytes) {
  Session session;
  session.principal_id = "AROADBQP57FF2AEXAMPLE";
  session.account = AccountId("123456789012");
  session.name = "acme-7";
  session.scope = ContextNames{EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
  session.tenant_account = AccountId("210987654321");
  session.tags = {{"TenantID", "acme", true}, {"plan", "gold", false}};
  session.policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem",)"
      R"("dynamodb:Query"],"Resource":"arn:aws:dynamodb:*:*:table/Products","Condition":{"ForAllValues:StringEquals":)"
      R"({"dynamodb:LeadingKeys":["acme"]}}}]})";
  // Words that repeat as those of policies do.
  for (int i = 0; session.policy.size() < policy_bytes; ++i) {
    session.policy +=
        R"({"Effect":"Allow","Action":"dynamodb:Scan","Resource":"table/)" + std::to_string(i * 7919) + "\"}";
  }
  session.policy_arns = {"arn:aws:iam::123456789012:policy/tenants/reader"};
  session.expires = WallTime::max();
  return session;
}

void Issue(benchmark::State& state) {
  const auto keys = TokenKeys::Drawn();
  const Session session = Vended(static_cast<std::size_t>(state.range(0)));
  std::size_t size = 0;
  for (auto _ : state) size = IssueSession(session, *keys)->token.size();
  state.SetItemsProcessed(state.iterations());
  state.counters["token"] = static_cast<double>(size);
}
BENCHMARK(Issue)->ArgName("policy")->Arg(0)->Arg(2048);

void OpenFirst(benchmark::State& state) {
  const auto keys = TokenKeys::Drawn();
  const std::string token = IssueSession(Vended(static_cast<std::size_t>(state.range(0))), *keys)->token;
  for (auto _ : state) {
    if (!OpenSessionToken(token, *keys).ok()) state.SkipWithError("not opened");
  }
}
BENCHMARK(OpenFirst)->ArgName("policy")->Arg(0)->Arg(2048);

void FindOpened(benchmark::State& state) {
  const auto keys = TokenKeys::Drawn();
  ManualClock clock;
  SessionCache cache(*keys, clock);
  const std::string token = IssueSession(Vended(0), *keys)->token;
  for (auto _ : state) {
    if (!cache.Open(token).ok()) state.SkipWithError("not opened");
  }
}
BENCHMARK(FindOpened);

void HashToken(benchmark::State& state) {
  const auto keys = TokenKeys::Drawn();
  const std::string token = IssueSession(Vended(0), *keys)->token;
  for (auto _ : state) benchmark::DoNotOptimize(Sha256::Of(token));
}
BENCHMARK(HashToken);

// With a session (1) and with an access key (0), for what is between them.
void Verify(benchmark::State& state) {
  MemoryRecordStore records;
  ManualClock clock;
  const auto keys = TokenKeys::Drawn();
  SessionCache cache(*keys, clock);
  auto store = std::move(*RunTask(CredentialStore::Open(records, clock, Keyring{MasterKey::Generate(), {}})));
  ContextPrincipal principal;
  principal.names = {EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
  NewAccessKey request{principal, std::nullopt, ""};
  const CreatedKey key = std::move(*RunTask(store->Create(request)));
  ClientCredentials credentials{key.key.id, std::string(key.secret.view()), ""};
  if (state.range(0) != 0) {
    Session session = Vended(0);
    session.parent_key_id = key.key.id;
    const IssuedSession issued = *IssueSession(session, *keys);
    credentials = {issued.access_key_id, std::string(issued.secret.view()), issued.token};
  }
  const Authenticator authenticator(*store, clock, "us-east-1", {"dynamodb"}, &cache);
  const std::string body(200, 'x');
  std::vector<std::pair<std::string_view, std::string_view>> headers = {{"host", "localhost:8000"},
                                                                        {"x-amz-target", "DynamoDB_20120810.GetItem"},
                                                                        {"content-type", "application/x-amz-json-1.0"}};
  Signer signer(credentials, "us-east-1", "dynamodb");
  const auto added = signer.Sign("POST", "/", headers, body, clock.Now());
  for (const auto& [name, value] : added) headers.emplace_back(name, value);
  for (auto _ : state) {
    const auto result = authenticator.Verify(SignedRequest{"POST", "/", headers, body});
    if (!result.ok()) state.SkipWithError("not verified");
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(Verify)->ArgName("session")->Arg(0)->Arg(1);

}  // namespace
}  // namespace insula::access

BENCHMARK_MAIN();
