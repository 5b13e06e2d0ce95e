// The root of an account: everything is allowed to it there that nothing forbids.
#pragma once

#include <string_view>

#include "policy/principal.h"

namespace insula::policy {

Principal RootOf(std::string_view account);

}  // namespace insula::policy
