// Long reads that keep no event loop waiting: walks over many rows that go on here while memory serves them, let others
// have their turn, and finish on a thread that may wait for the disk.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

#include "base/result.h"
#include "base/task.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/worker_pool.h"

namespace insula::storage::rocks {

// How long a walk may keep an event loop to itself, and a thread that may wait from others that wait for one.
inline constexpr std::chrono::microseconds kWalkSliceMax{500};
inline constexpr std::chrono::milliseconds kDiskSliceMax{20};

enum class Pause : std::uint8_t {
  kDone,
  kCold,   // goes on where reading may wait for the disk
  kYield,  // goes on where it is, after others had their turn
};

// A walk that is a function, Result<Pause>(Tier), of its caller.
template <class Function>
struct WalkOf {
  Function& go;
  Result<Pause> Go(Tier tier) { return go(tier); }
};

// `walk` has Result<Pause> Go(Tier), which goes on from where it paused. It outlives the task.
template <class Walk>
Task<Result<void>> WalkToEnd(WorkerPool* readers, Walk* walk) {
  for (;;) {
    INSULA_CO_ASSIGN(const Pause pause, walk->Go(Tier::kMemory));
    if (pause == Pause::kDone) co_return Result<void>();
    if (pause == Pause::kYield) {
      co_await boost::asio::post(boost::asio::use_awaitable);
      continue;
    }
    auto work = [walk] { return walk->Go(Tier::kDisk); };
    for (;;) {
      const Result<Pause> rest = co_await RunOn(readers, work);
      if (!rest.ok()) co_return rest.error();
      if (*rest == Pause::kDone) co_return Result<void>();
    }
  }
}

}  // namespace insula::storage::rocks
