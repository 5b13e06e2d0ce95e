#include "load/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace insula::load {
namespace {

constexpr std::size_t kDraws = 1 << 20;
constexpr std::size_t kVersions = 2;
constexpr auto kSignatureAge = std::chrono::minutes(2);
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// Ranks by Zipf's law from a table of the distribution.
class ZipfRanks {
 public:
  ZipfRanks(std::size_t count, double exponent) : cumulative_(count) {
    double sum = 0;
    for (std::size_t rank = 0; rank < count; ++rank) {
      sum += 1.0 / std::pow(static_cast<double>(rank + 1), exponent);
      cumulative_[rank] = sum;
    }
  }
  template <class Random>
  std::size_t Draw(Random& random) const {
    std::uniform_real_distribution<double> point(0, cumulative_.back());
    const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end(), point(random));
    return static_cast<std::size_t>(found - cumulative_.begin());
  }

 private:
  std::vector<double> cumulative_;
};

}  // namespace

Workload::Workload(WorkloadOptions options, std::vector<access::ClientCredentials> tenants)
    : options_(std::move(options)), random_(options_.seed) {
  INSULA_CHECK(!tenants.empty() && options_.items > 0 && options_.query_items > 0);
  for (auto& credentials : tenants) tenants_.emplace_back(std::move(credentials), options_.region, "dynamodb");

  const std::uint64_t pairs = load_count();
  const std::uint64_t count = std::min(pairs, options_.requests_max);
  const bool reading = options_.workload != BenchWorkload::kPut;
  const bool writing = options_.workload == BenchWorkload::kPut || options_.workload == BenchWorkload::kMixed;
  for (std::uint64_t i = 0; i < count; ++i) {
    // Tenants take turns, so that a sample holds all of them as long as it can.
    const std::uint64_t pair = count == pairs ? i : random_() % pairs;
    const auto tenant = static_cast<std::uint32_t>((count == pairs ? i : i + pair) % tenants_.size());
    const std::uint64_t item = pair / tenants_.size();
    if (reading) {
      SignedRequestText request;
      request.tenant = tenant;
      if (options_.workload == BenchWorkload::kQuery) {
        request.operation = "Query";
        request.body = QueryBody(item);
      } else if (options_.workload == BenchWorkload::kSelect) {
        request.operation = "ExecuteStatement";
        request.body = SelectBody(item);
      } else {
        request.operation = "GetItem";
        request.body = GetBody(item);
      }
      reads_.push_back(std::move(request));
    }
    for (std::uint64_t version = 0; writing && version < kVersions; ++version) {
      SignedRequestText request;
      request.tenant = tenant;
      request.write = true;
      request.operation = "PutItem";
      request.body = PutBody(item, version);
      writes_.push_back(std::move(request));
    }
  }
  version_.resize(writes_.size() / kVersions);
  Draw();
}

void Workload::Draw() {
  const std::size_t count = std::max(reads_.size(), writes_.size() / kVersions);
  std::vector<std::uint32_t> place(count);  // popular ranks lie anywhere
  for (std::size_t i = 0; i < count; ++i) place[i] = static_cast<std::uint32_t>(i);
  std::shuffle(place.begin(), place.end(), random_);
  draws_.resize(kDraws);
  if (options_.distribution == KeyDistribution::kZipf) {
    const ZipfRanks ranks(count, options_.zipf_exponent);
    for (std::uint32_t& draw : draws_) draw = place[ranks.Draw(random_)];
  } else {
    for (std::uint32_t& draw : draws_) draw = place[random_() % count];
  }
}

const SignedRequestText& Workload::Next() {
  const std::uint32_t draw = draws_[next_draw_];
  next_draw_ = (next_draw_ + 1) % draws_.size();
  const bool read = writes_.empty() ||
                    (!reads_.empty() && std::uniform_real_distribution<double>(0, 1)(random_) < options_.read_fraction);
  if (!read) version_[draw] ^= 1;
  SignedRequestText& request = read ? reads_[draw] : writes_[draw * kVersions + version_[draw]];
  const SteadyTime now = std::chrono::steady_clock::now();
  if (request.bytes.empty() || now - request.signed_at > kSignatureAge) {
    request.bytes = Request(request.tenant, request.operation, request.body);
    request.signed_at = now;
  }
  return request;
}

