#include "storage/provisioner.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>

#include "storage/change_log.h"
#include "storage/expiry.h"
#include "tenancy/intents.h"
#include "tenancy/streams.h"

namespace insula::storage {

using tenancy::Intent;
using tenancy::Intents;
using tenancy::RolloutIntent;
using tenancy::TableIntent;
using tenancy::TablePtr;
using tenancy::TenantIntent;

namespace {

// Enough to hide the latency of commits, few enough that a CreateTable doesn't queue behind a long rollout.
constexpr std::size_t kInHandMax = 32;
constexpr std::chrono::milliseconds kRetryDelayMin{100};
constexpr std::chrono::milliseconds kRetryDelayMax{10'000};

}  // namespace

// All members but `idle_*` and `thread_` belong to the loop's one thread.
class Provisioner::Impl {
 public:
  Impl(tenancy::Catalog& catalog, Engine& engine, std::chrono::milliseconds table_delay)
      : intents_(catalog), streams_(catalog), engine_(engine), table_delay_(table_delay) {}
  ~Impl() { Stop(); }

  void Start() {
    INSULA_CHECK(!thread_.joinable());
    loop_.restart();
    stopping_ = false;
    work_.emplace(loop_.get_executor());
    thread_ = std::thread([this] { loop_.run(); });
    intents_.Listen([this](const Intent& intent) { Post(intent); });
    for (const Intent& intent : intents_.Pending()) Post(intent);
  }

  void Stop() {
    if (!thread_.joinable()) return;
    intents_.Listen({});
    boost::asio::post(loop_, [this] {
      stopping_ = true;
      for (auto& [intent, step] : in_hand_) step.stop.request_stop();
      {
        const std::lock_guard lock(idle_mutex_);
        idle_count_ -= queue_.size() + again_.size();
      }
      queue_.clear();
      again_.clear();
      for (boost::asio::steady_timer* timer : sleeping_) timer->cancel();
      work_.reset();  // the loop ends when the steps in hand do
    });
    thread_.join();
    idle_.notify_all();
  }

  void WaitIdle() {
    std::unique_lock lock(idle_mutex_);
    idle_.wait(lock, [this] { return idle_count_ == 0; });
  }

 private:
  // What is being done for an intent.
  struct Step {
    std::stop_source stop;                 // ends what takes long
    std::optional<std::uint16_t> filling;  // an index
  };

  // Every intent counts from the moment it is posted until it is worked off, merged into an equal one, or dropped.
  void Post(const Intent& intent) {
    {
      const std::lock_guard lock(idle_mutex_);
      ++idle_count_;
    }
    boost::asio::post(loop_, [this, intent] { Take(intent); });
  }
  void Uncount() {
    const std::lock_guard lock(idle_mutex_);
    if (--idle_count_ == 0) idle_.notify_all();
  }

  void Take(const Intent& intent) {
    if (stopping_) return Uncount();
    if (const auto found = in_hand_.find(intent); found != in_hand_.end()) {
      if (IsInVain(intent, found->second)) found->second.stop.request_stop();
      if (!again_.insert(intent).second) Uncount();
      return;
    }
    if (!queued_.insert(intent).second) return Uncount();
    queue_.push_back(intent);
    Next();
  }

  // Whether it fills an index that was given up meanwhile.
  bool IsInVain(const Intent& intent, const Step& step) const {
    if (!step.filling) return false;
    const std::optional<Intents::Work> work = intents_.WorkOf(std::get<TableIntent>(intent));
    return !work || work->drop || work->table->ref.schema().FindIndex(*step.filling) == nullptr;
  }

  void Next() {
    while (!stopping_ && !queue_.empty() && in_hand_.size() < kInHandMax) {
      Intent intent = std::move(queue_.front());
      queue_.pop_front();
      queued_.erase(intent);
      in_hand_.try_emplace(intent);
      boost::asio::co_spawn(loop_, Work(std::move(intent)), boost::asio::detached);
    }
  }

  Task<void> Work(Intent intent) {
    if (table_delay_.count() > 0 && std::holds_alternative<TableIntent>(intent)) co_await Sleep(table_delay_);
    std::chrono::milliseconds delay = kRetryDelayMin;
    Step& step = in_hand_.at(intent);
    while (!stopping_) {
      const Result<void> done = co_await Advance(intent, &step);
      if (done.ok() || stopping_) break;
      if (step.stop.stop_requested()) {
        step = Step();  // in vain: there is other work to do, at once
        continue;
      }
      co_await Sleep(delay);
      delay = std::min(delay * 2, kRetryDelayMax);
    }
    in_hand_.erase(intent);
    if (again_.erase(intent) > 0) {
      Take(intent);
    }
    Uncount();
    Next();
  }

  // Until then, or until the provisioner stops.
  Task<void> Sleep(std::chrono::milliseconds delay) {
    boost::asio::steady_timer timer(loop_, delay);
    sleeping_.insert(&timer);
    boost::system::error_code cancelled;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    sleeping_.erase(&timer);
  }

  Task<Result<void>> Advance(Intent intent, Step* step) {
    if (const auto* table = std::get_if<TableIntent>(&intent)) co_return co_await AdvanceTable(*table, step);
    if (const auto* tenant = std::get_if<TenantIntent>(&intent)) co_return co_await RemoveTenant(tenant->tenant);
    // A table in the way brings the rollout back when it is ACTIVE.
    INSULA_CO_TRY(co_await intents_.RollOut(std::get<RolloutIntent>(intent)));
    co_return Result<void>{};
  }

