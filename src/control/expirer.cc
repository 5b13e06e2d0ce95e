#include "control/expirer.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "base/sleep.h"
#include "control/runner.h"
#include "storage/expiry.h"
#include "storage/refusal.h"
#include "tenancy/faces/expiring.h"

namespace insula::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using storage::Engine;
using storage::TableRef;

// Whose turn it is: a tenant's, whatever service its table is of; else the service's.
std::string TurnOf(const ContextNames& owner) {
  if (owner.tenant) return owner.tenant->value();
  return "." + owner.environment.value() + "." + owner.service.value();
}

}  // namespace

class Expirer::Impl {
 public:
  Impl(tenancy::Catalog& catalog, Engine& engine, Clock& clock, ExpirerOptions options)
      : catalog_(catalog), engine_(engine), clock_(clock), options_(std::move(options)) {
    INSULA_CHECK(options_.items_per_second > 0 && options_.batch_items > 0);
  }
  ~Impl() { Stop(); }

  void Start() {
    if (engine_.expiry() == nullptr) return;
    runner_.Start();
    runner_.Post(Rounds{});
  }
  void Stop() {
    if (runner_.started()) runner_.Stop();
  }

  // Ends after the batch in hand where `stop` is requested.
  Task<std::uint64_t> Round(std::stop_token stop) {
    const steady_clock::time_point until = steady_clock::now() + options_.period;
    const WallTime now = clock_.Now();
    std::map<std::string, std::deque<TableRef>> due;
    for (const tenancy::TableRecordPtr& record : tenancy::ExpiringTables(catalog_)) {
      const TableRef& ref = record->table->ref;
      if (engine_.expiry()->NextDue(ref) <= now) due[TurnOf(record->owner)].push_back(ref);
    }
    std::uint64_t deleted = 0;
    std::optional<Failure> failure;
    while (!due.empty() && !stop.stop_requested()) {
      // Where the last round was ended by time, this one goes on with who is next.
      auto turn = due.upper_bound(last_turn_);
      if (turn == due.end()) turn = due.begin();
      last_turn_ = turn->first;
      TableRef table = std::move(turn->second.front());
      turn->second.pop_front();

      const steady_clock::time_point began = steady_clock::now();
      const Result<storage::Expired> expired = co_await engine_.expiry()->DeleteDue(table, now, options_.batch_items);
      if (expired.ok()) {
        deleted += expired->items;
        if (expired->more) turn->second.push_back(std::move(table));
      } else if (storage::RefusalOf(expired.error()) != storage::Refusal::kTableGone) {  // dropped meanwhile
        if (!failure) failure = Failure{table, expired.error().message(), 0};
        ++failure->tables;
      }
      if (turn->second.empty()) due.erase(turn);
      if (due.empty() || steady_clock::now() >= until) break;
      // A look that finds nothing counts as one item, so that a start with many tables is no storm either.
      const steady_clock::time_point rested =
          RestedAt(began, std::max<std::uint64_t>(expired.ok() ? expired->items : 0, 1));
      co_await Sleep(rested - steady_clock::now(), stop);
    }
    if (failure) {
      Log(LogLevel::kWarn, "could not delete what has expired",
          {{"room", "control"},
           {"table", failure->first.physical_name()},
           {"cause", failure->cause},
           {"tables", std::to_string(failure->tables)}});
    }
    co_return deleted;
  }

 private:
  // Of one round.
  struct Failure {
    TableRef first;
    std::string cause;  // the first one's
    std::size_t tables = 0;
  };

  Task<Result<TurnEnd>> TakeTurn(std::stop_token stop) {
    const steady_clock::time_point next = steady_clock::now() + options_.period;
    co_await Round(std::move(stop));
    // However long it took, others get a moment.
    const auto left = std::chrono::ceil<milliseconds>(next - steady_clock::now());
    co_return TurnEnd::Again(std::max(left, milliseconds(1)));
  }

  // Until when to rest after a step that began at `began` and counts for `items`.
  steady_clock::time_point RestedAt(steady_clock::time_point began, std::uint64_t items) const {
    const steady_clock::time_point ended = steady_clock::now();
    const auto share = std::chrono::nanoseconds(items * 1'000'000'000 / options_.items_per_second);
    return std::max(ended + (ended - began), began + share);
  }

  tenancy::Catalog& catalog_;
  Engine& engine_;
  Clock& clock_;
  const ExpirerOptions options_;

  std::string last_turn_;  // of Round
  Runner<Rounds> runner_{{}, [this](Rounds, WorkTurn turn) { return TakeTurn(turn.stop()); }, {.name = "expirer"}};
};

Expirer::Expirer(tenancy::Catalog& catalog, Engine& engine, Clock& clock, ExpirerOptions options)
    : impl_(std::make_unique<Impl>(catalog, engine, clock, std::move(options))) {}
Expirer::~Expirer() = default;
void Expirer::Start() { impl_->Start(); }
void Expirer::Stop() { impl_->Stop(); }
Task<std::uint64_t> Expirer::Round() { return impl_->Round({}); }

}  // namespace insula::control
