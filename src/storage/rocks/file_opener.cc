#include "storage/rocks/file_opener.h"

#include <rocksdb/metadata.h>

#include "storage/rocks/reader.h"

namespace insula::storage::rocks {

void OpenFiles(const Store& store, std::size_t files_max, const std::stop_token& stop) {
  std::size_t files = 0;
  rocksdb::PinnableSlice row;
  for (rocksdb::ColumnFamilyHandle* family : {store.items(), store.changes()}) {
    rocksdb::ColumnFamilyMetaData metadata;
    store.db()->GetColumnFamilyMetaData(family, &metadata);
    for (const rocksdb::LevelMetaData& level : metadata.levels) {
      for (const rocksdb::SstFileMetaData& file : level.files) {
        if (files++ == files_max || stop.stop_requested()) return;
        // Looks into this file, and into those above it that might have the key.
        (void)ReadRow(store, family, Tier::kDisk, nullptr, file.smallestkey, &row);
      }
    }
  }
}

}  // namespace insula::storage::rocks