  Task<Result<void>> AdvanceTable(TableIntent intent, Step* step) {
    const std::optional<Intents::Work> work = intents_.WorkOf(intent);
    if (!work) co_return Result<void>{};
    const TableRef ref = work->table->ref;
    if (work->drop) {
      INSULA_CO_TRY(co_await engine_.DropTable(ref, work->keep_changes));
      std::optional<std::uint64_t> kept_next;
      if (work->keep_changes) {
        INSULA_CO_ASSIGN(kept_next, co_await NextChange(ref));
      }
      INSULA_CO_TRY(co_await intents_.Dropped(intent, ref.incarnation(), kept_next));
      if (intents_.IsBeingDeleted(intent.owner.tenant)) Post(TenantIntent{intent.owner.tenant});
      co_return Result<void>{};
    }
    switch (work->table->definition.status) {
      case TableStatus::kCreating: {
        if (ref.store() != StoreId(0)) INSULA_CO_TRY(co_await engine_.CreateStore(ref.store()));
        INSULA_CO_TRY(co_await engine_.OpenTable(ref));
        INSULA_CO_TRY(co_await intents_.Settle(intent, ref.incarnation(), ref.schema().epoch));
        break;
      }
      case TableStatus::kUpdating: {
        // First as it was, with the indexes that go: an engine that hasn't met the table since its start must see them
        // go.
        TableRef former = ref.WithSchema(work->table->definition.schema);
        INSULA_CO_TRY(co_await engine_.OpenTable(std::move(former)));
        // A stream that begins has every change from here on; one that ends has those of all who still logged for it.
        tenancy::ChangeMarks marks;
        INSULA_CO_ASSIGN(marks.before, co_await NextChange(ref));
        INSULA_CO_TRY(co_await engine_.SetSchema(ref));
        INSULA_CO_ASSIGN(marks.after, co_await NextChange(ref));
        for (const IndexSchema& index : ref.schema().indexes) {
          if (!index.backfilling) continue;
          step->filling = index.id;
          INSULA_CO_TRY(co_await engine_.BackfillIndex(ref, index.id, step->stop.get_token()));
          step->filling.reset();
        }
        INSULA_CO_TRY(co_await FollowTimeToLive(*work->table, step->stop.get_token()));
        INSULA_CO_ASSIGN(const TablePtr settled,
                         co_await intents_.Settle(intent, ref.incarnation(), ref.schema().epoch, marks));
        if (settled != nullptr && settled->ref.schema().epoch != ref.schema().epoch) {
          TableRef ready = settled->ref;
          INSULA_CO_TRY(co_await engine_.SetSchema(std::move(ready)));
        }
        break;
      }
      case TableStatus::kActive: {
        // Here after a failure between the last two steps above, when nothing else is left to do and this costs little;
        // or because of its time to live, while it goes on as it is.
        INSULA_CO_TRY(co_await engine_.SetSchema(ref));
        INSULA_CO_TRY(co_await FollowTimeToLive(*work->table, step->stop.get_token()));
        INSULA_CO_TRY(co_await intents_.Settle(intent, ref.incarnation(), ref.schema().epoch));
        break;
      }
      case TableStatus::kDeleting:
        break;  // `drop` says so
    }
    co_return Result<void>{};
  }

  // Precondition: the engine's writers follow the table's schema.
  Task<Result<void>> FollowTimeToLive(const tenancy::Table& table, std::stop_token stop) {
    if (!table.definition.ttl.settling || engine_.expiry() == nullptr) co_return Result<void>{};
    TableRef ref = table.ref;
    co_return co_await engine_.expiry()->Rebuild(std::move(ref), std::move(stop));
  }

  // The sequence that the table's next change gets.
  Task<Result<std::uint64_t>> NextChange(TableRef table) {
    ChangeLog* log = engine_.change_log();
    if (log == nullptr) co_return std::uint64_t{1};
    INSULA_CO_ASSIGN(const ChangeBounds bounds, co_await log->Bounds(table));
    co_return bounds.next;
  }

  // Each of its tables is an intent of its own; the last one that is dropped brings the tenant back here.
  Task<Result<void>> RemoveTenant(TenantId tenant) {
    const std::vector<TableIntent> tables = intents_.TablesOf(tenant);
    if (!tables.empty()) {
      for (const TableIntent& table : tables) Post(table);
      co_return Result<void>{};
    }
    for (const TablePtr& gone : intents_.KeptLogsOf(tenant)) {
      INSULA_CO_TRY(co_await engine_.DropTable(gone->ref));
      INSULA_CO_TRY(co_await streams_.Forget(gone));
    }
    for (const StoreId store : intents_.StoresOf(tenant)) INSULA_CO_TRY(co_await engine_.DropStore(store));
    co_return co_await intents_.TenantGone(tenant);
  }

  Intents intents_;
  tenancy::Streams streams_;
  Engine& engine_;
  const std::chrono::milliseconds table_delay_;

  boost::asio::io_context loop_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
  bool stopping_ = false;
  std::deque<Intent> queue_;
  std::set<Intent> queued_;  // what is in queue_
  std::map<Intent, Step> in_hand_;
  std::set<Intent> again_;  // came while it was in hand
  std::set<boost::asio::steady_timer*> sleeping_;

  std::mutex idle_mutex_;
  std::condition_variable idle_;
  std::size_t idle_count_ = 0;  // guarded by idle_mutex_
};

Provisioner::Provisioner(tenancy::Catalog& catalog, Engine& engine, std::chrono::milliseconds table_delay)
    : impl_(std::make_unique<Impl>(catalog, engine, table_delay)) {}
Provisioner::~Provisioner() = default;
void Provisioner::Start() { impl_->Start(); }
void Provisioner::Stop() { impl_->Stop(); }
void Provisioner::WaitIdle() { impl_->WaitIdle(); }

}  // namespace insula::storage
