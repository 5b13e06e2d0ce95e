// Where exports go and where imports come from: objects by key, as S3 has them.
//
// Implementations: directory_store.h (files below a directory), s3_store.h (a bucket behind any endpoint that speaks
// S3's protocol); context_objects.h narrows either to what one context may see. Calls block: they are made by the
// threads of jobs, never by an event loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace insula::objects {

inline constexpr std::size_t kKeySizeMax = 1024;

struct ObjectInfo {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;  // without quotes; empty in a list
};

struct ObjectPage {
  std::vector<ObjectInfo> objects;  // in byte order of their keys
  bool more = false;
};

// Used by one thread at a time.
class ObjectReader {
 public:
  virtual ~ObjectReader() = default;
  // Fills the front of `buffer` with what comes next, and returns how much that is: 0 at the end only.
  virtual Result<std::size_t> Read(std::span<char> buffer) = 0;
};

// Used by one thread at a time. An object is there as a whole or not at all: what a writer that goes without a
// successful Finish has written is given up.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  virtual Result<void> Write(std::string_view bytes) = 0;
  // The object is durable and visible, in place of one that had its key. Once; nothing may follow.
  virtual Result<ObjectInfo> Finish() = 0;
};

// Safe from any thread. Errors: InvalidArgument for what CheckKey refuses; NotFound; AccessDenied; StorageFull;
// ServiceUnavailable after all retries; Io.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  // The objects whose keys begin with `prefix` and come after `after`, at most `limit`.
  virtual Result<ObjectPage> List(std::string_view prefix, std::string_view after, std::size_t limit) = 0;
  virtual Result<std::unique_ptr<ObjectReader>> Open(std::string_view key) = 0;
  virtual Result<std::unique_ptr<ObjectWriter>> Create(std::string_view key) = 0;
  // Idempotent.
  virtual Result<void> Delete(std::string_view key) = 0;
};

// A key that means the same object in every store: 1 to 1,024 bytes of UTF-8 without control characters, its parts
// between slashes neither empty nor "." nor "..", none of them longer than a file's name or beginning with
// kReservedPart.
Result<void> CheckKey(std::string_view key);
// The same of what keys begin with: the last part may be cut short or empty, and all of it may be.
Result<void> CheckPrefix(std::string_view prefix);

inline constexpr std::string_view kReservedPart = ".insula-";

// A whole object in one call.
Result<ObjectInfo> PutObject(ObjectStore& store, std::string_view key, std::string_view bytes);

}  // namespace insula::objects
