// The exports, imports and bulk puts of a context: begun by its requests, worked off by a worker (transfer/),
// remembered for 90 days. Another context's can't be found, whatever ARN is given.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/state/transfer_records.h"

namespace insula::tenancy {

struct TransferPage {
  std::vector<TransferPtr> transfers;  // the latest first
  std::optional<std::string> last;     // the id of the last one, if there are more
};

// Safe from any thread; the catalog outlives it.
class Transfers {
 public:
  static constexpr std::size_t kExportsAtOnceMax = 300;  // DynamoDB's quotas, of an account
  static constexpr std::size_t kImportsAtOnceMax = 50;
  static constexpr std::size_t kBulkPutsAtOnceMax = 50;
  static constexpr std::size_t kRemembered = 10'000;  // of a context, within 90 days

  explicit Transfers(Catalog& catalog) : catalog_(catalog) {}

  // AccessDenied for an operator, whose tables are nobody's own.
  //
  // Of `request`, id, owner, times, status and what says how far the work is are set here. A client token that was used
  // within eight hours gives the transfer that it began; with another fingerprint it is ExportConflict,
  // ImportConflict or IdempotentParameterMismatch. A full export of no time is of the one at which it begins.
  // LimitExceeded.
  Task<Result<TransferPtr>> StartExport(Context context, TablePtr table, TransferRecord request);
  // Makes the table, too: it stays CREATING until the import ends. Errors as CreateTable's.
  Task<Result<TransferPtr>> StartImport(Context context, TableDefinition definition, TransferRecord request);
  Task<Result<TransferPtr>> StartBulkPut(Context context, TablePtr table, TransferRecord request);
  // Of a bulk put that has not ended; idempotent. ValidationException for one that has.
  Task<Result<TransferPtr>> Cancel(Context context, std::string arn);
  // ExportNotFound, ImportNotFound or ResourceNotFound, also for an ARN of another region; AccessDenied for one of
  // another account.
  Result<TransferPtr> Find(const Context& context, TransferKind kind, std::string_view arn) const;
  // Of one table, by its ARN, or of all; after the one with the id `after`. Exports are of a table as long as there is
  // that very one; the others, of whatever has its name.
  Result<TransferPage> List(const Context& context, TransferKind kind, std::optional<std::string_view> table_arn,
                            std::string_view after, std::size_t limit) const;
  AccountId AccountOf(const TransferRecord& transfer) const;
  std::string ArnOf(const TransferRecord& transfer) const;
  std::string TableArnOf(const TransferRecord& transfer) const;

 private:
  Task<Result<TransferPtr>> Start(Context context, TablePtr table, TransferRecord request);
  Result<TransferPtr> Find(const Context& context, TransferKind kind, std::string_view arn,
                           std::string_view action) const;

  Catalog& catalog_;
};

}  // namespace insula::tenancy
