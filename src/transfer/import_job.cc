#include "transfer/import_job.h"

#include <fmt/format.h>

#include <chrono>

#include "transfer/input.h"
#include "transfer/put.h"
#include "transfer/report.h"
#include "transfer/write_window.h"

namespace insula::transfer {
namespace {

class ImportJob {
 public:
  ImportJob(const JobServices& services, tenancy::TransferPtr transfer)
      : services_(services),
        transfer_(*transfer),
        window_(services.engine, [this](const Put& put, Result<storage::WriteOutcome> outcome) {
          if (outcome.ok()) {
            ++imported_;
          } else {
            NoteError({transfer_.bucket, put.key, put.index}, outcome.error());
          }
        }) {}

  Task<Result<JobEnd>> Run() {
    Result<JobEnd> end = co_await ReadAll();
    // Nothing may be on its way when the window goes.
    const Result<void> drained = co_await window_.Drain();
    if (!end.ok()) co_return end;
    if (!drained.ok()) co_return drained.error();
    if (*end == JobEnd::kYielding) co_return end;
    transfer_.status = tenancy::TransferStatus::kCompleted;
    if (details().errors > 0) {
      transfer_.status = tenancy::TransferStatus::kFailed;
      transfer_.failure_code = "ItemValidationError";
      transfer_.failure_message = fmt::format(
          "Some of the items failed validation checks and were not imported. The error log is in the bucket {}, under "
          "{}/.",
          kErrorBucket, transfer_.id);
    }
    INSULA_CO_TRY(co_await services_.transfers.Save(transfer_));
    co_return JobEnd::kEnded;
  }

 private:
  tenancy::ImportDetails& details() { return transfer_.as_import(); }

  Result<void> Open() {
    Result<void> opened = OpenInput();
    const bool is_new = details().processed_items == 0;
    if (opened.ok() || !is_new || FateOf(opened.error()) != Fate::kFailed) return opened;
    Failure failure = FailureOf(opened.error());
    failure.before_reading = true;
    return JobFailed(std::move(failure));
  }

  Result<void> OpenInput() {
    INSULA_ASSIGN(bucket_, services_.OpenBucket(transfer_, transfer_.bucket, transfer_.bucket_owner));
    INSULA_ASSIGN(error_bucket_, services_.OpenBucket(transfer_, kErrorBucket, std::nullopt));
    errors_.emplace(*error_bucket_, transfer_.id, "importArn", services_.transfers.ArnOf(transfer_));
    table_ = services_.transfers.TableOf(transfer_);
    if (table_ == nullptr) return Error(ErrorCode::kResourceNotFound, "The table is gone");
    InputSource source{.bucket = bucket_.get(),
                       .prefix = transfer_.prefix,
                       .format = details().input,
                       .table = table_,
                       .may_be_empty = true};
    input_.emplace(services_, std::move(source), details().cursor);
    return input_->List();
  }

  // All of it, or as much as it has time for.
  Task<Result<JobEnd>> ReadAll() {
    INSULA_CO_TRY(Open());
    // The provisioner makes it, too; whoever comes first.
    storage::TableRef table = table_->ref;
    INSULA_CO_TRY(co_await services_.engine.CreateTable(std::move(table)));
    for (;;) {
      INSULA_CO_TRY(services_.CheckGoingOn());
      INSULA_CO_ASSIGN(std::optional<InputRecord> record, input_->Next());
      if (!record) break;
      INSULA_CO_TRY(co_await Take(*std::move(record)));
      const std::uint64_t unsaved_bytes = input_->unpacked_bytes() - saved_bytes_;
      if (unsaved_bytes < services_.limits.checkpoint_bytes && !errors_->full()) continue;
      INSULA_CO_TRY(co_await Checkpoint());
      if (services_.ShouldYield()) co_return JobEnd::kYielding;
    }
    INSULA_CO_TRY(co_await Checkpoint());
    co_return JobEnd::kEnded;
  }

  void NoteError(const RecordPlace& record, const Error& error) {
    if (++details().errors <= services_.limits.errors_logged_max) errors_->Add(record, error.message());
  }

  Task<Result<void>> Take(InputRecord record) {
    ++details().processed_items;
    Result<Put> put = PutOf(record, *table_);
    if (!put.ok()) {
      NoteError({transfer_.bucket, record.key, record.index}, put.error());
      co_return Result<void>();
    }
    co_return co_await window_.Add(std::move(put).value());
  }

  // Everything that was read is durable, and the record says so.
  Task<Result<void>> Checkpoint() {
    INSULA_CO_TRY(co_await window_.Drain());
    details().imported_items = imported_;
    details().processed_bytes += input_->unpacked_bytes() - saved_bytes_;
    saved_bytes_ = input_->unpacked_bytes();
    details().cursor = input_->cursor();
    INSULA_CO_TRY(errors_->Write(&details().error_files));
    co_return co_await services_.transfers.Save(transfer_);
  }

  const JobServices& services_;
  tenancy::TransferRecord transfer_;
  WriteWindow window_;
  std::unique_ptr<objects::ObjectStore> bucket_, error_bucket_;
  std::optional<Report> errors_;
  std::optional<Input> input_;
  tenancy::TablePtr table_;
  std::uint64_t imported_ = transfer_.as_import().imported_items;
  std::uint64_t saved_bytes_ = 0;  // of the input's unpacked ones
};

}  // namespace

Task<Result<JobEnd>> RunImport(const JobServices& services, tenancy::TransferPtr transfer) {
  ImportJob job(services, std::move(transfer));
  co_return co_await job.Run();
}

}  // namespace insula::transfer
