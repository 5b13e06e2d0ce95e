// What deciding one request costs: a GetItem by a session of a role with three managed policies and one session policy
// that holds it to its tenant's keys.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "base/check.h"
#include "policy/evaluate.h"

namespace {
std::size_t allocations = 0;
}

// Counted, as an evaluation is to make none.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace insula::policy {
namespace {

constexpr std::string_view kOperations = R"({"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["cloudwatch:GetMetricData", "logs:*"], "Resource": "*"},
  {"Effect": "Deny", "Action": "dynamodb:DeleteTable", "Resource": "*"}]})";
constexpr std::string_view kReader = R"({"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
  "Resource": ["arn:aws:dynamodb:*:111122223333:table/Orders", "arn:aws:dynamodb:*:111122223333:table/Orders/index/*"]}})";
constexpr std::string_view kSecure = R"({"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}})";
constexpr std::string_view kSession = R"({"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
  "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/Orders",
  "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}#*"]}}}})";

class GetItemFacts : public RequestFacts {
 public:
  Fact Find(KeyName name, std::string_view /*detail*/) const override {
    if (name == KeyName::kLeadingKeys) return Fact::Member("acme#order-4711");
    if (name == KeyName::kSecureTransport) return Fact::Flag(true);
    return {};
  }
};

NamedPolicy Parsed(std::string_view json) { return {"", std::move(*Document::Parse(json, DocumentKind::kIdentity))}; }

void EvaluateGetItem(benchmark::State& state) {
  Grants grants;
  grants.principal.type = PrincipalType::kAssumedRole;
  grants.principal.arn = "arn:aws:sts::111122223333:assumed-role/Reader/session";
  grants.principal.source_arn = "arn:aws:iam::111122223333:role/Reader";
  grants.principal.account = "111122223333";
  grants.principal.tags = Tags({{"tenant", "acme"}, {"environment", "prod"}, {"service", "catalog"}});
  grants.identity = {Parsed(kOperations), Parsed(kReader), Parsed(kSecure)};
  grants.session = {Parsed(kSession)};
  const Action action("dynamodb:GetItem");
  const GetItemFacts facts;
  const std::size_t before = allocations;
  for (auto _ : state) {
    const Request request(action, "arn:aws:dynamodb:us-east-1:111122223333:table/Orders", "111122223333", WallTime{},
                          facts);
    const Verdict verdict = Evaluate(grants, nullptr, request);
    if (!verdict.allowed()) state.SkipWithError("denied");
    benchmark::DoNotOptimize(verdict);
  }
  state.counters["allocations"] = static_cast<double>(allocations - before);
}
BENCHMARK(EvaluateGetItem);

void ParseDocument(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Document::Parse(kSession, DocumentKind::kIdentity));
}
BENCHMARK(ParseDocument);

}  // namespace
}  // namespace insula::policy

BENCHMARK_MAIN();
