#include "storage/rocks/manifest_tables.h"

#include "storage/rocks/byte_reader.h"

namespace insula::storage::rocks {
namespace {

// As RocksDB numbers them.
enum Field : std::uint64_t {
  kComparator = 1,
  kLogNumber = 2,
  kNextFileNumber = 3,
  kLastSequence = 4,
  kCompactCursor = 5,
  kDeletedFile = 6,
  kPreviousLogNumber = 9,
  kOldestLogNeeded = 10,
  kNewFile = 103,
  kFamily = 200,
  kFamilyAdded = 201,
  kFamiliesMax = 203,
  kInAtomicGroup = 300,
};
constexpr std::uint64_t kMayBeIgnored = 1 << 13;  // in the number of a field that is a length and as many bytes
constexpr std::uint64_t kEndOfOptions = 1;

}  // namespace

void ManifestTables::Take(std::string_view record) { known_ = known_ && TakeFields(record); }

bool ManifestTables::TakeFields(std::string_view record) {
  ByteReader in(record);
  std::uint64_t field = 0, number = 0, level = 0;
  std::string_view skipped;
  while (!in.empty()) {
    if (!in.Varint(&field)) return false;
    switch (field) {
      case kLogNumber:
      case kNextFileNumber:
      case kLastSequence:
      case kPreviousLogNumber:
      case kOldestLogNeeded:
      case kFamily:
      case kFamiliesMax:
      case kInAtomicGroup:
        if (!in.Varint(&number)) return false;
        break;
      case kComparator:
      case kFamilyAdded:
        if (!in.Sized(&skipped)) return false;
        break;
      case kCompactCursor:
        if (!in.Varint(&level) || !in.Sized(&skipped)) return false;
        break;
      case kDeletedFile:
        if (!in.Varint(&level) || !in.Varint(&number)) return false;
        bytes_.erase(number);  // one that is moved down a level follows as a new one
        break;
      case kNewFile: {
        std::uint64_t bytes = 0, sequence = 0, option = 0;
        if (!in.Varint(&level) || !in.Varint(&number) || !in.Varint(&bytes) || !in.Sized(&skipped) ||
            !in.Sized(&skipped) || !in.Varint(&sequence) || !in.Varint(&sequence)) {
          return false;
        }
        while (in.Varint(&option) && option != kEndOfOptions) {
          if (!in.Sized(&skipped)) return false;
        }
        if (option != kEndOfOptions) return false;
        bytes_[number] = bytes;
        break;
      }
      default:
        if ((field & kMayBeIgnored) == 0 || !in.Sized(&skipped)) return false;
    }
  }
  return true;
}

}  // namespace insula::storage::rocks
