// Queries and Scans of tables and indexes, page by page, in both directions, with filters, from keys that aren't there.
#include <algorithm>

#include <fmt/format.h>

#include "tests/stress/tester.h"

namespace insula::stress {
namespace {

// Of what isn't in a key: a Query refuses others in a filter, and every page those that an index doesn't project.
Condition FilterOf(Random* random) {
  for (;;) {
    Condition filter = Condition::Make(random);
    const bool fits = std::ranges::all_of(filter.terms, [](const Condition::Term& term) {
      return term.attribute == "s" || term.attribute == "x" || term.attribute == "p" || term.attribute == "u" ||
             term.attribute == "b" || term.attribute == "e";
    });
    if (fits) return filter;
  }
}

struct RangeBound {
  std::string text;  // " AND sk >= :v2"
  std::function<bool(const Value&)> holds;
};

RangeBound BoundOf(const std::string& attribute, const Value& value, const Value& other, int kind,
                   Placeholders* placeholders) {
  switch (kind) {
    case 0:
      return {fmt::format(" AND {} = {}", attribute, placeholders->Name(value)),
              [value](const Value& v) { return v == value; }};
    case 1:
      return {fmt::format(" AND {} < {}", attribute, placeholders->Name(value)),
              [value](const Value& v) { return v < value; }};
    case 2:
      return {fmt::format(" AND {} >= {}", attribute, placeholders->Name(value)),
              [value](const Value& v) { return v >= value; }};
    case 3: {
      const Value& low = std::min(value, other);
      const Value& high = std::max(value, other);
      return {fmt::format(" AND {} BETWEEN {} AND {}", attribute, placeholders->Name(low), placeholders->Name(high)),
              [low, high](const Value& v) { return low <= v && v <= high; }};
    }
    default:
      return {"", [](const Value&) { return true; }};
  }
}

std::string Listed(const std::vector<Item>& items) {
  std::string text;
  for (const Item& item : items) text += "\n    " + Shown(item);
  return text.empty() ? " none" : text;
}

}  // namespace

std::optional<std::vector<Item>> Tester::Pages(const Table& table, const std::string& operation,
                                               const std::string& members, std::optional<int> limit,
                                               std::uint64_t* scanned) {
  std::vector<Item> all;
  std::string start;
  for (int page = 0;; ++page) {
    if (page > 5000) Fail(operation + " has no end: " + members, &table);
    const std::string body = fmt::format("{{\"TableName\":{}{}{}{}}}", Quoted(table.name), members,
                                         limit ? fmt::format(",\"Limit\":{}", *limit) : "", start);
    const auto answer = Read({table.context, operation, body});
    if (!answer) return std::nullopt;
    ++counts_.pages;
    const auto items = answer->At({"Items"});
    const std::int64_t of_page = answer->NumberAt({"ScannedCount"}).value_or(-1);
    const std::int64_t count = answer->NumberAt({"Count"}).value_or(-1);
    if (of_page < 0 || count < 0 || count > of_page || (limit && of_page > *limit)) {
      Fail(fmt::format("{} {} counted {} of {}", operation, body, count, of_page), &table);
    }
    std::int64_t listed = 0;
    if (items) {
      for (const auto item : items->get_array()) {
        all.push_back(ItemFrom(item));
        ++listed;
      }
    }
    if (listed != count) Fail(fmt::format("{} {} listed {} and counted {}", operation, body, listed, count), &table);
    *scanned += static_cast<std::uint64_t>(of_page);
    const auto last = answer->ItemAt({"LastEvaluatedKey"});
    if (!last) return all;
    start = ",\"ExclusiveStartKey\":" + JsonOf(*last);
  }
}

void Tester::QueryStep() {
  Table* table = RandomTable();
  if (table == nullptr) return;
  const IndexShape* index = nullptr;
  if (!table->indexes.empty() && random_.OneIn(2)) index = &random_.Of(table->indexes);
  const std::string hash = index ? index->hash : "pk";
  const std::string range = index ? index->range : table->range ? "sk" : "";
  const Item key = RandomKey(*table);
  const Value wanted = hash == "pk" ? key.at("pk") : RandomValueOf(hash, &random_, 0);

  Placeholders placeholders;
  std::string condition = fmt::format("{} = {}", hash, placeholders.Name(wanted));
  RangeBound bound{"", [](const Value&) { return true; }};
  if (!range.empty()) {
    const auto value = [&] { return range == "sk" ? RandomKey(*table).at("sk") : RandomValueOf(range, &random_, 0); };
    const Value one = value();
    bound = BoundOf(range, one, value(), random_.Below(6), &placeholders);
  }
  condition += bound.text;
  std::optional<Condition> filter;
  if ((!index || index->projection == IndexShape::kAll) && random_.OneIn(4)) filter = FilterOf(&random_);
  const bool forward = random_.OneIn(2);
  const bool whole = index && index->local && random_.OneIn(2);  // of the table behind it
  std::string members =
      fmt::format(",\"KeyConditionExpression\":{},\"ScanIndexForward\":{}", Quoted(condition), forward);
  if (index) members += ",\"IndexName\":" + Quoted(index->name);
  if (whole) members += ",\"Select\":\"ALL_ATTRIBUTES\"";
  if (filter) members += ",\"FilterExpression\":" + Quoted(filter->Text(&placeholders));
  if ((!index || index->local) && random_.OneIn(2)) members += ",\"ConsistentRead\":true";
  members += placeholders.Member();

  std::vector<Item> expected;
  std::uint64_t expected_scanned = 0;
  for (const auto& [text, item] : table->items) {
    const auto entry = index ? table->Entry(*index, item) : std::make_optional(item);
    if (!entry || entry->at(hash) != wanted || (!range.empty() && !bound.holds(entry->at(range)))) continue;
    ++expected_scanned;
    const Item& shown = whole ? item : *entry;
    if (!filter || filter->Holds(shown)) expected.push_back(shown);
  }
  std::optional<int> limit;
  if (random_.OneIn(2)) limit = 1 + random_.Below(8);
  std::uint64_t scanned = 0;
  auto found = Pages(*table, "Query", members, limit, &scanned);
  if (!found) return;

  // Entries of an index with the same range key may stand in any order among themselves.
  const auto order = [&](const Item& a, const Item& b) {
    return !range.empty() && (forward ? a.at(range) < b.at(range) : b.at(range) < a.at(range));
  };
  const auto has_range = [&](const Item& item) { return range.empty() || item.contains(range); };
  const bool in_order = std::ranges::all_of(*found, has_range) && std::ranges::is_sorted(*found, order);
  std::ranges::sort(*found);
  std::ranges::sort(expected);
  if (!in_order || *found != expected || scanned != expected_scanned) {
    Fail(fmt::format("Query {}\n  scanned {} instead of {}{}\n  found:{}\n  instead of:{}", members, scanned,
                     expected_scanned, in_order ? "" : ", out of order", Listed(*found), Listed(expected)),
         table);
  }
}

void Tester::ScanStep() {
  Table* table = RandomTable();
  if (table == nullptr) return;
  const IndexShape* index = nullptr;
  if (!table->indexes.empty() && random_.OneIn(3)) index = &random_.Of(table->indexes);
  std::optional<Condition> filter;
  if ((!index || index->projection == IndexShape::kAll) && random_.OneIn(3)) filter = Condition::Make(&random_);
  Placeholders placeholders;
  std::string members;
  if (index) members += ",\"IndexName\":" + Quoted(index->name);
  if (filter) members += ",\"FilterExpression\":" + Quoted(filter->Text(&placeholders));
  members += placeholders.Member();

  std::vector<Item> expected;
  std::uint64_t expected_scanned = 0;
  for (const auto& [text, item] : table->items) {
    const auto entry = index ? table->Entry(*index, item) : std::make_optional(item);
    if (!entry) continue;
    ++expected_scanned;
    if (!filter || filter->Holds(entry)) expected.push_back(*entry);
  }
  std::optional<int> limit;
  if (random_.OneIn(2)) limit = 1 + random_.Below(60);
  const int segments = random_.OneIn(3) ? 2 + random_.Below(4) : 1;
  std::vector<Item> found;
  std::uint64_t scanned = 0;
  for (int segment = 0; segment < segments; ++segment) {
    std::string part = members;
    if (segments > 1) part += fmt::format(",\"Segment\":{},\"TotalSegments\":{}", segment, segments);
    const auto pages = Pages(*table, "Scan", part, limit, &scanned);
    if (!pages) return;
    found.insert(found.end(), pages->begin(), pages->end());
  }
  std::ranges::sort(found);
  std::ranges::sort(expected);
  if (found != expected || scanned != expected_scanned) {
    std::vector<Item> missing, extra;
    std::ranges::set_difference(expected, found, std::back_inserter(missing));
    std::ranges::set_difference(found, expected, std::back_inserter(extra));
    Fail(fmt::format("Scan {} in {} segments\n  scanned {} instead of {}\n  missing:{}\n  beyond:{}", members, segments,
                     scanned, expected_scanned, Listed(missing), Listed(extra)),
         table);
  }
}

}  // namespace insula::stress
