// Reads the framing of RocksDB's logs (write-ahead logs and manifests), to tell how much of one is whole.
//
//   log     := block*                       of 32 KiB, the last one shorter
//   block   := record* zeros(0 … 6)
//   record  := checksum(4) length(2) type(1) payload(length)       little-endian; CRC-32C, masked, of type and payload
//   type    := 1 whole | 2 first | 3 middle | 4 last | 9, 10, 128 and above: about the file
//
// The payload of a write-ahead log's record is a write batch: sequence(8) count(4) ….
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <rocksdb/file_system.h>

#include "base/result.h"

namespace insula::storage::rocks {

struct LogScan {
  std::uint64_t bytes = 0;           // the file's
  std::uint64_t whole_bytes = 0;     // up to here every record is whole
  std::uint64_t first_sequence = 0;  // of its batches; 0: there is none
  std::uint64_t last_sequence = 0;
  // What is wrong right after. Empty where the file ends there, in a record cut short or in zeros: so ends a log whose
  // last bytes weren't synced.
  std::string damage;
  bool zeros_at_end = false;
  // Whether a whole record begins somewhere behind the damage. What is behind the last sync is one record, so there is
  // none where the damage is a last write that a loss of power has torn.
  bool goes_on = false;
};

// Io if the file can't be read. `on_record`: told the payload of each whole record before the damage, in their order.
Result<LogScan> ScanLog(rocksdb::FileSystem& files, const std::string& path,
                        const std::function<void(std::string_view)>& on_record = {});

std::uint32_t Crc32c(std::string_view data);

}  // namespace insula::storage::rocks
