// Which table files a manifest says there are. RocksDB tells it of an open database alone, and only once it has found
// each of them; here it is told of any, without a change to it.
//
//   record   := field*                              what one change adds to and takes from what was there before
//   field    := 6 level file                        a table file that isn't needed any more
//             | 103 level file bytes key key sequence sequence option* 1      a new one
//             | …                                   the others say nothing of files, and are stepped over
//   option   := number sized
//
// Numbers are varints; `key` and `sized` are a length and as many bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

namespace insula::storage::rocks {

inline constexpr std::string_view kManifestPrefix = "MANIFEST-";  // of its file's name

class ManifestTables {
 public:
  // The manifest's next record.
  void Take(std::string_view record);

  // Sizes by file number, once all records are taken.
  const std::map<std::uint64_t, std::uint64_t>& bytes() const { return bytes_; }
  // False: a record held something that isn't known here, and nothing can be said.
  bool known() const { return known_; }

 private:
  bool TakeFields(std::string_view record);

  std::map<std::uint64_t, std::uint64_t> bytes_;
  bool known_ = true;
};

}  // namespace insula::storage::rocks
