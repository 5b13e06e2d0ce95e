#include "tenancy/faces/transfers.h"

#include <fmt/format.h>

#include <array>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/identity/minted_id.h"
#include "tenancy/identity/refusals.h"

namespace insula::tenancy {
namespace {

constexpr std::chrono::hours kTokenLife{8};
constexpr std::chrono::hours kMemory{24 * 90};
constexpr std::size_t kForgottenAtOnce = 40;

// What the kinds of transfers differ in, where a request begins, finds or lists them.
struct Traits {
  std::string_view noun, start_action, describe_action, list_action, arn_parameter;
  ErrorCode not_found;
  ErrorCode conflict;
  std::string_view conflict_message;
  std::size_t at_once_max;
};

const Traits& TraitsOf(TransferKind kind) {
  static constexpr std::array kTraits = {
      Traits{"Export", "dynamodb:ExportTableToPointInTime", "dynamodb:DescribeExport", "dynamodb:ListExports",
             "Export ARN", ErrorCode::kExportNotFound, ErrorCode::kExportConflict,
             "Export conflict: Duplicate request detected with conflicting parameters", Transfers::kExportsAtOnceMax},
      Traits{"Import", "dynamodb:ImportTable", "dynamodb:DescribeImport", "dynamodb:ListImports", "Import ARN",
             ErrorCode::kImportNotFound, ErrorCode::kImportConflict,
             "Import conflict: Duplicate request detected with conflicting parameters", Transfers::kImportsAtOnceMax},
      Traits{"Bulk operation", "dynamodb:StartBulkPutItems", "dynamodb:DescribeBulkOperation",
             "dynamodb:ListBulkOperations", "BulkOperationArn", ErrorCode::kResourceNotFound,
             ErrorCode::kIdempotentParameterMismatch,
             "A previous request had the same client token and other parameters", Transfers::kBulkPutsAtOnceMax},
  };
  return kTraits[static_cast<std::size_t>(kind)];
}

// What `owner` began before, with the transfer of the same client token, if that counts still.
struct Earlier {
  TransferPtr same_token;
  std::size_t at_work = 0;  // of the same kind, that haven't ended
};
Earlier EarlierOf(const State& state, const ContextNames& owner, const TransferRecord& request, WallTime now) {
  Earlier earlier;
  const auto found = state.transfers.find(owner);
  if (found == state.transfers.end()) return earlier;
  for (const auto& [id, transfer] : found->second) {
    if (transfer->kind() != request.kind()) continue;
    if (!HasEnded(transfer->status)) ++earlier.at_work;
    if (!request.client_token.empty() && transfer->client_token == request.client_token &&
        now < transfer->ended_at.value_or(now) + kTokenLife) {
      earlier.same_token = transfer;
    }
  }
  return earlier;
}

// Adds to the change that `owner` forgets what ended long ago.
Result<void> Forget(const State& state, const ContextNames& owner, WallTime now, Change* change) {
  const auto found = state.transfers.find(owner);
  if (found == state.transfers.end()) return {};
  std::size_t forgotten = 0;
  for (const auto& [id, transfer] : found->second) {
    if (!transfer->ended_at || now < *transfer->ended_at + kMemory) continue;
    change->Remove(*transfer);
    if (++forgotten == kForgottenAtOnce) break;
  }
  if (found->second.size() - forgotten >= Transfers::kRemembered) {
    return Error(ErrorCode::kLimitExceeded,
                 fmt::format("Subscriber limit exceeded: There is a limit of {} exports, imports and bulk operations "
                             "in 90 days",
                             Transfers::kRemembered));
  }
  return {};
}

// What precedes any beginning: who may, the client token, the quota. A transfer: that of the token.
Result<std::optional<TransferPtr>> Admit(const Catalog::Impl& impl, const Context& context,
                                         const TransferRecord& request) {
  const ContextNames* names = NamesOf(context);
  const Traits& traits = TraitsOf(request.kind());
  if (names == nullptr || !impl.StateInLane().IsActive(*names)) {
    return NotAuthorized(context, traits.start_action,
                         TableArn(impl.options.region, AccountOf(context), request.table));
  }
  const Earlier earlier = EarlierOf(impl.StateInLane(), *names, request, impl.clock.Now());
  if (earlier.same_token != nullptr) {
    if (earlier.same_token->fingerprint == request.fingerprint) return std::optional(earlier.same_token);
    return Error(traits.conflict, std::string(traits.conflict_message));
  }
  if (earlier.at_work >= traits.at_once_max) {
    std::string noun(traits.noun);
    noun.front() = static_cast<char>(noun.front() - 'A' + 'a');
    return Error(
        ErrorCode::kLimitExceeded,
        fmt::format("Subscriber limit exceeded: There is a limit of {} concurrent {}s", traits.at_once_max, noun));
  }
  return std::optional<TransferPtr>();
}

TransferPtr NewTransfer(const ContextNames& owner, const Table& table, TransferRecord request, WallTime now) {
  request.id = TimedId(now, RandomIdEnd());
  request.owner = owner;
  request.table = table.definition.name;
  request.table_id = table.definition.id;
  request.incarnation = table.ref.incarnation();
  request.store = table.ref.store();
  request.started_at = now;
  if (auto* full = std::get_if<ExportDetails>(&request.details); full != nullptr && full->to == WallTime{})
    full->to = now;
  request.status = TransferStatus::kInProgress;
  return std::make_shared<const TransferRecord>(std::move(request));
}

void NotifyListener(Catalog::Impl& impl, const TransferPtr& transfer) {
  const MutexLock lock(impl.listener_mutex);
  if (impl.transfer_listener) impl.transfer_listener(transfer);
}

}  // namespace

Task<Result<TransferPtr>> Transfers::StartExport(Context context, TablePtr table, TransferRecord request) {
  return Start(std::move(context), std::move(table), std::move(request));
}

Task<Result<TransferPtr>> Transfers::StartBulkPut(Context context, TablePtr table, TransferRecord request) {
  return Start(std::move(context), std::move(table), std::move(request));
}

Task<Result<TransferPtr>> Transfers::Start(Context context, TablePtr table, TransferRecord request) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  request.table = table->definition.name;
  INSULA_CO_ASSIGN(const auto same, Admit(impl, context, request));
  if (same) co_return *same;
  const ContextNames owner = *NamesOf(context);
  Change change;
  INSULA_CO_TRY(Forget(impl.StateInLane(), owner, impl.clock.Now(), &change));
  const TransferPtr transfer = NewTransfer(owner, *table, std::move(request), impl.clock.Now());
  change.Put(*transfer);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  NotifyListener(impl, transfer);
  co_return transfer;
}

