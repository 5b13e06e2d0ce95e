// The settings a command runs with, from all the places they come from, and the master key they lead to.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "access/master_key.h"
#include "app/data_directory.h"
#include "app/settings.h"

namespace insula::app {

// Defaults, then `file` (or DIR/insula.toml where there is one), then the environment, then `flags` (setting name to
// value). InvalidArgument in words for the user.
Result<Settings> Configure(const std::optional<std::string>& file, const DataDirectory* directory,
                           const std::map<std::string, std::string>& flags);

// "file:DIR/master.key" where the settings name no other source.
std::string MasterKeySource(const Settings& settings, const DataDirectory& directory);

}  // namespace insula::app
