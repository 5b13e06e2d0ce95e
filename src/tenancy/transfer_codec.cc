#include "tenancy/transfer_codec.h"

#include <fmt/format.h>

#include <array>

#include "base/crypto.h"
#include "tenancy/json_fields.h"
#include "tenancy/record_codec.h"

namespace insula::tenancy {
namespace {

constexpr std::array<std::string_view, 6> kStatusNames = {"IN_PROGRESS",           "COMPLETED", "FAILED", "CANCELLED",
                                                          "COMPLETED_WITH_ERRORS", "CANCELLING"};
constexpr std::array<std::string_view, 3> kKindNames = {"export", "import", "bulk-operation"};

constexpr std::int64_t kVersion = 2;
// Of bulk puts and of exports with a filter: an older program would take them for plain exports.
constexpr std::int64_t kNewerVersion = 3;

std::int64_t Signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t Unsigned(JsonIn& in, std::string_view key) { return static_cast<std::uint64_t>(in.Number(key)); }

void WriteOptional(std::string_view key, const std::optional<std::string>& value, JsonOut* out) {
  if (value) out->Text(key, *value);
}
std::optional<std::string> ReadOptional(JsonIn& in, std::string_view key) {
  if (!in.Has(key)) return std::nullopt;
  return in.Text(key);
}

// nullopt for what HexOf doesn't give.
std::optional<std::string> BytesOfHex(std::string_view hex) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

void Write(const ExportDetails& details, JsonOut* out) {
  out->Flag("incremental", details.incremental).Text("view", details.view);
  out->Time("from", details.from).Time("to", details.to);
  WriteOptional("sse_algorithm", details.sse_algorithm, out);
  WriteOptional("sse_kms_key", details.sse_kms_key, out);
  if (!details.filter.empty()) out->Text("filter", details.filter);
  out->Number("items", Signed(details.items)).Number("billed_bytes", Signed(details.billed_bytes));
  if (details.cursor) out->Number("cursor", Signed(*details.cursor));
  if (!details.position.empty()) out->Text("position", HexOf(details.position));
  out->Key("files").Begin('[');
  for (const ExportedFile& file : details.files) {
    out->Begin('{').Text("n", file.name).Number("i", Signed(file.items)).Text("m", file.md5).Text("e", file.etag);
    out->End('}');
  }
  out->End(']');
}
ExportDetails ReadExport(JsonIn in) {
  ExportDetails details;
  details.incremental = in.Flag("incremental");
  details.view = in.Text("view");
  details.from = in.Time("from");
  details.to = in.Time("to");
  details.sse_algorithm = ReadOptional(in, "sse_algorithm");
  details.sse_kms_key = ReadOptional(in, "sse_kms_key");
  details.filter = ReadOptional(in, "filter").value_or("");
  details.items = Unsigned(in, "items");
  details.billed_bytes = Unsigned(in, "billed_bytes");
  if (in.Has("cursor")) details.cursor = Unsigned(in, "cursor");
  if (in.Has("position")) {
    const std::optional<std::string> position = BytesOfHex(in.Text("position"));
    if (!position) in.Fail("position", "is not hexadecimal");
    details.position = position.value_or("");
  }
  for (const auto element : in.Array("files")) {
    JsonIn file = in.Sub(element);
    details.files.push_back({file.Text("n"), Unsigned(file, "i"), file.Text("m"), file.Text("e")});
  }
  return details;
}

void Write(const InputFormat& input, JsonOut* out) {
  out->Text("format", input.format).Text("compression", input.compression).Text("delimiter", input.delimiter);
  out->Key("headers").Begin('[');
  for (const std::string& header : input.headers) out->Text(header);
  out->End(']');
}
InputFormat ReadInputFormat(JsonIn& in) {
  InputFormat input;
  input.format = in.Text("format");
  input.compression = in.Text("compression");
  input.delimiter = in.Text("delimiter");
  for (const auto element : in.Array("headers")) input.headers.push_back(in.TextOf(element));
  return input;
}

void Write(const InputCursor& cursor, JsonOut* out) {
  out->Text("object", cursor.object).Number("records", Signed(cursor.records));
}
InputCursor ReadCursor(JsonIn& in) { return {in.Text("object"), Unsigned(in, "records")}; }

void Write(const ImportDetails& details, JsonOut* out) {
  Write(details.input, out);
  out->Text("parameters", details.parameters);
  out->Number("processed_bytes", Signed(details.processed_bytes));
  out->Number("processed_items", Signed(details.processed_items));
  out->Number("imported_items", Signed(details.imported_items)).Number("errors", Signed(details.errors));
  Write(details.cursor, out);
  out->Number("error_files", Signed(details.error_files));
}
ImportDetails ReadImport(JsonIn in) {
  ImportDetails details;
  details.input = ReadInputFormat(in);
  details.parameters = in.Text("parameters");
  details.processed_bytes = Unsigned(in, "processed_bytes");
  details.processed_items = Unsigned(in, "processed_items");
  details.imported_items = Unsigned(in, "imported_items");
  details.errors = Unsigned(in, "errors");
  details.cursor = ReadCursor(in);
  details.error_files = Unsigned(in, "error_files");
  return details;
}

void Write(const BulkPutUsage& usage, JsonOut* out) {
  out->Key("usage").Begin('{').Number("table", Signed(usage.table)).Key("indexes").Begin('[');
  for (const auto& [name, index] : usage.indexes) {
    out->Begin('{').Text("n", name).Number("k", static_cast<int>(index.kind)).Number("b", Signed(index.bytes)).End('}');
  }
  out->End(']').End('}');
}
BulkPutUsage ReadUsage(JsonIn in) {
  BulkPutUsage usage;
  usage.table = Unsigned(in, "table");
  for (const auto element : in.Array("indexes")) {
    JsonIn index = in.Sub(element);
    const std::int64_t kind = index.Number("k");
    if (kind < 0 || kind > static_cast<int>(IndexKind::kVector)) index.Fail("k", "has an unknown value");
    usage.indexes[index.Text("n")] = {static_cast<IndexKind>(kind), Unsigned(index, "b")};
  }
  return usage;
}

void Write(const BulkPutDetails& details, JsonOut* out) {
  Write(details.input, out);
  out->Text("output_bucket", details.output_bucket).Text("output_prefix", details.output_prefix);
  WriteOptional("output_owner", details.output_owner, out);
  WriteOptional("sse_algorithm", details.sse_algorithm, out);
  WriteOptional("sse_kms_key", details.sse_kms_key, out);
  out->Flag("report_errors", details.report_errors);
  out->Flag("report_failed_conditions", details.report_failed_conditions);
  if (details.write_units_max) out->Number("write_units_max", *details.write_units_max);
  out->Text("tier", details.tier);
  if (details.total_bytes) out->Number("total_bytes", Signed(*details.total_bytes));
  out->Number("processed_bytes", Signed(details.processed_bytes));
  out->Number("processed_items", Signed(details.processed_items)).Number("errors", Signed(details.errors));
  out->Number("failed_conditions", Signed(details.failed_conditions));
  Write(details.usage, out);
  Write(details.cursor, out);
  out->Number("error_files", Signed(details.error_files));
  out->Number("condition_files", Signed(details.condition_files));
}
BulkPutDetails ReadBulkPut(JsonIn in) {
  BulkPutDetails details;
  details.input = ReadInputFormat(in);
  details.output_bucket = in.Text("output_bucket");
  details.output_prefix = in.Text("output_prefix");
  details.output_owner = ReadOptional(in, "output_owner");
  details.sse_algorithm = ReadOptional(in, "sse_algorithm");
  details.sse_kms_key = ReadOptional(in, "sse_kms_key");
  details.report_errors = in.Flag("report_errors");
  details.report_failed_conditions = in.Flag("report_failed_conditions");
  if (in.Has("write_units_max")) details.write_units_max = in.Number("write_units_max");
  details.tier = in.Text("tier");
  if (in.Has("total_bytes")) details.total_bytes = Unsigned(in, "total_bytes");
  details.processed_bytes = Unsigned(in, "processed_bytes");
  details.processed_items = Unsigned(in, "processed_items");
  details.errors = Unsigned(in, "errors");
  details.failed_conditions = Unsigned(in, "failed_conditions");
  details.usage = ReadUsage(in.Child("usage"));
  details.cursor = ReadCursor(in);
  details.error_files = Unsigned(in, "error_files");
  details.condition_files = Unsigned(in, "condition_files");
  return details;
}

Error Named(const Record& record, const Error& error) {
  return Error(error.code(), fmt::format("Catalog record {} '{}': {}", record.kind, record.name, error.message()));
}

}  // namespace

std::string_view NameOf(TransferStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }
std::string_view NameOf(TransferKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

RecordChange Put(const TransferRecord& r) {
  JsonOut out;
  const auto* exported = std::get_if<ExportDetails>(&r.details);
  const bool newer = r.kind() == TransferKind::kBulkPut || (exported != nullptr && !exported->filter.empty());
  out.Begin('{').Number("v", newer ? kNewerVersion : kVersion);
  out.Text("environment", r.owner.environment.value()).Text("service", r.owner.service.value());
  out.Text("tenant", r.owner.tenant.value()).Text("table", r.table).Text("table_id", r.table_id);
  out.Number("incarnation", Signed(r.incarnation.value())).Number("store", r.store.value());
  out.Text("client_token", r.client_token).Text("fingerprint", r.fingerprint);
  out.Text("bucket", r.bucket).Text("prefix", r.prefix);
  WriteOptional("bucket_owner", r.bucket_owner, &out);
  out.Time("started_at", r.started_at);
  if (r.ended_at) out.Time("ended_at", *r.ended_at);
  out.Text("status", NameOf(r.status)).Text("failure_code", r.failure_code);
  out.Text("failure_message", r.failure_message);
  out.Key(NameOf(r.kind())).Begin('{');
  std::visit([&](const auto& details) { Write(details, &out); }, r.details);
  out.End('}').End('}');
  return {std::string(kTransferKind), r.id, out.Take()};
}

RecordChange Remove(const TransferRecord& r) { return {std::string(kTransferKind), r.id, {}}; }

Result<TransferRecord> ReadTransfer(const Record& record) {
  JsonText text;
  auto parsed = text.Parse(record.value);
  if (!parsed.ok()) return Named(record, parsed.error());
  JsonIn in = *parsed;
  if (const std::int64_t version = in.Number("v"); in.status().ok() && version > kRecordVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("Catalog record {} '{}' has format version {}, this program knows up to {}: it was "
                             "written by a newer one",
                             record.kind, record.name, version, kRecordVersion));
  }
  TransferRecord r;
  r.id = record.name;
  r.owner = {EnvironmentName(in.Text("environment")), ServiceName(in.Text("service")), TenantId(in.Text("tenant"))};
  r.table = in.Text("table");
  r.table_id = in.Text("table_id");
  r.incarnation = Incarnation(Unsigned(in, "incarnation"));
  r.store = StoreId(static_cast<std::uint32_t>(in.Number("store")));
  r.client_token = in.Text("client_token");
  r.fingerprint = in.Text("fingerprint");
  r.bucket = in.Text("bucket");
  r.prefix = in.Text("prefix");
  r.bucket_owner = ReadOptional(in, "bucket_owner");
  r.started_at = in.Time("started_at");
  if (in.Has("ended_at")) r.ended_at = in.Time("ended_at");
  const std::string status = in.Text("status");
  const auto found = std::find(kStatusNames.begin(), kStatusNames.end(), status);
  if (found == kStatusNames.end()) {
    in.Fail("status", "has an unknown value");
  } else {
    r.status = static_cast<TransferStatus>(found - kStatusNames.begin());
  }
  r.failure_code = in.Text("failure_code");
  r.failure_message = in.Text("failure_message");
  if (in.Has("import")) {
    r.details = ReadImport(in.Child("import"));
  } else if (in.Has(NameOf(TransferKind::kBulkPut))) {
    r.details = ReadBulkPut(in.Child(NameOf(TransferKind::kBulkPut)));
  } else {
    r.details = ReadExport(in.Child("export"));
  }
  const auto read = in.status();
  if (!read.ok()) return Named(record, read.error());
  return r;
}

}  // namespace insula::tenancy
