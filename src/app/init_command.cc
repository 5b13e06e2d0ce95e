#include "app/init_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/configuration.h"
#include "app/instance.h"

namespace insula::app {
namespace {

struct InitOptions {
  std::string data;
  std::string region;
  std::string master_key;
  bool new_operator_key = false;
};

// FailedPrecondition, whatever is wrong with it.
Result<access::MasterKey> LoadMasterKey(const std::string& source) {
  auto key = access::LoadMasterKey(source);
  if (!key.ok()) return Error{ErrorCode::kFailedPrecondition, key.error().message()};
  return key;
}

Result<access::MasterKey> MakeMasterKey(const Settings& settings, const DataDirectory& directory) {
  const std::string source = MasterKeySource(settings, directory);
  // Its own file is made where there is none; any other source is the operator's to fill.
  if (settings.master_key.empty() && !std::filesystem::exists(directory.master_key()))
    return access::CreateMasterKeyFile(directory.master_key());
  return LoadMasterKey(source);
}

// What was chosen once holds for every start: as the directory's configuration, unless there is one already.
Result<void> KeepChoices(const InitOptions& given, const DataDirectory& directory) {
  if ((given.region.empty() && given.master_key.empty()) || std::filesystem::exists(directory.configuration()))
    return {};
  std::string text = "# Settings of this organization; `insula serve --list-settings` lists all there are.\n";
  const auto quoted = [](const std::string& value) {
    std::string out = "\"";
    for (const char c : value) out.append(c == '"' || c == '\\' ? "\\" : "").push_back(c);
    return out + "\"";
  };
  if (!given.region.empty()) text += "[server]\nregion = " + quoted(given.region) + "\n";
  if (!given.master_key.empty()) text += "[secrets]\nmaster_key = " + quoted(given.master_key) + "\n";
  return WriteFileAtomically(directory.configuration(), text, 0600);
}

Result<Settings> SettingsOf(const InitOptions& given, const DataDirectory& directory) {
  std::map<std::string, std::string> flags;
  if (!given.region.empty()) flags["server.region"] = given.region;
  if (!given.master_key.empty()) flags["secrets.master_key"] = given.master_key;
  return Configure(std::nullopt, &directory, flags);
}

Result<void> Initialize(const InitOptions& given) {
  const DataDirectory directory{std::filesystem::path(given.data)};
  INSULA_ASSIGN(Settings settings, SettingsOf(given, directory));
  INSULA_TRY(directory.Create());
  INSULA_ASSIGN(const DirectoryLock lock, DirectoryLock::Take(directory));
  INSULA_ASSIGN(access::MasterKey master_key, MakeMasterKey(settings, directory));
  InstanceOptions options;
  options.settings = settings;
  options.stores = directory.stores().string();
  options.create_if_missing = true;
  options.keyring = access::Keyring{std::move(master_key), {}};
  INSULA_ASSIGN(const OperatorKey key, InitializeOrganization(options));
  INSULA_TRY(directory.WriteOperatorKey(key));
  INSULA_TRY(KeepChoices(given, directory));
  INSULA_TRY(directory.MarkInitialized());
  std::printf("A new organization is in %s.\n\n", given.data.c_str());
  std::printf("  operator's access key   %s/operator.json (readable by you only)\n", given.data.c_str());
  if (given.master_key.empty())
    std::printf("  master key              %s/master.key (keep a copy elsewhere: without it no access key opens)\n",
                given.data.c_str());
  std::printf("\nNext: insula serve --data %s\n", given.data.c_str());
  for (const auto& warning : access::MasterKeyWarnings(MasterKeySource(settings, directory), directory.root()))
    std::fprintf(stderr, "warning: %s\n", warning.c_str());
  return {};
}

// The way back in where operator.json is lost. Whoever may open the directory's files may have a key to what is in
// them; a file that another user, even root, makes in it would be out of its owner's reach.
Result<void> RenewOperatorKey(const InitOptions& given) {
  const DataDirectory directory{std::filesystem::path(given.data)};
  INSULA_TRY(directory.Check());
  INSULA_TRY(directory.CheckOwner());
  INSULA_ASSIGN(Settings settings, SettingsOf(given, directory));
  INSULA_ASSIGN(const DirectoryLock lock, DirectoryLock::Take(directory));
  INSULA_ASSIGN(access::MasterKey master_key, LoadMasterKey(MasterKeySource(settings, directory)));
  InstanceOptions options;
  options.settings = settings;
  options.stores = directory.stores().string();
  options.keyring = access::Keyring{std::move(master_key), {}};
  INSULA_ASSIGN(const OperatorKey key, MakeOperatorKey(options));
  INSULA_TRY(directory.WriteOperatorKey(key));
  std::printf("A new operator's access key, %s, is in %s/operator.json (readable by you only).\n\n",
              key.access_key_id.c_str(), given.data.c_str());
  std::printf(
      "Keys made before are as they were: once the server runs, `insula credentials list --data %s` lists them "
      "and\n`insula credentials delete ID --data %s` ends one that is lost.\n",
      given.data.c_str(), given.data.c_str());
  return {};
}

ExitCode CodeOf(const Error& error) {
  const ExitCode code = CodeOfStart(error);
  return code == ExitCode::kFailed ? ExitCode::kDirectory : code;  // whatever else it is, it's the directory's
}

}  // namespace

void AddInitCommand(CLI::App& program, Run* chosen) {
  CLI::App* app = program.add_subcommand("init", "make a new organization in an empty directory");
  app->group("Running a server");
  auto given = std::make_shared<InitOptions>();
  app->add_option("--data", given->data, "the directory; made if it is absent")
      ->required()
      ->envname("INSULA_DATA")
      ->type_name("DIR");
  app->add_option("--region", given->region, "the AWS region its requests are signed for (default us-east-1)")
      ->type_name("NAME");
  app->add_option(
         "--master-key", given->master_key,
         "where the master key comes from: file:PATH, env:NAME or command:COMMAND; without it one is made in DIR")
      ->type_name("SOURCE");
  app->add_flag("--new-operator-key", given->new_operator_key,
                "of an organization that is there: make its operator a new access key, where operator.json is lost; no "
                "server may run on it");
  app->footer(
      "Examples:\n  insula init --data ./data\n"
      "  insula init --new-operator-key --data ./data      # operator.json is lost");
  app->callback([chosen, given] {
    *chosen = [given] {
      auto done = given->new_operator_key ? RenewOperatorKey(*given) : Initialize(*given);
      if (done.ok()) return static_cast<int>(ExitCode::kDone);
      const ExitCode code = CodeOf(done.error());
      return Report({code, std::move(done).error(), {}});
    };
  });
}

}  // namespace insula::app
