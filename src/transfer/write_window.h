// Puts on their way to the engine: batches, a bounded number at once, so that reading, decoding and committing overlap.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/engine.h"

namespace insula::transfer {

// A put, and where it came from.
struct Put {
  storage::WriteRequest request;
  std::size_t bytes = 0;    // the item's size
  std::uint64_t index = 0;  // of its record
};

// Used by one coroutine; its executor has one thread. Must be drained before it goes.
class WriteWindow {
 public:
  explicit WriteWindow(storage::Engine& engine) : engine_(engine) {}

  // Takes it, and waits while too much is on its way. The error of an earlier put that may pass: nothing more is taken.
  Task<Result<void>> Add(Put put);
  // All that was added is durable, or refused.
  Task<Result<void>> Drain();

  std::uint64_t written() const { return written_; }
  struct Refusal {
    std::uint64_t index;
    std::string message;
  };
  // Puts that the engine refused for what they are, since the last call.
  std::vector<Refusal> TakeRefusals() { return std::exchange(refusals_, {}); }

 private:
  Task<void> Send();
  static Task<void> SendBatch(WriteWindow* self, std::vector<Put> batch);
  Task<void> WaitForOne();

  storage::Engine& engine_;
  std::vector<Put> batch_;
  std::size_t batch_bytes_ = 0;
  std::size_t on_their_way_ = 0;
  std::optional<boost::asio::steady_timer> changed_;  // cancelled when a batch is done
  std::optional<Error> failure_;
  std::uint64_t written_ = 0;
  std::vector<Refusal> refusals_;
};

}  // namespace insula::transfer
