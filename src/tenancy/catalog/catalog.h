// The organization's state in memory, written through to the record store: which contexts exist, which tables they
// have and where those are. The only room that knows partition models.
//
// Reads are lock-cheap lookups of immutable snapshots; changes are serialized, durable before they are visible, and
// leave an intent for the provisioner (control/provisioner.h) where an engine must follow.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/task.h"
#include "model/engine_capabilities.h"
#include "tenancy/identity/context.h"
#include "tenancy/identity/table.h"

namespace insula::tenancy {

// One tenant's part of a pooled table, for the operator's view: the table is the concatenation of its parts in order.
struct PooledPart {
  TenantId tenant;
  TablePtr table;  // as the tenant has it
};

struct AccountOwner {
  EnvironmentName environment;     // empty: the payer's
  std::optional<TenantId> tenant;  // none: the account is shared
};

struct TableNames {
  std::vector<std::string> names;
  std::optional<std::string> last_evaluated;  // set if there are more
};

struct CatalogOptions {
  std::string region = "us-east-1";
  // Name templates by model; injectivity over all that share an account is proved when they are set.
  std::string account_template = "{environment}.{service}.{table}";
  std::string table_template = "{environment}.{service}.{tenant}.{table}";
  std::string pool_template = "{environment}.{service}._pool.{table}";
  std::string service_template = "{environment}.{service}._service.{table}";
  std::vector<EngineCapabilities> engines{{}};  // at least one; the first has the shared accounts
  // Told of each store that isn't the first engine's, before anything of it is asked for.
  std::function<Result<void>(StoreId store, const std::string& engine)> store_is_on{};
  std::size_t tables_per_context_max = 2500;      // DynamoDB's quota of an account
  std::chrono::seconds stream_retention{86'400};  // how long a stream's records, and a stream that ended, are kept
};

// Safe from any thread.
class Catalog {
 public:
  // Loads everything. `records` and `clock` outlive the catalog.
  static Task<Result<std::unique_ptr<Catalog>>> Open(RecordStore& records, Clock& clock, CatalogOptions options);
  ~Catalog();

  // --- contexts ---
  // AccessDenied, without telling which part is missing, if the names aren't an existing, active context.
  Result<Context> ContextOf(const ContextNames& names) const;
  Result<Context> OperatorContextOf(const AccountId& account) const;
  // Whose an account is; nullopt for one that isn't there, or whose tenant is gone.
  std::optional<AccountOwner> OwnerOf(const AccountId& account) const;
  // The contexts that have this account: a tenant's of each service of its environment that it is placed in, or the
  // services' of an environment.
  std::vector<ContextNames> ContextsOf(const AccountId& account) const;

  // --- tables of a context ---
  // By logical name (an operator: physical name) or table ARN. ResourceNotFound for an unknown name ("Requested
  // resource not found"), AccessDenied for an ARN of another account, ValidationException for one of another region.
  // Tables being created or deleted are found: their status tells. `operation` is what the last refuses: "GetItem".
  Result<TablePtr> Find(const Context& context, std::string_view name_or_arn, std::string_view operation = "*") const;
  TableNames List(const Context& context, std::string_view exclusive_start, std::size_t limit) const;
  Result<std::vector<PooledPart>> PartsOf(const OperatorContext& context, std::string_view physical_name) const;

  // Each returns the table as it is right after the change. The definition's id, times, status and index ids are the
  // catalog's to set. ResourceInUse, LimitExceeded, AccessDenied (tables are the template's), as DynamoDB words them.
  Task<Result<TablePtr>> CreateTable(Context context, TableDefinition definition);
  // `change` edits a copy of the definition, or refuses; called once, under the catalog's serialization. Indexes that
  // it adds become CREATING and backfilling, those it removes DELETING. `action` is what a refusal says that the caller
  // is not authorized to perform.
  Task<Result<TablePtr>> UpdateTable(Context context, std::string name,
                                     std::function<Result<void>(TableDefinition&)> change,
                                     std::string action = "dynamodb:UpdateTable");
  Task<Result<TablePtr>> DeleteTable(Context context, std::string name);
  // Returns once nothing of `table`, one of the context's, is left for an engine to do: it is ACTIVE, with its time to
  // live as it was asked for, or gone. Or after `wait_max`.
  Task<void> AwaitSettled(Context context, TablePtr table, std::chrono::milliseconds wait_max);

  class Impl;
  Impl& impl() { return *impl_; }  // for the faces

 private:
  explicit Catalog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::tenancy
