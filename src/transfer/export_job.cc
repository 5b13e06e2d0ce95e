#include "transfer/export_job.h"

#include <chrono>
#include <limits>

#include "operations/copies/export_filter.h"
#include "transfer/data_file.h"
#include "transfer/export_source.h"
#include "transfer/manifest.h"
#include "transfer/net_changes.h"

namespace insula::transfer {
namespace {

// A cursor where everything has been read: only the manifests are left to write.
constexpr std::uint64_t kAllRead = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kFilesBeforeDoubling = 256;  // so that the list of files fits into the record

class ExportJob {
 public:
  ExportJob(const JobServices& services, tenancy::TransferPtr transfer) : services_(services), transfer_(*transfer) {}

  Task<Result<JobEnd>> Run() {
    INSULA_CO_ASSIGN(bucket_, services_.OpenBucket(transfer_, transfer_.bucket, transfer_.bucket_owner));
    INSULA_CO_TRY(services_.CheckShare(transfer_));
    INSULA_CO_TRY(objects::PutObject(*bucket_, StartedKey(transfer_), ""));
    if (!details().filter.empty()) {
      INSULA_CO_ASSIGN(filter_, operations::ReadExportFilter(details().filter));
    }
    if (details().cursor != kAllRead) {
      Task<Result<JobEnd>> written = details().incremental ? WriteChanges() : WriteItems();
      INSULA_CO_ASSIGN(const JobEnd end, co_await std::move(written));
      if (end == JobEnd::kYielding) co_return end;
    }
    const WallTime ended_at = services_.clock.Now();
    INSULA_CO_TRY(WriteManifest(FilesManifestKey(transfer_), FilesManifest(transfer_)));
    const ManifestNames names{services_.transfers.ArnOf(transfer_), services_.transfers.TableArnOf(transfer_)};
    INSULA_CO_TRY(WriteManifest(SummaryManifestKey(transfer_), SummaryManifest(transfer_, names, ended_at)));
    // Before the record forgets it: nobody would look for it any more.
    tenancy::TransferPtr written = std::make_shared<const tenancy::TransferRecord>(transfer_);
    INSULA_CO_TRY(co_await AbandonExport(services_, std::move(written)));
    transfer_.status = tenancy::TransferStatus::kCompleted;
    details().files.clear();
    INSULA_CO_TRY(co_await services_.transfers.Save(transfer_));
    co_return JobEnd::kEnded;
  }

 private:
  tenancy::ExportDetails& details() { return transfer_.as_export(); }

  std::uint64_t FileBytes() { return services_.limits.file_bytes << (details().files.size() / kFilesBeforeDoubling); }

  // Of a table that is still there; where the work has begun, it need not be.
  Result<storage::TableRef> Table() const {
    const tenancy::TablePtr table = services_.transfers.TableOf(transfer_);
    if (table == nullptr) return Error(ErrorCode::kResourceNotFound, "The table is gone");
    return table->ref;
  }

  // All of it, or as much as it has time for.
  Task<Result<JobEnd>> WriteItems() {
    if (services_.engine.backups() == nullptr) co_return JobFailed({"UNKNOWN", "This engine has no exports"});
    ExportSource source(*services_.engine.backups(), transfer_);
    if (!details().cursor) {
      INSULA_CO_ASSIGN(storage::TableRef table, Table());
      INSULA_CO_ASSIGN(details().to, co_await source.Prepare(std::move(table)));
    }
    std::uint64_t cursor = details().cursor.value_or(0);
    for (bool more = true; more;) {
      INSULA_CO_ASSIGN(DataFile file, DataFile::Create(*bucket_, transfer_, details().files.size()));
      std::uint64_t read_bytes = 0;  // what is left out takes its time, too
      while (more && read_bytes < FileBytes()) {
        INSULA_CO_TRY(services_.CheckGoingOn());
        INSULA_CO_ASSIGN(storage::BackupPage page, co_await source.Read(cursor));
        for (EncodedItem& item : page.items) {
          read_bytes += item.size();
          if (filter_.Admits(item)) INSULA_CO_TRY(file.Add(filter_.Project(std::move(item))));
        }
        cursor = page.next;
        more = page.more;
      }
      INSULA_CO_TRY(co_await Keep(std::move(file), more ? cursor : kAllRead, read_bytes));
      if (more && services_.ShouldYield()) co_return JobEnd::kYielding;
    }
    co_return JobEnd::kEnded;
  }

