#include "control/stuck_work.h"

#include <fmt/format.h>

#include <optional>

namespace insula::control {

std::string PathOf(const ContextNames& owner) {
  std::string path;
  for (const std::string_view name :
       {std::string_view(owner.environment.value()), std::string_view(owner.service.value()), TextOf(owner.tenant)}) {
    if (name.empty()) continue;
    if (!path.empty()) path += '/';
    path += name;
  }
  return path;
}

std::string ReasonOf(const StuckWork& stuck) {
  return fmt::format("{} fails: {} ({} {} in {} s)", stuck.what, stuck.cause, stuck.failures,
                     stuck.failures == 1 ? "time" : "times", stuck.for_.count());
}

void LogStuck(const StuckWork& stuck, LogLimit* limit) {
  const std::optional<std::uint64_t> left_out = limit->Admit();
  if (!left_out) return;
  Log(LogLevel::kWarn, stuck.what + " failed and is tried again",
      {{"room", "control"},
       {"context", PathOf(stuck.owner)},
       {"table", stuck.table},
       {"cause", stuck.cause},
       {"failures", std::to_string(stuck.failures)},
       {"not_logged_before", std::to_string(*left_out)}});
}

}  // namespace insula::control
