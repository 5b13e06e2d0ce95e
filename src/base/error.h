// The one list of error codes: the names that AWS's services give them, with HTTP status and whether an SDK retries.
// A code exists only if a caller can react to it. Messages are the contract of the place that makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace insula {

// X(enumerator, wire name, namespace prefix of "__type", HTTP status, retryable)
#define INSULA_ERROR_CODES(X)                                                                                       \
  X(kValidation, "ValidationException", "com.amazon.coral.validate", 400, false)                                    \
  X(kSerialization, "SerializationException", "com.amazon.coral.service", 400, false)                               \
  X(kUnknownOperation, "UnknownOperationException", "com.amazon.coral.service", 400, false)                         \
  X(kMissingAuthenticationToken, "MissingAuthenticationTokenException", "com.amazon.coral.service", 400, false)     \
  X(kIncompleteSignature, "IncompleteSignatureException", "com.amazon.coral.service", 400, false)                   \
  X(kInvalidSignature, "InvalidSignatureException", "com.amazon.coral.service", 400, false)                         \
  X(kUnrecognizedClient, "UnrecognizedClientException", "com.amazon.coral.service", 400, false)                     \
  X(kExpiredToken, "ExpiredTokenException", "com.amazon.coral.service", 400, false)                                 \
  X(kAccessDenied, "AccessDeniedException", "com.amazon.coral.service", 400, false)                                 \
  X(kThrottling, "ThrottlingException", "com.amazon.coral.availability", 400, true)                                 \
  X(kConditionalCheckFailed, "ConditionalCheckFailedException", "com.amazonaws.dynamodb.v20120810", 400, false)     \
  X(kResourceNotFound, "ResourceNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)                 \
  X(kResourceInUse, "ResourceInUseException", "com.amazonaws.dynamodb.v20120810", 400, false)                       \
  X(kGlobalTableNotFound, "GlobalTableNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)           \
  X(kTableNotFound, "TableNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)                       \
  X(kTableAlreadyExists, "TableAlreadyExistsException", "com.amazonaws.dynamodb.v20120810", 400, false)             \
  X(kTableInUse, "TableInUseException", "com.amazonaws.dynamodb.v20120810", 400, false)                             \
  X(kLimitExceeded, "LimitExceededException", "com.amazonaws.dynamodb.v20120810", 400, false)                       \
  X(kProvisionedThroughputExceeded, "ProvisionedThroughputExceededException", "com.amazonaws.dynamodb.v20120810",   \
    400, true)                                                                                                      \
  X(kRequestLimitExceeded, "RequestLimitExceeded", "com.amazonaws.dynamodb.v20120810", 400, true)                   \
  X(kItemCollectionSizeLimitExceeded, "ItemCollectionSizeLimitExceededException",                                   \
    "com.amazonaws.dynamodb.v20120810", 400, false)                                                                 \
  X(kTransactionCanceled, "TransactionCanceledException", "com.amazonaws.dynamodb.v20120810", 400, false)           \
  X(kTransactionConflict, "TransactionConflictException", "com.amazonaws.dynamodb.v20120810", 400, true)            \
  X(kTransactionInProgress, "TransactionInProgressException", "com.amazonaws.dynamodb.v20120810", 400, true)        \
  X(kIdempotentParameterMismatch, "IdempotentParameterMismatchException", "com.amazonaws.dynamodb.v20120810", 400,  \
    false)                                                                                                          \
  X(kDuplicateItem, "DuplicateItemException", "com.amazonaws.dynamodb.v20120810", 400, false)                       \
  X(kTrimmedDataAccess, "TrimmedDataAccessException", "com.amazonaws.dynamodb.v20120810", 400, false)               \
  X(kExpiredIterator, "ExpiredIteratorException", "com.amazonaws.dynamodb.v20120810", 400, false)                   \
  X(kBackupNotFound, "BackupNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)                     \
  X(kBackupInUse, "BackupInUseException", "com.amazonaws.dynamodb.v20120810", 400, false)                           \
  X(kContinuousBackupsUnavailable, "ContinuousBackupsUnavailableException", "com.amazonaws.dynamodb.v20120810",     \
    400, false)                                                                                                     \
  X(kInvalidRestoreTime, "InvalidRestoreTimeException", "com.amazonaws.dynamodb.v20120810", 400, false)             \
  X(kPointInTimeRecoveryUnavailable, "PointInTimeRecoveryUnavailableException",                                     \
    "com.amazonaws.dynamodb.v20120810", 400, false)                                                                 \
  X(kExportNotFound, "ExportNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)                     \
  X(kExportConflict, "ExportConflictException", "com.amazonaws.dynamodb.v20120810", 400, false)                     \
  X(kInvalidExportTime, "InvalidExportTimeException", "com.amazonaws.dynamodb.v20120810", 400, false)               \
  X(kImportNotFound, "ImportNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)                     \
  X(kImportConflict, "ImportConflictException", "com.amazonaws.dynamodb.v20120810", 400, false)                     \
  X(kPolicyNotFound, "PolicyNotFoundException", "com.amazonaws.dynamodb.v20120810", 400, false)                     \
  X(kRequestTooLarge, "RequestEntityTooLargeException", "com.amazon.coral.service", 413, false)                     \
  X(kInternalServerError, "InternalServerError", "com.amazonaws.dynamodb.v20120810", 500, true)                     \
  X(kServiceUnavailable, "ServiceUnavailableException", "com.amazon.coral.availability", 503, true)                 \
  /* IAM's and STS's, in the names that the Query protocol gives them. */                                             \
  X(kNoSuchEntity, "NoSuchEntity", "iam", 404, false)                                                               \
  X(kEntityAlreadyExists, "EntityAlreadyExists", "iam", 409, false)                                                 \
  X(kMalformedPolicyDocument, "MalformedPolicyDocument", "iam", 400, false)                                         \
  X(kIamLimitExceeded, "LimitExceeded", "iam", 409, false)                                                          \
  X(kDeleteConflict, "DeleteConflict", "iam", 409, false)                                                           \
  X(kInvalidInput, "InvalidInput", "iam", 400, false)                                                               \
  X(kUnmodifiableEntity, "UnmodifiableEntity", "iam", 400, false)                                                   \
  X(kConcurrentModification, "ConcurrentModification", "iam", 409, true)                                            \
  X(kPackedPolicyTooLarge, "PackedPolicyTooLarge", "sts", 400, false)                                               \
  X(kIdpRejectedClaim, "IDPRejectedClaim", "sts", 403, false)                                                       \
  X(kIdpCommunicationError, "IDPCommunicationError", "sts", 400, true)                                              \
  X(kInvalidIdentityToken, "InvalidIdentityToken", "sts", 400, false)                                               \
  X(kInvalidAuthorizationMessage, "InvalidAuthorizationMessageException", "sts", 400, false)                        \
  /* Ours alone, never sent to a DynamoDB client as such: administration and start-up. */                           \
  X(kAlreadyExists, "AlreadyExistsException", "insula", 409, false)                                                 \
  X(kNotFound, "NotFoundException", "insula", 404, false)                                                           \
  X(kInvalidArgument, "InvalidArgumentException", "insula", 400, false)                                             \
  X(kFailedPrecondition, "FailedPreconditionException", "insula", 412, false)                                       \
  X(kStorageFull, "StorageFullException", "insula", 503, true)                                                      \
  X(kCorruption, "CorruptionException", "insula", 500, false)                                                       \
  X(kIo, "IoException", "insula", 500, false)                                                                       \
  X(kRefused, "RefusedException", "insula", 400, false)

