#include "storage/rocks/opening.h"

#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace insula::storage::rocks {
namespace {

// Beside its logs, which become tables, and its manifest, which is written anew: options, directories, a first log.
constexpr std::uint64_t kSmallFilesBytes = 256u << 10;

std::uint64_t FileBytes(rocksdb::Env* env, const std::string& path) {
  std::uint64_t bytes = 0;
  return env->GetFileSize(path, &bytes).ok() ? bytes : 0;
}

// The manifest that CURRENT names; nothing if it can't be told.
std::string ManifestOf(rocksdb::Env* env, const std::string& directory) {
  std::string name;
  if (!rocksdb::ReadFileToString(env, directory + "/CURRENT", &name).ok()) return "";
  while (name.ends_with('\n')) name.pop_back();
  return name;
}

}  // namespace

Opening::Opening(DiskState* disk, rocksdb::Env* env, std::string directory)
    : disk_(disk), env_(env), directory_(std::move(directory)), counted_(WhatCounts()) {
  if (disk_ == nullptr) return;
  const MutexLock lock(disk_->mutex);
  disk_->opening.try_emplace(directory_, DiskState::Opening{std::this_thread::get_id(), {}, {}});
}

std::string Opening::WhatCounts() const {
  const std::string manifest = ManifestOf(env_, directory_);
  return fmt::format("{} {}", manifest, manifest.empty() ? 0 : FileBytes(env_, directory_ + "/" + manifest));
}

DiskState::Opening Opening::End() {
  if (disk_ == nullptr) return {};
  const MutexLock lock(disk_->mutex);
  auto ended = disk_->opening.extract(directory_);
  return ended ? std::move(ended.mapped()) : DiskState::Opening{};
}

void Opening::Succeed() {
  // Whatever can't be deleted is found again when the store is next opened.
  for (const std::string& file : End().held) (void)env_->DeleteFile(file);
}

void Opening::FailForWantOfRoom() {
  const DiskState::Opening ended = End();
  if (disk_ == nullptr || WhatCounts() != counted_) return;
  {
    const MutexLock lock(disk_->mutex);
    disk_->uncertain.erase(directory_);  // what the manifest says is known
  }
  for (const std::string& file : ended.made) (void)env_->DeleteFile(file);
}

Error NoRoomToOpen(rocksdb::Env* env, const std::string& directory, const Error& cause) {
  std::uint64_t needed = kSmallFilesBytes;
  std::vector<std::string> names;
  (void)env->GetChildren(directory, &names);
  const std::string manifest = ManifestOf(env, directory);
  for (const std::string& name : names) {
    if (name.ends_with(".log") || name == manifest) needed += FileBytes(env, directory + "/" + name);
  }
  std::uint64_t free_bytes = 0;
  // What a file system sets aside for itself may count as free: then it isn't the figure that tells.
  const bool tells = env->GetFreeSpace(directory, &free_bytes).ok() && free_bytes < needed;
  return {ErrorCode::kStorageFull,
          fmt::format("{} can't be opened, as its disk is full: that takes up to {} bytes of room{}. All that was in "
                      "it is there; make room ({})",
                      directory, needed, tells ? fmt::format(", and {} are free", free_bytes) : "", cause.message())};
}

}  // namespace insula::storage::rocks
