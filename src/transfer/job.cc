#include "transfer/job.h"

#include <fmt/format.h>

#include "objects/context_objects.h"
#include "storage/refusal.h"

namespace insula::transfer {
namespace {

using storage::Refusal;

constexpr std::size_t kObjectsListed = 10'000;  // at once

Failure TableGone() { return {"TableNotFound", "The table is gone"}; }

}  // namespace

Result<std::unique_ptr<objects::ObjectStore>> JobServices::OpenBucket(const tenancy::TransferRecord& transfer,
                                                                      std::string_view bucket,
                                                                      const std::optional<std::string>& owner) const {
  const AccountId account = transfers.AccountOf(transfer);
  if (account.value().empty()) return Error(ErrorCode::kFailedPrecondition, "The transfer's context is gone");
  if (owner && *owner != account.value()) {
    return JobFailed({"S3AccessDenied", "Access Denied"});
  }
  return objects::OpenBucket(objects, one_context ? "" : objects::RootOf(transfer.owner, account), bucket);
}

Result<void> JobServices::CheckShare(const tenancy::TransferRecord& transfer) const {
  if (!place_free_bytes || one_context) return {};
  const AccountId account = transfers.AccountOf(transfer);
  if (account.value().empty()) return Error(ErrorCode::kFailedPrecondition, "The transfer's context is gone");
  const std::string root = objects::RootOf(transfer.owner, account);
  const std::uint64_t free_bytes = place_free_bytes();
  std::uint64_t bytes = 0;
  objects::ObjectPage page{{}, true};
  while (page.more) {
    const std::string after = page.objects.empty() ? "" : page.objects.back().key;
    INSULA_ASSIGN(page, objects.List(root, after, kObjectsListed));
    for (const objects::ObjectInfo& object : page.objects) bytes += object.size;
    if (page.objects.empty()) break;
  }
  if (bytes <= free_bytes) return {};
  return Error(ErrorCode::kStorageFull,
               fmt::format("the context's objects have {} bytes, and {} are left for all: some "
                           "of them must be deleted first",
                           bytes, free_bytes));
}

Error JobFailed(Failure failure) {
  std::string message = failure.message;
  return Error(ErrorCode::kInvalidArgument, std::move(message), std::make_shared<FailedJob>(std::move(failure)));
}

Fate FateOf(const Error& error) {
  if (dynamic_cast<const FailedJob*>(error.detail()) != nullptr) return Fate::kFailed;
  const std::optional<Refusal> refusal = storage::RefusalOf(error);
  if (refusal == Refusal::kTableGone || refusal == Refusal::kChangesTrimmed) return Fate::kFailed;
  switch (error.code()) {
    case ErrorCode::kFailedPrecondition:
      return Fate::kUnwanted;
    case ErrorCode::kAccessDenied:
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kCorruption:
    case ErrorCode::kResourceNotFound:
      return Fate::kFailed;
    default:
      return Fate::kAgain;
  }
}

Failure FailureOf(const Error& error) {
  if (const auto* failed = dynamic_cast<const FailedJob*>(error.detail())) return failed->failure;
  const std::optional<Refusal> refusal = storage::RefusalOf(error);
  if (refusal == Refusal::kTableGone) return TableGone();
  if (refusal == Refusal::kChangesTrimmed) {
    return {"InvalidExportTime", "The table's changes do not reach back to the requested time any more"};
  }
  switch (error.code()) {
    case ErrorCode::kAccessDenied:
      return {"S3AccessDenied", "Access Denied"};
    case ErrorCode::kNotFound:
      return {"S3NoSuchBucket", "The specified bucket does not exist"};
    case ErrorCode::kInvalidArgument:
      return {"S3InvalidKey", "The bucket and prefix do not make a valid key"};
    case ErrorCode::kStorageFull:
      return {"S3StorageFull", "The bucket has no room"};
    case ErrorCode::kServiceUnavailable:
    case ErrorCode::kIo:
      return {"S3ServiceUnavailable", "The bucket could not be reached"};
    case ErrorCode::kResourceNotFound:
      return TableGone();
    default:
      return {"UNKNOWN", "An internal error occurred"};
  }
}

}  // namespace insula::transfer
