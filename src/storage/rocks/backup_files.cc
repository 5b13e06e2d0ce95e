#include "storage/rocks/backup_files.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/crypto.h"
#include "storage/refusal.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::string_view kManifestSuffix = ".manifest";
constexpr std::string_view kChunkSuffix = ".chunk";
constexpr std::string_view kNewSuffix = ".new";

std::string ChunkNameOf(const ChunkRef& chunk) {
  const auto hex = HexOf(chunk.digest);
  return std::string(hex.data(), hex.size()).append(kChunkSuffix);
}

Error Damaged(const std::string& path, std::string_view what) {
  return {
      ErrorCode::kCorruption,
      fmt::format("{} is damaged: {}. Bring the file back from a copy of the data directory, or restore from another "
                  "backup",
                  path, what)};
}

Error NoSuchBackup(const std::string& id) { return Refused(Refusal::kNoSuchBackup, "Backup not found: " + id); }

bool IsMissing(const rocksdb::Status& status) { return status.IsNotFound() || status.IsPathNotFound(); }

// "STORE.INCARNATION.ID"
std::optional<std::pair<BackupPlace, std::string>> MarkerFrom(std::string_view name) {
  std::uint32_t store = 0;
  std::uint64_t incarnation = 0;
  const char* end = name.data() + name.size();
  auto read = std::from_chars(name.data(), end, store);
  if (read.ec != std::errc() || read.ptr == end || *read.ptr != '.') return std::nullopt;
  read = std::from_chars(read.ptr + 1, end, incarnation);
  if (read.ec != std::errc() || read.ptr == end || *read.ptr != '.') return std::nullopt;
  return std::pair(BackupPlace{StoreId(store), Incarnation(incarnation)}, std::string(read.ptr + 1, end));
}

}  // namespace

BackupFiles::BackupFiles(rocksdb::Env* env, std::string data_directory, rocksdb::RateLimiter* limiter)
    : env_(env), root_(std::move(data_directory) + "/backups"), limiter_(limiter) {}

std::string BackupFiles::DirectoryOf(const BackupPlace& place) const {
  return fmt::format("{}/{}/{}", root_, place.store.value(), place.incarnation.value());
}
std::string BackupFiles::ManifestPath(const BackupPlace& place, const std::string& id) const {
  return fmt::format("{}/{}{}", DirectoryOf(place), id, kManifestSuffix);
}
std::string BackupFiles::MarkerPath(const BackupPlace& place, const std::string& id) const {
  return fmt::format("{}/writing/{}.{}.{}", root_, place.store.value(), place.incarnation.value(), id);
}

void BackupFiles::Open() {
  std::vector<std::string> names;
  (void)env_->GetChildren(root_ + "/writing", &names);  // none, if nothing was ever backed up
  for (const std::string& name : names) {
    const auto marker = MarkerFrom(name);
    if (!marker) continue;
    if (Sweep(marker->first).ok()) (void)env_->DeleteFile(MarkerPath(marker->first, marker->second));
  }
}

Result<void> BackupFiles::MakeDirectory(const std::string& path) {
  if (env_->FileExists(path).ok()) return {};
  const rocksdb::Status status = env_->CreateDirIfMissing(path);
  if (!status.ok()) return ErrorFrom(status, "making " + path);
  return SyncDirectory(path.substr(0, path.rfind('/')));
}

Result<void> BackupFiles::SyncDirectory(const std::string& path) {
  std::unique_ptr<rocksdb::Directory> directory;
  rocksdb::Status status = env_->NewDirectory(path, &directory);
  if (status.ok()) status = directory->Fsync();
  if (!status.ok()) return ErrorFrom(status, "syncing " + path);
  return {};
}

Result<void> BackupFiles::WriteFile(const std::string& path, std::string_view bytes) {
  if (limiter_ != nullptr) {
    for (std::size_t charged = 0; charged < bytes.size();) {
      const auto burst = static_cast<std::size_t>(limiter_->GetSingleBurstBytes());
      const std::size_t part = std::min(bytes.size() - charged, burst);
      limiter_->Request(static_cast<std::int64_t>(part), rocksdb::Env::IO_LOW, nullptr,
                        rocksdb::RateLimiter::OpType::kWrite);
      charged += part;
    }
  }
  const std::string temporary = path + std::string(kNewSuffix);
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status = env_->NewWritableFile(temporary, &file, rocksdb::EnvOptions());
  if (status.ok()) status = file->Append(rocksdb::Slice(bytes.data(), bytes.size()));
  if (status.ok()) status = file->Sync();
  if (status.ok()) status = file->Close();
  file.reset();
  if (status.ok()) status = env_->RenameFile(temporary, path);
  if (status.ok()) return {};
  (void)env_->DeleteFile(temporary);
  return ErrorFrom(status, "writing " + path);
}

