// Backups as the catalog knows them: whose they are, of which table, and what an engine has yet to do for them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/ids.h"
#include "tenancy/identity/table.h"

namespace insula::tenancy {

// Anything but AVAILABLE is also the intent.
enum class BackupStatus : std::uint8_t { kCreating, kAvailable, kDeleting };
std::string_view NameOf(BackupStatus status);  // "CREATING" …
std::span<const std::string_view> AllNames(BackupStatus);

enum class BackupKind : std::uint8_t {
  kUser,
  kSystem,    // of a deleted table that had point-in-time recovery
  kInternal,  // of a table's past, for the one restore that asked for it; never shown
};
std::string_view NameOf(BackupKind kind);  // "USER", "SYSTEM", "INTERNAL"
std::span<const std::string_view> AllNames(BackupKind);

// SYSTEM backups that a context keeps, or will once its tables with point-in-time recovery are deleted.
inline constexpr std::size_t kSystemBackupsPerContextMax = 10'000;
inline constexpr std::chrono::hours kSystemBackupKept{35 * 24};

// Where a restored table is from: RestoreSummary.
struct RestoreSource {
  std::optional<std::string> backup_arn;  // unset: from the table's past
  std::string table_arn;
  WallTime time{};  // of the backup, or the point in time
};

// Immutable; a change makes a new one.
struct BackupRecord {
  ContextNames owner;  // whose the table was; it may be gone
  std::string id;      // "01489602797149-73d8d5bc": in order of time within a context
  std::string name;    // as its owner named it
  BackupKind kind = BackupKind::kUser;
  BackupStatus status = BackupStatus::kCreating;
  WallTime created_at{};
  std::optional<WallTime> expires_at;
  std::optional<WallTime> as_of;  // what moment of the table it is to be a copy of; none: when it is made
  // Once it is AVAILABLE.
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;  // of the items, as DynamoDB counts them
  std::uint64_t stored_bytes = 0;
  TablePtr table;  // as it was when the backup was asked for
  std::string arn;

  // The engine's name of it, unique within a store.
  std::string engine_id() const;
  StoreId store() const { return table->ref.store(); }
};
using BackupPtr = std::shared_ptr<const BackupRecord>;

}  // namespace insula::tenancy
