#include "tests/stress/oracle.h"

namespace insula::stress {
namespace {

constexpr std::size_t kHistoryMax = 12;

}  // namespace

Item Table::KeyOf(const Item& item) const {
  Item key;
  for (const char* part : {"pk", "sk"}) {
    if (part[0] == 's' && !range) continue;
    if (auto found = item.find(part); found != item.end()) key.insert(*found);
  }
  return key;
}

std::optional<Item> Table::Find(const std::string& key) const {
  const auto found = items.find(key);
  if (found == items.end()) return std::nullopt;
  return found->second;
}

std::optional<Item> Table::Entry(const IndexShape& index, const Item& item) const {
  if (!item.contains(index.hash) || (!index.range.empty() && !item.contains(index.range))) return std::nullopt;
  if (index.projection == IndexShape::kAll) return item;
  Item entry;
  for (const std::string& part : {std::string("pk"), std::string("sk"), index.hash, index.range, std::string("x")}) {
    if ((part == "sk" && !range) || (part == "x" && index.projection != IndexShape::kInclude)) continue;
    if (auto found = item.find(part); found != item.end()) entry.insert(*found);
  }
  return entry;
}

void Oracle::Apply(const Atom& atom) {
  for (const Effect& effect : atom) {
    Table& table = *effect.table;
    std::optional<Item> before = table.Find(effect.key);
    if (before == effect.after) continue;
    if (table.stream) {
      table.stream->records.push_back({effect.key, before, effect.after, effect.by_time_to_live, now_us});
    }
    if (effect.after) {
      table.items[effect.key] = *effect.after;
    } else {
      table.items.erase(effect.key);
    }
  }
}

void Oracle::Note(const Effect& effect, const std::string& what) {
  std::deque<std::string>& history = effect.table->history[effect.key];
  history.push_back(what);
  if (history.size() > kHistoryMax) history.pop_front();
}

}  // namespace insula::stress
