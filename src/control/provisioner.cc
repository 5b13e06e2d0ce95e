#include "control/provisioner.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/sleep.h"
#include "control/runner.h"
#include "storage/change_log.h"
#include "storage/expiry.h"
#include "tenancy/faces/change_logs.h"
#include "tenancy/faces/intents.h"

namespace insula::control {

using storage::Engine;
using storage::TableRef;
using tenancy::Intent;
using tenancy::Intents;
using tenancy::RolloutIntent;
using tenancy::TableIntent;
using tenancy::TablePtr;
using tenancy::TenantIntent;

namespace {

// Enough to hide the latency of commits.
constexpr TurnPlaces kShortPlaces{32, 8};
// Filling indexes and following a new time to live. Each keeps one of the engine's threads at work.
constexpr TurnPlaces kLongPlaces{16, 4};
// Where a step only waits most of its time.
constexpr TurnPlaces kDelayedPlaces{1000, 500};

ContextNames OwnerOf(const Intent& intent) {
  if (const auto* table = std::get_if<TableIntent>(&intent)) return table->owner;
  if (const auto* tenant = std::get_if<TenantIntent>(&intent)) {
    return {EnvironmentName(""), ServiceName(""), tenant->tenant};
  }
  // However many placements a service has, bringing them up to its template is one owner's work: the service's.
  const ContextNames& names = std::get<RolloutIntent>(intent).names;
  return names.OfService();
}

}  // namespace

class Provisioner::Impl {
 public:
  Impl(tenancy::Catalog& catalog, Engine& engine, std::chrono::milliseconds table_delay, TableEvents events)
      : intents_(catalog), logs_(catalog), engine_(engine), table_delay_(table_delay), events_(std::move(events)) {}
  ~Impl() { Stop(); }

  void Start() {
    runner_.Start();
    intents_.Listen([this](const Intent& intent) { runner_.Post(intent); });
    for (const Intent& intent : intents_.Pending()) runner_.Post(intent);
  }
  void Stop() {
    if (!runner_.started()) return;
    intents_.Listen({});
    runner_.Stop();
  }
  void WaitIdle() { runner_.WaitIdle(); }

  std::vector<StuckWork> Stuck() const {
    std::vector<StuckWork> stuck;
    for (const Failing<Intent>& failing : runner_.failing()) stuck.push_back(Describe(failing));
    return stuck;
  }

 private:
  StuckWork Describe(const Failing<Intent>& failing) const {
    StuckWork stuck = StuckOf(failing);
    stuck.owner = OwnerOf(failing.work);
    if (const auto* table = std::get_if<TableIntent>(&failing.work)) stuck.table = table->table;
    stuck.what = WhatOf(failing.work);
    return stuck;
  }

  std::string WhatOf(const Intent& intent) const {
    if (std::holds_alternative<TenantIntent>(intent)) return "removing the tenant";
    if (std::holds_alternative<RolloutIntent>(intent)) return "following the service's template";
    const std::optional<Intents::Work> work = intents_.WorkOf(std::get<TableIntent>(intent));
    if (!work) return "finishing the table";
    if (work->drop) return "dropping the table";
    return work->table->definition.status == TableStatus::kCreating ? "making the table" : "changing the table";
  }

  // Whether it fills an index that was given up meanwhile.
  bool IsInVain(const Intent& intent) const {
    const auto* table = std::get_if<TableIntent>(&intent);
    const auto followed = table == nullptr ? followed_.end() : followed_.find(*table);
    if (followed == followed_.end()) return false;
    const std::optional<Intents::Work> work = intents_.WorkOf(*table);
    return !work || work->drop || std::ranges::any_of(followed->second.schema().indexes, [&](const IndexSchema& index) {
      return index.backfilling && work->table->ref.schema().FindIndex(index.id) == nullptr;
    });
  }

  bool IsLong(const Intent& intent) const {
    const auto* table = std::get_if<TableIntent>(&intent);
    if (table == nullptr) return false;
    const std::optional<Intents::Work> work = intents_.WorkOf(*table);
    return work && !work->drop &&
           (work->table->definition.ttl.settling ||
            std::ranges::any_of(work->table->ref.schema().indexes, [](const IndexSchema& i) { return i.backfilling; }));
  }

  Task<Result<TurnEnd>> Advance(Intent intent, WorkTurn turn) {
    if (const auto* table = std::get_if<TableIntent>(&intent)) {
      if (table_delay_.count() > 0) co_await Sleep(table_delay_, turn.stop());
      const Result<void> done = co_await AdvanceTable(*table, turn.stop());
      followed_.erase(*table);
      INSULA_CO_TRY(done);
    } else if (const auto* tenant = std::get_if<TenantIntent>(&intent)) {
      INSULA_CO_TRY(co_await RemoveTenant(tenant->tenant));
    } else {
      // A table in the way brings the rollout back when it is ACTIVE.
      INSULA_CO_TRY(co_await intents_.RollOut(std::get<RolloutIntent>(intent)));
    }
    co_return TurnEnd::Done();
  }

