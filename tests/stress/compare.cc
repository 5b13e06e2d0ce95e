// After a restart: what was under way when it ended is settled by what is there, and then all there is is compared.
#include <algorithm>

#include <fmt/format.h>

#include "tests/stress/tester.h"

namespace insula::stress {
namespace {

// Keys of one table beyond those that it has items for, looked up to see that there is nothing.
constexpr int kAbsentKeys = 12;
constexpr std::size_t kGetsAtOnce = 16;

}  // namespace

Items Tester::ScanAll(const Table& table) {
  std::uint64_t scanned = 0;
  std::optional<int> limit;
  if (random_.OneIn(2)) limit = 5 + random_.Below(100);
  const auto all = Pages(table, "Scan", ",\"ConsistentRead\":true", limit, &scanned);
  Items items;
  for (const Item& item : *all) {
    const std::string key = table.KeyTextOf(item);
    if (!items.emplace(key, item).second) Fail("a Scan has an item twice", &table, key);
  }
  return items;
}

void Tester::Resolve() {
  for (const PendingChange& change : std::exchange(pending_changes_, {})) {
    if (!change.probe()) continue;
    ++counts_.adopted;
    change.apply(Json("{}"));
  }
  // What is there of each table that a write was under way in.
  std::map<const Table*, Items> there;
  for (const PendingWrite& write : std::exchange(pending_writes_, {})) {
    for (const Atom& atom : write.atoms) {
      std::string done, undone;
      for (const Effect& effect : atom) {
        const Table& table = *effect.table;
        if (!there.contains(&table)) there[&table] = ScanAll(table);
        const auto found = there[&table].find(effect.key);
        const auto is = found == there[&table].end() ? std::nullopt : std::make_optional(found->second);
        const std::optional<Item> was = table.Find(effect.key);
        if (was == effect.after) continue;
        if (is == effect.after) {
          done = effect.key;
        } else if (is == was) {
          undone = effect.key;
        } else {
          Fail(fmt::format("unanswered before the end: {}\n  left {}\n  which is neither {}\n  nor {}", write.what,
                           Shown(is), Shown(was), Shown(effect.after)),
               &table, effect.key);
        }
      }
      if (!done.empty() && !undone.empty()) {
        Fail(fmt::format("half of it is done: {}\n  done: {}\n  not done: {}", write.what, done, undone));
      }
      if (done.empty()) continue;
      ++counts_.adopted;
      oracle_.Apply(atom);
    }
  }
}

void Tester::CompareAll() {
  for (std::size_t context = 0; context < kContexts; ++context) {
    Tenant& tenant = oracle_.tenants[context];
    const auto listed = Read({context, "ListTables", "{}"});
    std::vector<std::string> names, expected;
    if (const auto list = listed->At({"TableNames"})) {
      for (const auto name : list->get_array()) names.emplace_back(std::string_view(name));
    }
    for (const auto& [name, table] : tenant.tables) expected.push_back(name);
    if (names != expected) {
      Fail(fmt::format("context {} has tables [{}] instead of [{}]", context, fmt::join(names, " "),
                       fmt::join(expected, " ")));
    }
    for (auto& [name, table] : tenant.tables) CompareTable(table);
    for (Stream& stream : tenant.ended_streams) CompareStream(context, stream, nullptr);
    CompareBackups(tenant, context);
  }
}

void Tester::CompareTable(Table& table) {
  const Items found = ScanAll(table);
  for (const auto& [key, item] : table.items) {
    ++counts_.items_compared;
    const auto at = found.find(key);
    if (at == found.end()) Fail("an item is lost: " + Shown(item), &table, key);
    if (at->second != item)
      Fail(fmt::format("an item is {} instead of {}", Shown(at->second), Shown(item)), &table, key);
  }
  for (const auto& [key, item] : found) {
    if (!table.items.contains(key)) Fail("an item is there that shouldn't be: " + Shown(item), &table, key);
  }
  CompareByKey(table);
  for (const IndexShape& index : table.indexes) CompareIndex(table, index);
  CompareCounts(table);
  if (table.stream) CompareStream(table.context, *table.stream, &table);
}

void Tester::CompareByKey(Table& table) {
  std::vector<std::string> keys;
  for (const auto& [key, item] : table.items) keys.push_back(key);
  for (int i = 0; i < kAbsentKeys; ++i) {
    const std::string key = JsonOf(RandomKey(table));
    if (!table.items.contains(key)) keys.push_back(key);
  }
  for (std::size_t at = 0; at < keys.size(); at += kGetsAtOnce) {
    std::vector<Request> requests;
    for (std::size_t i = at; i < std::min(keys.size(), at + kGetsAtOnce); ++i) {
      requests.push_back(
          {table.context, "GetItem",
           fmt::format("{{\"TableName\":{},\"Key\":{},\"ConsistentRead\":true}}", Quoted(table.name), keys[i])});
    }
    counts_.requests += requests.size();
    const std::vector<Reply> replies = link_.Call(requests);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (!replies[i].ok()) {
        Fail(fmt::format("GetItem was answered {} {} ({}) {}", replies[i].status, replies[i].body, replies[i].cause,
                         link_.ended()),
             &table, keys[at + i]);
      }
      const auto found = Json(replies[i].body).ItemAt({"Item"});
      const auto expected = table.Find(keys[at + i]);
      if (found != expected) {
        Fail(fmt::format("GetItem gave {} instead of {}", Shown(found), Shown(expected)), &table, keys[at + i]);
      }
    }
  }
}

