// What the program's exit code says. Scripts rely on it; docs/operations.md lists it.
#pragma once

#include <utility>

#include "base/error.h"

namespace insula::app {

enum class ExitCode : int {
  kDone = 0,
  kFailed = 1,       // the server, or the engine, answered with an error
  kUsage = 2,        // unknown command or flag, missing argument, wrong setting
  kUnreachable = 3,  // no server runs for the directory, or it doesn't answer
  kDirectory = 4,    // the data directory is missing, locked, of a newer format, unwritable, full or not initialized,
                     // or its master key isn't to be had, or another one
  kDamaged = 5,      // damage, found by the start or by `insula verify`
};

// Of a server that can't be started.
inline ExitCode CodeOfStart(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidArgument:  // what only the start can judge: memory, templates of names, files of TLS
      return ExitCode::kUsage;
    case ErrorCode::kCorruption:
      return ExitCode::kDamaged;
    case ErrorCode::kStorageFull:
    case ErrorCode::kFailedPrecondition:  // a store of a newer format, another master key
      return ExitCode::kDirectory;
    default:
      return ExitCode::kFailed;
  }
}

// An error on its way to the user: what to say, and the code to leave with.
struct Failure {
  ExitCode code = ExitCode::kFailed;
  Error error{ErrorCode::kInternalServerError, ""};
  std::string hint{};  // what to do about it, a line of its own; may be empty
};

}  // namespace insula::app