  Task<Result<JobEnd>> WriteChanges() {
    storage::ChangeLog* log = services_.engine.change_log();
    if (log == nullptr) co_return JobFailed({"UNKNOWN", "This engine has no incremental exports"});
    INSULA_CO_ASSIGN(const storage::TableRef table, Table());
    INSULA_CO_ASSIGN(const std::uint64_t first, co_await log->Find(table, details().from));
    INSULA_CO_ASSIGN(const std::uint64_t end, co_await log->Find(table, details().to));
    const ChangeWindow window{table, first - 1, end - 1};
    for (bool more = true; more;) {
      INSULA_CO_TRY(services_.CheckGoingOn());
      std::string position = details().position;
      INSULA_CO_ASSIGN(NetChanges net,
                       co_await CollectNetChanges(*log, window, std::move(position), services_.limits.changes_bytes));
      INSULA_CO_ASSIGN(DataFile file, DataFile::Create(*bucket_, transfer_, details().files.size()));
      std::uint64_t read_bytes = 0;
      for (NetChange& change : net.changes) {
        const bool admitted = filter_.Admits(change.after ? *change.after : *change.before);
        if (details().view == "NEW_IMAGE") change.before.reset();
        for (storage::MaybeItem* image : {&change.before, &change.after}) {
          if (!*image) continue;
          read_bytes += (*image)->size();
          if (admitted) *image = filter_.Project(std::move(**image));
        }
        if (admitted) INSULA_CO_TRY(file.Add(change, table.schema().key));
      }
      more = !net.next_key.empty();
      details().position = net.next_key;
      INSULA_CO_TRY(co_await Keep(std::move(file), more ? details().files.size() + 1 : kAllRead, read_bytes));
      if (more && services_.ShouldYield()) co_return JobEnd::kYielding;
    }
    co_return JobEnd::kEnded;
  }

  // The file is whole, of so many bytes of items; the work goes on at `cursor`.
  Task<Result<void>> Keep(DataFile file, std::uint64_t cursor, std::uint64_t billed_bytes) {
    INSULA_CO_ASSIGN(tenancy::ExportedFile kept, file.Finish());
    details().items += file.items();
    details().billed_bytes += billed_bytes;
    details().files.push_back(std::move(kept));
    details().cursor = cursor;
    co_return co_await services_.transfers.Save(transfer_);
  }

  Result<void> WriteManifest(const std::string& key, const std::string& text) {
    INSULA_TRY(objects::PutObject(*bucket_, key, text));
    INSULA_TRY(objects::PutObject(*bucket_, ChecksumKey(key), Checksum(text)));
    return {};
  }

  const JobServices& services_;
  tenancy::TransferRecord transfer_;
  operations::ExportFilter filter_;
  std::unique_ptr<objects::ObjectStore> bucket_;
};

}  // namespace

Task<Result<JobEnd>> RunExport(const JobServices& services, tenancy::TransferPtr transfer) {
  ExportJob job(services, std::move(transfer));
  co_return co_await job.Run();
}

Task<Result<void>> AbandonExport(const JobServices& services, tenancy::TransferPtr transfer) {
  if (transfer->as_export().incremental || services.engine.backups() == nullptr) co_return Result<void>();
  ExportSource source(*services.engine.backups(), *transfer);
  co_return co_await source.Release();
}

}  // namespace insula::transfer
