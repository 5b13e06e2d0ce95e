// Runs one operator command against a running server.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "app/exit_code.h"

namespace insula::app {

using Run = std::function<int()>;  // returns an exit code

// Adds every command of operator_commands.h to `program`. The one that is chosen leaves its action in *chosen.
void AddOperatorCommands(CLI::App& program, Run* chosen);

// Prints "error: …" and the hint, and gives the exit code back as a number.
int Report(const Failure& failure);

}  // namespace insula::app