Result<BackupPlace> BackupFiles::PlaceOf(StoreId store, const std::string& id) {
  {
    const MutexLock lock(mutex_);
    const auto known = known_.find({store, id});
    if (known != known_.end()) return BackupPlace{store, known->second};
  }
  std::vector<std::string> names;
  const std::string directory = fmt::format("{}/{}", root_, store.value());
  const rocksdb::Status status = env_->GetChildren(directory, &names);
  if (!status.ok() && !IsMissing(status)) return ErrorFrom(status, "reading " + directory);
  for (const std::string& name : names) {
    std::uint64_t incarnation = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), incarnation).ec != std::errc()) continue;
    const BackupPlace place{store, Incarnation(incarnation)};
    if (!env_->FileExists(ManifestPath(place, id)).ok()) continue;
    const MutexLock lock(mutex_);
    known_[{store, id}] = place.incarnation;
    return place;
  }
  return NoSuchBackup(id);
}

Result<BackupManifest> BackupFiles::ReadManifest(const BackupPlace& place, const std::string& id) {
  const std::string path = ManifestPath(place, id);
  std::string bytes;
  const rocksdb::Status status = rocksdb::ReadFileToString(env_, path, &bytes);
  if (!status.ok() && !env_->FileExists(path).ok()) return NoSuchBackup(id);
  if (!status.ok()) return ErrorFrom(status, "reading " + path);
  Result<BackupManifest> manifest = ManifestFrom(bytes);
  if (manifest.ok()) return manifest;
  if (manifest.error().code() == ErrorCode::kCorruption) return Damaged(path, manifest.error().message());
  return Error(manifest.error().code(), path + ": " + manifest.error().message());
}

void BackupFiles::ForEachManifest(const BackupPlace& place, const std::function<bool(const BackupManifest&)>& each) {
  std::vector<std::string> names;
  (void)env_->GetChildren(DirectoryOf(place), &names);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(kManifestSuffix); });
  std::ranges::sort(names, std::greater());  // the ids of the catalog are in order of time
  for (const std::string& name : names) {
    const Result<BackupManifest> manifest = ReadManifest(place, name.substr(0, name.size() - kManifestSuffix.size()));
    if (manifest.ok() && !each(*manifest)) return;
  }
}

Result<std::string> BackupFiles::ReadChunk(const BackupPlace& place, const ChunkRef& chunk) {
  const std::string path = DirectoryOf(place) + "/" + ChunkNameOf(chunk);
  std::string bytes;
  const rocksdb::Status status = rocksdb::ReadFileToString(env_, path, &bytes);
  if (!status.ok() && !env_->FileExists(path).ok()) return Damaged(path, "it isn't there");
  if (!status.ok()) return ErrorFrom(status, "reading " + path);
  Result<std::string> entries = ChunkEntriesFrom(bytes, chunk);
  if (!entries.ok()) return Damaged(path, entries.error().message());
  return entries;
}

Result<void> BackupFiles::CheckChunks(const BackupPlace& place, const BackupManifest& manifest) {
  for (const ChunkRef& chunk : manifest.chunks) {
    const std::string path = DirectoryOf(place) + "/" + ChunkNameOf(chunk);
    std::uint64_t bytes = 0;
    if (!env_->GetFileSize(path, &bytes).ok()) return Damaged(path, "it isn't there");
    if (bytes != chunk.stored_bytes) {
      return Damaged(path, fmt::format("it has {} bytes where {} were written", bytes, chunk.stored_bytes));
    }
  }
  return {};
}

Result<void> BackupFiles::Begin(const BackupPlace& place, const std::string& id) {
  INSULA_TRY(MakeDirectory(root_));
  INSULA_TRY(MakeDirectory(root_ + "/writing"));
  INSULA_TRY(WriteFile(MarkerPath(place, id), ""));
  INSULA_TRY(SyncDirectory(root_ + "/writing"));
  INSULA_TRY(MakeDirectory(fmt::format("{}/{}", root_, place.store.value())));
  return MakeDirectory(DirectoryOf(place));
}

