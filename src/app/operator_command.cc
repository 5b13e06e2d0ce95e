#include "app/operator_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

#include "app/admin_client.h"
#include "app/data_directory.h"
#include "app/follow_restores.h"
#include "app/operator_commands.h"
#include "app/output.h"
#include "wire/json_writer.h"

namespace insula::app {
namespace {

// What the user gave to one command, filled by CLI11 while parsing.
struct OperatorOptions {
  std::string data;
  std::string endpoint;
  std::string ca_file;
  std::string output = "table";
  bool yes = false;
  bool wait = false;
  std::map<std::string_view, std::string> texts;
  std::map<std::string_view, std::vector<std::string>> lists;
  std::map<std::string_view, std::int64_t> integers;
  std::map<std::string_view, bool> switches;
};

Result<std::string> ReadJsonArgument(const std::string& path) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    INSULA_ASSIGN(text, ReadWholeFile(path));
  }
  if (!wire::JsonDocument::Parse(text).ok())
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} holds no valid JSON", path == "-" ? "standard input" : path)};
  return text;
}

Result<std::string> ParametersOf(const CommandSpec& command, const OperatorOptions& given) {
  std::string text;
  wire::JsonWriter json(&text);
  json.BeginObject();
  for (const ArgumentSpec& argument : command.arguments) {
    if (argument.kind == ArgumentKind::kSwitch) {
      if (given.switches.at(argument.member)) json.BooleanField(argument.member, true);
    } else if (argument.kind == ArgumentKind::kInteger) {
      if (const auto at = given.integers.find(argument.member); at != given.integers.end() && at->second >= 0)
        json.IntegerField(argument.member, at->second);
    } else if (argument.kind == ArgumentKind::kTexts) {
      if (const auto& values = given.lists.at(argument.member); !values.empty()) {
        json.Key(argument.member);
        json.BeginArray();
        for (const std::string& value : values) json.String(value);
        json.EndArray();
      }
    } else if (const std::string& value = given.texts.at(argument.member); !value.empty()) {
      if (argument.kind == ArgumentKind::kJsonFile) {
        INSULA_ASSIGN(const std::string content, ReadJsonArgument(value));
        json.Key(argument.member);
        json.Raw(content);
      } else {
        json.StringField(argument.member, value);
      }
    }
  }
  json.EndObject();
  return text;
}

// The operator's key from the environment (with --endpoint) or from the data directory.
Result<AdminTarget> TargetOf(const OperatorOptions& given, Failure* failure) {
  AdminTarget target;
  const char* id = std::getenv("INSULA_ACCESS_KEY_ID");
  const char* secret = std::getenv("INSULA_SECRET_ACCESS_KEY");
  if (given.data.empty() && (given.endpoint.empty() || id == nullptr || secret == nullptr)) {
    failure->code = ExitCode::kUsage;
    failure->hint =
        "give --data DIR (or INSULA_DATA); from another machine give --endpoint URL, with the operator's key in "
        "INSULA_ACCESS_KEY_ID and INSULA_SECRET_ACCESS_KEY";
    return Error{ErrorCode::kInvalidArgument, "which organization? there is neither --data nor --endpoint with a key"};
  }
  target.endpoint = given.endpoint;
  target.ca_file = given.ca_file;
  if (id != nullptr && secret != nullptr && given.data.empty()) {
    const char* region = std::getenv("AWS_REGION");
    target.key = OperatorKey{id, secret, region != nullptr ? region : "us-east-1"};
    return target;
  }
  const DataDirectory directory{std::filesystem::path(given.data)};
  failure->code = ExitCode::kDirectory;
  if (auto check = directory.Check(); !check.ok()) {
    if (check.error().code() == ErrorCode::kNotFound)
      failure->hint = fmt::format("`insula init --data {}` makes an organization", given.data);
    return std::move(check).error();
  }
  INSULA_ASSIGN(target.key, directory.ReadOperatorKey());
  if (target.endpoint.empty()) {
    const auto server = directory.AwaitServer(
        [&] { std::fprintf(stderr, "the server on %s is starting; waiting for it\n", given.data.c_str()); });
    if (!server.has_value()) {
      failure->code = ExitCode::kUnreachable;
      failure->hint = fmt::format("start one: insula serve --data {}", given.data);
      return Error{ErrorCode::kNotFound, fmt::format("no server runs on {}", given.data)};
    }
    target.endpoint = server->admin_endpoint;
    if (target.ca_file.empty()) target.certificate = server->certificate;
  }
  return target;
}

