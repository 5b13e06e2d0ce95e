#include "objects/directory_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/crypto.h"
#include "base/md5.h"

namespace insula::objects {
namespace {

constexpr std::string_view kTemporary = ".insula-new-";  // begins with kReservedPart
constexpr std::uint64_t kBytesPerRoomCheck = 4 << 20;
constexpr std::size_t kDirectoryEntriesMax = 1'000'000;
// Directories above the one that is being listed which stay open. A key may have hundreds of levels; further down, a
// directory is closed before those in it are opened, and they are found from the root again.
constexpr std::size_t kOpenLevelsMax = 16;

Error Failed(std::string_view what, std::string_view name) {
  const int number = errno;
  const ErrorCode code = number == ENOENT                                           ? ErrorCode::kNotFound
                         : number == ENOSPC || number == EDQUOT || number == EFBIG  ? ErrorCode::kStorageFull
                         : number == EACCES || number == EPERM                      ? ErrorCode::kAccessDenied
                         : number == ELOOP || number == ENOTDIR || number == EISDIR ? ErrorCode::kInvalidArgument
                                                                                    : ErrorCode::kIo;
  return {code, fmt::format("cannot {} '{}': {}", what, name, std::strerror(number))};
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Descriptor OpenAt(int directory, const std::string& name, int flags, mode_t mode = 0) {
  return Descriptor(::openat(directory, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
}

struct Place {
  Descriptor directory;
  std::string name;  // in it
};

// The directory that `path`'s last part is in.
enum class Missing : std::uint8_t { kFail, kMake };
Result<Place> Walk(int root, std::string_view path, Missing missing = Missing::kFail) {
  Place place{OpenAt(root, ".", O_RDONLY | O_DIRECTORY), {}};
  if (!place.directory.ok()) return Failed("open", path);
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    const std::string part(path.substr(0, slash));
    path.remove_prefix(slash + 1);
    if (missing == Missing::kMake) {
      if (::mkdirat(place.directory.get(), part.c_str(), 0700) == 0) {
        if (::fsync(place.directory.get()) != 0) return Failed("sync", part);
      } else if (errno != EEXIST) {
        return Failed("make", part);
      }
    }
    Descriptor next = OpenAt(place.directory.get(), part, O_RDONLY | O_DIRECTORY);
    if (!next.ok()) return Failed("open", part);
    place.directory = std::move(next);
  }
  place.name = std::string(path);
  return place;
}

// Whether the disk that `fd` is on has room for what is going to be written.
Result<void> CheckRoom(int fd, std::string_view key, std::uint64_t free_bytes_min) {
  struct statvfs about{};
  if (free_bytes_min == 0 || ::fstatvfs(fd, &about) != 0) return {};
  if (std::uint64_t{about.f_bavail} * about.f_frsize >= free_bytes_min) return {};
  return Error(ErrorCode::kStorageFull,
               fmt::format("cannot write '{}': less than {} bytes are left on its disk", key, free_bytes_min));
}

class FileReader : public ObjectReader {
 public:
  FileReader(Descriptor file, std::string key) : file_(std::move(file)), key_(std::move(key)) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    for (;;) {
      const ssize_t read = ::read(file_.get(), buffer.data(), buffer.size());
      if (read >= 0) return static_cast<std::size_t>(read);
      if (errno != EINTR) return Failed("read", key_);
    }
  }

 private:
  Descriptor file_;
  std::string key_;
};

class FileWriter : public ObjectWriter {
 public:
  FileWriter(Place place, Descriptor file, std::string temporary, std::string key, std::uint64_t free_bytes_min)
      : place_(std::move(place)),
        file_(std::move(file)),
        temporary_(std::move(temporary)),
        key_(std::move(key)),
        free_bytes_min_(free_bytes_min) {}
  ~FileWriter() override {
    if (!finished_) ::unlinkat(place_.directory.get(), temporary_.c_str(), 0);
  }

  Result<void> Write(std::string_view bytes) override {
    md5_.Update(bytes);
    if (size_ / kBytesPerRoomCheck != (size_ + bytes.size()) / kBytesPerRoomCheck) {
      INSULA_TRY(CheckRoom(file_.get(), key_, free_bytes_min_));
    }
    size_ += bytes.size();
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        return Failed("write", key_);
      }
    }
    return {};
  }

