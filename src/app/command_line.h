// The program's command line: which commands there are, what their flags mean, what is said about a wrong one.
#pragma once

namespace insula::app {

// Parses, runs the command, and returns the exit code (exit_code.h).
int RunCommandLine(int argc, char** argv);

}  // namespace insula::app