Task<Result<TransferPtr>> Transfers::Cancel(Context context, std::string arn) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  INSULA_CO_ASSIGN(const TransferPtr before,
                   Find(context, TransferKind::kBulkPut, arn, "dynamodb:CancelBulkOperation"));
  if (before->status == TransferStatus::kCancelling) co_return before;
  if (HasEnded(before->status)) {
    co_return ValidationError(
        fmt::format("The bulk operation has ended, with the status {}: it can't be cancelled", NameOf(before->status)));
  }
  TransferRecord cancelled = *before;
  cancelled.status = TransferStatus::kCancelling;
  const auto after = std::make_shared<const TransferRecord>(std::move(cancelled));
  Change change;
  change.Put(*after);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  NotifyListener(impl, after);
  co_return after;
}

Task<Result<TransferPtr>> Transfers::StartImport(Context context, TableDefinition definition, TransferRecord request) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  request.table = definition.name;
  INSULA_CO_ASSIGN(const auto same, Admit(impl, context, request));
  if (same) co_return *same;
  Change change;
  INSULA_CO_ASSIGN(TableRecordPtr record, impl.AddOwnTable(&change, context, std::move(definition),
                                                           "dynamodb:ImportTable", {.importing = true}));
  INSULA_CO_TRY(Forget(impl.StateInLane(), record->owner, impl.clock.Now(), &change));
  const TransferPtr transfer = NewTransfer(record->owner, *record->table, std::move(request), impl.clock.Now());
  change.Put(*transfer);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  NotifyListener(impl, transfer);
  co_return transfer;
}

Result<TransferPtr> Transfers::Find(const Context& context, TransferKind kind, std::string_view arn) const {
  return Find(context, kind, arn, TraitsOf(kind).describe_action);
}

