#include "app/follow_restores.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <thread>

#include "app/output.h"
#include "wire/json_writer.h"

namespace insula::app {
namespace {

using wire::JsonValue;

constexpr std::chrono::milliseconds kPollDelay{200};
constexpr double kMegabyte = 1e6;

// Whose a restored table is, and its name.
using Target = std::array<std::string, 4>;

std::string TextOf(JsonValue object, std::string_view name) {
  const JsonValue value = object.Member(name);
  return value.type() == wire::JsonType::kString ? std::string(value.string()) : "";
}
std::uint64_t NumberOf(JsonValue object, std::string_view name) {
  const JsonValue value = object.Member(name);
  return value.type() == wire::JsonType::kInteger ? static_cast<std::uint64_t>(value.integer()) : 0;
}
Target TargetOf(JsonValue restore) {
  return {TextOf(restore, "Environment"), TextOf(restore, "Service"), TextOf(restore, "Tenant"),
          TextOf(restore, "Target")};
}

struct State {
  std::string status;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;
};

Result<std::map<Target, State>> Ask(const AdminTarget& target, const Target& of) {
  std::string parameters;
  wire::JsonWriter json(&parameters);
  json.BeginObject();
  json.StringField("Environment", of[0]);
  json.StringField("Service", of[1]);
  if (!of[2].empty()) json.StringField("Tenant", of[2]);
  json.EndObject();
  INSULA_ASSIGN(const AdminAnswer answer, CallAdmin(target, "ListRestores", parameters));
  if (answer.status != 200) return Error(ErrorCode::kInternalServerError, "the server doesn't tell of its restores");
  INSULA_ASSIGN(const wire::JsonDocument document, wire::JsonDocument::Parse(answer.body));
  std::map<Target, State> states;
  for (const JsonValue restore : document.root().Member("Restores").elements()) {
    states[TargetOf(restore)] = {TextOf(restore, "Status"), NumberOf(restore, "Bytes"),
                                 NumberOf(restore, "BytesTotal")};
  }
  return states;
}

}  // namespace

std::string ProgressLine(std::uint64_t bytes, std::uint64_t bytes_total, double seconds, std::size_t width) {
  const double rate = seconds > 0 ? static_cast<double>(bytes) / kMegabyte / seconds : 0;
  const std::string numbers =
      fmt::format("  {:.0f} MB of {:.0f} MB  {:.1f} MB/s", static_cast<double>(bytes) / kMegabyte,
                  static_cast<double>(bytes_total) / kMegabyte, rate);
  const std::size_t room = width > numbers.size() + 12 ? width - numbers.size() - 2 : 10;
  const double part = bytes_total == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(bytes_total);
  const auto done = static_cast<std::size_t>(static_cast<double>(room) * std::min(part, 1.0));
  return "[" + std::string(done, '#') + std::string(room - done, '-') + "]" + numbers;
}

Result<void> CheckRestores(JsonValue restores) {
  std::string refused;
  for (const JsonValue restore : restores.elements()) {
    const std::string status = TextOf(restore, "Status");
    if (status == "CREATING" || status == "ACTIVE") continue;
    refused += fmt::format("{}{}: {}", refused.empty() ? "" : "; ", TextOf(restore, "Table"), status);
  }
  if (refused.empty()) return {};
  return Error(ErrorCode::kFailedPrecondition, "not restored: " + Shown(refused));
}

Result<void> FollowRestores(const AdminTarget& target, JsonValue restores) {
  std::map<Target, State> followed;
  for (const JsonValue restore : restores.elements()) {
    if (TextOf(restore, "Status") == "CREATING") followed[TargetOf(restore)].status = "CREATING";
  }
  if (followed.empty()) return {};
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const auto began = std::chrono::steady_clock::now();
  std::string gone;
  std::uint64_t bytes_total = 0;
  double seconds = 0;
  for (bool waiting = true; waiting;) {
    INSULA_ASSIGN(const auto states, Ask(target, followed.begin()->first));
    waiting = false;
    gone.clear();
    std::uint64_t bytes = 0;
    bytes_total = 0;
    for (auto& [table, known] : followed) {
      const auto now = states.find(table);
      if (now == states.end() || now->second.status == "DELETING") {
        gone += (gone.empty() ? "" : ", ") + table[3];
        continue;
      }
      known.status = now->second.status;
      known.bytes_total = std::max(known.bytes_total, now->second.bytes_total);
      known.bytes = known.status == "CREATING" ? now->second.bytes : known.bytes_total;
      waiting = waiting || known.status == "CREATING";
      bytes += known.bytes;
      bytes_total += known.bytes_total;
    }
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (terminal) std::fprintf(stderr, "\r%s", ProgressLine(bytes, bytes_total, seconds, 78).c_str());
    if (waiting) std::this_thread::sleep_for(kPollDelay);
  }
  if (terminal) std::fputc('\n', stderr);
  if (!gone.empty()) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("{} could not be restored; the server's log says why", Shown(gone)));
  }
  std::fprintf(stderr, "restored %.1f MB in %.1f s: %.1f MB/s\n", static_cast<double>(bytes_total) / kMegabyte, seconds,
               seconds > 0 ? static_cast<double>(bytes_total) / kMegabyte / seconds : 0);
  return {};
}

}  // namespace insula::app
