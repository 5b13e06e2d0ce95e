#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "app/bench_command.h"
#include "app/dev_command.h"
#include "app/init_command.h"
#include "app/operator_command.h"
#include "app/serve_command.h"
#include "app/suggest.h"
#include "app/version.h"

namespace insula::app {
namespace {

constexpr const char* kDescription =
    "Insula: a multi-tenant database server that speaks Amazon DynamoDB's protocol.\n"
    "An application uses an unmodified AWS SDK with a tenant's credentials; Insula decides where that tenant's data "
    "lives.";

constexpr const char* kFooter =
    "First steps:\n"
    "  insula dev                                    # in memory, any credentials: a drop-in for DynamoDB Local\n"
    "  insula init --data ./data                     # a new organization\n"
    "  insula serve --data ./data &\n"
    "  insula environment create prod --data ./data\n"
    "  insula service create catalog --environment prod --model index --tenant-defined-tables --data ./data\n"
    "  insula tenant create acme --data ./data\n"
    "  insula tenant place acme --environment prod --service catalog --data ./data\n"
    "  insula credentials create --environment prod --service catalog --tenant acme --data ./data\n"
    "\n"
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no server reached, 4 data directory not usable, 5 "
    "damage found.\n"
    "INSULA_DATA stands for --data.";

void AddVersion(CLI::App& program, Run* chosen) {
  program.add_subcommand("version", "print the program's version")->group("Other")->callback([chosen] {
    *chosen = [] {
      std::printf("insula %.*s\n", static_cast<int>(kVersion.size()), kVersion.data());
      return 0;
    };
  });
}

// The innermost command that was named before the mistake.
const CLI::App* Innermost(const CLI::App* app) {
  for (const CLI::App* sub : app->get_subcommands())
    if (sub->parsed()) return Innermost(sub);
  return app;
}

std::string FullName(const CLI::App& app) {
  const std::string& own = app.get_name();
  return app.get_parent() == nullptr ? own : FullName(*app.get_parent()) + " " + own;
}

std::string HintFor(const CLI::App& program) {
  const CLI::App& at = *Innermost(&program);
  std::string hint;
  const auto extras = program.remaining(true);
  if (!extras.empty()) {
    std::vector<std::string> known;
    if (extras.front().starts_with("-")) {
      for (const CLI::Option* option : at.get_options())
        for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    } else {
      for (const CLI::App* sub : at.get_subcommands([](const CLI::App*) { return true; }))
        known.push_back(sub->get_name());
    }
    const std::string word = extras.front().substr(0, extras.front().find('='));
    if (const std::string near = Nearest(word, known); !near.empty()) hint = fmt::format("did you mean {}? ", near);
  }
  return hint + fmt::format("`{} --help` shows what there is", FullName(at));
}

int Usage(const CLI::App& program, const CLI::ParseError& error) {
  std::string message = error.what();
  if (const auto extras = program.remaining(true); !extras.empty()) {
    message = extras.front().starts_with("-") ? fmt::format("unknown flag {}", extras.front())
                                              : fmt::format("unknown command or argument '{}'", extras.front());
  } else if (error.get_name() == "RequiredError" &&
             !Innermost(&program)->get_subcommands([](const CLI::App*) { return true; }).empty()) {
    message = fmt::format("`{}` needs a command after it", FullName(*Innermost(&program)));
  }
  return Report({ExitCode::kUsage, {ErrorCode::kInvalidArgument, message}, HintFor(program)});
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App program(kDescription, "insula");
  program.footer(kFooter);
  program.set_help_flag("-h,--help", "what this does, and how to say it");
  program.set_version_flag("--version", "insula " + std::string(kVersion), "print the program's version");
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);
  Run chosen;
  AddInitCommand(program, &chosen);
  AddServeCommand(program, &chosen);
  AddDevCommand(program, &chosen);
  AddOperatorCommands(program, &chosen);
  AddBenchCommand(program, &chosen);
  AddVersion(program, &chosen);
  if (argc <= 1) {
    std::printf("%s", program.help().c_str());
    return static_cast<int>(ExitCode::kUsage);
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    return Usage(program, error);
  }
  // What reaches here as an exception is out of memory or our own bug; a library's is caught where it is called.
  try {
    return chosen();
  } catch (const std::exception& error) {
    return Report({ExitCode::kFailed, {ErrorCode::kInternalServerError, fmt::format("unexpected: {}", error.what())}});
  }
}

}  // namespace insula::app
