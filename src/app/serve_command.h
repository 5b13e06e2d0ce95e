// `insula serve`: the server, on a data directory.
#pragma once

#include <CLI/CLI.hpp>

#include "app/operator_command.h"

namespace insula::app {

void AddServeCommand(CLI::App& program, Run* chosen);

}  // namespace insula::app
