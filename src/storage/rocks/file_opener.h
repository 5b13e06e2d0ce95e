// Opens a store's table files ahead of their first reader. RocksDB itself opens sixteen when a store is opened and the
// others as they are read, under a mutex that all readers of a stripe of files share: an event loop that reads what is
// in memory would now and then wait for somebody else's file.
#pragma once

#include <cstddef>
#include <stop_token>

#include "storage/rocks/store.h"

namespace insula::storage::rocks {

// At most `files_max` of them, unless `stop` is requested. What can't be read is left to its reader. Blocks.
void OpenFiles(const Store& store, std::size_t files_max, const std::stop_token& stop);

}  // namespace insula::storage::rocks
