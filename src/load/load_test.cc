// What `insula bench` sends is what a server accepts, and what it reports is what was measured.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "load/histogram.h"
#include "load/workload.h"

namespace insula::load {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyHistogramTest, PercentilesAreWithinOnePercent) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100'000; ++i) histogram.Record(nanoseconds(i * 1000));
  for (const double fraction : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = fraction * 100'000 * 1000;
    EXPECT_NEAR(static_cast<double>(histogram.Percentile(fraction).count()), exact, exact * 0.01) << fraction;
  }
  EXPECT_EQ(histogram.Percentile(1), nanoseconds(100'000'000));
  EXPECT_EQ(histogram.max(), nanoseconds(100'000'000));
  EXPECT_EQ(histogram.count(), 100'000u);
}

TEST(LatencyHistogramTest, HoldsNothingAndEverything) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Percentile(0.99), nanoseconds(0));
  histogram.Record(nanoseconds(0));
  histogram.Record(nanoseconds(-5));
  histogram.Record(nanoseconds(INT64_MAX));
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.Percentile(1), nanoseconds(INT64_MAX));
  LatencyHistogram sum;
  sum.Add(histogram);
  sum.Add(histogram);
  EXPECT_EQ(sum.count(), 6u);
}

WorkloadOptions Options(BenchWorkload workload) {
  WorkloadOptions options;
  options.workload = workload;
  options.items = 20;
  options.host = "localhost";
  return options;
}

const std::vector<access::ClientCredentials> kTwoTenants = {{"AKIA1", "one", ""}, {"AKIA2", "two", ""}};

TEST(WorkloadTest, EveryTenantsEveryItemIsLoadedOnce) {
  Workload workload(Options(BenchWorkload::kPut), kTwoTenants);
  ASSERT_EQ(workload.load_count(), 40u);
  std::set<std::pair<std::uint32_t, std::string>> seen;
  for (std::uint64_t i = 0; i < workload.load_count(); ++i) {
    const SignedRequestText request = workload.LoadRequest(i);
    EXPECT_TRUE(request.bytes.ends_with("\r\n\r\n" + request.body));
    EXPECT_NE(request.bytes.find("Content-Length: " + std::to_string(request.body.size()) + "\r\n"), std::string::npos);
    EXPECT_NE(request.bytes.find(request.tenant == 0 ? "Credential=AKIA1/" : "Credential=AKIA2/"), std::string::npos);
    seen.emplace(request.tenant, request.body);
  }
  EXPECT_EQ(seen.size(), 40u);
}

TEST(WorkloadTest, ReadsAndWritesInTheirProportion) {
  WorkloadOptions options = Options(BenchWorkload::kMixed);
  options.read_fraction = 0.25;
  Workload workload(options, kTwoTenants);
  int writes = 0;
  for (int i = 0; i < 4000; ++i) {
    const SignedRequestText& request = workload.Next();
    EXPECT_FALSE(request.bytes.empty());
    writes += request.write ? 1 : 0;
  }
  EXPECT_NEAR(writes, 3000, 200);
}

TEST(WorkloadTest, EveryPutChangesItsItem) {
  Workload workload(Options(BenchWorkload::kPut), kTwoTenants);
  // The body up to the content names the table and the key.
  const auto key_of = [](const std::string& body) { return body.substr(0, body.find("\"data\"")); };
  std::map<std::pair<std::uint32_t, std::string>, std::string> stored;
  for (std::uint64_t i = 0; i < workload.load_count(); ++i) {
    const SignedRequestText request = workload.LoadRequest(i);
    stored[{request.tenant, key_of(request.body)}] = request.body;
  }
  for (int i = 0; i < 1000; ++i) {
    const SignedRequestText& request = workload.Next();
    std::string& item = stored.at({request.tenant, key_of(request.body)});
    EXPECT_NE(item, request.body);
    item = request.body;
  }
}

TEST(WorkloadTest, SelectNamesOneItemByItsWholeKey) {
  Workload workload(Options(BenchWorkload::kSelect), kTwoTenants);
  const SignedRequestText& request = workload.Next();
  EXPECT_EQ(request.operation, "ExecuteStatement");
  EXPECT_FALSE(request.write);
  EXPECT_TRUE(request.body.starts_with(
      R"({"Statement":"SELECT * FROM \"Bench\" WHERE pk = ? AND sk = ?","Parameters":[{"S":"p)"))
      << request.body;
}

TEST(WorkloadTest, ZipfPrefersAFew) {
  const auto most = [](KeyDistribution distribution) {
    WorkloadOptions options = Options(BenchWorkload::kGet);
    options.items = 1000;
    options.distribution = distribution;
    Workload workload(options, {{"AKIA1", "one", ""}});
    std::map<std::string, int> times;
    for (int i = 0; i < 5000; ++i) ++times[workload.Next().body];
    int highest = 0;
    for (const auto& [body, count] : times) highest = std::max(highest, count);
    return highest;
  };
  EXPECT_LT(most(KeyDistribution::kUniform), 30);
  EXPECT_GT(most(KeyDistribution::kZipf), 300);
}

TEST(CredentialsFileTest, OneTenantALine) {
  std::string pattern = (std::filesystem::temp_directory_path() / "bench_XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const std::string path = pattern + "/credentials";
  std::ofstream(path) << "# two tenants\nAKIA1 one\n\nAKIA2 two token\n";
  const auto read = ReadCredentialsFile(path);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].secret, "one");
  EXPECT_EQ((*read)[1].session_token, "token");
  std::ofstream(path) << "AKIA1\n";
  EXPECT_EQ(ReadCredentialsFile(path).error().code(), ErrorCode::kInvalidArgument);
  std::ofstream(path) << "# nobody\n";
  EXPECT_EQ(ReadCredentialsFile(path).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadCredentialsFile(path + "x").error().code(), ErrorCode::kNotFound);
  std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace insula::load
