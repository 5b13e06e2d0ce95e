#include "operations/core/access_note.h"

#include "metering/contributor_key.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kWriteWeight = 3;  // of a unit written, against one read

bool IsThrottling(ErrorCode code) {
  return code == ErrorCode::kThrottling || code == ErrorCode::kProvisionedThroughputExceeded ||
         code == ErrorCode::kRequestLimitExceeded;
}

// The values of the attributes, if the item has all of them as a key may have them.
bool AppendValues(const AttributeMap& item, const std::vector<KeyAttribute>& attributes, std::string* out) {
  for (const KeyAttribute& attribute : attributes) {
    const AttributeValue* value = item.Find(attribute.name);
    if (value == nullptr || value->type() != attribute.type) return false;
    if (SizeOf(*value) > kHashKeySizeMax) return false;  // such an item has no entry
    metering::AppendContributorValue(*value, out);
  }
  return true;
}

}  // namespace

AccessNote::AccessNote(const metering::Contributors& contributors, const storage::TableRef& table,
                       const PrimaryKey& key)
    : table_(contributors.Find(table.incarnation())) {
  if (table_ == nullptr) return;
  resource_ = table_->Find(std::nullopt);
  if (resource_ == nullptr) return;
  metering::AppendContributorValue(key.hash, &key_);
  partition_size_ = key_.size();
  if (key.range) metering::AppendContributorValue(*key.range, &key_);
}

AccessNote::AccessNote(const metering::Contributors& contributors, const storage::TableRef& table,
                       const storage::PageRequest& page) {
  if (!page.key_condition) return;
  table_ = contributors.Find(table.incarnation());
  if (table_ == nullptr) return;
  // A local index is a part of its table.
  const TableSchema& schema = table.schema();
  std::optional<std::uint16_t> index = page.index;
  for (const IndexSchema& each : schema.indexes) {
    if (index == each.id && each.local()) index.reset();
  }
  resource_ = table_->Find(index);
  for (const AttributeValue& value : page.key_condition->hash) metering::AppendContributorValue(value, &key_);
  partition_size_ = key_.size();
}

void AccessNote::Access(const metering::WatchedTable::Resource* resource, std::string_view key,
                        std::size_t partition_size, std::uint64_t weight) const {
  if (resource == nullptr || resource->mode != ContributorInsightsMode::kAccessedAndThrottledKeys) return;
  resource->sketch->NoteAccess(key, partition_size, weight);
}

void AccessNote::Read(HalfUnits cost) const {
  Access(resource_, key_, partition_size_, static_cast<std::uint64_t>(cost.value()));
}

void AccessNote::Written(const storage::WriteOutcome& outcome, const TableSchema& schema) const {
  if (table_ == nullptr) return;
  Access(resource_, key_, partition_size_, static_cast<std::uint64_t>(outcome.usage.table.value() * kWriteWeight));
  if (!needs_items()) return;
  const storage::MaybeItem& item = outcome.new_item ? outcome.new_item : outcome.old_item;
  if (!item) return;
  std::optional<AttributeMap> attributes;
  for (const auto& [id, cost] : outcome.usage.indexes) {
    const metering::WatchedTable::Resource* resource = table_->Find(id);
    if (resource == nullptr) continue;
    if (!attributes) attributes = item->Decode();
    for (const IndexSchema& index : schema.indexes) {
      if (index.id != id) continue;
      std::string key;
      if (!AppendValues(*attributes, index.key.hash, &key)) break;
      const std::size_t partition_size = key.size();
      if (!AppendValues(*attributes, index.key.range, &key)) break;
      Access(resource, key, partition_size, static_cast<std::uint64_t>(cost.value() * kWriteWeight));
    }
  }
}

void AccessNote::Refused(const Error& error) const {
  if (resource_ != nullptr && IsThrottling(error.code())) resource_->sketch->NoteThrottle(key_, partition_size_);
}

}  // namespace insula::operations
