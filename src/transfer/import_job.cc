#include "transfer/import_job.h"

#include <fmt/format.h>

#include "operations/key_checks.h"
#include "storage/item_rules.h"
#include "transfer/error_log.h"
#include "transfer/record_reader.h"
#include "transfer/write_window.h"

namespace insula::transfer {
namespace {

constexpr std::size_t kListPage = 1000;

class ImportJob {
 public:
  ImportJob(const JobServices& services, tenancy::TransferPtr transfer)
      : services_(services), transfer_(*transfer), window_(services.engine) {}

  Task<Result<void>> Run() {
    Result<void> done = co_await ReadAll();
    // Nothing may be on its way when the window goes.
    const Result<void> drained = co_await window_.Drain();
    if (!done.ok()) co_return done;
    if (!drained.ok()) co_return drained;
    transfer_.status = tenancy::TransferStatus::kCompleted;
    if (details().errors > 0) {
      transfer_.status = tenancy::TransferStatus::kFailed;
      transfer_.failure_code = "ItemValidationError";
      transfer_.failure_message = fmt::format(
          "Some of the items failed validation checks and were not imported. The error log is in the bucket {}, under "
          "{}/.",
          kErrorBucket, transfer_.id);
    }
    co_return co_await services_.transfers.Save(transfer_);
  }

 private:
  tenancy::ImportDetails& details() { return transfer_.as_import(); }

  Result<void> Open() {
    INSULA_ASSIGN(bucket_, services_.OpenBucket(transfer_, transfer_.bucket));
    INSULA_ASSIGN(error_bucket_, services_.OpenBucket(transfer_, kErrorBucket));
    errors_.emplace(*error_bucket_, services_.transfers.ArnOf(transfer_), services_.limits.errors_logged_max);
    table_ = services_.transfers.TableOf(transfer_);
    if (table_ == nullptr) return Error(ErrorCode::kResourceNotFound, "The table is gone");
    return {};
  }

  Result<std::vector<objects::ObjectInfo>> ListObjects() {
    std::vector<objects::ObjectInfo> all;
    std::string after;
    for (bool more = true; more;) {
      INSULA_ASSIGN(objects::ObjectPage page, bucket_->List(transfer_.prefix, after, kListPage));
      for (objects::ObjectInfo& object : page.objects) all.push_back(std::move(object));
      if (all.size() > services_.limits.objects_max) {
        return JobFailed("S3TooManyObjects",
                         fmt::format("An import reads at most {} objects", services_.limits.objects_max));
      }
      more = page.more && !all.empty();
      if (more) after = all.back().key;
    }
    if (all.empty()) return JobFailed("S3NoSuchKey", "There is no object under the given bucket and prefix");
    return all;
  }

  Task<Result<void>> ReadAll() {
    INSULA_CO_TRY(Open());
    INSULA_CO_ASSIGN(const std::vector<objects::ObjectInfo> all, ListObjects());
    // The provisioner makes these too; whoever comes first.
    const storage::TableRef& table = table_->ref;
    if (table.store() != StoreId(0)) INSULA_CO_TRY(co_await services_.engine.CreateStore(table.store()));
    INSULA_CO_TRY(co_await services_.engine.OpenTable(table));
    for (const objects::ObjectInfo& object : all) {
      if (object.key < details().object) continue;
      INSULA_CO_TRY(co_await ReadObject(object.key));
      // Behind this key and before any other: no key has such a character.
      details().object = object.key + '\0';
      details().records = 0;
    }
    co_return co_await Checkpoint();
  }

  Task<Result<void>> ReadObject(std::string key) {
    const std::uint64_t skipped = key == details().object ? details().records : 0;
    details().object = key;
    details().records = 0;
    INSULA_CO_ASSIGN(auto object, bucket_->Open(key));
    const auto records =
        OpenRecords(std::move(object), details(), table_->definition, services_.limits.record_bytes_max);
    while (details().records < skipped) {
      INSULA_CO_TRY(services_.CheckGoingOn());
      const Result<bool> there = records->Skip();
      if (!there.ok() || !*there) break;
      ++details().records;
    }
    std::uint64_t counted = records->bytes();
    for (;;) {
      INSULA_CO_TRY(services_.CheckGoingOn());
      auto next = records->Next();
      details().processed_bytes += records->bytes() - counted;
      unsaved_bytes_ += records->bytes() - counted;
      counted = records->bytes();
      if (!next.ok()) {
        const ErrorCode code = next.error().code();
        if (code != ErrorCode::kCorruption && code != ErrorCode::kValidation) co_return std::move(next).error();
        errors_->Add(key, details().records, next.error().message(), &transfer_);
        ++details().processed_items;
        co_return Result<void>();
      }
      if (!next->has_value()) co_return Result<void>();
      INSULA_CO_TRY(co_await Take(key, **next));
      ++details().records;
      if (unsaved_bytes_ >= services_.limits.checkpoint_bytes || errors_->full()) INSULA_CO_TRY(co_await Checkpoint());
    }
  }

  // What PutItem checks, too.
  Result<Put> PutOf(AttributeMap item, std::uint64_t index) const {
    INSULA_TRY(storage::CheckPutSize(item));
    INSULA_ASSIGN(PrimaryKey key, operations::KeyOfPut(item, table_->ref.schema()));
    Put put{storage::WriteRequest{.table = table_->ref}, SizeOf(item), index};
    put.request.kind = storage::WriteKind::kPut;
    put.request.key = std::move(key);
    put.request.item = std::move(item);
    put.request.want_items = false;
    return put;
  }

  Task<Result<void>> Take(const std::string& key, Result<AttributeMap>& record) {
    ++details().processed_items;
    const std::uint64_t index = details().records;
    Result<Put> put = record.ok() ? PutOf(std::move(record).value(), index) : Result<Put>(record.error());
    if (!put.ok()) {
      errors_->Add(key, index, put.error().message(), &transfer_);
      co_return Result<void>();
    }
    co_return co_await window_.Add(std::move(put).value());
  }

  // Everything that was read is durable, and the record says so.
  Task<Result<void>> Checkpoint() {
    INSULA_CO_TRY(co_await window_.Drain());
    details().imported_items = imported_before_ + window_.written();
    for (const WriteWindow::Refusal& refusal : window_.TakeRefusals()) {
      errors_->Add(details().object, refusal.index, refusal.message, &transfer_);
    }
    INSULA_CO_TRY(errors_->Write(&transfer_));
    unsaved_bytes_ = 0;
    co_return co_await services_.transfers.Save(transfer_);
  }

  const JobServices& services_;
  tenancy::TransferRecord transfer_;
  WriteWindow window_;
  std::unique_ptr<objects::ObjectStore> bucket_, error_bucket_;
  std::optional<ErrorLog> errors_;
  tenancy::TablePtr table_;
  const std::uint64_t imported_before_ = transfer_.as_import().imported_items;
  std::uint64_t unsaved_bytes_ = 0;
};

}  // namespace

Task<Result<void>> RunImport(const JobServices& services, tenancy::TransferPtr transfer) {
  ImportJob job(services, std::move(transfer));
  co_return co_await job.Run();
}

}  // namespace insula::transfer