Result<void> BackupFiles::PutChunk(const BackupPlace& place, const ChunkBuilder::Built& chunk, ChunkRef* ref) {
  const std::string path = DirectoryOf(place) + "/" + ChunkNameOf(chunk.ref);
  *ref = chunk.ref;
  std::string there;
  if (env_->FileExists(path).ok() && rocksdb::ReadFileToString(env_, path, &there).ok()) {
    // Another compressor's bytes may hold the same.
    ref->stored_bytes = there.size();
    if (CheckChunkFile(there, *ref).ok()) return {};
    ref->stored_bytes = chunk.ref.stored_bytes;
  }
  return WriteFile(path, chunk.file);
}

Result<void> BackupFiles::Finish(const BackupPlace& place, const std::string& id, const BackupManifest& manifest) {
  // The chunks' names are durable before anything refers to them.
  INSULA_TRY(SyncDirectory(DirectoryOf(place)));
  INSULA_TRY(WriteFile(ManifestPath(place, id), EncodeManifest(manifest)));
  INSULA_TRY(SyncDirectory(DirectoryOf(place)));
  (void)env_->DeleteFile(MarkerPath(place, id));  // a marker too many only costs a sweep
  const MutexLock lock(mutex_);
  known_[{place.store, id}] = place.incarnation;
  return {};
}

void BackupFiles::Abandon(const BackupPlace& place, const std::string& id) {
  (void)env_->DeleteFile(ManifestPath(place, id));
  if (Sweep(place).ok()) (void)env_->DeleteFile(MarkerPath(place, id));
}

Result<void> BackupFiles::Delete(const BackupPlace& place, const std::string& id) {
  {
    const MutexLock lock(mutex_);
    known_.erase({place.store, id});
  }
  INSULA_TRY(WriteFile(MarkerPath(place, id), ""));
  INSULA_TRY(SyncDirectory(root_ + "/writing"));
  const std::string path = ManifestPath(place, id);
  const rocksdb::Status status = env_->DeleteFile(path);
  if (!status.ok() && env_->FileExists(path).ok()) return ErrorFrom(status, "removing " + path);
  INSULA_TRY(SyncDirectory(DirectoryOf(place)));
  // The backup is gone; chunks that can't be removed now are once the server starts again.
  if (Sweep(place).ok()) (void)env_->DeleteFile(MarkerPath(place, id));
  return {};
}

Result<void> BackupFiles::Sweep(const BackupPlace& place) {
  const std::string directory = DirectoryOf(place);
  std::vector<std::string> names;
  const rocksdb::Status status = env_->GetChildren(directory, &names);
  if (!status.ok()) {
    if (IsMissing(status) || !env_->FileExists(directory).ok()) return {};
    return ErrorFrom(status, "reading " + directory);
  }
  std::set<std::string> needed;
  for (const std::string& name : names) {
    if (!name.ends_with(kManifestSuffix)) continue;
    // Whose chunks a damaged manifest needs isn't known: all stay.
    INSULA_ASSIGN(const BackupManifest manifest,
                  ReadManifest(place, name.substr(0, name.size() - kManifestSuffix.size())));
    needed.insert(name);
    for (const ChunkRef& chunk : manifest.chunks) needed.insert(ChunkNameOf(chunk));
  }
  for (const std::string& name : names) {
    if (name == "." || name == ".." || needed.contains(name)) continue;
    (void)env_->DeleteFile(directory + "/" + name);
  }
  if (needed.empty()) (void)env_->DeleteDir(directory);
  return {};
}

Result<std::string> BackupFiles::RestoreDirectory(const BackupPlace& into) {
  INSULA_TRY(MakeDirectory(root_));
  INSULA_TRY(MakeDirectory(root_ + "/restoring"));
  std::string path = fmt::format("{}/restoring/{}.{}", root_, into.store.value(), into.incarnation.value());
  INSULA_TRY(MakeDirectory(path));
  return path;
}

void BackupFiles::RemoveRestoreDirectory(const BackupPlace& into) {
  RemoveDirectory(fmt::format("{}/restoring/{}.{}", root_, into.store.value(), into.incarnation.value()));
}

void BackupFiles::RemoveDirectory(const std::string& path) {
  std::vector<std::string> names;
  if (!env_->GetChildren(path, &names).ok()) return;
  for (const std::string& name : names) {
    if (name != "." && name != "..") (void)env_->DeleteFile(path + "/" + name);
  }
  (void)env_->DeleteDir(path);
}

}  // namespace insula::storage::rocks
