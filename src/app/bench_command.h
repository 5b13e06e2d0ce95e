// `insula bench`: drives any DynamoDB endpoint and says how fast it is.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace insula::app {

// The chosen command's action is left in *chosen; it returns an exit code.
void AddBenchCommand(CLI::App& program, std::function<int()>* chosen);

}  // namespace insula::app
