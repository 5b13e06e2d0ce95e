#include "transfer/export_job.h"

#include <limits>

#include "transfer/data_file.h"
#include "transfer/export_source.h"
#include "transfer/manifest.h"

namespace insula::transfer {
namespace {

// A cursor where everything has been read: only the manifests are left to write.
constexpr std::uint64_t kAllRead = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kFilesBeforeDoubling = 256;  // so that the list of files fits into the record

class ExportJob {
 public:
  ExportJob(const JobServices& services, tenancy::TransferPtr transfer) : services_(services), transfer_(*transfer) {}

  Task<Result<void>> Run() {
    INSULA_CO_ASSIGN(bucket_, services_.OpenBucket(transfer_, transfer_.bucket));
    INSULA_CO_TRY(objects::PutObject(*bucket_, StartedKey(transfer_), ""));
    if (details().cursor != kAllRead) INSULA_CO_TRY(co_await WriteItems());
    const WallTime ended_at = services_.clock.Now();
    INSULA_CO_TRY(WriteManifest(FilesManifestKey(transfer_), FilesManifest(transfer_)));
    const ManifestNames names{services_.transfers.ArnOf(transfer_), services_.transfers.TableArnOf(transfer_)};
    INSULA_CO_TRY(WriteManifest(SummaryManifestKey(transfer_), SummaryManifest(transfer_, names, ended_at)));
    transfer_.status = tenancy::TransferStatus::kCompleted;
    details().files.clear();
    co_return co_await services_.transfers.Save(transfer_);
  }

 private:
  tenancy::ExportDetails& details() { return transfer_.as_export(); }

  std::uint64_t FileBytes() { return services_.limits.file_bytes << (details().files.size() / kFilesBeforeDoubling); }

  Task<Result<void>> WriteItems() {
    const tenancy::TablePtr table = services_.transfers.TableOf(transfer_);
    if (table == nullptr) co_return Error(ErrorCode::kResourceNotFound, "The table is gone");
    ExportSource source(services_.engine, table->ref);
    details().cursor.reset();
    details().files.clear();
    details().items = details().billed_bytes = 0;
    std::uint64_t cursor = 0;
    for (bool more = true; more;) {
      INSULA_CO_ASSIGN(DataFile file, DataFile::Create(*bucket_, transfer_, details().files.size()));
      while (more && file.item_bytes() < FileBytes()) {
        INSULA_CO_TRY(services_.CheckGoingOn());
        INSULA_CO_ASSIGN(const ItemPage page, co_await source.Read(cursor));
        for (const EncodedItem& item : page.items) INSULA_CO_TRY(file.Add(item));
        cursor = page.next;
        more = page.more;
      }
      INSULA_CO_TRY(co_await Keep(std::move(file), more ? cursor : kAllRead));
    }
    co_return Result<void>();
  }

  // The file is whole; the work goes on at `cursor`.
  Task<Result<void>> Keep(DataFile file, std::uint64_t cursor) {
    INSULA_CO_ASSIGN(tenancy::ExportedFile kept, file.Finish());
    details().items += file.items();
    details().billed_bytes += file.item_bytes();
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
  std::unique_ptr<objects::ObjectStore> bucket_;
};

}  // namespace

Task<Result<void>> RunExport(const JobServices& services, tenancy::TransferPtr transfer) {
  ExportJob job(services, std::move(transfer));
  co_return co_await job.Run();
}

Task<Result<void>> AbandonExport(const JobServices&, tenancy::TransferPtr) { co_return Result<void>(); }

}  // namespace insula::transfer
