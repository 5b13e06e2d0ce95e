#include "app/bench_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "app/exit_code.h"
#include "load/driver.h"
#include "load/workload.h"

namespace insula::app {
namespace {

using load::BenchWorkload;
using load::DriverOptions;
using load::DriverResult;
using load::KeyDistribution;
using load::LatencyHistogram;
using load::NextRequest;
using load::RequestSource;
using load::SignedRequestText;
using load::Workload;
using load::WorkloadOptions;

struct BenchOptions {
  std::string endpoint = "http://127.0.0.1:8000";
  std::string access_key;
  std::string secret_key;
  std::string credentials_file;
  std::string output = "text";
  double duration_s = 10;
  double warmup_s = 2;
  std::uint64_t operations = 0;
  std::size_t connections = 64;
  bool no_load = false;
  bool load_only = false;
  bool insecure = false;
  WorkloadOptions workload;
};

double Micros(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1000.0; }

int Fail(ExitCode code, std::string_view message) {
  fmt::print(stderr, "error: {}\n", message);
  return static_cast<int>(code);
}

std::string JsonText(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20) quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string JsonOf(const LatencyHistogram& latency, double seconds) {
  return fmt::format(
      R"({{"Operations":{},"OperationsPerSecond":{:.1f},"MeanMicros":{:.1f},"P50Micros":{:.1f},"P99Micros":{:.1f},)"
      R"("P999Micros":{:.1f},"MaxMicros":{:.1f}}})",
      latency.count(), static_cast<double>(latency.count()) / seconds, Micros(latency.mean()),
      Micros(latency.Percentile(0.5)), Micros(latency.Percentile(0.99)), Micros(latency.Percentile(0.999)),
      Micros(latency.max()));
}

void PrintText(std::string_view name, const LatencyHistogram& latency, double seconds) {
  if (latency.count() == 0) return;
  fmt::print(
      "{:<8} {:>10} ops  {:>10.0f} ops/s  p50 {:>8.0f} us  p99 {:>8.0f} us  p99.9 {:>8.0f} us  max {:>8.0f} us\n", name,
      latency.count(), static_cast<double>(latency.count()) / seconds, Micros(latency.Percentile(0.5)),
      Micros(latency.Percentile(0.99)), Micros(latency.Percentile(0.999)), Micros(latency.max()));
}

int PrintReport(const BenchOptions& options, const DriverResult& result) {
  const double seconds = std::max(1e-9, std::chrono::duration<double>(result.elapsed).count());
  LatencyHistogram all = result.reads;
  all.Add(result.writes);
  std::uint64_t errors = 0;
  for (const auto& [name, count] : result.errors) errors += count;
  if (options.output == "json") {
    std::string by_name;
    for (const auto& [name, count] : result.errors) {
      by_name += fmt::format("{}{}:{}", by_name.empty() ? "" : ",", JsonText(name), count);
    }
    fmt::print(
        R"({{"Seconds":{:.3f},"Connections":{},"All":{},"Reads":{},"Writes":{},"Errors":{},"ErrorsByName":{{{}}},)"
        R"("BytesReceived":{}}})"
        "\n",
        seconds, options.connections, JsonOf(all, seconds), JsonOf(result.reads, seconds),
        JsonOf(result.writes, seconds), errors, by_name, result.bytes_received);
  } else {
    PrintText("reads", result.reads, seconds);
    PrintText("writes", result.writes, seconds);
    if (result.reads.count() > 0 && result.writes.count() > 0) PrintText("all", all, seconds);
    fmt::print("{} errors", errors);
    for (const auto& [name, count] : result.errors) fmt::print("  {} x {}", count, name);
    fmt::print("\n");
  }
  if (!result.first_error.empty()) fmt::print(stderr, "first error: {}\n", result.first_error);
  return all.count() == 0 || errors > 0 ? static_cast<int>(ExitCode::kFailed) : 0;
}

// Makes each tenant's table where it isn't there yet, and waits until it can be used.
Result<void> PrepareTables(const BenchOptions& options, Workload& workload) {
  INSULA_ASSIGN(const http::Url url, http::ParseUrl(options.endpoint));
  http::ClientOptions client_options;
  client_options.tls_verify = !options.insecure;
  http::Client client(url, client_options);
  const auto send = [&](std::uint32_t tenant, std::string_view operation, const std::string& body) {
    // The request's own text, taken apart again for the client.
    const std::string text = workload.Request(tenant, operation, body);
    std::vector<std::pair<std::string, std::string>> headers;
    std::size_t at = text.find("\r\n") + 2;
    for (std::size_t end = text.find("\r\n", at); end > at; at = end + 2, end = text.find("\r\n", at)) {
      const std::size_t colon = text.find(": ", at);
      std::string name = text.substr(at, colon - at);
      if (name != "Content-Length") headers.emplace_back(std::move(name), text.substr(colon + 2, end - colon - 2));
    }
    return client.Send("POST", "/", headers, body);
  };
  const std::string describe = fmt::format(R"({{"TableName":"{}"}})", options.workload.table);
  for (std::uint32_t tenant = 0; tenant < workload.tenant_count(); ++tenant) {
    for (int attempt = 0;; ++attempt) {
      INSULA_ASSIGN(const http::ClientResponse described, send(tenant, "DescribeTable", describe));
      if (described.status == 200 && described.body.find(R"("TableStatus":"ACTIVE")") != std::string::npos) break;
      if (described.status != 200) {
        if (attempt > 0 || described.body.find("ResourceNotFoundException") == std::string::npos) {
          return Error(ErrorCode::kFailedPrecondition, "DescribeTable: " + described.body);
        }
        INSULA_ASSIGN(const http::ClientResponse created, send(tenant, "CreateTable", workload.CreateTableBody()));
        if (created.status != 200) return Error(ErrorCode::kFailedPrecondition, "CreateTable: " + created.body);
      }
      if (attempt > 600) return Error(ErrorCode::kFailedPrecondition, "the table doesn't become ACTIVE");
      std::this_thread::sleep_for(std::chrono::milliseconds(attempt == 0 ? 5 : 100));
    }
  }
  return {};
}

Result<void> Load(const DriverOptions& base, Workload& workload, bool quiet) {
  DriverOptions driver = base;
  driver.duration = driver.warmup = {};
  driver.operations = 0;
  std::uint64_t next = 0;
  std::vector<SignedRequestText> current(driver.connections);
  const auto started = std::chrono::steady_clock::now();
  const RequestSource source = [&](std::size_t lane) {
    if (next == workload.load_count()) return NextRequest{};
    current[lane] = workload.LoadRequest(next++);
    return NextRequest{&current[lane].bytes, true};
  };
  INSULA_ASSIGN(const DriverResult result, load::Drive(driver, source));
  if (!result.errors.empty()) return Error(ErrorCode::kFailedPrecondition, "loading: " + result.first_error);
  if (!quiet) {
    fmt::print("loaded {} items in {:.1f} s\n", workload.load_count(),
               std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  }
  return {};
}

int RunBench(BenchOptions options) {
  const auto url = http::ParseUrl(options.endpoint);
  if (!url.ok()) return Fail(ExitCode::kUsage, url.error().message());
  std::vector<access::ClientCredentials> tenants;
  if (!options.credentials_file.empty()) {
    auto read = load::ReadCredentialsFile(options.credentials_file);
    if (!read.ok()) return Fail(ExitCode::kUsage, read.error().message());
    tenants = std::move(*read);
  } else {
    if (options.access_key.empty() || options.secret_key.empty()) {
      return Fail(ExitCode::kUsage,
                  "credentials are needed: --access-key and --secret-key, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                  "or --credentials FILE");
    }
    tenants.push_back({options.access_key, options.secret_key, ""});
  }
  options.workload.host = url->HostHeader();
  Workload workload(options.workload, std::move(tenants));

  DriverOptions driver;
  driver.url = *url;
  driver.tls_verify = !options.insecure;
  driver.connections = options.connections;
  if (!options.no_load) {
    if (auto prepared = PrepareTables(options, workload); !prepared.ok()) {
      return Fail(
          prepared.error().code() == ErrorCode::kServiceUnavailable ? ExitCode::kUnreachable : ExitCode::kFailed,
          prepared.error().message());
    }
    if (auto loaded = Load(driver, workload, options.output == "json"); !loaded.ok()) {
      return Fail(ExitCode::kFailed, loaded.error().message());
    }
  }
  if (options.load_only) return 0;
  workload.SignAll();
  driver.warmup = std::chrono::milliseconds(static_cast<std::int64_t>(options.warmup_s * 1000));
  driver.operations = options.operations;
  if (options.operations == 0) {
    driver.duration = std::chrono::milliseconds(static_cast<std::int64_t>(options.duration_s * 1000));
  }
  const RequestSource source = [&](std::size_t) {
    const SignedRequestText& request = workload.Next();
    return NextRequest{&request.bytes, request.write};
  };
  const auto result = load::Drive(driver, source);
  if (!result.ok()) return Fail(ExitCode::kUnreachable, result.error().message());
  return PrintReport(options, *result);
}

// An option that takes one of these names. (CLI11's own transformer prints what the names stand for when it refuses
// one.)
template <class Enum>
CLI::Option* AddChoice(CLI::App* command, const std::string& option, const std::map<std::string, Enum>& choices,
                       Enum* chosen, const std::string& description) {
  const auto choose = [&choices, chosen](const std::string& name) { *chosen = choices.at(name); };
  return command->add_option_function<std::string>(option, choose, description)
      ->transform(CLI::IsMember(&choices, CLI::ignore_case).description(""));
}

}  // namespace

void AddBenchCommand(CLI::App& program, std::function<int()>* chosen) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App* bench = program.add_subcommand(
      "bench",
      "Drive a DynamoDB endpoint with signed requests over N connections from one thread, and report operations per "
      "second and latencies. Makes its table and loads it first.");
  bench->add_option("--endpoint", options->endpoint, "the endpoint's URL")->capture_default_str();
  bench->add_option("--region", options->workload.region, "the region to sign for")->capture_default_str();
  bench->add_option("--access-key", options->access_key, "access key id")->envname("AWS_ACCESS_KEY_ID");
  bench->add_option("--secret-key", options->secret_key, "its secret")->envname("AWS_SECRET_ACCESS_KEY");
  bench->add_option("--credentials", options->credentials_file,
                    "file of many tenants' credentials, a line each: access key id, secret");
  static const std::map<std::string, BenchWorkload> kWorkloads = {{"get", BenchWorkload::kGet},
                                                                  {"put", BenchWorkload::kPut},
                                                                  {"mixed", BenchWorkload::kMixed},
                                                                  {"query", BenchWorkload::kQuery},
                                                                  {"select", BenchWorkload::kSelect}};
  AddChoice(bench, "--workload", kWorkloads, &options->workload.workload,
            "get, put, mixed, query or select (PartiQL, by key)")
      ->default_str("get");
  static const std::map<std::string, KeyDistribution> kDistributions = {{"uniform", KeyDistribution::kUniform},
                                                                        {"zipf", KeyDistribution::kZipf}};
  AddChoice(bench, "--distribution", kDistributions, &options->workload.distribution, "of keys: uniform or zipf")
      ->default_str("uniform");
  bench->add_option("--zipf-exponent", options->workload.zipf_exponent, "skew of zipf")->capture_default_str();
  bench->add_option("--table", options->workload.table, "table name")->capture_default_str();
  bench->add_option("--items", options->workload.items, "items of each tenant")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  bench->add_option("--item-size", options->workload.item_bytes, "bytes of an item, names included")
      ->check(CLI::Range(1, 400 * 1024))
      ->capture_default_str();
  bench->add_option("--query-items", options->workload.query_items, "items of one partition: what a Query reads")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  bench->add_option("--read-fraction", options->workload.read_fraction, "reads of the mixed workload")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  bench->add_flag("--consistent", options->workload.consistent, "strongly consistent reads");
  bench->add_option("--seed", options->workload.seed, "of the keys' order and the items' content")
      ->capture_default_str();
  bench->add_option("--connections", options->connections, "connections, one request at a time on each")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  bench->add_option("--duration", options->duration_s, "seconds to measure")->capture_default_str();
  bench->add_option("--warmup", options->warmup_s, "seconds before, not counted")->capture_default_str();
  bench->add_option("--operations", options->operations, "stop after so many instead");
  bench->add_flag("--no-load", options->no_load, "the table is there and loaded");
  bench->add_flag("--load-only", options->load_only, "make and load the table, measure nothing");
  bench->add_flag("--insecure", options->insecure, "accept any TLS certificate");
  bench->add_option("--output", options->output, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  bench->footer("Exit codes: 0 without a single error, 1 with errors, 2 for wrong usage, 3 without an endpoint.");
  bench->callback([options, chosen] { *chosen = [options] { return RunBench(*options); }; });
}

}  // namespace insula::app
