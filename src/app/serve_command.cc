#include "app/serve_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include "app/configuration.h"
#include "app/instance.h"
#include "app/logging.h"
#include "app/output.h"
#include "app/signals.h"
#include "app/version.h"
#include "wire/json_writer.h"

namespace insula::app {
namespace {

struct ServeOptions {
  std::string data;
  std::string config;
  std::string output = "table";
  bool list_settings = false;
  std::map<std::string, std::string> flags;  // by setting's name
  std::vector<std::string> assignments;      // --set NAME=VALUE
};

int ListSettings(const Settings& settings, const std::string& output) {
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("Settings");
  json.BeginArray();
  for (const SettingRecord& setting : AllSettings()) {
    json.BeginObject();
    json.StringField("Name", setting.name);
    json.StringField("Type", setting.choices.empty() ? NameOf(setting.type) : setting.choices);
    json.StringField("Value", ValueOf(setting, settings));
    json.StringField("Environment", EnvironmentVariableOf(setting));
    json.StringField("Description", setting.description);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  Print(wire::JsonDocument::Parse(body)->root(), output == "json" ? OutputFormat::kJson : OutputFormat::kTable);
  return static_cast<int>(ExitCode::kDone);
}

void Banner(const RunningServer& running, const ServeOptions& given, std::chrono::milliseconds took) {
  const bool bold = ::isatty(STDOUT_FILENO) != 0;
  std::printf("%sinsula %.*s%s serves %s\n", bold ? "\x1b[1m" : "", static_cast<int>(kVersion.size()), kVersion.data(),
              bold ? "\x1b[0m" : "", given.data.c_str());
  std::printf("  applications  %s\n  operators     %s  (found by --data %s)\n", running.endpoint.c_str(),
              running.admin_endpoint.c_str(), given.data.c_str());
  std::printf("  ready in %lld ms; SIGTERM or Ctrl-C stops it\n", static_cast<long long>(took.count()));
  std::fflush(stdout);
}

// The error of a directory that can't be served from, with what to do about it.
Failure DirectoryFailure(Error error, const std::string& data) {
  std::string hint;
  if (error.code() == ErrorCode::kNotFound) hint = fmt::format("`insula init --data {}` makes an organization", data);
  return {ExitCode::kDirectory, std::move(error), std::move(hint)};
}

int Serve(const ServeOptions& given) {
  const auto started = std::chrono::steady_clock::now();
  const DataDirectory directory{std::filesystem::path(given.data)};
  auto flags = given.flags;
  for (const std::string& assignment : given.assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos)
      return Report({ExitCode::kUsage,
                     {ErrorCode::kInvalidArgument, fmt::format("--set takes NAME=VALUE, not '{}'", assignment)}});
    flags[assignment.substr(0, equals)] = assignment.substr(equals + 1);
  }
  if (!given.data.empty() && !given.list_settings) {
    if (auto check = directory.Check(); !check.ok())
      return Report(DirectoryFailure(std::move(check).error(), given.data));
  }
  std::optional<std::string> file;
  if (!given.config.empty()) file = given.config;
  auto settings = Configure(file, given.data.empty() ? nullptr : &directory, flags);
  if (!settings.ok())
    return Report(
        {ExitCode::kUsage, std::move(settings).error(), "`insula serve --list-settings` lists every setting"});
  if (given.list_settings) return ListSettings(*settings, given.output);
  if (given.data.empty())
    return Report({ExitCode::kUsage,
                   {ErrorCode::kInvalidArgument, "--data DIR is missing"},
                   "`insula init --data ./data` makes an organization; `insula dev` needs none"});
  auto lock = DirectoryLock::Take(directory);
  if (!lock.ok()) return Report(DirectoryFailure(std::move(lock).error(), given.data));
  if (auto logging = StartLogging(*settings); !logging.ok())
    return Report({ExitCode::kUsage, std::move(logging).error()});
  const LoggingEnds logging_ends;

  const std::string source = MasterKeySource(*settings, directory);
  auto master_key = access::LoadMasterKey(source);
  if (!master_key.ok())
    return Report(
        {ExitCode::kDirectory, std::move(master_key).error(), "without the master key no access key can be opened"});
  for (const auto& warning : access::MasterKeyWarnings(source, directory.root())) Log(LogLevel::kWarn, warning);

  SignalWaiter signals;
  InstanceOptions options;
  options.settings = *settings;
  options.stores = directory.stores().string();
  options.usage_file = (directory.root() / "usage").string();
  options.keyring = access::Keyring{std::move(*master_key), {}};
  auto instance = Instance::Start(std::move(options));
  if (!instance.ok()) {
    const ExitCode code = CodeOfStart(instance.error());
    return Report({code, std::move(instance).error()});
  }
  const RunningServer running = (*instance)->addresses();
  if (auto written = directory.WriteServer(running); !written.ok())
    return Report(DirectoryFailure(std::move(written).error(), given.data));
  (*instance)->SetReady();
  Banner(running, given,
         std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started));
  Log(LogLevel::kInfo, "serving",
      {{"endpoint", running.endpoint}, {"admin", running.admin_endpoint}, {"data", given.data}});

