#include "transfer/export_source.h"

#include "transfer/job.h"

namespace insula::transfer {

Task<Result<WallTime>> ExportSource::Prepare(tenancy::TableRef table) {
  tenancy::TableRef again = table;
  auto then = co_await backups_.Create(std::move(table), id_, as_of_);
  if (then.ok()) co_return as_of_;
  if (then.error().code() != ErrorCode::kInvalidArgument) co_return std::move(then).error();
  if (!of_its_begin_) co_return JobFailed({"InvalidExportTime", "What the table was at the export's time isn't kept"});
  INSULA_CO_ASSIGN(const storage::BackupStats now, co_await backups_.Create(std::move(again), id_, std::nullopt));
  co_return now.as_of;
}

Task<Result<storage::BackupPage>> ExportSource::Read(std::uint64_t cursor) {
  return backups_.Read(store_, id_, cursor);
}

Task<Result<void>> ExportSource::Release() { return backups_.Delete(store_, id_); }

}  // namespace insula::transfer