Error ErrorOf(const AdminAnswer& answer) {
  std::string message;
  if (auto document = wire::JsonDocument::Parse(answer.body); document.ok()) {
    const auto root = document->root();
    for (const auto name : {"message", "Message"})
      if (root.type() == wire::JsonType::kObject && root.Member(name).type() == wire::JsonType::kString)
        message = std::string(root.Member(name).string());
    if (root.type() == wire::JsonType::kObject && root.Member("__type").type() == wire::JsonType::kString) {
      std::string_view type = root.Member("__type").string();
      if (const auto hash = type.find('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
      message = message.empty() ? std::string(type) : fmt::format("{} ({})", message, type);
    }
  }
  if (message.empty()) message = fmt::format("the server answered {}", answer.status);
  return {ErrorCode::kInternalServerError, Shown(message)};
}

bool Confirmed(const CommandSpec& command, const OperatorOptions& given) {
  if (!command.confirm || given.yes) return true;
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return false;
  std::fprintf(stderr, "%.*s. Type yes to go on: ", static_cast<int>(command.help.size()), command.help.data());
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "yes";
}

int RunOperatorCommand(const CommandSpec& command, const OperatorOptions& given) {
  Failure failure;
  if (!Confirmed(command, given)) {
    failure.code = ExitCode::kUsage;
    failure.error = {ErrorCode::kFailedPrecondition, "nothing done: this can't be undone, so it asks for --yes"};
    return Report(failure);
  }
  auto target = TargetOf(given, &failure);
  if (!target.ok()) {
    failure.error = std::move(target).error();
    return Report(failure);
  }
  auto parameters = ParametersOf(command, given);
  if (!parameters.ok()) return Report({ExitCode::kUsage, std::move(parameters).error()});
  auto answer = CallAdmin(*target, command.operation, *parameters);
  if (!answer.ok()) {
    const bool no_url = answer.error().code() == ErrorCode::kInvalidArgument;
    return Report({no_url ? ExitCode::kUsage : ExitCode::kUnreachable, std::move(answer).error()});
  }
  if (answer->status != 200) return Report({ExitCode::kFailed, ErrorOf(*answer)});
  auto document = wire::JsonDocument::Parse(answer->body);
  if (!document.ok())
    return Report({ExitCode::kFailed, {ErrorCode::kInternalServerError, "the server's answer is no JSON"}});
  Print(document->root(), given.output == "json" ? OutputFormat::kJson : OutputFormat::kTable);
  if (command.restores && (given.wait || ::isatty(STDERR_FILENO) != 0)) {
    std::fflush(stdout);
    const auto followed = FollowRestores(*target, document->root().Member("Restores"));
    if (!followed.ok()) return Report({ExitCode::kFailed, followed.error()});
  }
  if (command.restores) {
    const auto begun = CheckRestores(document->root().Member("Restores"));
    if (!begun.ok()) return Report({ExitCode::kFailed, begun.error()});
  }
  const wire::JsonValue damaged = document->root().Member("Damaged");
  const bool damage = damaged.type() == wire::JsonType::kInteger && damaged.integer() > 0;
  return static_cast<int>(damage ? ExitCode::kDamaged : ExitCode::kDone);
}

void AddArgument(CLI::App& app, const ArgumentSpec& argument, OperatorOptions& given) {
  const std::string help(argument.help);
  CLI::Option* option = nullptr;
  switch (argument.kind) {
    case ArgumentKind::kPosition:
      option = app.add_option(std::string(argument.name), given.texts[argument.member], help)->type_name("");
      break;
    case ArgumentKind::kText:
      option = app.add_option(std::string(argument.name), given.texts[argument.member], help)->type_name("NAME");
      break;
    case ArgumentKind::kTexts:
      option = app.add_option(std::string(argument.name), given.lists[argument.member], help + " (may be given again)")
                   ->type_name("NAME")
                   ->allow_extra_args(false);
      break;
    case ArgumentKind::kJsonFile:
      option = app.add_option(std::string(argument.name), given.texts[argument.member], help)->type_name("FILE");
      break;
    case ArgumentKind::kInteger:
      given.integers[argument.member] = -1;
      option = app.add_option(std::string(argument.name), given.integers[argument.member], help)->type_name("N");
      break;
    case ArgumentKind::kSwitch:
      given.switches[argument.member] = false;
      option = app.add_flag(std::string(argument.name), given.switches[argument.member], help);
      break;
  }
  if (argument.required) option->required();
}

// An example of each command of the group.
std::string ExamplesOf(std::string_view group) {
  std::string text = "Examples:";
  for (const CommandSpec& command : OperatorCommands()) {
    if (command.group == group) text.append("\n  ").append(command.example);
  }
  return text;
}

}  // namespace

int Report(const Failure& failure) {
  const bool colour = ::isatty(STDERR_FILENO) != 0;
  std::fprintf(stderr, "%serror:%s %s\n", colour ? "\x1b[31m" : "", colour ? "\x1b[0m" : "",
               failure.error.message().c_str());
  if (!failure.hint.empty()) std::fprintf(stderr, "hint: %s\n", failure.hint.c_str());
  return static_cast<int>(failure.code);
}

void AddOperatorCommands(CLI::App& program, Run* chosen) {
  std::map<std::string_view, CLI::App*> groups;
  for (const CommandSpec& command : OperatorCommands()) {
    CLI::App* parent = &program;
    if (!command.group.empty()) {
      CLI::App*& group = groups[command.group];
      if (group == nullptr) {
        group = program.add_subcommand(std::string(command.group), std::string(HelpOfGroup(command.group)));
        group->group("Operating a running server")->require_subcommand(1);
        group->footer(ExamplesOf(command.group));
      }
      parent = group;
    }
    CLI::App* app = parent->add_subcommand(std::string(command.verb), std::string(command.help));
    if (command.group.empty()) app->group("Operating a running server");
    app->footer("Example:\n  " + std::string(command.example));
    auto given = std::make_shared<OperatorOptions>();
    for (const ArgumentSpec& argument : command.arguments) AddArgument(*app, argument, *given);
    if (command.confirm) app->add_flag("--yes", given->yes, "don't ask");
    if (command.restores)
      app->add_flag("--wait", given->wait, "wait until it is done, also where there is no terminal");
    app->add_option("--data", given->data, "the organization's directory, where the operator's key is")
        ->envname("INSULA_DATA")
        ->type_name("DIR");
    app->add_option("--endpoint", given->endpoint, "the admin listener of the server, where DIR doesn't tell")
        ->envname("INSULA_ADMIN_ENDPOINT")
        ->type_name("URL");
    app->add_option(
           "--ca-file", given->ca_file,
           "certificates that the server's is trusted by, PEM (default: with --data the server's own, else the "
           "system's)")
        ->envname("INSULA_CA_FILE")
        ->type_name("FILE");
    app->add_option("--output", given->output, "table (default) or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->envname("INSULA_OUTPUT")
        ->type_name("FORM");
    app->callback(
        [chosen, &command, given] { *chosen = [&command, given] { return RunOperatorCommand(command, *given); }; });
  }
}

}  // namespace insula::app
