// The usage meter: counters per (context, table) in a memory-mapped file, so that they survive the process, however it
// ends. A power loss may take the last seconds, in the tenant's favour. Whatever is wrong with the file, counting goes
// on: the service doesn't stop for it.
//
// The file is a header of one slot and then slots of kSlotBytes, grown by whole segments, each mapped for itself and
// never moved:
//
//   header  = magic "INSULAU1", zeros
//   slot    = state u32 (0 free, 1 used) | context length u16 | table length u16 | read, written (half units),
//   requests: u64
//             | context bytes | table bytes
//
// A slot without a table's name has what the context's deleted tables used, or waits for a next table of that context:
// requests that were still counting for a table that went may come late, and count for the right context then, whatever
// its slot has become. A slot without a context's name, either, is anybody's. So a context has few more slots than it
// ever had tables at a time, and its sum stays what it was.
//
// All integers are the machine's (little-endian; the magic of another wouldn't match).
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "base/seeded_hash.h"
#include "metering/usage.h"

namespace insula::metering {

class UsageCounters : public UsageMeter {
 public:
  static constexpr std::size_t kSlotBytes = 512;
  static constexpr std::size_t kSlotsPerSegment = 1024;

  // An empty path keeps them in memory only. A file that can't be read as one of counters is set aside, as
  // `path`.damaged-N, and begun anew; where no file can be used at all they are kept in memory until the next start.
  // Either is told to `log`.
  static std::unique_ptr<UsageCounters> Open(const std::string& path,
                                             const std::function<void(std::string_view)>& log = {});
  ~UsageCounters() override;

  // How many deleted tables of a context are counted one by one at most, before they become one row.
  static constexpr std::size_t kDeletedOneByOneMax = 100;
  // From now on the rows of tables that `exists` doesn't know any more may become one. It is called under this object's
  // lock. Once, before the first CellsOf.
  void FoldDeletedTables(std::function<bool(std::string_view context, std::string_view table)> exists);

  UsageCells* CellsOf(std::string_view context, std::string_view table) override;
  // Deleted tables that are one row come after all others.
  std::vector<Usage> Snapshot() const override;

 private:
  struct Slot;
  struct OfContext {
    std::vector<Slot*> named;                   // each a table's
    std::vector<Slot*> unnamed;                 // the first has what deleted tables used, the others wait for tables
    std::size_t look_at = kDeletedOneByOneMax;  // when so many are named, whether their tables exist
  };
  struct Key {
    std::string_view context, table;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return SeededHash(key.context) * 31 + SeededHash(key.table); }
  };

  UsageCounters() = default;
  // Io if the file can't be used; Corruption if it is damaged, or another kind of file.
  static Result<std::unique_ptr<UsageCounters>> OpenFile(const std::string& path);
  Result<void> Load();
  Result<void> MapSegment(std::size_t number) INSULA_REQUIRES(mutex_);
  Slot* SlotAt(std::size_t number) const INSULA_REQUIRES_SHARED(mutex_);
  void Fold(const std::string& context, OfContext* of, std::size_t deleted_max) INSULA_REQUIRES(mutex_);
  Slot* FreeSlot(OfContext* of) INSULA_REQUIRES(mutex_);  // nullptr if there is no room

  int fd_ = -1;  // -1: anonymous memory
  mutable SharedMutex mutex_;
  std::vector<char*> segments_ INSULA_GUARDED_BY(mutex_);
  std::size_t used_ INSULA_GUARDED_BY(mutex_) = 1;  // slots in use, the header among them
  // Its keys view the slots' own text, which never moves.
  std::unordered_map<Key, Slot*, KeyHash> index_ INSULA_GUARDED_BY(mutex_);
  std::map<std::string, OfContext, std::less<>> contexts_ INSULA_GUARDED_BY(mutex_);
  std::vector<Slot*> anybodys_ INSULA_GUARDED_BY(mutex_);
  std::function<bool(std::string_view, std::string_view)> exists_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::metering
