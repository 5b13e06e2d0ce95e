// The server under test, in a process of its own so that it can be killed: the engine, the catalog, the control plane's
// workers and the API, as the program puts them together, on a clock that the tester moves and a disk that it may
// break.
#pragma once

namespace insula::stress {

// Serves the tester at the other end of `fd` until it hangs up or says stop. Returns the process's exit code.
int RunSubject(int fd);

// What it exits with when the shared store can't be trusted any more, as the program does.
inline constexpr int kFatalExitCode = 70;

}  // namespace insula::stress
