#include "operations/items/collection_metrics.h"

#include <algorithm>

#include "operations/core/consumed_capacity.h"

namespace insula::operations {

void CollectionMetrics::Add(std::string_view table_name, const TableSchema& schema, const AttributeValue& hash,
                            std::uint64_t bytes) {
  auto same = [&](const Entry& entry) { return entry.table_name == table_name && entry.key.hash == hash; };
  if (auto found = std::ranges::find_if(entries_, same); found != entries_.end()) {
    found->bytes = bytes;
    return;
  }
  entries_.push_back({table_name, &schema, PrimaryKey{hash, std::nullopt}, bytes});
}

void CollectionMetrics::Write(wire::JsonWriter* writer) const {
  std::vector<const Entry*> sorted;
  for (const Entry& entry : entries_) sorted.push_back(&entry);
  // Entries are in the order of their addresses, so this keeps a table's in the order of the request.
  std::ranges::sort(sorted, {}, [](const Entry* entry) { return std::pair(entry->table_name, entry); });
  writer->BeginObject();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    bool first = i == 0 || sorted[i - 1]->table_name != sorted[i]->table_name;
    bool last = i + 1 == sorted.size() || sorted[i + 1]->table_name != sorted[i]->table_name;
    if (first) {
      writer->Key(sorted[i]->table_name);
      writer->BeginArray();
    }
    WriteCollectionMetrics(sorted[i]->key, *sorted[i]->schema, sorted[i]->bytes, writer);
    if (last) writer->EndArray();
  }
  writer->EndObject();
}

}  // namespace insula::operations
