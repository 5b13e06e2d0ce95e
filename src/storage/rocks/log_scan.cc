#include "storage/rocks/log_scan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "storage/rocks/status.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kBlockBytes = 32 << 10;
constexpr std::size_t kLogHeaderBytes = 7;
constexpr std::size_t kBatchHeaderBytes = 12;
constexpr std::size_t kReadBytes = 32 * kBlockBytes;

enum RecordType : std::uint8_t { kZeros = 0, kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

template <typename T>
T LittleEndian(const char* bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  }
  return value;
}

std::uint32_t Unmasked(std::uint32_t masked) {
  const std::uint32_t rotated = masked - 0xa282ead8U;
  return (rotated >> 17) | (rotated << 15);
}

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
    table[i] = crc;
  }
  return table;
}();

std::uint32_t CrcByTable(std::uint32_t crc, std::string_view data) {
  for (const char c : data) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t CrcByInstruction(std::uint32_t crc, std::string_view data) {
  std::uint64_t wide = crc;
  for (; data.size() >= 8; data.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const char c : data) crc = _mm_crc32_u8(crc, static_cast<unsigned char>(c));
  return crc;
}
#endif

// Takes in a log block by block.
class Scanner {
 public:
  Scanner(LogScan* scan, const std::function<void(std::string_view)>& on_record) : scan_(scan), on_record_(on_record) {}

  // False: the rest isn't worth a look. `block` begins at a multiple of kBlockBytes and is whole, or the file's last.
  bool Take(std::string_view block) {
    const std::uint64_t begin = at_;
    at_ += block.size();
    std::size_t offset = 0;
    if (damaged_) return LookForMore(block);
    while (block.size() - offset >= kLogHeaderBytes) {
      const char* header = block.data() + offset;
      const auto length = LittleEndian<std::uint16_t>(header + 4);
      const auto type = static_cast<std::uint8_t>(header[6]);
      if (type == kZeros && length == 0) {
        zeros_ = true;
        break;
      }
      if (zeros_) {
        (void)Damage("zeros, and then more");
        return LookForMore(block.substr(offset));
      }
      const bool about_the_file = type == 9 || type == 10 || type >= 128;
      if (type > kLast && !about_the_file) return Damage("no record");
      if (offset + kLogHeaderBytes + length > block.size()) {
        if (block.size() < kBlockBytes) return false;  // cut short
        return Damage("a record longer than its block");
      }
      const std::string_view payload(header + kLogHeaderBytes, length);
      if (Crc32c(std::string_view(header + 6, 1 + std::size_t{length})) !=
          Unmasked(LittleEndian<std::uint32_t>(header))) {
        (void)Damage("a record whose checksum is another");
        return LookForMore(block.substr(offset + kLogHeaderBytes + length));
      }
      offset += kLogHeaderBytes + length;
      if (!about_the_file && !TakeRecord(type, payload)) return Damage("a record's part without the rest");
      if (!inside_) scan_->whole_bytes = begin + offset;
    }
    return true;
  }

  bool zeros() const { return zeros_; }

 private:
  bool Damage(std::string_view what) {
    scan_->damage = what;
    damaged_ = true;
    return true;  // what follows is looked at, too
  }

  // Behind the damage: false once a record was found there that begins a batch.
  bool LookForMore(std::string_view block) {
    while (block.size() >= kLogHeaderBytes) {
      const auto length = LittleEndian<std::uint16_t>(block.data() + 4);
      const auto type = static_cast<std::uint8_t>(block[6]);
      const bool fits = length > 0 && kLogHeaderBytes + length <= block.size();
      if (!fits ||
          Crc32c(block.substr(6, 1 + std::size_t{length})) != Unmasked(LittleEndian<std::uint32_t>(block.data()))) {
        return true;
      }
      scan_->goes_on = type == kWhole || type == kFirst;
      if (scan_->goes_on) return false;
      block.remove_prefix(kLogHeaderBytes + length);
    }
    return true;
  }

  bool TakeRecord(std::uint8_t type, std::string_view payload) {
    const bool begins = type == kWhole || type == kFirst;
    if (begins == inside_) return false;
    if (begins) batch_header_.clear();
    if (batch_header_.size() < kBatchHeaderBytes) {
      batch_header_.append(payload.substr(0, kBatchHeaderBytes - batch_header_.size()));
    }
    inside_ = type == kFirst || type == kMiddle;
    if (on_record_) {
      if (begins) record_.clear();
      record_.append(payload);
      if (!inside_) on_record_(record_);
    }
    if (inside_ || batch_header_.size() < kBatchHeaderBytes) return true;
    const auto sequence = LittleEndian<std::uint64_t>(batch_header_.data());
    const auto count = LittleEndian<std::uint32_t>(batch_header_.data() + 8);
    if (count == 0) return true;
    if (scan_->first_sequence == 0) scan_->first_sequence = sequence;
    scan_->last_sequence = sequence + count - 1;
    return true;
  }

  LogScan* const scan_;
  const std::function<void(std::string_view)>& on_record_;
  std::uint64_t at_ = 0;
  bool inside_ = false;  // a record of several parts
  bool zeros_ = false;
  bool damaged_ = false;
  std::string batch_header_;
  std::string record_;  // as far as it was taken; empty where nobody is told of it
};

}  // namespace

std::uint32_t Crc32c(std::string_view data) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return ~CrcByInstruction(~0U, data);
#endif
  return ~CrcByTable(~0U, data);
}

Result<LogScan> ScanLog(rocksdb::FileSystem& files, const std::string& path,
                        const std::function<void(std::string_view)>& on_record) {
  const std::string what = "reading " + path;
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  rocksdb::IOStatus status = files.NewSequentialFile(path, {}, &file, nullptr);
  if (!status.ok()) return ErrorFrom(status, what);
  LogScan scan;
  Scanner scanner(&scan, on_record);
  bool looking = true;
  const auto buffer = std::make_unique<char[]>(kReadBytes);
  for (std::size_t held = 0;;) {
    rocksdb::Slice read;
    status = file->Read(kReadBytes - held, {}, &read, buffer.get() + held, nullptr);
    if (!status.ok()) return ErrorFrom(status, what);
    if (!read.empty() && read.data() != buffer.get() + held) {
      std::memcpy(buffer.get() + held, read.data(), read.size());
    }
    scan.bytes += read.size();
    held += read.size();
    if (held < kReadBytes && !read.empty()) continue;  // a short read isn't the end
    for (std::size_t at = 0; looking && at < held; at += kBlockBytes) {
      looking = scanner.Take({buffer.get() + at, std::min(kBlockBytes, held - at)});
    }
    held = 0;
    if (!read.empty()) continue;
    scan.zeros_at_end = scanner.zeros() && scan.damage.empty();
    return scan;
  }
}

}  // namespace insula::storage::rocks
