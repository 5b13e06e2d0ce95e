// The backups of a context and the tables restored from them: the control plane's part. Another context's backup can't
// be found, whatever ARN is given; two services of one tenant never see each other's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/state/backup_records.h"

namespace insula::tenancy {

struct BackupFilter {
  std::optional<std::string> table;  // logical name
  std::optional<BackupKind> kind;    // kUser or kSystem; none: both
  std::optional<WallTime> from, to;  // created at or after, before
  std::optional<std::string> after;  // the ARN that the last page ended with
  std::size_t limit = 100;
};
struct BackupList {
  std::vector<BackupPtr> backups;   // in order of time
  std::optional<std::string> last;  // the ARN of the last, if there are more
};

// The times a table can be restored to.
struct RestorableTimes {
  WallTime earliest{};
  WallTime latest{};
};

// Safe from any thread; the catalog outlives it.
class BackupCatalog {
 public:
  static constexpr std::size_t kAtOnceMax = 50;          // being made, or restored: DynamoDB's quota
  static constexpr std::size_t kPerContextMax = 10'000;  // that the context made itself

  explicit BackupCatalog(Catalog& catalog) : catalog_(catalog) {}

  // CREATING. TableNotFound, also of a table that is CREATING or DELETING, LimitExceeded; AccessDenied for what isn't
  // the context's own.
  Task<Result<BackupPtr>> Create(Context context, std::string table_name_or_arn, std::string backup_name);
  // Returns once `backup` isn't CREATING any more, or after `wait_max`.
  Task<void> AwaitMade(BackupPtr backup, std::chrono::milliseconds wait_max);
  // BackupNotFound; AccessDenied for an ARN of another account or region. Internal ones aren't found.
  Result<BackupPtr> Find(const Context& context, std::string_view arn) const;
  BackupList List(const Context& context, const BackupFilter& filter) const;
  // As it was; from now on it isn't found. BackupInUse while it is being made or restored from; ValidationException for
  // a SYSTEM one.
  Task<Result<BackupPtr>> Delete(Context context, std::string arn);

  // Edits the definition of the table to be made, which has what the source had and a restored table keeps.
  using Edit = std::function<Result<void>(TableDefinition&)>;
  // The new table, CREATING until its items are there. BackupNotFound, BackupInUse, TableAlreadyExists, TableInUse,
  // LimitExceeded, AccessDenied.
  Task<Result<TablePtr>> Restore(Context context, std::string arn, std::string target, Edit edit);
  // The same from a table's past; without `time`, from now. TableNotFound, PointInTimeRecoveryUnavailable,
  // InvalidRestoreTime.
  Task<Result<TablePtr>> RestoreToPointInTime(Context context, std::string source, std::string target,
                                              std::optional<WallTime> time, Edit edit);

  // Nothing where point-in-time recovery is off, or not yet on in the engine.
  std::optional<RestorableTimes> RestorableTimesOf(const Context& context, const std::string& table) const;
  // Where the context's table was restored from, if it was.
  std::optional<RestoreSource> SourceOf(const Context& context, const std::string& table) const;

 private:
  friend class OperatorBackups;
  // By whose authority: a tenant whose tables are its service's template's needs the operator's to make one.
  enum class Authority : std::uint8_t { kOwner, kOperator };

  Task<Result<BackupPtr>> DeleteBy(Authority authority, Context context, std::string arn);
  Task<Result<TablePtr>> RestoreBy(Authority authority, Context context, std::string arn, std::string target,
                                   Edit edit);
  Task<Result<TablePtr>> RestoreToPointInTimeBy(Authority authority, Context context, std::string source,
                                                std::string target, std::optional<WallTime> time, Edit edit);

  Catalog& catalog_;
};

}  // namespace insula::tenancy
