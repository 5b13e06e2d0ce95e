#include "storage/rocks/store_format.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/crypto.h"
#include "storage/rocks/status.h"
#include "storage/rocks/store_check.h"

namespace insula::storage::rocks {
namespace {

constexpr std::string_view kFormatPrefix = "insula-store ";
// The end of FORMAT while the store is being made for the first time: nothing was accepted yet, whatever is missing.
constexpr std::string_view kUnfinished = " unfinished";
constexpr std::size_t kOrganizationBytes = 16;

Result<void> Write(rocksdb::Env* env, const std::string& directory, const StoreIdentity& identity,
                   std::string_view suffix) {
  // Renamed into place, so that a crash leaves either nothing or the whole text.
  const std::string path = directory + "/FORMAT";
  const std::string temporary = path + ".new";
  const std::string text = fmt::format("{}{} store {} of {}{}\n", kFormatPrefix, kStoreFormatVersion,
                                       identity.store.value(), identity.organization, suffix);
  rocksdb::Status status = rocksdb::WriteStringToFile(env, text, temporary, /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(temporary, path);
  std::unique_ptr<rocksdb::Directory> handle;
  if (status.ok()) status = env->NewDirectory(directory, &handle);
  if (status.ok()) status = handle->Fsync();
  if (!status.ok()) return ErrorFrom(status, "writing " + path);
  return {};
}

bool Take(std::string_view* text, std::string_view word) {
  if (!text->starts_with(word)) return false;
  text->remove_prefix(word.size());
  return true;
}

template <class Number>
bool TakeNumber(std::string_view* text, Number* number) {
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *number);
  if (error != std::errc()) return false;
  text->remove_prefix(static_cast<std::size_t>(end - text->data()));
  return true;
}

std::optional<StoreIdentity> TakeIdentity(std::string_view* text) {
  std::uint32_t store = 0;
  if (!Take(text, " store ") || !TakeNumber(text, &store) || !Take(text, " of ")) return std::nullopt;
  const std::string_view organization = text->substr(0, 2 * kOrganizationBytes);
  if (organization.size() != 2 * kOrganizationBytes ||
      organization.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  text->remove_prefix(organization.size());
  return StoreIdentity{StoreId(store), std::string(organization)};
}

std::string NameOf(StoreId id) {
  return id == StoreId(0) ? "the shared store" : fmt::format("the store of accounts/{}", id.value());
}

}  // namespace

std::string NewOrganization() { return HexOf(RandomBytes(kOrganizationBytes)); }

Result<StoreFormat> ReadFormat(rocksdb::Env* env, const std::string& directory) {
  const std::string path = directory + "/FORMAT";
  std::vector<std::string> files;
  rocksdb::Status status = env->GetChildren(directory, &files);
  if (status.IsNotFound() || (status.ok() && files.empty())) return StoreFormat();
  if (!status.ok()) return ErrorFrom(status, "listing " + directory);
  if (std::ranges::find(files, "FORMAT") == files.end()) {
    for (const std::string& file : files) {
      if (file == "." || file == ".." || file == "FORMAT.new") continue;
      return Error(ErrorCode::kCorruption,
                   fmt::format("{} is missing, though its directory holds {}. Put it back as it was, or restore the "
                               "directory's copy as a whole",
                               path, file));
    }
    return StoreFormat();
  }
  std::string text;
  status = rocksdb::ReadFileToString(env, path, &text);
  if (!status.ok()) return ErrorFrom(status, "reading " + path);
  StoreFormat format;
  int version = 0;
  std::string_view rest(text);
  if (!rest.ends_with('\n') || !Take(&rest, kFormatPrefix) || !TakeNumber(&rest, &version)) version = 0;
  if (version > kStoreFormatVersion) {
    return Error(ErrorCode::kFailedPrecondition, fmt::format("{} has format {}; this program knows formats up to {}: "
                                                             "use a newer one",
                                                             directory, version, kStoreFormatVersion));
  }
  if (version > 1) format.identity = TakeIdentity(&rest);
  format.made = Take(&rest, kUnfinished) ? Made::kUnfinished : Made::kYes;
  if (version < 1 || (version > 1 && !format.identity) || rest != "\n") {
    return Error(ErrorCode::kCorruption, fmt::format("{} is damaged: it holds {} bytes that aren't a format's. Put it "
                                                     "back as it was, or restore the directory's copy as a whole",
                                                     path, text.size()));
  }
  return format;
}

Result<void> BeginFormat(rocksdb::Env* env, const std::string& directory, const StoreIdentity& identity) {
  return Write(env, directory, identity, kUnfinished);
}

Result<void> FinishFormat(rocksdb::Env* env, const std::string& directory, const StoreIdentity& identity) {
  return Write(env, directory, identity, "");
}

Result<void> CheckIdentity(const std::string& directory, const StoreFormat& format, StoreId id,
                           const std::optional<std::string>& organization) {
  if (!format.identity) return {};
  if (format.identity->store != id) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("{} holds {} of organization {}, though {} belongs there: put each back in its own place",
                             directory, NameOf(format.identity->store), format.identity->organization, NameOf(id)));
  }
  if (organization && format.identity->organization != *organization) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("{} holds {} of organization {}, though this is organization {}: put back this "
                             "organization's own",
                             directory, NameOf(id), format.identity->organization, *organization));
  }
  return {};
}

Result<void> CheckIdentity(rocksdb::Env* env, const std::string& engine_directory, StoreId id) {
  INSULA_ASSIGN(const StoreFormat shared, ReadFormat(env, StoreDirectory(engine_directory, StoreId(0))));
  const std::string directory = StoreDirectory(engine_directory, id);
  INSULA_ASSIGN(const StoreFormat format, ReadFormat(env, directory));
  std::optional<std::string> organization;
  if (shared.identity) organization = shared.identity->organization;
  return CheckIdentity(directory, format, id, organization);
}

}  // namespace insula::storage::rocks
