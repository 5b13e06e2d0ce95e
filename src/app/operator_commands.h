// The commands an operator gives a running server: each is one call of the admin API with the flags as its parameters,
// and its answer printed. One record per command is the only list: the command line, its help and docs/ follow from it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace insula::app {

enum class ArgumentKind : std::uint8_t {
  kPosition,  // a word without a flag
  kText,
  kTexts,  // a flag that may be given again: a list
  kInteger,
  kSwitch,    // a flag without a value: true
  kJsonFile,  // a file's JSON, or standard input for "-"
};

struct ArgumentSpec {
  ArgumentKind kind = ArgumentKind::kText;
  std::string_view name;    // "--environment"; of a position: "NAME"
  std::string_view member;  // the parameter's name in the admin API
  std::string_view help;
  bool required = false;
};

struct CommandSpec {
  std::string_view group;      // "tenant"; empty for a command of its own
  std::string_view verb;       // "place"
  std::string_view operation;  // of the admin API
  std::string_view help;
  std::string_view example;
  std::span<const ArgumentSpec> arguments;
  bool confirm = false;   // needs --yes where nobody can be asked
  bool restores = false;  // answers with restores, which it follows on a terminal, or with --wait
};

std::span<const CommandSpec> OperatorCommands();
std::string_view HelpOfGroup(std::string_view group);

}  // namespace insula::app
