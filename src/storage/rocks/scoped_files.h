// The file system under a store, as its readers need it: it does for each read what the thread's ReadScope says.
//
// Where the scope may not wait for the disk, nothing is opened, and a table file is read only as far as the page cache
// has it; otherwise the read is refused. So an event loop reads what memory holds, RocksDB's or the kernel's, and never
// waits for a disk. Opening is refused as a whole because a table that is opened over a failing file may stay half-open
// (RocksDB swallows some errors then, and keeps the result).
//
// A read that fails outside any scope is one of a flush or a compaction. RocksDB may take no notice and write what it
// did get as if it were all (facebook/rocksdb #11782), so the owner is told, to see to it that nothing computed from it
// is kept.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <rocksdb/file_system.h>

namespace insula::storage::rocks {

// Told of the file and of what happened. Called on RocksDB's threads.
using OnBackgroundReadFailure = std::function<void(const std::string& file, const rocksdb::Status& failure)>;

// `files` so watched. `in_page_cache`: `files` are the operating system's own, so that its page cache can be asked.
std::shared_ptr<rocksdb::FileSystem> WithReadScopes(std::shared_ptr<rocksdb::FileSystem> files, bool in_page_cache,
                                                    OnBackgroundReadFailure on_failure);

}  // namespace insula::storage::rocks
