// Contexts as texts and back: what quotas, turns and usage are kept by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "tenancy/identity/context.h"

namespace insula::tenancy {

// As KeyOf(Context) has it: "t/prod/catalog/acme", "s/prod/catalog".
std::string KeyOf(const ContextNames& names);
// The names in such a key; nothing for an operator's.
std::optional<ContextNames> NamesFromKey(std::string_view key);

}  // namespace insula::tenancy
