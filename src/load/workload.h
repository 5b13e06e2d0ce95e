// What `insula bench` asks for: keys, items and whole requests, signed ahead of their use so that the client's core
// has little left to do while it measures.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "access/signer.h"
#include "base/clock.h"
#include "base/result.h"

namespace insula::load {

// kSelect: a GetItem in PartiQL.
enum class BenchWorkload : std::uint8_t { kGet, kPut, kMixed, kQuery, kSelect };
enum class KeyDistribution : std::uint8_t { kUniform, kZipf };

struct WorkloadOptions {
  BenchWorkload workload = BenchWorkload::kGet;
  std::string table = "Bench";
  std::uint64_t items = 10'000;     // of each tenant
  std::uint64_t item_bytes = 1024;  // of DynamoDB's own counting, names included
  std::uint64_t query_items = 10;   // in one partition, and so in one Query's page
  double read_fraction = 0.5;       // of a mixed workload
  bool consistent = false;
  KeyDistribution distribution = KeyDistribution::kUniform;
  double zipf_exponent = 0.99;
  std::uint64_t seed = 1;
  std::uint64_t requests_max = 40'000;  // signed ahead; more pairs of tenant and key than this are sampled
  std::string region = "us-east-1";
  std::string host;  // of the Host header
};

// One request, ready to be sent.
struct SignedRequestText {
  std::uint32_t tenant = 0;
  bool write = false;
  std::string operation;  // "GetItem"
  std::string body;
  std::string bytes;  // the whole HTTP request; empty until it is signed
  SteadyTime signed_at{};
};

class Workload {
 public:
  // One credential per tenant; every tenant has the table under the same name.
  Workload(WorkloadOptions options, std::vector<access::ClientCredentials> tenants);

  // The next request by the key distribution. Signs it anew where the signature is about to get too old. The reference
  // is valid until the next call.
  const SignedRequestText& Next();
  void SignAll();  // so that Next has nothing to sign at first

  // The requests that make the data: every tenant's every item.
  std::uint64_t load_count() const { return tenants_.size() * options_.items; }
  SignedRequestText LoadRequest(std::uint64_t number);

  // One operation, signed now, for set-up.
  std::string Request(std::uint32_t tenant, std::string_view operation, std::string_view body);
  std::uint32_t tenant_count() const { return static_cast<std::uint32_t>(tenants_.size()); }
  std::string CreateTableBody() const;
  const WorkloadOptions& options() const { return options_; }

 private:
  struct Key {
    std::uint64_t hash;
    std::uint64_t range;
  };
  Key KeyOf(std::uint64_t item) const { return {item / options_.query_items, item % options_.query_items}; }
  std::string KeyText(std::uint64_t item) const;
  // The item's content is another one in each version.
  std::string PutBody(std::uint64_t item, std::uint64_t version) const;
  std::string GetBody(std::uint64_t item) const;
  std::string QueryBody(std::uint64_t item) const;
  std::string SelectBody(std::uint64_t item) const;
  void Draw();

  WorkloadOptions options_;
  std::vector<access::Signer> tenants_;
  std::mt19937_64 random_;
  std::vector<SignedRequestText> reads_;
  // Two versions of each item, one after the other: a put of what is stored already would cost the server less.
  std::vector<SignedRequestText> writes_;
  std::vector<std::uint8_t> version_;  // that was put last, by item
  std::vector<std::uint32_t> draws_;   // indexes, drawn ahead
  std::size_t next_draw_ = 0;
};

Result<std::vector<access::ClientCredentials>> ReadCredentialsFile(const std::string& path);

}  // namespace insula::load
