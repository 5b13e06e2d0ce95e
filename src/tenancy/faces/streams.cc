#include "tenancy/faces/streams.h"

#include <fmt/format.h>

#include <map>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/refusals.h"

namespace insula::tenancy {
namespace {

constexpr std::string_view kBetween = "/stream/";
constexpr std::size_t kNamesPerLook = 500;

struct StreamArnParts {
  TableArnParts table;
  std::string_view label;
};

// nullopt if it is no stream's.
std::optional<StreamArnParts> ParseStreamArn(std::string_view arn) {
  const std::size_t between = arn.find(kBetween);
  if (between == std::string_view::npos) return std::nullopt;
  const std::optional<TableArnParts> table = ParseTableArn(arn.substr(0, between));
  const std::string_view label = arn.substr(between + kBetween.size());
  if (!table || label.empty() || label.find('/') != std::string_view::npos) return std::nullopt;
  return StreamArnParts{*table, label};
}

// The parts of an ARN that names something in the context's own account.
Result<StreamArnParts> OwnStream(const Context& context, std::string_view arn, std::string_view region,
                                 std::string_view action) {
  const std::optional<StreamArnParts> parts = ParseStreamArn(arn);
  if (!parts) return ValidationError(fmt::format("Invalid StreamArn: {}", arn));
  if (parts->table.region != region || parts->table.account != AccountOf(context).value()) {
    return NotAuthorizedElsewhere(context, action, arn);
  }
  return *parts;
}

Stream StreamOf(TablePtr table, StreamSettings settings) {
  Stream stream;
  stream.arn = fmt::format("{}{}{}", table->arn, kBetween, settings.label);
  stream.table = std::move(table);
  stream.settings = std::move(settings);
  return stream;
}

std::optional<Stream> ReadableStream(const TablePtr& table, std::string_view label, const StreamTimes& times) {
  if (table->pooled) return std::nullopt;
  for (StreamSettings& settings : ReadableStreams(table->definition, times)) {
    if (settings.label == label) return StreamOf(table, std::move(settings));
  }
  return std::nullopt;
}

// The tables of the context that are gone but for their logs, by name if one is given.
std::vector<TablePtr> KeptLogs(const Catalog::Impl& impl, const Context& context,
                               std::optional<std::string_view> table) {
  std::vector<TablePtr> tables;
  const ContextNames* names = NamesOf(context);
  if (names == nullptr) return tables;
  const SharedLock lock(impl.mutex);
  const auto kept = impl.state.kept_logs.find(*names);
  if (kept == impl.state.kept_logs.end()) return tables;
  for (const auto& [incarnation, record] : kept->second) {
    if (!table || record->name() == *table) tables.push_back(record->table);
  }
  return tables;
}

}  // namespace

Result<Stream> Streams::Find(const Context& context, std::string_view arn, std::string_view action) const {
  const Catalog::Impl& impl = catalog_.impl();
  INSULA_ASSIGN(const StreamArnParts parts, OwnStream(context, arn, impl.options.region, action));
  const StreamTimes times = impl.StreamTimesNow();
  const Result<TablePtr> table = catalog_.Find(context, parts.table.table);
  if (table.ok()) {
    if (auto stream = ReadableStream(*table, parts.label, times)) return *std::move(stream);
  } else if (table.error().code() != ErrorCode::kResourceNotFound) {
    return table.error();
  }
  for (const TablePtr& gone : KeptLogs(impl, context, parts.table.table)) {
    if (auto stream = ReadableStream(gone, parts.label, times)) return *std::move(stream);
  }
  return Error(ErrorCode::kResourceNotFound, fmt::format("Requested resource not found: Stream: {} not found", arn));
}

Result<StreamPage> Streams::List(const Context& context, std::optional<std::string_view> table,
                                 std::string_view exclusive_start, std::size_t limit) const {
  const Catalog::Impl& impl = catalog_.impl();
  using Place = std::pair<std::string, std::string>;  // table and label
  std::optional<Place> start;
  if (!exclusive_start.empty()) {
    INSULA_ASSIGN(const StreamArnParts parts,
                  OwnStream(context, exclusive_start, impl.options.region, "dynamodb:ListStreams"));
    start.emplace(parts.table.table, parts.label);
  }
  const StreamTimes times = impl.StreamTimesNow();
  std::map<Place, Stream> found;
  const auto add = [&](const TablePtr& of) {
    if (of->pooled) return;
    for (StreamSettings& settings : ReadableStreams(of->definition, times)) {
      Place place(of->definition.name, settings.label);
      if (start && place <= *start) continue;
      found.try_emplace(std::move(place), StreamOf(of, std::move(settings)));
    }
  };
  for (const TablePtr& gone : KeptLogs(impl, context, table)) add(gone);
  if (table) {
    const Result<TablePtr> one = catalog_.Find(context, *table);
    if (one.ok()) add(*one);
  } else {
    TableNames names;
    do {
      names = catalog_.List(context, names.last_evaluated.value_or(""), kNamesPerLook);
      for (const std::string& name : names.names) {
        const Result<TablePtr> one = catalog_.Find(context, name);
        if (one.ok()) add(*one);
      }
    } while (names.last_evaluated);
  }
  StreamPage page;
  for (auto& [place, stream] : found) {
    if (page.streams.size() == limit) {
      page.more = true;
      break;
    }
    page.streams.push_back(std::move(stream));
  }
  return page;
}

std::chrono::seconds Streams::retention() const { return catalog_.impl().options.stream_retention; }

}  // namespace insula::tenancy
