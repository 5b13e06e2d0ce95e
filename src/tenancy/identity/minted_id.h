// Ids that the catalog makes up. Internal to the room.
#pragma once

#include <string>

#include "base/clock.h"

namespace insula::tenancy {

std::string RandomUuid();

// Eight hexadecimal digits by chance.
std::string RandomIdEnd();
// "01489602797149-73d8d5bc": the milliseconds of `at`, and `end`. In order of time.
std::string TimedId(WallTime at, const std::string& end);

}  // namespace insula::tenancy
