// Consumed capacity per tenant, counted once where the answer is made; serves `insula usage`, metrics and the bill.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/item_size.h"
#include "model/usage_cells.h"

namespace insula::metering {

// Stands for the tables that a context had and that are no longer counted one by one.
inline constexpr std::string_view kDeletedTables = "(deleted tables)";

struct Usage {
  std::string context;  // tenancy::KeyOf: "t/prod/catalog/acme"
  std::string table;    // logical name, or kDeletedTables
  HalfUnits read;
  HalfUnits written;
  std::uint64_t requests = 0;
};

// Safe from any thread.
class UsageMeter {
 public:
  virtual ~UsageMeter() = default;
  // Where a table's use is counted: the same cells as long as the meter lives. nullptr where there is no room for them:
  // not counting is in the tenant's favour; refusing to serve for want of a counter would be in nobody's.
  virtual UsageCells* CellsOf(std::string_view context, std::string_view table) = 0;
  virtual std::vector<Usage> Snapshot() const = 0;
};

}  // namespace insula::metering
