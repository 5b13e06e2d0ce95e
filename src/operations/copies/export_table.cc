// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <utility>

#include "operations/copies/export_filter.h"
#include "operations/copies/transfer_answers.h"
#include "operations/copies/transfer_operations.h"
#include "operations/core/refusal.h"
#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"
#include "tenancy/faces/backup_catalog.h"
#include "tenancy/identity/arn.h"
#include "wire/json_copy.h"

namespace insula::operations {
namespace {

constexpr std::chrono::minutes kWindowMin{15};
constexpr std::chrono::hours kWindowMax{24};
constexpr std::size_t kFilterBytesMax = 128 * 1024;  // so that the export's record has room for it

Error InvalidTime(std::string message) { return {ErrorCode::kInvalidExportTime, std::move(message)}; }

std::optional<WallTime> TimeOf(wire::StructureView input, std::string_view field) {
  const std::optional<double> seconds = input.Number(field);
  if (!seconds) return std::nullopt;
  // What isn't a time of ours is as far from the present as one can be.
  constexpr double kSecondsMax = 1e11;
  const double clamped = std::isnan(*seconds) ? kSecondsMax : std::clamp(*seconds, -kSecondsMax, kSecondsMax);
  return WallTime(std::chrono::microseconds(static_cast<std::int64_t>(clamped * 1e6)));
}

// Whether the table's changes tell how it was at `time`.
Result<void> CheckWithinWindow(const tenancy::RestorableTimes& window, WallTime time, WallTime now,
                               std::string_view parameter) {
  if (time <= now && time >= window.earliest) return {};
  return InvalidTime(fmt::format("The specified {} is outside of the point in time recovery window.", parameter));
}

Result<tenancy::ExportDetails> DetailsOf(wire::StructureView input, const tenancy::RestorableTimes& window,
                                         WallTime now) {
  tenancy::ExportDetails details;
  if (auto algorithm = input.String("S3SseAlgorithm")) details.sse_algorithm = *algorithm;
  if (auto key = input.String("S3SseKmsKeyId")) details.sse_kms_key = *key;
  const auto specification = input.Structure("IncrementalExportSpecification");
  details.incremental = input.String("ExportType").value_or("FULL_EXPORT") == "INCREMENTAL_EXPORT";
  if (!details.incremental) {
    const std::optional<WallTime> time = TimeOf(input, "ExportTime");
    if (time && (*time > now || *time < window.earliest)) return InvalidTime("Export Time is invalid");
    details.to = time.value_or(WallTime{});  // when it begins
    return details;
  }
  details.view = specification->String("ExportViewType").value_or("NEW_AND_OLD_IMAGES");
  details.from = *TimeOf(*specification, "ExportFromTime");
  details.to = TimeOf(*specification, "ExportToTime").value_or(std::min(now, details.from + kWindowMax));
  INSULA_TRY(CheckWithinWindow(window, details.from, now, "ExportFromTime"));
  return details;
}

// "2026-10-08T22:51:50Z"
std::string Spelled(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::time_t{seconds.time_since_epoch().count()}));
}

// What kind of export it is and what goes with it; asked before there need be a table.
Result<void> CheckKind(wire::StructureView input) {
  const auto specification = input.Structure("IncrementalExportSpecification");
  const auto type = input.String("ExportType");
  if (type.value_or("FULL_EXPORT") == "FULL_EXPORT") {
    if (!specification) return {};
    if (type) {
      return InvalidRequest(
          "When Export Type is Full Export , Incremental Export Specification should not be provided");
    }
    return InvalidRequest(
        "Export Type expected to be Incremental Export when incremental export specification is provided");
  }
  if (!specification) {
    return InvalidRequest("Incremental Export Specification expected when export type is set as Incremental Export");
  }
  if (!specification->Has("ExportFromTime")) {
    return InvalidRequest("ExportFromTime must be provided in IncrementalExportSpecification");
  }
  if (input.Has("ExportTime")) return ValidationError("ExportTime can only be used with the export type FULL_EXPORT");
  return {};
}

