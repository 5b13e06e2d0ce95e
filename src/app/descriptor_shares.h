// Who gets how many of the process' file descriptors.
//
// The engine ends the process when it can't open a file that it must, so connections, stores and jobs each have a share
// that nobody else can use up. Where the limit is high everybody gets what it wishes for.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace insula::app {

// What each would have if there were enough.
struct DescriptorWishes {
  std::size_t threads = 1;
  std::size_t connections = 10'000;
  std::size_t admin_connections = 256;
  std::size_t jobs = 2;
  std::size_t shared_store_tables = 4096;
  std::size_t account_stores = 256;
  std::size_t account_store_tables = 64;
};

struct DescriptorShares {
  std::size_t limit = 0;
  std::size_t connections = 0;
  std::size_t admin_connections = 0;
  std::size_t shared_store_tables = 0;   // table files that the shared store keeps open
  std::size_t account_stores = 0;        // open at once
  std::size_t account_store_tables = 0;  // of each
  std::size_t reserve = 0;               // logs, listeners, event loops, jobs' files
  std::string ToText() const;            // for the log
};

// Raises the soft limit to the hard one. The limit that holds from now on.
std::size_t RaiseDescriptorLimit();

// FailedPrecondition where `limit` is too low to serve at all, with how many it takes.
Result<DescriptorShares> ShareDescriptors(std::size_t limit, const DescriptorWishes& wishes);

}  // namespace insula::app