Result<TransferPtr> Transfers::Find(const Context& context, TransferKind kind, std::string_view arn,
                                    std::string_view action) const {
  const Catalog::Impl& impl = catalog_.impl();
  const Traits& traits = TraitsOf(kind);
  const auto not_found = [&] {
    // Twice of an export, as DynamoDB says it.
    const std::string_view twice = kind == TransferKind::kExport ? "Export not found: " : "";
    return Error(traits.not_found, fmt::format("{} not found: {}{}", traits.noun, twice, arn));
  };
  const auto parts = ParseTransferArn(arn);
  if (!parts || parts->kind != NameOf(kind)) return ValidationError(fmt::format("Invalid {}", traits.arn_parameter));
  if (parts->table.region != impl.options.region) {
    return Error(traits.not_found, fmt::format("{} not found: Invalid {} arn", traits.noun, NameOf(kind)));
  }
  if (parts->table.account != tenancy::AccountOf(context).value()) {
    return NotAuthorizedElsewhere(context, action, arn);
  }
  const ContextNames* names = NamesOf(context);
  if (names == nullptr) return NotAuthorized(context, action, arn);
  const SharedLock lock(impl.mutex);
  const auto owned = impl.state.transfers.find(*names);
  if (owned == impl.state.transfers.end()) return not_found();
  const auto found = owned->second.find(parts->id);
  if (found == owned->second.end()) return not_found();
  const TransferPtr& transfer = found->second;
  if (transfer->kind() != kind || transfer->table != parts->table.table) return not_found();
  return transfer;
}

Result<TransferPage> Transfers::List(const Context& context, TransferKind kind,
                                     std::optional<std::string_view> table_arn, std::string_view after,
                                     std::size_t limit) const {
  const Catalog::Impl& impl = catalog_.impl();
  const ContextNames* names = NamesOf(context);
  const std::string_view action = TraitsOf(kind).list_action;
  if (names == nullptr) {
    return NotAuthorized(context, action, TableArn(impl.options.region, tenancy::AccountOf(context), "*"));
  }
  std::optional<TableArnParts> table;
  if (table_arn) {
    table = ParseTableArn(*table_arn);
    if (!table) return ValidationError(fmt::format("Invalid TableArn: {}", *table_arn));
    if (table->region != impl.options.region || table->account != tenancy::AccountOf(context).value()) {
      return NotAuthorizedElsewhere(context, action, *table_arn);
    }
  }
  TransferPage page;
  const WallTime oldest = impl.clock.Now() - kMemory;
  const SharedLock lock(impl.mutex);
  const auto owned = impl.state.transfers.find(*names);
  if (owned == impl.state.transfers.end()) return page;
  const TableRecordPtr now = table ? impl.state.FindTable(*names, table->table) : nullptr;
  const auto is_of_table = [&](const TransferRecord& transfer) {
    if (transfer.table != table->table) return false;
    return kind != TransferKind::kExport || (now != nullptr && now->table->ref.incarnation() == transfer.incarnation);
  };
  const auto& transfers = owned->second;
  auto it = std::make_reverse_iterator(after.empty() ? transfers.end() : transfers.lower_bound(after));
  for (; it != transfers.rend(); ++it) {
    const TransferPtr& transfer = it->second;
    if (transfer->kind() != kind || (table && !is_of_table(*transfer))) continue;
    if (transfer->ended_at.value_or(transfer->started_at) < oldest) continue;
    if (page.transfers.size() == limit) {
      page.last = page.transfers.back()->id;
      break;
    }
    page.transfers.push_back(transfer);
  }
  return page;
}

AccountId Transfers::AccountOf(const TransferRecord& transfer) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  return impl.state.AccountOf(transfer.owner);
}
std::string Transfers::TableArnOf(const TransferRecord& transfer) const {
  return TableArn(catalog_.impl().options.region, AccountOf(transfer), transfer.table);
}
std::string Transfers::ArnOf(const TransferRecord& transfer) const {
  return fmt::format("{}/{}/{}", TableArnOf(transfer), NameOf(transfer.kind()), transfer.id);
}

}  // namespace insula::tenancy
