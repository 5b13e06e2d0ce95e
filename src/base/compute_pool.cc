// Each thread has an event loop of its own, so that a coroutine is one thread's at a time, as it is on the servers'.
#include "base/compute_pool.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <thread>

#include "base/background_thread.h"

namespace insula {
namespace {

thread_local bool on_pool_thread = false;

}  // namespace

struct ComputePool::Thread {
  Thread() : keep_running(boost::asio::make_work_guard(loop)), thread([this] { Work(); }) {}
  void Work() {
    on_pool_thread = true;
    BecomeComputingThread("compute");
    loop.run();
  }

  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running;
  std::atomic<std::size_t> tasks{0};
  std::thread thread;
};

ComputePool::ComputePool(std::size_t threads) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) threads_.push_back(std::make_unique<Thread>());
}
ComputePool::~ComputePool() { Stop(); }

void ComputePool::Stop() {
  for (const auto& thread : threads_) thread->keep_running.reset();
  for (const auto& thread : threads_) {
    if (thread->thread.joinable()) thread->thread.join();
  }
}

std::size_t ComputePool::ThreadsByDefault() {
  return std::max<std::size_t>(8, 2 * std::size_t{std::thread::hardware_concurrency()});
}

bool ComputePool::OnPoolThread() { return on_pool_thread; }

ComputePool::Thread& ComputePool::LeastBusy() {
  return **std::ranges::min_element(threads_, {}, [](const std::unique_ptr<Thread>& thread) {
    return thread->tasks.load(std::memory_order_relaxed);
  });
}

ComputePool::Lease::Lease(ComputePool& pool) : thread_(pool.LeastBusy()) {
  thread_.tasks.fetch_add(1, std::memory_order_relaxed);
}
ComputePool::Lease::~Lease() { thread_.tasks.fetch_sub(1, std::memory_order_relaxed); }
boost::asio::io_context& ComputePool::Lease::loop() const { return thread_.loop; }

}  // namespace insula
