#include "storage/rocks/store_check.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "storage/rocks/log_scan.h"
#include "storage/rocks/manifest_tables.h"
#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/status.h"
#include "storage/rocks/store_format.h"

namespace insula::storage::rocks {
namespace {

using rocksdb::FileSystem;
using rocksdb::IOStatus;

std::string LogName(std::uint64_t number) { return fmt::format("{:06}.log", number); }

std::optional<std::uint64_t> NumberIn(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> LogNumber(std::string_view name) {
  if (!name.ends_with(".log")) return std::nullopt;
  return NumberIn(name.substr(0, name.size() - 4));
}

class StoreChecker {
 public:
  StoreChecker(FileSystem& files, std::string directory, const std::optional<Promise>& promise)
      : files_(files), directory_(std::move(directory)), promise_(promise) {
    result_.witnessed = promise.has_value();
    if (promise) result_.promised_sequence = promise->sequence;
  }

  Result<StoreCheck> Run() {
    std::vector<std::string> names;
    const IOStatus listed = files_.GetChildren(directory_, {}, &names, nullptr);
    if (!listed.ok()) return ErrorFrom(listed, "listing " + directory_);
    for (const std::string& name : names) {
      if (const auto number = LogNumber(name)) logs_[*number] = name;
    }
    INSULA_ASSIGN(const std::optional<std::uint64_t> manifest, CurrentManifest());
    if (manifest) INSULA_TRY(CheckManifest(*manifest));
    if (result_.shortfalls.empty()) INSULA_TRY(CheckTables());
    if (result_.shortfalls.empty()) INSULA_TRY(CheckLogs());
    return result_;
  }

 private:
  void Lacks(const std::string& name, std::uint64_t whole_bytes, std::string what,
             std::optional<std::uint64_t> log = std::nullopt) {
    result_.shortfalls.push_back({name, whole_bytes, fmt::format("{}/{} {}", directory_, name, what), log});
  }

  // None: the shortfall says so.
  Result<std::optional<std::uint64_t>> CurrentManifest() {
    const std::string path = directory_ + "/CURRENT";
    std::string text;
    const IOStatus exists = files_.FileExists(path, {}, nullptr);
    if (exists.ok()) {
      const IOStatus status = rocksdb::ReadFileToString(&files_, path, &text);
      if (!status.ok()) return ErrorFrom(status, "reading " + path);
      std::string_view name(text);
      if (name.starts_with(kManifestPrefix) && name.ends_with('\n')) {
        name.remove_suffix(1);
        if (const auto number = NumberIn(name.substr(kManifestPrefix.size()))) return number;
      }
    } else if (!exists.IsNotFound()) {
      return ErrorFrom(exists, "looking for " + path);
    }
    std::string hint;
    if (promise_ && !promise_->manifests.empty()) {
      hint =
          fmt::format("; the newest manifest is {}{:06}: a CURRENT that holds this name and a line's end replaces it",
                      kManifestPrefix, promise_->manifests.rbegin()->first);
    }
    Lacks("CURRENT", 0, (exists.ok() ? "is damaged" : "is missing") + hint);
    return std::optional<std::uint64_t>();
  }

  Result<void> CheckManifest(std::uint64_t number) {
    const std::string name = fmt::format("{}{:06}", kManifestPrefix, number);
    std::uint64_t promised = 0;
    if (promise_) {
      const auto at = promise_->manifests.find(number);
      result_.witnessed = at != promise_->manifests.end();
      if (result_.witnessed) promised = at->second;
    }
    if (!files_.FileExists(directory_ + "/" + name, {}, nullptr).ok()) {
      Lacks(name, 0, "is missing, though CURRENT names it");
      return {};
    }
    const Result<LogScan> scanned =
        ScanLog(files_, directory_ + "/" + name, [this](std::string_view record) { tables_.Take(record); });
    if (!scanned.ok()) {
      if (!IsGone(name)) return scanned.error();
      Lacks(name, 0, "is missing, though CURRENT names it");
      return {};
    }
    const LogScan& scan = *scanned;
    if (IsTorn(scan, promised) && scan.whole_bytes > 0) {
      result_.torn_tails.push_back({name, scan.whole_bytes, HowItEnds(scan, promised)});
    } else if (scan.whole_bytes < promised || !scan.damage.empty()) {
      Lacks(name, scan.whole_bytes, HowItEnds(scan, promised));
    } else if (scan.whole_bytes == 0) {
      Lacks(name, 0, "is empty");
    }
    return {};
  }

  // Those that the manifest names: that each is there, as long as it says.
  Result<void> CheckTables() {
    result_.tables_compared = tables_.known();
    if (!tables_.known()) return {};
    for (const auto& [number, bytes] : tables_.bytes()) {
      const std::string name = fmt::format("{:06}.sst", number);
      const std::string path = directory_ + "/" + name;
      std::uint64_t found = 0;
      const IOStatus status = files_.GetFileSize(path, {}, &found, nullptr);
      if (status.IsNotFound() || status.IsPathNotFound()) {
        Lacks(name, 0, fmt::format("is missing: it held {} bytes", bytes));
      } else if (!status.ok()) {
        return ErrorFrom(status, "looking for " + path);
      } else if (found != bytes) {
        Lacks(name, std::min(found, bytes), fmt::format("ends at byte {}, and should at byte {}", found, bytes));
      }
    }
    return {};
  }

  // In the order of their numbers, which is that of what they hold.
  Result<void> CheckLogs() {
    std::map<std::uint64_t, std::uint64_t> promised;
    for (const auto& [number, name] : logs_) promised[number] = 0;
    if (promise_ && result_.witnessed) {
      for (const auto& [number, bytes] : promise_->logs) promised[number] = bytes;
    }
    for (const auto& [number, bytes] : promised) {
      if (!logs_.contains(number)) {
        Lacks(LogName(number), 0, fmt::format("is missing: it held {} bytes of acknowledged writes", bytes), number);
        continue;
      }
      Result<LogScan> scanned = ScanLog(files_, directory_ + "/" + logs_.at(number));
      if (!scanned.ok()) {
        if (!IsGone(logs_.at(number))) return scanned.error();
        if (bytes > 0) Lacks(logs_.at(number), 0, "is missing: it was there a moment ago", number);
        continue;
      }
      LogScan& scan = *scanned;
      // Only the last log has an unsynced end.
      if (number == promised.rbegin()->first && IsTorn(scan, bytes) && !scan.goes_on) {
        result_.torn_tails.push_back({logs_.at(number), scan.whole_bytes, HowItEnds(scan, bytes)});
        scan.damage.clear();
      }
      if (result_.shortfalls.empty()) result_.whole_sequence = std::max(result_.whole_sequence, scan.last_sequence);
      if (scan.whole_bytes < bytes || !scan.damage.empty()) {
        Lacks(logs_.at(number), scan.whole_bytes, HowItEnds(scan, bytes), number);
      }
    }
    return {};
  }

  // Of a file that was there when the directory was listed: a store that is at work deletes what it needs no more.
  bool IsGone(const std::string& name) { return files_.FileExists(directory_ + "/" + name, {}, nullptr).IsNotFound(); }

  // Damage behind all that was promised. Without a witness nobody can tell where that is.
  bool IsTorn(const LogScan& scan, std::uint64_t promised) const {
    return promise_ && result_.witnessed && (!scan.damage.empty() || scan.zeros_at_end) && scan.whole_bytes >= promised;
  }

  static std::string HowItEnds(const LogScan& scan, std::uint64_t promised) {
    std::string how = scan.damage.empty() ? fmt::format("ends at byte {}", scan.whole_bytes)
                                          : fmt::format("is damaged at byte {} ({})", scan.whole_bytes, scan.damage);
    if (promised > 0) how += fmt::format("; {} bytes of it had been synced", promised);
    return how;
  }

  FileSystem& files_;
  const std::string directory_;
  const std::optional<Promise>& promise_;
  ManifestTables tables_;
  std::map<std::uint64_t, std::string> logs_;  // the names of those that are there, by number
  StoreCheck result_;
};

IOStatus CopyFront(FileSystem& files, const std::string& from, const std::string& to, std::uint64_t bytes) {
  std::unique_ptr<rocksdb::FSSequentialFile> source;
  std::unique_ptr<rocksdb::FSWritableFile> target;
  IOStatus status = files.NewSequentialFile(from, {}, &source, nullptr);
  if (status.ok()) status = files.NewWritableFile(to, {}, &target, nullptr);
  constexpr std::size_t kBufferBytes = 1 << 20;
  const auto buffer = std::make_unique<char[]>(kBufferBytes);
  while (status.ok() && bytes > 0) {
    rocksdb::Slice read;
    status = source->Read(std::min<std::uint64_t>(bytes, kBufferBytes), {}, &read, buffer.get(), nullptr);
    if (status.ok() && read.empty()) status = IOStatus::IOError("shorter than a moment ago", from);
    if (status.ok()) status = target->Append(read, {}, nullptr);
    bytes -= read.size();
  }
  if (status.ok()) status = target->Sync({}, nullptr);
  if (status.ok()) status = target->Close({}, nullptr);
  return status;
}

IOStatus SyncDirectory(FileSystem& files, const std::string& path) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  IOStatus status = files.NewDirectory(path, {}, &directory, nullptr);
  return status.ok() ? directory->Fsync({}, nullptr) : status;
}

}  // namespace

Result<StoreCheck> CheckStore(FileSystem& files, const std::string& directory, const std::optional<Promise>& promise) {
  return StoreChecker(files, directory, promise).Run();
}

std::string Describe(const StoreCheck& check) {
  std::string text;
  for (const Shortfall& shortfall : check.shortfalls) text += (text.empty() ? "" : "; ") + shortfall.what;
  if (check.promised_sequence > check.whole_sequence) {
    text += check.whole_sequence > 0 ? fmt::format(". Writes after sequence {} and up to {} are missing",
                                                   check.whole_sequence, check.promised_sequence)
                                     : fmt::format(". The last acknowledged sequence is {}", check.promised_sequence);
  }
  return text;
}

Result<void> GiveUpWhatIsLost(FileSystem& files, const std::string& directory, const StoreCheck& check) {
  const Shortfall& first = check.shortfalls.front();
  const std::string lost = directory + "/" + kLostDirectory;
  const std::string what = "moving lost logs to " + lost;
  IOStatus status = files.CreateDirIfMissing(lost, {}, nullptr);
  // More may be lost another time.
  const std::string note = WhatWasLost(files, directory) + Describe(check) + "\n";
  if (status.ok()) status = rocksdb::WriteStringToFile(&files, note, directory + "/" + kLostNote, true);
  std::vector<std::string> names;
  if (status.ok()) status = files.GetChildren(directory, {}, &names, nullptr);
  if (!status.ok()) return ErrorFrom(status, what);
  // The last ones first, so that whatever interrupts this leaves a front.
  std::map<std::uint64_t, std::string, std::greater<>> logs;
  for (const std::string& name : names) {
    if (const auto number = LogNumber(name); number && *number >= *first.log) logs[*number] = name;
  }
  for (const auto& [number, name] : logs) {
    const std::string path = directory + "/" + name;
    std::string front;
    if (number == *first.log && first.whole_bytes > 0) {
      front = path + ".front";
      status = CopyFront(files, path, front, first.whole_bytes);
    }
    if (status.ok()) status = files.RenameFile(path, lost + "/" + name, {}, nullptr);
    if (status.ok() && !front.empty()) status = files.RenameFile(front, path, {}, nullptr);
    if (!status.ok()) return ErrorFrom(status, what);
  }
  for (const std::string& path : {lost, directory}) {
    status = SyncDirectory(files, path);
    if (!status.ok()) return ErrorFrom(status, what);
  }
  return {};
}

Result<void> CutTornTails(FileSystem& files, const std::string& directory, const StoreCheck& check) {
  IOStatus status;
  for (const TornTail& tail : check.torn_tails) {
    const std::string path = directory + "/" + tail.file;
    status = CopyFront(files, path, path + ".front", tail.whole_bytes);
    if (status.ok()) status = files.RenameFile(path + ".front", path, {}, nullptr);
    if (!status.ok()) return ErrorFrom(status, "cutting a torn write off " + path);
  }
  if (!check.torn_tails.empty()) status = SyncDirectory(files, directory);
  if (!status.ok()) return ErrorFrom(status, "syncing " + directory);
  return {};
}

std::string WhatWasLost(FileSystem& files, const std::string& directory) {
  std::string note;
  if (!rocksdb::ReadFileToString(&files, directory + "/" + kLostNote, &note).ok()) return "";
  return note;
}

std::string StoreDirectory(const std::string& engine_directory, StoreId id) {
  if (id == StoreId(0)) return engine_directory + "/shared";
  return fmt::format("{}/accounts/{}", engine_directory, id.value());
}

Result<std::vector<std::string>> RocksEngine::FindDamage(const std::string& engine_directory, StoreId id) {
  const std::string directory = StoreDirectory(engine_directory, id);
  FileSystem& files = *rocksdb::FileSystem::Default();
  std::vector<std::string> damage;
  if (const auto own = CheckIdentity(rocksdb::Env::Default(), engine_directory, id); !own.ok()) {
    damage.push_back(own.error().message());
  }
  // What is written and deleted meanwhile looks like damage once, but the same file not each time.
  StoreCheck lasting;
  for (int attempt = 0; attempt < 3; ++attempt) {
    INSULA_ASSIGN(const Promise promise, Witness::Read(files, directory));
    INSULA_ASSIGN(StoreCheck check, CheckStore(files, directory, promise));
    if (attempt > 0) {
      std::erase_if(check.shortfalls, [&](const Shortfall& now) {
        return std::ranges::none_of(lasting.shortfalls, [&](const Shortfall& was) { return was.file == now.file; });
      });
    }
    lasting = std::move(check);
    if (lasting.shortfalls.empty()) break;
  }
  if (!lasting.shortfalls.empty()) damage.push_back(Describe(lasting));
  if (lasting.shortfalls.empty() && !lasting.tables_compared) {
    damage.push_back(directory + ": its manifest can't be understood, so its table files weren't compared");
  }
  if (std::string lost = WhatWasLost(files, directory); !lost.empty()) {
    damage.push_back(fmt::format("{}/{}: {}", directory, kLostNote, lost));
  }
  return damage;
}

}  // namespace insula::storage::rocks
