#include "operations/partiql/partiql_select.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "expression/partiql/plan.h"
#include "operations/core/key_checks.h"
#include "operations/core/refusal.h"
#include "operations/pages/page_plan.h"
#include "operations/partiql/next_token.h"
#include "operations/partiql/partiql_order.h"
#include "rules/item_rules.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

using expression::kConditionWorkPerTurnMax;

constexpr std::size_t kPageBytesMax = 1024 * 1024;

struct SelectPlan {
  std::optional<PrimaryKey> key;                // one item, of the table itself
  PagePlan page;                                // else: of what
  std::vector<expression::KeyCondition> reads;  // one after another; none: a scan
  bool forward = true;
  std::shared_ptr<const expression::Condition> filter;

  std::size_t read_count() const { return std::max<std::size_t>(reads.size(), 1); }
};

Result<const IndexSchema*> FindIndex(const std::string& name, bool consistent, const TableDefinition& definition) {
  const IndexSchema* index = FindLiveIndex(definition, name);
  if (index == nullptr || index->is_vector()) {
    return ValidationError("The table does not have the specified index");
  }
  INSULA_TRY(CheckIndexIsReadable(*index));
  if (index->backfilling) {
    return ValidationError(fmt::format("Cannot read from backfilling global secondary index: {}", name));
  }
  if (index->global() && consistent) {
    return ValidationError("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  return index;
}

// What the statement needs that the index doesn't have. A local index gets it from the table, but only for columns; a
// filter sees what the index has, unless the index is read by key: then it must have all that the filter names.
Result<void> CheckProjected(const SelectRequest& request, const TableSchema& schema, bool conjunction,
                            SelectPlan* plan) {
  if (plan->page.index == nullptr) return {};
  const IndexSchema& index = *plan->page.index;
  std::vector<std::string> missing = MissingIn(index, schema, request.attributes);
  if (!missing.empty() && index.global()) {
    return Invalid("Global secondary index {} does not project {}", index.name, ListOf(missing));
  }
  plan->page.fetch_from_table = !missing.empty();
  if (plan->filter == nullptr || !missing.empty() || plan->reads.empty() || !conjunction) return {};
  missing = MissingIn(index, schema, plan->filter->attributes());
  if (missing.empty()) return {};
  return Invalid("Secondary index {} does not project one or more filter attributes: {}", index.name, ListOf(missing));
}

Result<void> CheckKeyValues(const PrimaryKey& key, const KeySchema& schema) {
  INSULA_TRY(rules::CheckKeyValue(schema.hash.front(), key.hash, true));
  if (!key.range) return {};
  return rules::CheckKeyValue(schema.range.front(), *key.range, false);
}

Result<void> CheckHashValues(const partiql::ReadPlan& plan, const KeySchema& keys) {
  for (const expression::KeyCondition& read : plan.reads) {
    for (std::size_t i = 0; i < read.hash.size(); ++i) {
      INSULA_TRY(rules::CheckKeyValue(keys.hash[i], read.hash[i], true));
    }
  }
  return {};
}

Result<SelectPlan> Plan(SelectRequest& request, const TableDefinition& definition) {
  const TableSchema& schema = *definition.schema;
  partiql::SelectStatement& statement = request.statement;
  SelectPlan plan;
  INSULA_TRY(CheckNoNestedKey(request.nested_attributes, schema));
  if (statement.source.index) {
    INSULA_ASSIGN(plan.page.index, FindIndex(*statement.source.index, request.consistent, definition));
    INSULA_TRY(CheckColumns(statement));
  } else if (statement.order.empty() && partiql::GivesKey(statement.where, schema.key, partiql::KeyForm::kRead)) {
    INSULA_ASSIGN(partiql::KeyedWhere keyed,
                  partiql::SplitByKey(std::move(statement.where), schema.key, partiql::KeyForm::kRead));
    INSULA_TRY(CheckKeyValues(keyed.key, schema.key));
    plan.key = std::move(keyed.key);
    if (keyed.rest != nullptr) plan.filter = std::make_shared<const expression::Condition>(std::move(*keyed.rest));
    return plan;
  }
  const KeySchema& keys = plan.page.index != nullptr ? plan.page.index->key : schema.key;
  bool has_where = statement.where != nullptr;
  bool conjunction = has_where && !std::holds_alternative<expression::OrNode>(statement.where->node);
  INSULA_ASSIGN(partiql::ReadPlan reads, partiql::PlanRead(std::move(statement.where), keys));
  INSULA_ASSIGN(plan.forward, OrderReads(statement, has_where, keys, &reads));
  INSULA_TRY(CheckHashValues(reads, keys));
  plan.reads = std::move(reads.reads);
  if (reads.filter) plan.filter = std::make_shared<const expression::Condition>(std::move(*reads.filter));
  INSULA_TRY(CheckProjected(request, schema, conjunction, &plan));
  if (plan.filter != nullptr) INSULA_TRY(CheckScalarKeys(plan.filter->nested_attributes(), schema));
  return plan;
}

// What a token is good for: one caller, one statement with its parameters, one incarnation of table and index.
std::string BindingOf(const Call& call, const SelectRequest& request, const tenancy::Table& table,
                      const SelectPlan& plan) {
  std::string binding = tenancy::KeyOf(call.context()) + '\0' + table.definition.id + '\0';
  if (plan.page.index != nullptr) AppendVarint(plan.page.index->id, &binding);
  return binding + '\0' + DigestOf(request.input);
}

Result<ReadPosition> PositionOf(const Call& call, const SelectRequest& request, const tenancy::Table& table,
                                const SelectPlan& plan) {
  if (!request.next_token) return ReadPosition();
  INSULA_ASSIGN(ReadPosition position, OpenNextToken(*request.next_token, BindingOf(call, request, table, plan),
                                                     *call.services.options.token_keys));
  INSULA_CHECK(position.read < plan.read_count());
  return position;
}

Task<Result<SelectResult>> GetByKey(Call& call, TableHandle& table, SelectPlan plan, bool consistent) {
  Result<storage::MaybeItem> read = co_await table.Get(std::move(*plan.key), consistent);
  if (!read.ok()) co_return std::move(read).error();
  storage::MaybeItem& item = *read;
  SelectResult result;
  bool wanted = item.has_value();
  if (item && plan.filter != nullptr) {
    auto evaluate = [&] { return plan.filter->Evaluate(*item); };
    if (call.services.compute != nullptr && plan.filter->WorkOn(item->bytes().size()) > kConditionWorkPerTurnMax) {
      wanted = co_await call.services.compute->Call(evaluate);
    } else {
      wanted = evaluate();
    }
  }
  if (wanted) result.items.push_back(std::move(*item));
  co_return result;
}

}  // namespace

RowWriter::RowWriter(std::vector<partiql::Column> columns) : columns_(std::move(columns)) {
  std::set<std::string_view> seen;
  std::set<std::string_view> seen_nested;
  for (const partiql::Column& column : columns_) {
    const std::string& name = column.path.front().name();
    if (seen.insert(name).second) attributes_.push_back(name);
    if (column.path.size() > 1 && seen_nested.insert(name).second) nested_attributes_.push_back(name);
  }
  selected_ = attributes_;
  std::ranges::sort(selected_);
}

void RowWriter::Write(const EncodedItem& item, wire::JsonWriter* writer) const {
  if (columns_.empty()) {
    wire::WriteItem(item, writer);
  } else if (nested_attributes_.empty()) {
    wire::WriteItem(item.Select(selected_), writer);
  } else {
    wire::WriteItem(partiql::ProjectColumns(columns_, item.Decode(attributes_)), writer);
  }
}

Result<void> CheckIndexIsReadable(const IndexSchema& index) {
  if (index.key.hash.size() <= 1 && index.key.range.size() <= 1) return {};
  return ValidationError(
      "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.");
}

Result<void> CheckColumns(const partiql::SelectStatement& statement) {
  if (statement.columns_fault) return ValidationError(*statement.columns_fault);
  return {};
}

Task<Result<SelectResult>> RunSelect(Call& call, TableHandle& table, SelectRequest request) {
  INSULA_CO_ASSIGN(SelectPlan plan, Plan(request, table->definition));
  INSULA_CO_ASSIGN(ReadPosition position, PositionOf(call, request, *table, plan));
  if (plan.key) co_return co_await GetByKey(call, table, std::move(plan), request.consistent);

  SelectResult result;
  std::optional<ReadPosition> next;
  std::uint64_t evaluated = 0;
  std::size_t bytes = 0;
  for (std::size_t i = position.read; i < plan.read_count() && !next; ++i) {
    PageParameters parameters;
    parameters.consistent = request.consistent;
    parameters.forward = plan.forward;
    if (request.limit) parameters.limit = *request.limit - evaluated;
    parameters.exclusive_start_key = std::exchange(position.start, std::nullopt);
    parameters.filter = plan.filter;
    PagePlan part = plan.page;
    if (!plan.reads.empty()) part.key_condition = plan.reads[i];
    storage::PageRequest page_request = RequestOf(parameters, part, *table);
    page_request.bytes_max = kPageBytesMax - bytes;
    Result<storage::Page> page = co_await table.ReadPage(std::move(page_request));
    if (!page.ok()) co_return std::move(page).error();

    evaluated += page->scanned_count;
    bytes += page->bytes;
    std::ranges::move(page->items, std::back_inserter(result.items));
    bool full = bytes >= kPageBytesMax || (request.limit && evaluated >= *request.limit);
    if (page->last_evaluated_key) {
      result.last_evaluated_key = page->last_evaluated_key;
      next = ReadPosition{i, std::move(page->last_evaluated_key)};
    } else if (full && i + 1 < plan.read_count()) {
      next = ReadPosition{i + 1, std::nullopt};
    }
  }
  if (next)
    result.next_token = SealNextToken(*next, BindingOf(call, request, *table, plan), *call.services.options.token_keys);
  co_return result;
}

}  // namespace insula::operations