void Tester::CompareIndex(Table& table, const IndexShape& index) {
  std::uint64_t scanned = 0;
  std::optional<int> limit;
  if (random_.OneIn(2)) limit = 5 + random_.Below(100);
  const auto found = Pages(table, "Scan", ",\"IndexName\":" + Quoted(index.name), limit, &scanned);
  std::map<std::string, Item> entries;
  for (const Item& entry : *found) {
    const std::string key = table.KeyTextOf(entry);
    if (!entries.emplace(key, entry).second) Fail("index " + index.name + " has an entry twice", &table, key);
  }
  for (const auto& [key, item] : table.items) {
    const auto expected = table.Entry(index, item);
    const auto at = entries.find(key);
    const auto is = at == entries.end() ? std::nullopt : std::make_optional(at->second);
    if (is != expected) {
      Fail(fmt::format("index {} has {} instead of {}", index.name, Shown(is), Shown(expected)), &table, key);
    }
    if (expected) ++counts_.entries_compared;
  }
  for (const auto& [key, entry] : entries) {
    if (!table.items.contains(key)) Fail(fmt::format("index {} has {}", index.name, Shown(entry)), &table, key);
  }
}

void Tester::CompareCounts(Table& table) {
  const auto answer = Read({table.context, "DescribeTable", fmt::format("{{\"TableName\":{}}}", Quoted(table.name))});
  const auto count = answer->NumberAt({"Table", "ItemCount"});
  ++counts_.counts_compared;
  if (count != static_cast<std::int64_t>(table.items.size())) {
    Fail(fmt::format("ItemCount is {} instead of {}", count.value_or(-1), table.items.size()), &table);
  }
  if (answer->TextAt({"Table", "TableStatus"}) != "ACTIVE") {
    Fail("TableStatus is " + answer->TextAt({"Table", "TableStatus"}), &table);
  }
  std::map<std::string, std::int64_t> counts;
  for (const char* list : {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}) {
    const auto indexes = answer->At({"Table", list});
    if (!indexes) continue;
    for (const auto index : indexes->get_array()) {
      std::int64_t of_index = -1;
      if (index["ItemCount"].get(of_index) != simdjson::SUCCESS) of_index = -1;
      counts[TextIn(index, "IndexName")] = of_index;
    }
  }
  for (const IndexShape& index : table.indexes) {
    const auto expected = std::ranges::count_if(
        table.items, [&](const auto& item) { return table.Entry(index, item.second).has_value(); });
    ++counts_.counts_compared;
    if (!counts.contains(index.name) || counts[index.name] != expected) {
      Fail(fmt::format("ItemCount of index {} is {} instead of {}", index.name,
                       counts.contains(index.name) ? counts[index.name] : -1, expected),
           &table);
    }
  }
  if (counts.size() != table.indexes.size()) Fail("it has another number of indexes", &table);
}

void Tester::CompareBackups(Tenant& tenant, std::size_t context) {
  const auto answer = Read({context, "ListBackups", "{\"BackupType\":\"USER\"}"});
  std::vector<std::string> found, expected;
  if (const auto list = answer->At({"BackupSummaries"})) {
    for (const auto backup : list->get_array()) {
      found.push_back(TextIn(backup, "BackupName"));
      if (TextIn(backup, "BackupStatus") != "AVAILABLE") Fail("a backup isn't AVAILABLE: " + found.back());
    }
  }
  for (const Backup& backup : tenant.backups) expected.push_back(backup.name);
  std::ranges::sort(found);
  std::ranges::sort(expected);
  if (found != expected) {
    Fail(fmt::format("context {} has backups [{}] instead of [{}]", context, fmt::join(found, " "),
                     fmt::join(expected, " ")));
  }
}

}  // namespace insula::stress
