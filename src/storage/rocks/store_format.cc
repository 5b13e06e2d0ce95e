#include "storage/rocks/store_format.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::string_view kFormatPrefix = "insula-store ";
// The text of FORMAT while the store is being made for the first time: nothing was accepted yet, whatever is missing.
constexpr std::string_view kUnfinished = " unfinished";

Result<void> Write(rocksdb::Env* env, const std::string& directory, std::string_view suffix) {
  // Renamed into place, so that a crash leaves either nothing or the whole text.
  const std::string path = directory + "/FORMAT";
  const std::string temporary = path + ".new";
  rocksdb::Status status = rocksdb::WriteStringToFile(
      env, fmt::format("{}{}{}\n", kFormatPrefix, kStoreFormatVersion, suffix), temporary, /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(temporary, path);
  std::unique_ptr<rocksdb::Directory> handle;
  if (status.ok()) status = env->NewDirectory(directory, &handle);
  if (status.ok()) status = handle->Fsync();
  if (!status.ok()) return ErrorFrom(status, "writing " + path);
  return {};
}

}  // namespace

Result<Made> CheckFormat(rocksdb::Env* env, const std::string& directory) {
  const std::string path = directory + "/FORMAT";
  std::vector<std::string> files;
  rocksdb::Status status = env->GetChildren(directory, &files);
  if (status.IsNotFound() || (status.ok() && files.empty())) return Made::kNo;
  if (!status.ok()) return ErrorFrom(status, "listing " + directory);
  if (std::ranges::find(files, "FORMAT") == files.end()) {
    for (const std::string& file : files) {
      if (file == "." || file == ".." || file == "FORMAT.new") continue;
      return Error(ErrorCode::kCorruption, fmt::format("{} is missing, though its directory holds {}", path, file));
    }
    return Made::kNo;
  }
  std::string text;
  status = rocksdb::ReadFileToString(env, path, &text);
  if (!status.ok()) return ErrorFrom(status, "reading " + path);
  int version = 0;
  std::string_view rest(text);
  const bool ours = rest.starts_with(kFormatPrefix) && rest.ends_with('\n');
  if (ours) {
    rest.remove_prefix(kFormatPrefix.size());
    rest.remove_suffix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), version);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (error != std::errc()) version = 0;
  }
  if (version > kStoreFormatVersion) {
    return Error(ErrorCode::kFailedPrecondition, fmt::format("{} has format {}; this program knows formats up to {}: "
                                                             "use a newer one",
                                                             directory, version, kStoreFormatVersion));
  }
  if (version < 1 || (!rest.empty() && rest != kUnfinished)) {
    return Error(ErrorCode::kCorruption, fmt::format("{} is damaged", path));
  }
  return rest.empty() ? Made::kYes : Made::kUnfinished;
}

Result<void> BeginFormat(rocksdb::Env* env, const std::string& directory) { return Write(env, directory, kUnfinished); }

Result<void> FinishFormat(rocksdb::Env* env, const std::string& directory) { return Write(env, directory, ""); }

}  // namespace insula::storage::rocks
