// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
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
    if (specification) {
      return ValidationError("IncrementalExportSpecification can only be used with the export type INCREMENTAL_EXPORT");
    }
    const std::optional<WallTime> time = TimeOf(input, "ExportTime");
    if (time) INSULA_TRY(CheckWithinWindow(window, *time, now, "ExportTime"));
    details.to = time.value_or(WallTime{});  // when it begins
    return details;
  }
  if (!specification || !specification->Has("ExportFromTime")) {
    return ValidationError("An incremental export requires IncrementalExportSpecification with ExportFromTime");
  }
  if (input.Has("ExportTime")) return ValidationError("ExportTime can only be used with the export type FULL_EXPORT");
  details.view = specification->String("ExportViewType").value_or("NEW_AND_OLD_IMAGES");
  details.from = *TimeOf(*specification, "ExportFromTime");
  details.to = TimeOf(*specification, "ExportToTime").value_or(std::min(now, details.from + kWindowMax));
  INSULA_TRY(CheckWithinWindow(window, details.from, now, "ExportFromTime"));
  INSULA_TRY(CheckWithinWindow(window, details.to, now, "ExportToTime"));
  if (details.to - details.from < kWindowMin) {
    return InvalidTime("The export period must be at least 15 minutes: from ExportFromTime to ExportToTime");
  }
  if (details.to - details.from > kWindowMax) {
    return InvalidTime("The export period must be at most 24 hours: from ExportFromTime to ExportToTime");
  }
  return details;
}

// The filter as it is kept: JSON.
Result<std::string> FilterOf(wire::StructureView filter, const TableDefinition& definition) {
  INSULA_TRY(CheckExportFilter(filter, definition));
  std::string json;
  wire::JsonWriter writer(&json);
  wire::WriteJson(filter.json(), &writer);
  if (json.size() > kFilterBytesMax) return Invalid("FilterSpecification has more than {} bytes", kFilterBytesMax);
  return json;
}

Result<TableHandle> FindExported(const Call& call, std::string_view arn) {
  Result<TableHandle> found = TableHandle::Find(call, arn);
  const auto not_found = [&] { return Error(ErrorCode::kTableNotFound, fmt::format("Table not found: {}", arn)); };
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
  tenancy::TransferRecord wanted;
  INSULA_CO_ASSIGN(wanted.prefix, PrefixOf("S3Prefix", prefix));
  INSULA_CO_ASSIGN(const TableHandle table, FindExported(call, *input.String("TableArn")));
  const TableDefinition& definition = table->definition;
  const auto window = call.services.catalog.backups().RestorableTimesOf(call.context(), definition.name);
  if (!window) {
    co_return Error(ErrorCode::kPointInTimeRecoveryUnavailable,
                    fmt::format("Point in time recovery is not enabled for table '{}'", definition.name));
  }
  INSULA_CO_ASSIGN(wanted.details, DetailsOf(input, *window, call.services.clock.Now()));
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