enum class ErrorCode : std::uint8_t {
#define INSULA_ERROR_ENUMERATOR(code, name, prefix, status, retryable) code,
  INSULA_ERROR_CODES(INSULA_ERROR_ENUMERATOR)
#undef INSULA_ERROR_ENUMERATOR
};

// What an error code means on the wire.
struct ErrorTraits {
  std::string_view name;    // "ValidationException"
  std::string_view prefix;  // "com.amazon.coral.validate": "__type" is prefix + '#' + name
  int http_status;
  bool retryable;  // an SDK may send the same request again
};
const ErrorTraits& TraitsOf(ErrorCode code);

// What a few errors carry beside code and message: cancellation reasons, the item that failed a condition.
// Rooms above derive from it; whoever made the error knows the type.
struct ErrorDetail {
  virtual ~ErrorDetail() = default;
};

// A failure as a value. Cheap to move; the message is meant for the client and holds no secret and no item
// of anybody else's.
class Error {
 public:
  Error(ErrorCode code, std::string message, std::shared_ptr<const ErrorDetail> detail = nullptr)
      : code_(code), message_(std::move(message)), detail_(std::move(detail)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const ErrorDetail* detail() const { return detail_.get(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::shared_ptr<const ErrorDetail> detail_;
};

inline Error ValidationError(std::string message) { return {ErrorCode::kValidation, std::move(message)}; }

}  // namespace insula
