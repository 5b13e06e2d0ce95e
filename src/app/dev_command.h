// `insula dev`: the whole server in memory, on loopback, for any credentials: a drop-in for DynamoDB Local.
#pragma once

#include <CLI/CLI.hpp>

#include "app/operator_command.h"

namespace insula::app {

void AddDevCommand(CLI::App& program, Run* chosen);

}  // namespace insula::app
