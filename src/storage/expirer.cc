#include "storage/expirer.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "base/check.h"
#include "storage/expiry.h"
#include "tenancy/expiring.h"

namespace insula::storage {
namespace {

using std::chrono::steady_clock;

// Whose turn it is: a tenant's, whatever service its table is of; else the service's.
std::string TurnOf(const ContextNames& owner) {
  if (!owner.tenant.value().empty()) return owner.tenant.value();
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
    INSULA_CHECK(!thread_.joinable());
    stopping_ = false;
    loop_.restart();
    boost::asio::co_spawn(loop_, Work(), boost::asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    boost::asio::post(loop_, [this] {
      if (sleeping_ != nullptr) sleeping_->cancel();
    });
    thread_.join();
  }

  Task<std::uint64_t> Round() {
    const steady_clock::time_point until = steady_clock::now() + options_.period;
    const WallTime now = clock_.Now();
    std::map<std::string, std::deque<TableRef>> due;
    for (const tenancy::TableRecordPtr& record : tenancy::ExpiringTables(catalog_)) {
      const TableRef& ref = record->table->ref;
      if (engine_.expiry()->NextDue(ref) <= now) due[TurnOf(record->owner)].push_back(ref);
    }
    std::uint64_t deleted = 0;
    std::string failure;
    while (!due.empty() && !stopping_) {
      // Where the last round was ended by time, this one goes on with who is next.
      auto turn = due.upper_bound(last_turn_);
      if (turn == due.end()) turn = due.begin();
      last_turn_ = turn->first;
      TableRef table = std::move(turn->second.front());
      turn->second.pop_front();

      const steady_clock::time_point began = steady_clock::now();
      const Result<Expired> expired = co_await engine_.expiry()->DeleteDue(table, now, options_.batch_items);
      if (expired.ok()) {
        deleted += expired->items;
        if (expired->more) turn->second.push_back(std::move(table));
      } else if (expired.error().code() != ErrorCode::kResourceNotFound) {  // dropped meanwhile
        failure = expired.error().message();
      }
      if (turn->second.empty()) due.erase(turn);
      if (due.empty() || steady_clock::now() >= until) break;
      // A look that finds nothing counts as one item, so that a start with many tables is no storm either.
      co_await Rest(began, std::max<std::uint64_t>(expired.ok() ? expired->items : 0, 1));
    }
    if (!failure.empty() && options_.log) options_.log("could not delete what has expired: " + failure);
    co_return deleted;
  }

 private:
  Task<void> Work() {
    while (!stopping_) {
      const steady_clock::time_point next = steady_clock::now() + options_.period;
      co_await Round();
      // However long it took, others get a moment.
      co_await SleepUntil(std::max(next, steady_clock::now() + std::chrono::milliseconds(1)));
    }
  }

  // After a step that began at `began` and counts for `items`.
  Task<void> Rest(steady_clock::time_point began, std::uint64_t items) {
    const steady_clock::time_point ended = steady_clock::now();
    const auto share = std::chrono::nanoseconds(items * 1'000'000'000 / options_.items_per_second);
    return SleepUntil(std::max(ended + (ended - began), began + share));
  }

  Task<void> SleepUntil(steady_clock::time_point time) {
    if (stopping_ || time <= steady_clock::now()) co_return;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    sleeping_ = &timer;
    boost::system::error_code cancelled;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    sleeping_ = nullptr;
  }

  tenancy::Catalog& catalog_;
  Engine& engine_;
  Clock& clock_;
  const ExpirerOptions options_;

  boost::asio::io_context loop_{1};
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  boost::asio::steady_timer* sleeping_ = nullptr;  // the loop's
  std::string last_turn_;                          // of Round
};

Expirer::Expirer(tenancy::Catalog& catalog, Engine& engine, Clock& clock, ExpirerOptions options)
    : impl_(std::make_unique<Impl>(catalog, engine, clock, std::move(options))) {}
Expirer::~Expirer() = default;
void Expirer::Start() { impl_->Start(); }
void Expirer::Stop() { impl_->Stop(); }
Task<std::uint64_t> Expirer::Round() { return impl_->Round(); }

}  // namespace insula::storage
