// Reads every item, every index entry and every backup, and compares what is there with what the engine has counted.
// The engine checks each block's checksum as it reads it, and so are the blocks checked that none of this reads.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "admin/answers.h"
#include "admin/call.h"
#include "storage/backups.h"
#include "storage/file_check.h"
#include "tenancy/faces/operator_backups.h"

namespace insula::admin {
namespace {

constexpr int kTries = 3;  // of a table that is being written to meanwhile

struct Found {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};

Task<Result<Found>> ReadAll(storage::Engine& engine, tenancy::TableRef table, std::optional<std::uint16_t> index) {
  Found found;
  std::optional<AttributeMap> start;
  do {
    storage::PageRequest request{table};
    request.index = index;
    request.consistent_read = true;
    request.count_only = true;
    request.exclusive_start_key = std::move(start);
    INSULA_CO_ASSIGN(storage::Page page, co_await engine.ReadPage(std::move(request)));
    found.items += page.scanned_count;
    found.bytes += page.bytes;
    start = std::move(page.last_evaluated_key);
  } while (start.has_value());
  co_return found;
}

std::string Difference(std::string_view of, const Found& found, std::uint64_t items, std::uint64_t bytes) {
  if (found.items == items && found.bytes == bytes) return "";
  return fmt::format("{}: {} items of {} bytes are there, {} items of {} bytes were counted", of, found.items,
                     found.bytes, items, bytes);
}

struct Verdict {
  std::string damage;  // empty: none
  Found table;
};

Task<Result<Verdict>> VerifyOnce(storage::Engine& engine, tenancy::TablePtr table) {
  Verdict verdict;
  INSULA_CO_ASSIGN(const storage::TableStats stats, co_await engine.Stats(table->ref));
  INSULA_CO_ASSIGN(verdict.table, co_await ReadAll(engine, table->ref, std::nullopt));
  verdict.damage = Difference("table", verdict.table, stats.item_count, stats.size_bytes);
  for (const auto& counted : stats.indexes) {
    const IndexSchema* schema = table->ref.schema().FindIndex(counted.id);
    if (schema == nullptr || schema->backfilling) continue;
    INSULA_CO_ASSIGN(const Found found, co_await ReadAll(engine, table->ref, counted.id));
    if (verdict.damage.empty())
      verdict.damage = Difference("index " + schema->name, found, counted.item_count, counted.size_bytes);
  }
  co_return verdict;
}

// Writes between counting and reading look like damage once, but not each time.
Task<Verdict> Verify(storage::Engine& engine, tenancy::TablePtr table) {
  Verdict verdict;
  for (int i = 0; i < kTries; ++i) {
    auto once = co_await VerifyOnce(engine, table);
    if (once.ok()) {
      verdict = std::move(once).value();
    } else {
      verdict.damage = once.error().message();
    }
    if (verdict.damage.empty()) break;
  }
  co_return verdict;
}

// Reads every file of every backup. What goes while it is read isn't damaged.
Task<Result<void>> VerifyBackups(Call& call, ContextNames filter, wire::JsonWriter* json, std::int64_t* damaged) {
  if (call.services.engine.backups() == nullptr) co_return Result<void>();
  json->Key("Backups");
  json->BeginArray();
  for (const tenancy::BackupPtr& backup : tenancy::OperatorBackups(call.services.catalog).All(filter)) {
    if (backup->status != tenancy::BackupStatus::kAvailable) continue;
    std::string id = backup->engine_id();
    const auto verified = co_await call.services.engine.backups()->Verify(backup->store(), std::move(id));
    std::string verdict = verified.ok() ? "whole" : verified.error().message();
    if (verified.ok() && (verified->items != backup->items || verified->bytes != backup->bytes)) {
      verdict = fmt::format("{} items of {} bytes are there, {} items of {} bytes were backed up", verified->items,
                            verified->bytes, backup->items, backup->bytes);
    }
    if (verdict != "whole") ++*damaged;
    json->BeginObject();
    json->StringField("Environment", backup->owner.environment.value());
    json->StringField("Service", backup->owner.service.value());
    json->StringField("Tenant", TextOf(backup->owner.tenant));
    json->StringField("Table", backup->table->definition.name);
    json->StringField("Backup", backup->id);
    json->IntegerField("Items", static_cast<std::int64_t>(backup->items));
    json->IntegerField("Bytes", static_cast<std::int64_t>(backup->bytes));
    json->StringField("Verdict", verdict);
    json->EndObject();
  }
  json->EndArray();
  co_return Result<void>();
}

// Whether the files still have what was promised of them, and are whole. Of the shared store, which is large and
// everybody's, all files are read only where everything is to be verified.
Task<void> VerifyStores(Call& call, std::set<StoreId> stores, bool everything, wire::JsonWriter* json,
                        std::int64_t* damaged) {
  storage::FileCheck* const files = call.services.engine.file_check();
  if (!call.services.find_damage) co_return;
  json->Key("Stores");
  json->BeginArray();
  for (const StoreId store : stores) {
    const auto found = call.services.find_damage(store);
    std::vector<std::string> damage = found.ok() ? *found : std::vector{found.error().message()};
    if (files != nullptr && (everything || store != StoreId(0))) {
      const auto files_found = co_await files->FindDamagedFiles(store);
      if (!files_found.ok()) damage.push_back(files_found.error().message());
      if (files_found.ok()) damage.insert(damage.end(), files_found->begin(), files_found->end());
    }
    const std::string verdict = fmt::format("{}", fmt::join(damage, "; "));
    if (!verdict.empty()) ++*damaged;
    json->BeginObject();
    json->StringField("Store", store == StoreId(0) ? "shared" : fmt::format("accounts/{}", store.value()));
    json->StringField("Verdict", verdict.empty() ? "whole" : verdict);
    json->EndObject();
  }
  json->EndArray();
}

Task<Result<std::string>> VerifyTables(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames filter, call.KnownFilter());
  std::int64_t damaged = 0;
  std::set<StoreId> stores;
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("Tables");
  json.BeginArray();
  for (const tenancy::TableInfo& info : call.organization.Tables(filter)) {
    const TableStatus status = info.table->definition.status;
    if (status != TableStatus::kActive && status != TableStatus::kUpdating) continue;
    stores.insert(info.table->ref.store());
    const Verdict verdict = co_await Verify(call.services.engine, info.table);
    if (!verdict.damage.empty()) ++damaged;
    json.BeginObject();
    json.StringField("Environment", info.owner.environment.value());
    json.StringField("Service", info.owner.service.value());
    json.StringField("Tenant", TextOf(info.owner.tenant));
    json.StringField("Table", info.table->definition.name);
    json.IntegerField("Items", static_cast<std::int64_t>(verdict.table.items));
    json.IntegerField("Bytes", static_cast<std::int64_t>(verdict.table.bytes));
    json.StringField("Verdict", verdict.damage.empty() ? "whole" : verdict.damage);
    json.EndObject();
  }
  json.EndArray();
  const bool everything = filter == ContextNames{};
  if (everything) stores.insert(StoreId(0));
  co_await VerifyStores(call, std::move(stores), everything, &json, &damaged);
  INSULA_CO_TRY(co_await VerifyBackups(call, filter, &json, &damaged));
  json.IntegerField("Damaged", damaged);
  json.EndObject();
  co_return body;
}

}  // namespace

std::span<const AdminOperation> VerifyOperations() {
  static constexpr std::string_view kVerify[] = {"Environment", "Service", "Tenant"};
  static constexpr AdminOperation kOperations[] = {{"VerifyTables", VerifyTables, kVerify}};
  return kOperations;
}

}  // namespace insula::admin