  signals.WaitForStop(ReopenLog);
  Log(LogLevel::kInfo, "stopping");
  directory.RemoveServer();
  auto stopped = (*instance)->Stop();
  if (!stopped.ok()) return Report({ExitCode::kFailed, std::move(stopped).error()});
  Log(LogLevel::kInfo, "stopped");
  return static_cast<int>(ExitCode::kDone);
}

void AddSetting(CLI::App& app, ServeOptions& given, const std::string& flag, const std::string& setting,
                const std::string& type, const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&given, setting](const std::string& value) { given.flags[setting] = value; }, help)
      ->type_name(type)
      ->take_last();
}

}  // namespace

void AddServeCommand(CLI::App& program, Run* chosen) {
  CLI::App* app = program.add_subcommand("serve", "serve an organization from its directory");
  app->group("Running a server");
  auto given = std::make_shared<ServeOptions>();
  app->add_option("--data", given->data, "the organization's directory, made by `insula init`")
      ->envname("INSULA_DATA")
      ->type_name("DIR");
  AddSetting(*app, *given, "--listen", "server.listen", "HOST:PORT",
             "where applications connect (default 127.0.0.1:8000)");
  AddSetting(*app, *given, "--admin-listen", "server.admin_listen", "HOST:PORT",
             "where operators connect (default 127.0.0.1, any free port)");
  AddSetting(*app, *given, "--region", "server.region", "NAME", "the AWS region (default us-east-1)");
  AddSetting(*app, *given, "--threads", "server.threads", "N", "event loops (default one per core)");
  AddSetting(*app, *given, "--tls-certificate", "tls.certificate", "FILE", "certificate chain, PEM");
  AddSetting(*app, *given, "--tls-key", "tls.key", "FILE", "its private key, PEM");
  AddSetting(*app, *given, "--log-level", "log.level", "LEVEL", "debug, info, warn, error or off");
  AddSetting(*app, *given, "--log-format", "log.format", "FORM", "text or json");
  AddSetting(*app, *given, "--log-file", "log.file", "FILE", "instead of standard error");
  app->add_option("--config", given->config, "configuration, TOML (default DIR/insula.toml, if it is there)")
      ->type_name("FILE");
  app->add_option("--set", given->assignments, "any setting: --set limits.connections_max=500")
      ->type_name("NAME=VALUE");
  app->add_flag("--list-settings", given->list_settings, "print every setting, its value and meaning, and end");
  app->add_option("--output", given->output, "of --list-settings: table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->type_name("FORM");
  app->footer(
      "Each setting comes from the first of: a flag, INSULA_… in the environment, the configuration file, its "
      "default.\n"
      "SIGTERM stops the server after the requests in flight, SIGHUP opens the log file again.\n\n"
      "Examples:\n  insula serve --data ./data\n"
      "  insula serve --data ./data --listen 0.0.0.0:8443 --tls-certificate chain.pem --tls-key key.pem --log-format "
      "json");
  app->callback([chosen, given] { *chosen = [given] { return Serve(*given); }; });
}

}  // namespace insula::app
