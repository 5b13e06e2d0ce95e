#include "transfer/write_window.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "operations/core/refusal_words.h"
#include "storage/refusal.h"

namespace insula::transfer {
namespace {

constexpr std::size_t kBatchPuts = 100;
constexpr std::size_t kBatchBytes = 512 * 1024;
constexpr std::size_t kBatchesAtOnce = 8;

// Whether the put would be refused however often it is tried.
bool IsItsOwnFault(const Error& error) {
  return error.code() == ErrorCode::kValidation || storage::RefusalOf(error) == storage::Refusal::kCollectionFull;
}

}  // namespace

Task<void> WriteWindow::SendBatch(WriteWindow* self, std::vector<Put> batch) {
  std::vector<storage::WriteRequest> requests;
  requests.reserve(batch.size());
  for (Put& put : batch) requests.push_back(std::move(put.request));
  auto outcomes = co_await self->engine_.BatchWrite(std::move(requests));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].ok()) {
      self->listener_(batch[i], std::move(outcomes[i]));
    } else if (IsItsOwnFault(outcomes[i].error())) {
      self->listener_(batch[i], operations::Worded(outcomes[i].error()));
    } else if (!self->failure_) {
      self->failure_ = outcomes[i].error();
    }
  }
  --self->on_their_way_;
  if (self->changed_) self->changed_->cancel();
}

Task<void> WriteWindow::WaitForOne() {
  changed_.emplace(co_await boost::asio::this_coro::executor, boost::asio::steady_timer::time_point::max());
  boost::system::error_code cancelled;
  co_await changed_->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  changed_.reset();
}

Task<void> WriteWindow::Send() {
  if (batch_.empty()) co_return;
  ++on_their_way_;
  boost::asio::co_spawn(co_await boost::asio::this_coro::executor, SendBatch(this, std::exchange(batch_, {})),
                        [](std::exception_ptr failed) {
                          if (failed) std::rethrow_exception(failed);
                        });
  batch_bytes_ = 0;
}

Task<Result<void>> WriteWindow::Add(Put put) {
  if (failure_) co_return *failure_;
  batch_bytes_ += put.bytes;
  batch_.push_back(std::move(put));
  if (batch_.size() < kBatchPuts && batch_bytes_ < kBatchBytes) co_return Result<void>();
  while (on_their_way_ >= kBatchesAtOnce) co_await WaitForOne();
  co_await Send();
  co_return Result<void>();
}

Task<Result<void>> WriteWindow::Drain() {
  co_await Send();
  while (on_their_way_ > 0) co_await WaitForOne();
  if (failure_) co_return *failure_;
  co_return Result<void>();
}

}  // namespace insula::transfer
