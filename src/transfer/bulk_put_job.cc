#include "transfer/bulk_put_job.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <set>
#include <utility>

#include "base/crypto.h"
#include "transfer/input.h"
#include "transfer/manifest.h"
#include "transfer/pacer.h"
#include "transfer/put.h"
#include "transfer/report.h"
#include "transfer/write_window.h"
#include "wire/attribute_value_json.h"

namespace insula::transfer {
namespace {

using storage::WriteOutcome;
using tenancy::TransferStatus;
using Time = std::chrono::steady_clock::time_point;

constexpr std::uint64_t kRecordsPerLook = 256;  // whether it is to be cancelled
constexpr std::chrono::milliseconds kSleepMax{50};
constexpr std::uint64_t kBytesPerHalfUnit = 512;

Time Now() { return std::chrono::steady_clock::now(); }

// What tells the marks of this job from another's on the same table.
std::uint64_t MarkOf(const tenancy::TransferRecord& transfer) {
  const Sha256Digest digest = Sha256::Of(transfer.id);
  std::uint64_t job = 0;
  for (std::size_t i = 0; i < 8; ++i) job = job << 8 | digest[i];
  return job;
}

class BulkPutJob {
 public:
  BulkPutJob(const JobServices& services, tenancy::TransferPtr transfer)
      : services_(services),
        transfer_(*transfer),
        mark_(MarkOf(transfer_)),
        pacer_(details().write_units_max),
        window_(services.engine,
                [this](const Put& put, Result<WriteOutcome> outcome) { Note(put, std::move(outcome)); }) {}

  Task<Result<JobEnd>> Run() {
    if (IsCancelled()) co_return co_await End(TransferStatus::kCancelled);
    Result<Stop> stop = co_await PutAll();
    // Nothing may be on its way when the window goes.
    const Result<void> drained = co_await window_.Drain();
    if (!stop.ok()) co_return std::move(stop).error();
    if (!drained.ok()) co_return drained.error();
    if (*stop == Stop::kYielding) co_return JobEnd::kYielding;
    INSULA_CO_TRY(co_await Checkpoint());
    if (*stop == Stop::kCancelled) co_return co_await End(TransferStatus::kCancelled);
    co_return co_await End(details().errors > 0 ? TransferStatus::kCompletedWithErrors : TransferStatus::kCompleted);
  }

 private:
  tenancy::BulkPutDetails& details() { return transfer_.as_bulk_put(); }
  RecordPlace PlaceOf(const Put& put) const { return {transfer_.bucket, put.key, put.index}; }
  bool IsCancelled() const {
    const tenancy::TransferPtr current = services_.transfers.Current(transfer_);
    return current != nullptr && current->status == TransferStatus::kCancelling;
  }

  Task<Result<void>> Open() {
    INSULA_CO_ASSIGN(bucket_, services_.OpenBucket(transfer_, transfer_.bucket, transfer_.bucket_owner));
    INSULA_CO_ASSIGN(output_, services_.OpenBucket(transfer_, details().output_bucket, details().output_owner));
    table_ = services_.transfers.TableOf(transfer_);
    if (table_ == nullptr) co_return Error(ErrorCode::kResourceNotFound, "The table is gone");
    const std::string arn = services_.transfers.ArnOf(transfer_);
    const std::string folder = OutputFolder(transfer_);
    errors_.emplace(*output_, folder + "errors", "bulkOperationArn", arn);
    failed_conditions_.emplace(*output_, folder + "condition-check-failures", "bulkOperationArn", arn);
    InputSource source{.bucket = bucket_.get(),
                       .prefix = transfer_.prefix,
                       .left_out = details().output_bucket == transfer_.bucket ? folder : "",
                       .format = details().input,
                       .table = table_,
                       .with_conditions = true};
    input_.emplace(services_, std::move(source), details().cursor);
    INSULA_CO_TRY(input_->List());
    INSULA_CO_TRY(objects::PutObject(*output_, StartedKey(transfer_), ""));
    if (storage::WriteMarks* marks = services_.engine.write_marks()) {
      INSULA_CO_ASSIGN(const std::vector<std::uint64_t> made, co_await marks->Find(table_->ref, mark_));
      made_.insert(made.begin(), made.end());
    }
    details().total_bytes = input_->total_bytes();
    co_return co_await services_.transfers.Save(transfer_);
  }

  enum class Stop : std::uint8_t { kAllRead, kCancelled, kYielding };

  Task<Result<Stop>> PutAll() {
    INSULA_CO_TRY(co_await Open());
    for (std::uint64_t i = 0;; ++i) {
      INSULA_CO_TRY(services_.CheckGoingOn());
      if (i % kRecordsPerLook == 0 && IsCancelled()) co_return Stop::kCancelled;
      INSULA_CO_ASSIGN(std::optional<InputRecord> record, input_->Next());
      if (!record) co_return Stop::kAllRead;
      INSULA_CO_ASSIGN(const bool cancelled, co_await Take(*std::move(record)));
      if (cancelled) co_return Stop::kCancelled;
      if (!IsTimeToSave()) continue;
      INSULA_CO_TRY(co_await Checkpoint());
      if (services_.ShouldYield()) co_return Stop::kYielding;
    }
  }

  bool IsTimeToSave() const {
    return input_->unpacked_bytes() - saved_bytes_ >= services_.limits.checkpoint_bytes ||
           Now() - saved_at_ >= services_.limits.checkpoint_interval || errors_->full() || failed_conditions_->full();
  }

