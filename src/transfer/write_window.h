// Puts on their way to the engine: batches, a bounded number at once, so that reading, decoding and committing overlap.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/engine.h"
#include "transfer/put.h"

namespace insula::transfer {

// Used by one coroutine; its executor has one thread. Must be drained before it goes.
class WriteWindow {
 public:
  // Told what became of a put: of one that was made, whose condition failed, or that the engine refused for what it is
  // (ValidationException, ItemCollectionSizeLimitExceeded). The request is moved from.
  using Listener = std::function<void(const Put&, Result<storage::WriteOutcome>)>;
  WriteWindow(storage::Engine& engine, Listener listener) : engine_(engine), listener_(std::move(listener)) {}

  // Takes it, and waits while too much is on its way. The error of an earlier put that may pass: nothing more is taken.
  Task<Result<void>> Add(Put put);
  // All that was added is durable, or refused.
  Task<Result<void>> Drain();

 private:
  Task<void> Send();
  static Task<void> SendBatch(WriteWindow* self, std::vector<Put> batch);
  Task<void> WaitForOne();

  storage::Engine& engine_;
  const Listener listener_;
  std::vector<Put> batch_;
  std::size_t batch_bytes_ = 0;
  std::size_t on_their_way_ = 0;
  std::optional<boost::asio::steady_timer> changed_;  // cancelled when a batch is done
  std::optional<Error> failure_;
};

}  // namespace insula::transfer
