#include "policy/context_entries.h"

#include <utility>

namespace insula::policy {

void ContextEntries::Add(std::string_view key, std::string value) {
  Entry* entry = At(key);
  entry->set = false;
  entry->values = {std::move(value)};
}

void ContextEntries::AddSet(std::string_view key, std::vector<std::string> values) {
  Entry* entry = At(key);
  entry->set = true;
  entry->values = std::move(values);
  entry->views.assign(entry->values.begin(), entry->values.end());
}

Fact ContextEntries::Find(KeyName name, std::string_view detail) const {
  for (const Entry& entry : entries_) {
    if (entry.key.name != name || entry.key.detail != detail) continue;
    return entry.set ? Fact::Set(entry.views) : Fact::Text(entry.values.front());
  }
  return {};
}

ContextEntries::Entry* ContextEntries::At(std::string_view key) {
  ConditionKey parsed = ConditionKey::Parse(key);
  for (Entry& entry : entries_) {
    if (entry.key.name == parsed.name && entry.key.detail == parsed.detail) return &entry;
  }
  entries_.emplace_back().key = std::move(parsed);
  return &entries_.back();
}

}  // namespace insula::policy
