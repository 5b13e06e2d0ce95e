// The worker's side of exports, imports and bulk puts (transfer/worker.h): those of all contexts that are to be done.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/faces/transfers.h"

namespace insula::tenancy {

// What becomes of the table of an import that ends.
enum class ImportedTable : std::uint8_t { kStays, kGoes };

// Safe from any thread; the catalog outlives it.
class TransferWork {
 public:
  explicit TransferWork(Catalog& catalog) : catalog_(catalog), transfers_(catalog) {}

  std::vector<TransferPtr> Pending() const;
  // The transfer as it is now; nullptr if nobody wants it any more, or it has ended.
  TransferPtr Current(const TransferRecord& transfer) const;
  // Calls `listener` with every transfer that begins or is to be cancelled; it must not block. When Listen returns, no
  // call is running.
  void Listen(std::function<void(TransferPtr)> listener);
  // The account that names the context's root in the object store. Empty if the context is gone.
  AccountId AccountOf(const TransferRecord& transfer) const;
  // The table that is exported or filled; nullptr if that incarnation is gone or being dropped.
  TablePtr TableOf(const TransferRecord& transfer) const;
  // Keeps how far the work is, or how it ended; the table of an import that ends is ACTIVE with it, or DELETING if it
  // goes. What is to be cancelled stays so until it has ended.
  // FailedPrecondition if nobody wants the transfer any more: its tenant goes, or it had ended before.
  Task<Result<void>> Save(TransferRecord transfer, ImportedTable table = ImportedTable::kStays);

  std::string ArnOf(const TransferRecord& transfer) const { return transfers_.ArnOf(transfer); }
  std::string TableArnOf(const TransferRecord& transfer) const { return transfers_.TableArnOf(transfer); }

 private:
  Catalog& catalog_;
  Transfers transfers_;
};

}  // namespace insula::tenancy
