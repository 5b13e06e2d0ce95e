#include "app/descriptor_shares.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace insula::app {
namespace {

// Beside its tables: log, manifest, RocksDB's own log, lock, directories, and the files that a flush or a compaction
// writes and reads anew.
constexpr std::size_t kSharedStoreOwn = 48;
constexpr std::size_t kAccountStoreOwn = 12;
// RocksDB keeps no fewer, whatever it is told.
constexpr std::size_t kTablesMin = 20;

constexpr std::size_t kProcess = 64;   // standard streams, log, usage, libraries, a backup's files
constexpr std::size_t kPerThread = 8;  // an event loop, its listeners
constexpr std::size_t kPerJob = 32;    // its files, its connections, and the directories it is going through

constexpr std::size_t kConnectionsMin = 64;
constexpr std::size_t kAdminConnectionsMin = 8;
constexpr std::size_t kSharedTablesMin = 64;
constexpr std::size_t kAccountStoresMin = 4;

std::size_t Part(std::size_t of, std::size_t percent) { return of * percent / 100; }

}  // namespace

std::string DescriptorShares::ToText() const {
  return fmt::format(
      "{} file descriptors: {} connections, {} of operators, {} tables of the shared store, {} account stores open "
      "with "
      "{} tables each, {} for everything else",
      limit, connections, admin_connections, shared_store_tables, account_stores, account_store_tables, reserve);
}

std::size_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  return limit.rlim_cur == RLIM_INFINITY ? 1'000'000 : static_cast<std::size_t>(limit.rlim_cur);
}

Result<DescriptorShares> ShareDescriptors(std::size_t limit, const DescriptorWishes& wishes) {
  DescriptorShares shares;
  shares.limit = limit;
  shares.reserve = kProcess + kPerThread * wishes.threads + kPerJob * wishes.jobs;
  const std::size_t tables = std::max(kTablesMin, wishes.account_store_tables);
  const std::size_t least = shares.reserve + kConnectionsMin + kAdminConnectionsMin + kSharedStoreOwn +
                            kSharedTablesMin + kAccountStoresMin * (kAccountStoreOwn + kTablesMin);
  if (limit < least) {
    return Error(
        ErrorCode::kServiceUnavailable,
        fmt::format("the limit of open files is {}, and serving takes {} at least: raise it (`ulimit -n 65536`; "
                    "LimitNOFILE=65536 in a systemd unit)",
                    limit, least));
  }
  const std::size_t rest = limit - shares.reserve;
  // Each gets what it wishes for, up to its part; what one leaves, connections may have.
  shares.admin_connections = std::min(wishes.admin_connections, std::max(kAdminConnectionsMin, Part(rest, 2)));
  shares.shared_store_tables = std::min(wishes.shared_store_tables,
                                        std::max(kSharedTablesMin + kSharedStoreOwn, Part(rest, 30)) - kSharedStoreOwn);
  const std::size_t for_accounts = std::max(kAccountStoresMin * (kAccountStoreOwn + kTablesMin), Part(rest, 30));
  // More stores come before more tables of each: a table that isn't open is opened again, a store takes longer.
  shares.account_stores = std::min(wishes.account_stores, for_accounts / (kAccountStoreOwn + kTablesMin));
  shares.account_store_tables =
      std::min(tables, for_accounts / std::max<std::size_t>(1, shares.account_stores) - kAccountStoreOwn);
  const std::size_t taken = shares.admin_connections + kSharedStoreOwn + shares.shared_store_tables +
                            shares.account_stores * (kAccountStoreOwn + shares.account_store_tables);
  shares.connections = std::min(wishes.connections, rest - taken);
  return shares;
}

}  // namespace insula::app