  Task<Result<void>> AdvanceTable(TableIntent intent, std::stop_token stop) {
    const std::optional<Intents::Work> work = intents_.WorkOf(intent);
    if (!work) co_return Result<void>{};
    const TableRef ref = work->table->ref;
    if (work->drop) {
      INSULA_CO_TRY(co_await engine_.DropTable(ref, work->keep_changes));
      if (events_.dropped) events_.dropped(ref);
      std::optional<std::uint64_t> kept_next;
      if (work->keep_changes) {
        INSULA_CO_ASSIGN(kept_next, co_await NextChange(ref));
      }
      INSULA_CO_TRY(co_await intents_.Dropped(intent, ref.incarnation(), kept_next));
      if (const auto& tenant = intent.owner.tenant; tenant && intents_.IsBeingDeleted(*tenant)) {
        runner_.Post(TenantIntent{*tenant});
      }
      co_return Result<void>{};
    }
    switch (work->table->definition.status) {
      case TableStatus::kCreating: {
        INSULA_CO_TRY(co_await engine_.CreateTable(ref));
        INSULA_CO_TRY(co_await intents_.Settle(intent, ref.incarnation(), ref.schema().epoch));
        break;
      }
      case TableStatus::kUpdating: {
        followed_.insert_or_assign(intent, ref);
        // First as it was, with the indexes that go: an engine that hasn't met the table since its start must see them
        // go.
        TableRef former = ref.WithSchema(work->table->definition.schema);
        INSULA_CO_TRY(co_await engine_.OpenTable(std::move(former)));
        // A stream that begins has every change from here on; one that ends has those of all who still logged for it.
        tenancy::ChangeMarks marks;
        INSULA_CO_ASSIGN(marks.before, co_await NextChange(ref));
        INSULA_CO_TRY(co_await engine_.SetSchema(ref));
        if (events_.schema_set) events_.schema_set(ref);
        INSULA_CO_ASSIGN(marks.after, co_await NextChange(ref));
        for (const IndexSchema& index : ref.schema().indexes) {
          if (index.backfilling) INSULA_CO_TRY(co_await engine_.BackfillIndex(ref, index.id, stop));
        }
        INSULA_CO_TRY(co_await FollowTimeToLive(work->table, stop));
        INSULA_CO_ASSIGN(const TablePtr settled,
                         co_await intents_.Settle(intent, ref.incarnation(), ref.schema().epoch, marks));
        if (settled != nullptr && settled->ref.schema().epoch != ref.schema().epoch) {
          TableRef ready = settled->ref;
          INSULA_CO_TRY(co_await engine_.SetSchema(ready));
          if (events_.schema_set) events_.schema_set(ready);
        }
        break;
      }
      case TableStatus::kActive: {
        // Here after a failure between the last two steps above, when nothing else is left to do and this costs little;
        // or because of its time to live, while it goes on as it is.
        INSULA_CO_TRY(co_await engine_.SetSchema(ref));
        if (events_.schema_set) events_.schema_set(ref);
        INSULA_CO_TRY(co_await FollowTimeToLive(work->table, stop));
        INSULA_CO_TRY(co_await intents_.Settle(intent, ref.incarnation(), ref.schema().epoch));
        break;
      }
      case TableStatus::kDeleting:
        break;  // `drop` says so
    }
    co_return Result<void>{};
  }

  // Precondition: the engine's writers follow the table's schema.
  Task<Result<void>> FollowTimeToLive(TablePtr table, std::stop_token stop) {
    if (!table->definition.ttl.settling || engine_.expiry() == nullptr) co_return Result<void>{};
    TableRef ref = table->ref;
    co_return co_await engine_.expiry()->Rebuild(std::move(ref), std::move(stop));
  }

  // The sequence that the table's next change gets.
  Task<Result<std::uint64_t>> NextChange(TableRef table) {
    storage::ChangeLog* log = engine_.change_log();
    if (log == nullptr) co_return std::uint64_t{1};
    INSULA_CO_ASSIGN(const storage::ChangeBounds bounds, co_await log->Bounds(table));
    co_return bounds.next;
  }

  // Each of its tables is an intent of its own; the last one that is dropped brings the tenant back here.
  Task<Result<void>> RemoveTenant(TenantId tenant) {
    const std::vector<TableIntent> tables = intents_.TablesOf(tenant);
    if (!tables.empty()) {
      for (const TableIntent& table : tables) runner_.Post(table);
      co_return Result<void>{};
    }
    for (const TablePtr& gone : intents_.KeptLogsOf(tenant)) {
      INSULA_CO_TRY(co_await engine_.DropTable(gone->ref));
      INSULA_CO_TRY(co_await logs_.Forget(gone));
    }
    for (const StoreId store : intents_.StoresOf(tenant)) INSULA_CO_TRY(co_await engine_.DropStore(store));
    co_return co_await intents_.TenantGone(tenant);
  }

  Intents intents_;
  tenancy::ChangeLogs logs_;
  Engine& engine_;
  const std::chrono::milliseconds table_delay_;
  const TableEvents events_;
  // UPDATING tables in hand, as their step knows them; the runner's thread's.
  std::map<TableIntent, TableRef> followed_;
  LogLimit log_limit_{kStuckLoggedMax, kStuckLogPeriod};
  Runner<Intent> runner_{
      {.owner = OwnerOf,
       .is_long = [this](const Intent& intent) { return IsLong(intent); },
       .is_in_vain = [this](const Intent& intent) { return IsInVain(intent); },
       .on_failure = [this](const Failing<Intent>& failing) { LogStuck(Describe(failing), &log_limit_); },
       .short_places = table_delay_.count() > 0 ? kDelayedPlaces : kShortPlaces,
       .long_places = kLongPlaces},
      [this](Intent intent, WorkTurn turn) { return Advance(std::move(intent), std::move(turn)); },
      {.name = "provisioner"}};
};

Provisioner::Provisioner(tenancy::Catalog& catalog, Engine& engine, std::chrono::milliseconds table_delay,
                         TableEvents events)
    : impl_(std::make_unique<Impl>(catalog, engine, table_delay, std::move(events))) {}
Provisioner::~Provisioner() = default;
void Provisioner::Start() { impl_->Start(); }
void Provisioner::Stop() { impl_->Stop(); }
void Provisioner::WaitIdle() { impl_->WaitIdle(); }
std::vector<StuckWork> Provisioner::Stuck() const { return impl_->Stuck(); }

}  // namespace insula::control
