// Consumed capacity per tenant, counted once where the answer is made; serves `insula usage`, metrics and the bill.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/item_size.h"

namespace insula::metering {

struct Usage {
  std::string context;  // tenancy::KeyOf: "t/prod/catalog/acme"
  std::string table;    // logical name
  HalfUnits read;
  HalfUnits written;
  std::uint64_t requests = 0;
};

// Safe from any thread; recording is a few relaxed atomic additions.
class UsageMeter {
 public:
  virtual ~UsageMeter() = default;
  virtual void RecordRead(std::string_view context, std::string_view table, HalfUnits cost) = 0;
  virtual void RecordWrite(std::string_view context, std::string_view table, HalfUnits cost) = 0;
  virtual std::vector<Usage> Snapshot() const = 0;
};

}  // namespace insula::metering
