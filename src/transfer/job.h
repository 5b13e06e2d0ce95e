// What a job needs, and the vocabulary of how one ends.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "control/work_turn.h"
#include "objects/object_store.h"
#include "storage/engine.h"
#include "tenancy/faces/transfer_work.h"

namespace insula::transfer {

struct JobLimits {
  std::uint64_t file_bytes = 64 * 1024 * 1024;        // of items in an export's data file; doubled every 256 files
  std::uint64_t checkpoint_bytes = 64 * 1024 * 1024;  // an import keeps how far it is after so many
  std::size_t changes_bytes = 128 * 1024 * 1024;      // that an incremental export holds at once
  std::size_t record_bytes_max = 8 * 1024 * 1024;     // an item of 400 KB takes at most 3 MB of JSON
  // Or, of a bulk put, at the latest after so long.
  std::chrono::milliseconds checkpoint_interval{10'000};
  std::size_t objects_max = 50'000;  // DynamoDB's quotas, of one import or bulk put
  std::uint64_t object_bytes_max = 5ull << 30;
  std::uint64_t errors_logged_max = 100'000;  // of one import; all are counted
  std::chrono::milliseconds slice{20'000};    // a job that has been at work for so long lets one go on that waits
};

// How a job's time at work ended.
enum class JobEnd : std::uint8_t {
  kEnded,     // its record says how
  kYielding,  // it goes on from its record when it is its turn again
};

// Everything outlives the job.
struct JobServices {
  tenancy::TransferWork& transfers;
  storage::Engine& engine;
  objects::ObjectStore& objects;
  Clock& clock;
  JobLimits limits;
  control::WorkTurn turn;                           // stopping: the job ends soon, and goes on after the next start
  bool one_context = false;                         // buckets are right below the place
  std::function<bool()> has_room;                   // whether the engine's disk has room for jobs; none: always
  std::function<std::uint64_t()> place_free_bytes;  // left where objects are written; none: nobody knows

  // A bucket of the transfer's context. FailedPrecondition if that is gone; a failed job if the bucket is said to be
  // another account's (`owner`): it can be named, but not reached.
  Result<std::unique_ptr<objects::ObjectStore>> OpenBucket(const tenancy::TransferRecord& transfer,
                                                           std::string_view bucket,
                                                           const std::optional<std::string>& owner) const;
  // Whether the transfer's context may write more objects: it may have as many bytes of them as are left for all.
  // StorageFull if it has more, so that nobody's exports take everybody's room.
  Result<void> CheckShare(const tenancy::TransferRecord& transfer) const;
  // Asked where the record has just been saved.
  bool ShouldYield() const { return turn.ShouldYield(); }
  // Asked between two steps. StorageFull where the engine's disk has no room for jobs.
  Result<void> CheckGoingOn() const {
    if (turn.stopping()) return Error(ErrorCode::kServiceUnavailable, "The server is stopping");
    if (has_room && !has_room()) return Error(ErrorCode::kStorageFull, "the disk has no room for exports and imports");
    return {};
  }
};

// A job that cannot succeed, in words for the one who began it.
struct Failure {
  std::string code;     // "S3AccessDenied"
  std::string message;  // without anything of the operator's
  // Nothing could be read at all: an import that fails so leaves no table.
  bool before_reading = false;
};
struct FailedJob : ErrorDetail {
  explicit FailedJob(Failure told) : failure(std::move(told)) {}
  const Failure failure;
};
// The error of a step that ends the job as FAILED.
Error JobFailed(Failure failure);

// What an error of a step means for the job.
enum class Fate : std::uint8_t { kAgain, kFailed, kUnwanted };
Fate FateOf(const Error& error);
Failure FailureOf(const Error& error);

}  // namespace insula::transfer