void Workload::SignAll() {
  for (auto* requests : {&reads_, &writes_}) {
    for (SignedRequestText& request : *requests) {
      request.bytes = Request(request.tenant, request.operation, request.body);
      request.signed_at = std::chrono::steady_clock::now();
    }
  }
}

SignedRequestText Workload::LoadRequest(std::uint64_t number) {
  SignedRequestText request;
  request.tenant = static_cast<std::uint32_t>(number % tenants_.size());
  request.write = true;
  request.operation = "PutItem";
  request.body = PutBody(number / tenants_.size(), 0);
  request.bytes = Request(request.tenant, request.operation, request.body);
  return request;
}

std::string Workload::Request(std::uint32_t tenant, std::string_view operation, std::string_view body) {
  const std::string target = fmt::format("DynamoDB_20120810.{}", operation);
  const std::vector<std::pair<std::string_view, std::string_view>> headers = {
      {"Host", options_.host}, {"X-Amz-Target", target}, {"Content-Type", "application/x-amz-json-1.0"}};
  std::string text = "POST / HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) text += fmt::format("{}: {}\r\n", name, value);
  for (const auto& [name, value] : tenants_[tenant].Sign("POST", "/", headers, body, Clock::System().Now())) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  text += fmt::format("Content-Length: {}\r\n\r\n", body.size());
  text += body;
  return text;
}

std::string Workload::CreateTableBody() const {
  return fmt::format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST",)"
      R"("AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}},{{"AttributeName":"sk","AttributeType":"S"}}],)"
      R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}},{{"AttributeName":"sk","KeyType":"RANGE"}}]}})",
      options_.table);
}

std::string Workload::KeyText(std::uint64_t item) const {
  const Key key = KeyOf(item);
  return fmt::format(R"("pk":{{"S":"p{:012}"}},"sk":{{"S":"s{:06}"}})", key.hash, key.range);
}

std::string Workload::PutBody(std::uint64_t item, std::uint64_t version) const {
  // Names and key values count too: "pk" + 13, "sk" + 7, "data".
  constexpr std::uint64_t kOther = 2 + 13 + 2 + 7 + 4;
  const std::uint64_t size = options_.item_bytes > kOther ? options_.item_bytes - kOther : 1;
  std::mt19937_64 random(item * kVersions + version + options_.seed);
  std::string data;
  data.reserve(size);
  while (data.size() < size) data.push_back(kLetters[random() % kLetters.size()]);
  return fmt::format(R"({{"TableName":"{}","Item":{{{},"data":{{"S":"{}"}}}}}})", options_.table, KeyText(item), data);
}

std::string Workload::GetBody(std::uint64_t item) const {
  return fmt::format(R"({{"TableName":"{}","Key":{{{}}}{}}})", options_.table, KeyText(item),
                     options_.consistent ? R"(,"ConsistentRead":true)" : "");
}

std::string Workload::QueryBody(std::uint64_t item) const {
  return fmt::format(R"({{"TableName":"{}","KeyConditionExpression":"pk = :p",)"
                     R"("ExpressionAttributeValues":{{":p":{{"S":"p{:012}"}}}}{}}})",
                     options_.table, KeyOf(item).hash, options_.consistent ? R"(,"ConsistentRead":true)" : "");
}

std::string Workload::SelectBody(std::uint64_t item) const {
  const Key key = KeyOf(item);
  return fmt::format(R"({{"Statement":"SELECT * FROM \"{}\" WHERE pk = ? AND sk = ?",)"
                     R"("Parameters":[{{"S":"p{:012}"}},{{"S":"s{:06}"}}]{}}})",
                     options_.table, key.hash, key.range, options_.consistent ? R"(,"ConsistentRead":true)" : "");
}

Result<std::vector<access::ClientCredentials>> ReadCredentialsFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error(ErrorCode::kNotFound, fmt::format("{} can't be read", path));
  std::vector<access::ClientCredentials> all;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line);
    access::ClientCredentials credentials;
    if (!(words >> credentials.access_key_id) || credentials.access_key_id.starts_with('#')) continue;
    if (!(words >> credentials.secret)) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("{}:{}: a line is an access key id, its secret and, where there is one, a session token",
                               path, number));
    }
    words >> credentials.session_token;
    all.push_back(std::move(credentials));
  }
  if (all.empty()) return Error(ErrorCode::kInvalidArgument, fmt::format("{} holds no credentials", path));
  return all;
}

}  // namespace insula::load
