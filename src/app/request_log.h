// Which requests the server's log names, and how.
#pragma once

#include <functional>

#include "api/access_record.h"
#include "app/settings.h"

namespace insula::app {

// By log.requests: an empty function for "none"; for "refused", requests that failed here (5xx) or whose credentials
// were refused; for "all", every one.
std::function<void(const api::AccessRecord&)> RequestLog(const Settings& settings);

}  // namespace insula::app