  Result<ObjectInfo> Finish() override {
    const int directory = place_.directory.get();
    if (::fsync(file_.get()) != 0) return Failed("sync", key_);
    if (::renameat(directory, temporary_.c_str(), directory, place_.name.c_str()) != 0) return Failed("rename", key_);
    finished_ = true;
    if (::fsync(directory) != 0) return Failed("sync", key_);
    return ObjectInfo{key_, size_, HexOf(AsText(md5_.Finish()))};
  }

 private:
  Place place_;
  Descriptor file_;
  std::string temporary_, key_;
  const std::uint64_t free_bytes_min_;
  Md5 md5_;
  std::uint64_t size_ = 0;
  bool finished_ = false;
};

struct Entry {
  std::string name;  // a directory's ends in a slash, so that it sorts as the keys in it do
  std::uint64_t size = 0;
};

// The files and directories in `directory`, in order. Whatever is neither is left out, symbolic links too.
Result<std::vector<Entry>> EntriesOf(Descriptor directory, std::string_view path) {
  DIR* stream = ::fdopendir(directory.get());
  if (stream == nullptr) return Failed("list", path);
  directory.Release();
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
  std::vector<Entry> entries;
  while (const dirent* found = ::readdir(stream)) {
    Entry entry{found->d_name};
    if (entry.name == "." || entry.name == ".." || entry.name.starts_with(kReservedPart)) continue;
    struct stat about{};
    if (::fstatat(::dirfd(stream), found->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(about.st_mode)) {
      entry.name.push_back('/');
    } else if (S_ISREG(about.st_mode)) {
      entry.size = static_cast<std::uint64_t>(about.st_size);
    } else {
      continue;
    }
    if (entries.size() == kDirectoryEntriesMax) {
      return Error(ErrorCode::kStorageFull, fmt::format("'{}' has more than {} entries", path, kDirectoryEntriesMax));
    }
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

class DirectoryStore : public ObjectStore {
 public:
  DirectoryStore(Descriptor root, std::uint64_t free_bytes_min)
      : root_(std::move(root)), free_bytes_min_(free_bytes_min) {}

  Result<ObjectPage> List(std::string_view prefix, std::string_view after, std::size_t limit) override {
    INSULA_TRY(CheckPrefix(prefix));
    ObjectPage page;
    const std::string_view directory = prefix.substr(0, prefix.rfind('/') + 1);
    auto place = Walk(root_.get(), directory);
    if (!place.ok()) {
      if (place.error().code() == ErrorCode::kNotFound) return page;
      return std::move(place).error();
    }
    INSULA_TRY(ListInto(std::move(place->directory), std::string(directory), {prefix, after, limit}, 0, &page));
    return page;
  }

  Result<std::unique_ptr<ObjectReader>> Open(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    INSULA_ASSIGN(const Place place, Walk(root_.get(), key));
    Descriptor file = OpenAt(place.directory.get(), place.name, O_RDONLY | O_NONBLOCK);
    if (!file.ok()) return Failed("open", key);
    struct stat about{};
    if (::fstat(file.get(), &about) != 0) return Failed("open", key);
    if (!S_ISREG(about.st_mode)) return Error(ErrorCode::kNotFound, fmt::format("'{}' is not an object", key));
    return std::unique_ptr<ObjectReader>(new FileReader(std::move(file), std::string(key)));
  }

  Result<std::unique_ptr<ObjectWriter>> Create(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    INSULA_TRY(CheckRoom(root_.get(), key, free_bytes_min_));
    INSULA_ASSIGN(Place place, Walk(root_.get(), key, Missing::kMake));
    // Named after the object: what a crash left behind is overwritten when its job goes on.
    std::string temporary = std::string(kTemporary) + place.name;
    ::unlinkat(place.directory.get(), temporary.c_str(), 0);
    Descriptor file = OpenAt(place.directory.get(), temporary, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!file.ok()) return Failed("create", key);
    return std::unique_ptr<ObjectWriter>(
        new FileWriter(std::move(place), std::move(file), std::move(temporary), std::string(key), free_bytes_min_));
  }

  Result<void> Delete(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    auto place = Walk(root_.get(), key);
    if (!place.ok()) {
      if (place.error().code() == ErrorCode::kNotFound) return {};
      return std::move(place).error();
    }
    if (::unlinkat(place->directory.get(), place->name.c_str(), 0) != 0 && errno != ENOENT) {
      return Failed("delete", key);
    }
    if (::fsync(place->directory.get()) != 0) return Failed("sync", key);
    return {};
  }

 private:
  struct Wanted {
    std::string_view prefix, after;
    std::size_t limit;
  };

  // Adds what is wanted below `directory`, whose keys begin with `path`, until the page is full. `level`: how many
  // directories are open above this one.
  Result<void> ListInto(Descriptor directory, std::string path, Wanted wanted, std::size_t level, ObjectPage* page) {
    Descriptor listed(::dup(directory.get()));
    if (!listed.ok()) return Failed("list", path);
    INSULA_ASSIGN(const std::vector<Entry> entries, EntriesOf(std::move(listed), path));
    if (level >= kOpenLevelsMax) directory = Descriptor();
    for (const Entry& entry : entries) {
      std::string key = path + entry.name;
      const bool is_directory = entry.name.back() == '/';
      const std::size_t common = std::min(key.size(), wanted.prefix.size());
      if (key.compare(0, common, wanted.prefix, 0, common) != 0) continue;
      if (is_directory) {
        // Everything in it comes before what `after` names, unless that is in it itself.
        if (key < wanted.after && !wanted.after.starts_with(key)) continue;
        if (key.size() > kKeySizeMax) continue;
        Descriptor next = OpenDirectory(directory, key, entry.name.substr(0, entry.name.size() - 1));
        if (!next.ok()) {
          if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) continue;  // gone or changed meanwhile
          return Failed("list", key);
        }
        INSULA_TRY(ListInto(std::move(next), std::move(key), wanted, level + 1, page));
        if (page->more) return {};
        continue;
      }
      if (!key.starts_with(wanted.prefix) || key <= wanted.after || !CheckKey(key).ok()) continue;
      if (page->objects.size() == wanted.limit) {
        page->more = true;
        return {};
      }
      page->objects.push_back({std::move(key), entry.size, {}});
    }
    return {};
  }

  // `name` in `parent`, or `key` from the root where the parent isn't open; errno says why not.
  Descriptor OpenDirectory(const Descriptor& parent, const std::string& key, const std::string& name) const {
    if (parent.ok()) return OpenAt(parent.get(), name, O_RDONLY | O_DIRECTORY);
    errno = 0;
    auto place = Walk(root_.get(), key);
    return place.ok() ? std::move(place->directory) : Descriptor();
  }

  Descriptor root_;
  const std::uint64_t free_bytes_min_;
};

}  // namespace

Result<std::unique_ptr<ObjectStore>> OpenDirectoryStore(const std::string& directory, std::uint64_t free_bytes_min) {
  std::error_code failed;
  const bool made = std::filesystem::create_directories(directory, failed);
  if (failed) return Error(ErrorCode::kIo, fmt::format("cannot make '{}': {}", directory, failed.message()));
  if (made) ::chmod(directory.c_str(), 0700);
  // The directory itself is the operator's to name, by a symbolic link too.
  Descriptor root(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.ok()) return Failed("open", directory);
  return std::unique_ptr<ObjectStore>(new DirectoryStore(std::move(root), free_bytes_min));
}

}  // namespace insula::objects
