// `insula init`: a new organization in an empty directory, with its master key and its operator's access key; and a new
// key for the operator of one that is there.
#pragma once

#include <CLI/CLI.hpp>

#include "app/operator_command.h"

namespace insula::app {

void AddInitCommand(CLI::App& program, Run* chosen);

}  // namespace insula::app
