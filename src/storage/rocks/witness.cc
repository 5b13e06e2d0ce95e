#include "storage/rocks/witness.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <xxhash.h>

#include "storage/rocks/key_format.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

using rocksdb::IOStatus;

constexpr std::string_view kWitnessMagic = "INSULAW1";
constexpr std::size_t kBytes = 512;
constexpr std::size_t kWitnessHeaderBytes = 20;
constexpr std::size_t kFileBytes = 16;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kFilesMax = (kBytes - kWitnessHeaderBytes - kChecksumBytes) / kFileBytes;

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::string EncodePromise(const Promise& promise) {
  // The newest of each: RocksDB has one or two manifests.
  const std::size_t manifests = std::min(promise.manifests.size(), kFilesMax / 2);
  const std::size_t logs = std::min(promise.logs.size(), kFilesMax - manifests);
  std::string out(kWitnessMagic);
  out.reserve(kBytes);
  AppendBigEndian64(promise.sequence, &out);
  AppendBigEndian16(static_cast<std::uint16_t>(manifests), &out);
  AppendBigEndian16(static_cast<std::uint16_t>(logs), &out);
  const auto append = [&out](const std::map<std::uint64_t, std::uint64_t>& files, std::size_t count) {
    for (auto file = files.rbegin(); count > 0; ++file, --count) {
      AppendBigEndian64(file->first, &out);
      AppendBigEndian64(file->second, &out);
    }
  };
  append(promise.manifests, manifests);
  append(promise.logs, logs);
  out.resize(kBytes - kChecksumBytes, '\0');
  AppendBigEndian64(XXH3_64bits(out.data(), out.size()), &out);
  return out;
}

std::optional<Promise> DecodePromise(std::string_view bytes) {
  if (bytes.size() != kBytes || !bytes.starts_with(kWitnessMagic)) return std::nullopt;
  const std::string_view body = bytes.substr(0, kBytes - kChecksumBytes);
  if (XXH3_64bits(body.data(), body.size()) != BigEndian(bytes.substr(body.size()))) return std::nullopt;
  Promise promise;
  promise.sequence = BigEndian(body.substr(8, 8));
  const std::size_t manifests = BigEndian(body.substr(16, 2));
  const std::size_t logs = BigEndian(body.substr(18, 2));
  if (manifests + logs > kFilesMax) return std::nullopt;
  for (std::size_t i = 0; i < manifests + logs; ++i) {
    const std::string_view file = body.substr(kWitnessHeaderBytes + i * kFileBytes, kFileBytes);
    (i < manifests ? promise.manifests : promise.logs)[BigEndian(file.substr(0, 8))] = BigEndian(file.substr(8));
  }
  return promise;
}

Result<Promise> Witness::Read(rocksdb::FileSystem& files, const std::string& directory) {
  const std::string path = directory + "/" + kWitnessFile;
  if (files.FileExists(path, {}, nullptr).IsNotFound()) return Error(ErrorCode::kNotFound, path + " is missing");
  std::string bytes;
  const IOStatus status = rocksdb::ReadFileToString(&files, path, &bytes);
  if (!status.ok()) return ErrorFrom(status, "reading " + path);
  const std::optional<Promise> promise = DecodePromise(bytes);
  if (!promise) return Error(ErrorCode::kCorruption, path + " is damaged");
  return *promise;
}

Result<std::shared_ptr<Witness>> Witness::Begin(rocksdb::FileSystem& files, const std::string& directory,
                                                Promise promise, std::function<void(std::string_view)> log) {
  const std::string path = directory + "/" + kWitnessFile;
  IOStatus status;
  const Result<Promise> there = Read(files, directory);
  if (!there.ok() || *there != promise) {
    const std::string temporary = path + ".new";
    status = rocksdb::WriteStringToFile(&files, EncodePromise(promise), temporary, /*should_sync=*/true);
    if (status.ok()) status = files.RenameFile(temporary, path, {}, nullptr);
    std::unique_ptr<rocksdb::FSDirectory> handle;
    if (status.ok()) status = files.NewDirectory(directory, {}, &handle, nullptr);
    if (status.ok()) status = handle->Fsync({}, nullptr);
  }
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  if (status.ok()) status = files.NewRandomRWFile(path, {}, &file, nullptr);
  if (!status.ok()) return ErrorFrom(status, "writing " + path);
  return std::shared_ptr<Witness>(new Witness(path, std::move(file), std::move(promise), std::move(log)));
}

IOStatus Witness::Write() {
  IOStatus status = file_->Write(0, EncodePromise(promise_), {}, nullptr);
  if (!status.ok() && !std::exchange(failing_, true)) {
    log_(fmt::format("{} can't be written ({}): a start will know less of what was acknowledged", path_,
                     status.ToString()));
  }
  if (status.ok()) failing_ = false;
  return status;
}

void Witness::LogSynced(std::uint64_t number, std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  synced_logs_[number] = bytes;
}

void Witness::ManifestSynced(std::uint64_t number, std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  promise_.manifests[number] = bytes;
  (void)Write();
}

void Witness::Acknowledge(std::uint64_t sequence) {
  const MutexLock lock(mutex_);
  promise_.sequence = std::max(promise_.sequence, sequence);
  for (const auto& [number, bytes] : synced_logs_) promise_.logs[number] = bytes;
  synced_logs_.clear();
  (void)Write();
}

IOStatus Witness::ForgetLog(std::uint64_t number) {
  {
    const MutexLock lock(mutex_);
    if (promise_.logs.erase(number) + synced_logs_.erase(number) > 0) ++forgotten_;
  }
  return MakeForgetfulnessDurable();
}

IOStatus Witness::ForgetManifest(std::uint64_t number) {
  {
    const MutexLock lock(mutex_);
    if (promise_.manifests.erase(number) > 0) ++forgotten_;
  }
  return MakeForgetfulnessDurable();
}

IOStatus Witness::MakeForgetfulnessDurable() {
  std::uint64_t forgotten = 0;
  {
    const MutexLock lock(mutex_);
    forgotten = forgotten_;
    if (durably_forgotten_ == forgotten) return IOStatus::OK();
    IOStatus status = Write();
    if (!status.ok()) return status;
  }
  // Not under the lock: a commit needn't wait for it, and what it writes meanwhile lacks the file just as well.
  IOStatus status = file_->Sync({}, nullptr);
  if (!status.ok()) return status;
  const MutexLock lock(mutex_);
  durably_forgotten_ = std::max(durably_forgotten_, forgotten);
  return status;
}

Promise Witness::promise() const {
  const MutexLock lock(mutex_);
  return promise_;
}

}  // namespace insula::storage::rocks
