// Objects as files below one directory: a key's slashes are directories.
//
// An object appears by rename after it is synced, and so do the directories it needs. Symbolic links are never
// followed, whoever put them there: each part of a path is opened by itself, relative to the one before.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "objects/object_store.h"

namespace insula::objects {

// Makes the directory, if need be (readable by its owner only). Writing is refused (StorageFull) while its disk has
// less than `free_bytes_min` left, within a few MiB. Io, StorageFull.
Result<std::unique_ptr<ObjectStore>> OpenDirectoryStore(const std::string& directory, std::uint64_t free_bytes_min = 0);

}  // namespace insula::objects
