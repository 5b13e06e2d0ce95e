// One page over the parts of a pooled table, in the order (tenant, storage key).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/compute_pool.h"
#include "base/result.h"
#include "base/task.h"
#include "expression/expression.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "operations/page_parameters.h"
#include "operations/page_plan.h"
#include "storage/engine.h"
#include "tenancy/catalog.h"

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

struct PooledPageRequest {
  PooledPageRequest(const PageParameters& parameters, const PagePlan& plan);

  std::optional<expression::KeyCondition> key_condition;  // on insula:tenant and insula:key
  bool forward = true;
  bool consistent = false;
  std::optional<AttributeMap> exclusive_start_key;  // checked against the pooled table's keys
  std::optional<std::uint64_t> limit;
  std::shared_ptr<const expression::Condition> filter;
  std::optional<storage::Segment> segment;  // of the hash of the tenant id
  bool count_only = false;
};

// `engine` must outlive the task, as must `compute` (none: all is done on the caller's thread).
Task<Result<storage::Page>> ReadPooledPage(storage::Engine& engine, std::vector<tenancy::PooledPart> parts,
                                           PooledPageRequest request, ComputePool* compute);

}  // namespace insula::operations
