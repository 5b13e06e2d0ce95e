// One page over the parts of a pooled table, in the order (tenant, storage key).
#pragma once

#include <string>
#include <vector>

#include "base/compute_pool.h"
#include "base/result.h"
#include "base/task.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

inline constexpr char kPooledHashName[] = "insula:tenant";
inline constexpr char kPooledRangeName[] = "insula:key";

// An item of a part as the operator sees it.
class PooledItem {
 public:
  // Precondition: `item` is a whole item of the part.
  PooledItem(const tenancy::PooledPart& part, AttributeMap item);

  const std::string& key() const { return key_; }  // the value of insula:key
  const AttributeMap& attributes() const { return attributes_; }
  EncodedItem encoded() const { return EncodedItem::From(attributes_); }
  AttributeMap starting_key() const;

 private:
  std::string key_;
  AttributeMap attributes_;
};

// A page of the composed table: `request`'s key condition and starting key are of insula:tenant and insula:key,
// checked; its segment is of the hash of the tenant id; its table isn't looked at. `engine` must outlive the task, as
// must `compute` (none: all is done on the caller's thread).
Task<Result<storage::Page>> ComposePage(storage::Engine& engine, std::vector<tenancy::PooledPart> parts,
                                        storage::PageRequest request, ComputePool* compute);

}  // namespace insula::operations
