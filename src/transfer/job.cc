#include "transfer/job.h"

#include "objects/context_objects.h"

namespace insula::transfer {

Result<std::unique_ptr<objects::ObjectStore>> JobServices::OpenBucket(const tenancy::TransferRecord& transfer,
                                                                      std::string_view bucket,
                                                                      const std::optional<std::string>& owner) const {
  const AccountId account = transfers.AccountOf(transfer);
  if (account.value().empty()) return Error(ErrorCode::kFailedPrecondition, "The transfer's context is gone");
  if (owner && *owner != account.value()) {
    return JobFailed("S3AccessDenied", "Access Denied");
  }
  return objects::OpenBucket(objects, one_context ? "" : objects::RootOf(transfer.owner, account), bucket);
}

Error JobFailed(std::string code, std::string message) {
  auto detail = std::make_shared<FailedJob>(Failure{std::move(code), message});
  return Error(ErrorCode::kInvalidArgument, std::move(message), std::move(detail));
}

Fate FateOf(const Error& error) {
  if (dynamic_cast<const FailedJob*>(error.detail()) != nullptr) return Fate::kFailed;
  switch (error.code()) {
    case ErrorCode::kFailedPrecondition:
      return Fate::kUnwanted;
    case ErrorCode::kAccessDenied:
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kCorruption:
    case ErrorCode::kTrimmedDataAccess:
    case ErrorCode::kResourceNotFound:
      return Fate::kFailed;
    default:
      return Fate::kAgain;
  }
}

Failure FailureOf(const Error& error) {
  if (const auto* failed = dynamic_cast<const FailedJob*>(error.detail())) return failed->failure;
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
    case ErrorCode::kTrimmedDataAccess:
      return {"InvalidExportTime", "The table's changes do not reach back to the requested time any more"};
    case ErrorCode::kResourceNotFound:
      return {"TableNotFound", "The table is gone"};
    default:
      return {"UNKNOWN", "An internal error occurred"};
  }
}

}  // namespace insula::transfer
