// PartiQL statements: no text makes the parser misbehave; a plan reads every item its WHERE clause selects, and none
// twice; and a key split off a WHERE clause means the same as the clause.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "expression/partiql/plan.h"
#include "expression/partiql/statement.h"

using namespace insula;
using namespace insula::partiql;

namespace {

AttributeValue S(std::string text) { return AttributeValue::S(std::move(text)); }

const KeySchema& Schema() {
  static const KeySchema schema = {{{"p", AttributeType::kS}}, {{"s", AttributeType::kS}}};
  return schema;
}

const std::vector<AttributeMap>& Items() {
  static const std::vector<AttributeMap> items = [] {
    std::vector<AttributeMap> out;
    for (const char* hash : {"", "a", "b"}) {
      for (const char* range : {"", "a", "aa", "ab", "b", "c\xFF"}) {
        out.push_back(
            {{"p", S(hash)}, {"s", S(range)}, {"n", AttributeValue::N(1)}, {"m", AttributeValue::M({{"x", S("a")}})}});
        out.push_back({{"p", S(hash)}, {"s", S(range)}});
      }
    }
    return out;
  }();
  return items;
}

bool Matches(const expression::KeyCondition& read, const AttributeMap& item) {
  using expression::RangeOperator;
  INSULA_CHECK(read.hash.size() == 1 && read.range_prefix.empty());
  if (*item.Find("p") != read.hash[0]) return false;
  const AttributeValue& value = *item.Find("s");
  if (read.op == RangeOperator::kNone) return true;
  const auto order = CompareScalars(value, read.low);
  switch (read.op) {
    case RangeOperator::kEqual:
      return order == 0;
    case RangeOperator::kLess:
      return order < 0;
    case RangeOperator::kLessOrEqual:
      return order <= 0;
    case RangeOperator::kGreater:
      return order > 0;
    case RangeOperator::kGreaterOrEqual:
      return order >= 0;
    case RangeOperator::kBetween:
      return order >= 0 && CompareScalars(value, read.high) <= 0;
    default:
      return value.As<std::string>()->starts_with(*read.low.As<std::string>());
  }
}

Result<Statement> ParseText(std::string_view text) {
  static const std::vector<AttributeValue> parameters = {S("a"), S("b"), AttributeValue::N(1),
                                                         AttributeValue(AttributeValue::Variant(StringSet{{"x"}}))};
  return Parse(text, parameters);
}

Where* WhereOf(Statement* statement) {
  if (auto* select = std::get_if<SelectStatement>(statement)) return &select->where;
  if (auto* update = std::get_if<UpdateStatement>(statement)) return &update->where;
  if (auto* deletion = std::get_if<DeleteStatement>(statement)) return &deletion->where;
  if (auto* exists = std::get_if<ExistsStatement>(statement)) return &exists->select.where;
  return nullptr;
}

// A WHERE clause of its own, as both helpers take theirs.
Where Again(std::string_view text) {
  auto statement = ParseText(text);
  INSULA_CHECK(statement.ok());
  return std::move(*WhereOf(&*statement));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  auto statement = ParseText(text);
  if (!statement.ok()) return 0;
  SourceOf(*statement);
  if (const auto* select = std::get_if<SelectStatement>(&*statement)) {
    for (const auto& item : Items()) ProjectColumns(select->columns, item);
  }
  if (auto* update = std::get_if<UpdateStatement>(&*statement)) {
    const expression::Update applied(std::move(update->update));
    static_cast<void>(applied.Apply(Items().front()).ok());
  }
  Where* where = WhereOf(&*statement);
  if (where == nullptr || *where == nullptr) return 0;

  const auto plan = PlanRead(Again(text), Schema());
  if (plan.ok() && !plan->reads.empty()) {
    for (const auto& item : Items()) {
      const auto reads =
          std::count_if(plan->reads.begin(), plan->reads.end(), [&](const auto& read) { return Matches(read, item); });
      INSULA_CHECK(reads <= 1);
      if (plan->filter->Evaluate(item)) INSULA_CHECK(reads == 1);
    }
  }
  auto split = SplitByKey(Again(text), Schema());
  if (split.ok()) {
    const expression::Condition whole(std::move(**where));
    std::optional<expression::Condition> rest;
    if (split->rest != nullptr) rest.emplace(std::move(*split->rest));
    for (const auto& item : Items()) {
      const bool key = *item.Find("p") == split->key.hash && *item.Find("s") == *split->key.range;
      INSULA_CHECK(whole.Evaluate(item) == (key && (!rest || rest->Evaluate(item))));
    }
  }
  return 0;
}
