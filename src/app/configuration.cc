#include "app/configuration.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace insula::app {

Result<Settings> Configure(const std::optional<std::string>& file, const DataDirectory* directory,
                           const std::map<std::string, std::string>& flags) {
  Settings settings;
  if (file.has_value()) {
    INSULA_TRY(ReadFile(settings, *file));
  } else if (directory != nullptr) {
    std::error_code unknown;
    const bool there = std::filesystem::exists(directory->configuration(), unknown);
    if (unknown) {
      return Error(ErrorCode::kFailedPrecondition,
                   fmt::format("cannot look at {}: {}", directory->configuration().string(), unknown.message()));
    }
    if (there) INSULA_TRY(ReadFile(settings, directory->configuration().string()));
  }
  INSULA_TRY(ReadEnvironment(settings));
  for (const auto& [name, value] : flags) INSULA_TRY(Set(settings, name, value));
  INSULA_TRY(Validate(settings));
  return settings;
}

std::string MasterKeySource(const Settings& settings, const DataDirectory& directory) {
  return settings.master_key.empty() ? "file:" + directory.master_key().string() : settings.master_key;
}

}  // namespace insula::app