// The period of an incremental export, whether or not the table's past is kept. Precondition: CheckKind.
Result<void> CheckPeriod(wire::StructureView input, WallTime created_at, WallTime now) {
  const auto specification = input.Structure("IncrementalExportSpecification");
  if (!specification) return {};
  const WallTime from = *TimeOf(*specification, "ExportFromTime");
  const WallTime to = TimeOf(*specification, "ExportToTime").value_or(std::min(now, from + kWindowMax));
  if (from < std::chrono::floor<std::chrono::seconds>(created_at)) {
    return InvalidTime(fmt::format(
        "Incremental export period from time cannot be less than the table creation time : {}", Spelled(from)));
  }
  if (to > now) {
    return InvalidTime(
        fmt::format("Incremental export period to time cannot be greater than the current time : {}", Spelled(to)));
  }
  if (to - from < kWindowMin) {
    return InvalidTime("Difference between export period from time and export period to time is less than 15 minutes");
  }
  if (to - from > kWindowMax) {
    return InvalidTime("Difference between export period from time and export period to time is more than 24 hours");
  }
  return {};
}

Result<void> CheckKey(wire::StructureView input) {
  if (!input.Has("S3SseKmsKeyId") || input.String("S3SseAlgorithm").value_or("AES256") == "KMS") return {};
  return InvalidRequest("KMS Key Id is not supported for this encryption type");
}

// The filter as it is kept: JSON.
Result<std::string> FilterOf(wire::StructureView filter, const TableDefinition& definition) {
  if (filter.json().empty()) {
    return InvalidRequest("Invalid FilterSpecification: The specification can not be empty");
  }
  INSULA_TRY(CheckExportFilter(filter, definition));
  std::string json;
  wire::JsonWriter writer(&json);
  wire::WriteJson(filter.json(), &writer);
  if (json.size() > kFilterBytesMax) return Invalid("FilterSpecification has more than {} bytes", kFilterBytesMax);
  return json;
}

Result<TableHandle> FindExported(const Call& call, std::string_view arn) {
  if (!arn.starts_with("arn:")) return Invalid("tableArn is not a valid ARN");
  const std::optional<tenancy::TableArnParts> parts = tenancy::ParseTableArn(arn);
  if (!parts) return InvalidRequest("Table ARN is invalid.");
  const auto not_found = [&] { return Error(ErrorCode::kTableNotFound, fmt::format("Table not found: {}", arn)); };
  if (parts->region != call.services.options.region) return not_found();
  Result<TableHandle> found = TableHandle::Find(call, arn);
  if (!found.ok()) {
    if (found.error().code() == ErrorCode::kResourceNotFound) return not_found();
    return found;
  }
  // A service's shared table is the service's to export.
  INSULA_TRY(Authorize(call, **found, Access::kWrite));
  if (!found->is_settled()) return not_found();
  return found;
}

}  // namespace

Task<Result<std::string>> ExportTableToPointInTime(Call& call) {
  const wire::StructureView input = call.input();
  INSULA_CO_TRY(CheckHasObjects(call));
  if (input.String("ExportFormat").value_or("DYNAMODB_JSON") == "ION") co_return IonNotOffered();
  std::string_view prefix = input.String("S3Prefix").value_or("");
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  INSULA_CO_TRY(CheckKind(input));
  INSULA_CO_TRY(CheckKey(input));
  tenancy::TransferRecord wanted;
  INSULA_CO_ASSIGN(wanted.prefix, PrefixOf("S3Prefix", prefix));
  INSULA_CO_ASSIGN(const TableHandle table, FindExported(call, *input.String("TableArn")));
  const TableDefinition& definition = table->definition;
  const WallTime now = call.services.clock.Now();
  INSULA_CO_TRY(CheckPeriod(input, definition.created_at, now));
  const auto window = call.services.catalog.backups().RestorableTimesOf(call.context(), definition.name);
  if (!window) {
    co_return Error(ErrorCode::kPointInTimeRecoveryUnavailable,
                    fmt::format("Point in time recovery is not enabled for table '{}'", definition.name));
  }
  INSULA_CO_ASSIGN(wanted.details, DetailsOf(input, *window, now));
  if (const auto filter = input.Structure("FilterSpecification")) {
    INSULA_CO_ASSIGN(std::get<tenancy::ExportDetails>(wanted.details).filter, FilterOf(*filter, definition));
  }
  wanted.bucket = *input.String("S3Bucket");
  if (auto owner = input.String("S3BucketOwner")) wanted.bucket_owner = *owner;
  wanted.client_token = input.String("ClientToken").value_or("");
  wanted.fingerprint = FingerprintOf(input);
  tenancy::Transfers transfers = call.services.catalog.transfers();
  tenancy::Context context = call.context();
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer,
                   co_await transfers.StartExport(std::move(context), table.ptr(), std::move(wanted)));
  co_return ExportAnswer(transfers, *transfer);
}

}  // namespace insula::operations
