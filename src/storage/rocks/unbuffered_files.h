// The change log's files, written past the page cache.
//
// What a change writes is copied three times: into the write-ahead log, into a memtable, and, when that is flushed,
// into a file. The change log's files are read seldom, and then in order: its latest records are in the memtables. In
// the page cache they would push out what is read at random, and the kernel's copy of them costs more than the rest of
// a flush. Where a file system doesn't offer that (O_DIRECT), the files are written as all others.
#pragma once

#include <memory>
#include <set>
#include <string>

#include <rocksdb/file_system.h>
#include <rocksdb/listener.h>

#include "base/mutex.h"

namespace insula::storage::rocks {

// Told by RocksDB which column family a file is made for, just before the file is made. Safe from any thread.
class UnbufferedFiles final : public rocksdb::EventListener {
 public:
  explicit UnbufferedFiles(std::string column_family) : column_family_(std::move(column_family)) {}

  void OnTableFileCreationStarted(const rocksdb::TableFileCreationBriefInfo& file) override;
  // Whether the file of that name, which is about to be made, is one of them.
  bool Take(const std::string& name);

 private:
  const std::string column_family_;
  Mutex mutex_;
  std::set<std::string> announced_ INSULA_GUARDED_BY(mutex_);
};

// `files`, with those that `unbuffered` hears of written past the page cache.
std::shared_ptr<rocksdb::FileSystem> WithUnbuffered(std::shared_ptr<rocksdb::FileSystem> files,
                                                    std::shared_ptr<UnbufferedFiles> unbuffered);

}  // namespace insula::storage::rocks
