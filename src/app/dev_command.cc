#include "app/dev_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/configuration.h"
#include "app/instance.h"
#include "app/logging.h"
#include "app/signals.h"
#include "app/version.h"
#include "base/crypto.h"

namespace insula::app {
namespace {

struct DevOptions {
  std::string listen;
  std::string region;
  std::string objects;  // a directory; empty: one for this run
  std::string log_level = "warn";
  std::int64_t table_delay_ms = 0;
  bool strict_definitions = false;
};

constexpr std::int64_t kTableDelayMsMax = 3'600'000;
const ContextNames kEverybody{EnvironmentName("dev"), ServiceName("local"), TenantId("everybody")};

// Gone with the server, and everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() / fmt::format("insula-dev-{}", HexOf(RandomBytes(8)))) {}
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_;
};

Result<Settings> DevSettings(const DevOptions& given) {
  std::map<std::string, std::string> flags;
  if (!given.listen.empty()) flags["server.listen"] = given.listen;
  if (!given.region.empty()) flags["server.region"] = given.region;
  flags["log.level"] = given.log_level;
  if (!given.objects.empty()) flags["objects.directory"] = given.objects;
  INSULA_ASSIGN(Settings settings, Configure(std::nullopt, nullptr, flags));
  INSULA_ASSIGN(const Address address, ParseAddress(settings.listen));
  if (!IsLoopback(address.host))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("insula dev takes any credentials, so it listens on loopback only, not on {}", address.host)};
  return settings;
}

int Dev(const DevOptions& given) {
  auto settings = DevSettings(given);
  if (!settings.ok())
    return Report({ExitCode::kUsage, std::move(settings).error(), "use `insula serve` to be reached from elsewhere"});
  if (auto logging = StartLogging(*settings); !logging.ok())
    return Report({ExitCode::kUsage, std::move(logging).error()});
  const LoggingEnds logging_ends;
  std::optional<TemporaryDirectory> temporary;
  if (settings->objects_directory.empty() && settings->objects_s3_endpoint.empty()) {
    temporary.emplace();
    settings->objects_directory = temporary->path();
  }
  const std::string objects = settings->objects_directory.empty()
                                  ? fmt::format("{}/{}", settings->objects_s3_endpoint, settings->objects_s3_bucket)
                                  : settings->objects_directory;
  SignalWaiter signals;
  InstanceOptions options;
  options.settings = *settings;
  options.stores = "/insula-dev";
  options.in_memory = true;
  options.keyring = access::Keyring{access::MasterKey::Generate(), {}};
  options.everybody = kEverybody;
  options.takes_unused_definitions = !given.strict_definitions;
  options.table_delay = std::chrono::milliseconds(given.table_delay_ms);
  auto instance = Instance::Start(std::move(options));
  if (!instance.ok()) {
    const ExitCode code = CodeOfStart(instance.error());
    return Report({code, std::move(instance).error()});
  }
  (*instance)->SetReady();
  std::printf(
      "insula %.*s dev: in memory, for any credentials\n  endpoint  %s\n  objects   %s\n  try       aws dynamodb "
      "list-tables --endpoint-url %s\n",
      static_cast<int>(kVersion.size()), kVersion.data(), (*instance)->addresses().endpoint.c_str(), objects.c_str(),
      (*instance)->addresses().endpoint.c_str());
  std::fflush(stdout);
  signals.WaitForStop([] {});
  auto stopped = (*instance)->Stop();
  if (!stopped.ok()) return Report({ExitCode::kFailed, std::move(stopped).error()});
  return static_cast<int>(ExitCode::kDone);
}

}  // namespace

void AddDevCommand(CLI::App& program, Run* chosen) {
  CLI::App* app = program.add_subcommand("dev", "a server in memory for any credentials: a drop-in for DynamoDB Local");
  app->group("Running a server");
  auto given = std::make_shared<DevOptions>();
  app->add_option("--listen", given->listen, "a loopback address (default 127.0.0.1:8000)")->type_name("HOST:PORT");
  app->add_option("--region", given->region, "the AWS region in ARNs (default us-east-1)")->type_name("NAME");
  app->add_option("--objects", given->objects,
                  "where exports go, and imports and bulk puts come from (default: a directory of this run)")
      ->type_name("DIR");
  app->add_option("--log-level", given->log_level, "debug, info, warn (default), error or off")->type_name("LEVEL");
  app->add_option("--table-delay-ms", given->table_delay_ms,
                  "how long a table stays CREATING, UPDATING or DELETING at least (default 0)")
      ->type_name("MS")
      ->check(CLI::Range(std::int64_t{0}, kTableDelayMsMax));
  app->add_flag(
      "--strict-definitions", given->strict_definitions,
      "refuse attribute definitions that no key uses, as DynamoDB does; else they are left out with a warning, "
      "for programs made on DynamoDB Local");
  app->footer(
      "All tables are gone when it stops. No signature is checked, so it listens on loopback only.\n\n"
      "Example:\n  insula dev &\n"
      "  AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_REGION=us-east-1 \\\n"
      "    aws dynamodb list-tables --endpoint-url http://127.0.0.1:8000");
  app->callback([chosen, given] { *chosen = [given] { return Dev(*given); }; });
}

}  // namespace insula::app
