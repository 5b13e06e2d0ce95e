// Waits for tables that are being restored, with a bar on a terminal.
#pragma once

#include <cstdint>
#include <string>

#include "app/admin_client.h"
#include "base/result.h"
#include "wire/json_reader.h"

namespace insula::app {

// A line of at most `width` columns: "[#####-----]  512 MB of 1024 MB  85.3 MB/s".
std::string ProgressLine(std::uint64_t bytes, std::uint64_t bytes_total, double seconds, std::size_t width);

// FailedPrecondition names those of an answer's "Restores" that were not begun, with the reason.
Result<void> CheckRestores(wire::JsonValue restores);

// Returns once every table in `restores` (the "Restores" of an answer) is ACTIVE; FailedPrecondition names those that
// went instead. Writes to standard error: a bar where it is a terminal, and at last a line with sizes, time and rate.
Result<void> FollowRestores(const AdminTarget& target, wire::JsonValue restores);

}  // namespace insula::app