  // True if it was cancelled while it waited.
  Task<Result<bool>> Take(InputRecord record) {
    // Counted over all objects: the same after a crash.
    const std::uint64_t number = details().processed_items++;
    Result<Put> made = PutOf(record, *table_);
    if (!made.ok()) {
      NoteError({transfer_.bucket, record.key, record.index}, made.error());
      co_return false;
    }
    Put put = std::move(made).value();
    if (made_.contains(number)) co_return false;
    if (services_.engine.write_marks() != nullptr) put.request.mark = {mark_, number};
    if (put.request.condition && details().report_failed_conditions) {
      wire::JsonWriter writer(&put.item);
      wire::WriteItem(put.request.item, &writer);
    }
    INSULA_CO_ASSIGN(const bool cancelled, co_await WaitUntil(pacer_.Take(WriteCost(put.bytes), Now())));
    if (cancelled) {
      --details().processed_items;  // it is read again by nobody
      co_return true;
    }
    INSULA_CO_TRY(co_await window_.Add(std::move(put)));
    co_return false;
  }

  // True if it was cancelled meanwhile.
  Task<Result<bool>> WaitUntil(Time time) {
    while (Now() < time) {
      INSULA_CO_TRY(services_.CheckGoingOn());
      if (IsCancelled()) co_return true;
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
      timer.expires_at(std::min(time, Now() + kSleepMax));
      boost::system::error_code ignored;
      co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    co_return false;
  }

  void NoteError(const RecordPlace& record, const Error& error) {
    ++details().errors;
    if (details().report_errors) errors_->Add(record, error.message());
  }

  // What became of a put.
  void Note(const Put& put, Result<WriteOutcome> outcome) {
    if (!outcome.ok()) {
      pacer_.Correct(WriteCost(put.bytes), HalfUnits());
      NoteError(PlaceOf(put), outcome.error());
      return;
    }
    NoteUsage(put, outcome->usage);
    if (outcome->condition_met) return;
    ++details().failed_conditions;
    if (!details().report_failed_conditions) return;
    failed_conditions_->AddFailedCondition(PlaceOf(put), put.item, outcome->old_item ? &*outcome->old_item : nullptr);
  }

  void NoteUsage(const Put& put, const storage::WriteUsage& used) {
    HalfUnits units = used.table;
    details().usage.table += static_cast<std::uint64_t>(used.table.value()) * kBytesPerHalfUnit;
    for (const auto& [id, cost] : used.indexes) {
      units += cost;
      NoteIndex(id, static_cast<std::uint64_t>(cost.value()) * kBytesPerHalfUnit);
    }
    for (const auto& [id, bytes] : used.vector_indexes) NoteIndex(id, bytes);
    pacer_.Correct(WriteCost(put.bytes), units);
  }
  // An index that came after the operation had begun is none of its.
  void NoteIndex(std::uint16_t id, std::uint64_t bytes) {
    const IndexSchema* index = table_->ref.schema().FindIndex(id);
    if (index == nullptr) return;
    tenancy::BulkPutUsage::Index& usage = details().usage.indexes[index->name];
    usage.kind = index->kind;
    usage.bytes += bytes;
  }

  // Everything that was read is durable, and the record says so.
  Task<Result<void>> Checkpoint() {
    INSULA_CO_TRY(co_await window_.Drain());
    details().processed_bytes = input_->read_bytes();
    details().cursor = input_->cursor();
    INSULA_CO_TRY(errors_->Write(&details().error_files));
    INSULA_CO_TRY(failed_conditions_->Write(&details().condition_files));
    INSULA_CO_TRY(co_await services_.transfers.Save(transfer_));
    saved_bytes_ = input_->unpacked_bytes();
    saved_at_ = Now();
    made_.clear();
    if (storage::WriteMarks* marks = services_.engine.write_marks()) {
      INSULA_CO_TRY(co_await marks->Forget(table_->ref, mark_));
    }
    co_return Result<void>();
  }

  // Precondition: a checkpoint came before, or nothing was put since the record was saved.
  Task<Result<JobEnd>> End(TransferStatus status) {
    transfer_.status = status;
    if (status == TransferStatus::kCancelled) {
      transfer_.failure_code = "Cancelled";
      transfer_.failure_message = "The operation was cancelled by a request";
    }
    if (output_) {
      const ManifestNames names{services_.transfers.ArnOf(transfer_), services_.transfers.TableArnOf(transfer_)};
      INSULA_CO_TRY(objects::PutObject(*output_, SummaryManifestKey(transfer_),
                                       BulkPutManifest(transfer_, names, services_.clock.Now())));
    }
    INSULA_CO_TRY(co_await services_.transfers.Save(transfer_));
    co_return JobEnd::kEnded;
  }

  const JobServices& services_;
  tenancy::TransferRecord transfer_;
  const std::uint64_t mark_;
  Pacer pacer_;
  WriteWindow window_;
  std::unique_ptr<objects::ObjectStore> bucket_, output_;
  tenancy::TablePtr table_;
  std::optional<Report> errors_, failed_conditions_;
  std::optional<Input> input_;
  std::set<std::uint64_t> made_;  // numbers of puts that were made before a crash, and after the record was saved
  std::uint64_t saved_bytes_ = 0;
  Time saved_at_ = Now();
};

}  // namespace

Task<Result<JobEnd>> RunBulkPut(const JobServices& services, tenancy::TransferPtr transfer) {
  BulkPutJob job(services, std::move(transfer));
  co_return co_await job.Run();
}

Task<Result<void>> AbandonBulkPut(const JobServices& services, tenancy::TransferPtr transfer) {
  storage::WriteMarks* marks = services.engine.write_marks();
  const tenancy::TablePtr table = services.transfers.TableOf(*transfer);
  if (marks == nullptr || table == nullptr) co_return Result<void>();  // the marks go with the table
  co_return co_await marks->Forget(table->ref, MarkOf(*transfer));
}

}  // namespace insula::transfer
