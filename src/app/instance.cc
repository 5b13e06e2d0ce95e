#include "app/instance.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <limits>
#include <utility>
#include <vector>

#include "access/authenticator.h"
#include "access/credential_store.h"
#include "access/session_cache.h"
#include "access/token_keys.h"
#include "admin/admin_api.h"
#include "admin/admin_gateway.h"
#include "api/data_port.h"
#include "api/iam/iam_service.h"
#include "api/sts/sts_service.h"
#include "app/logging.h"
#include "app/object_place.h"
#include "app/request_log.h"
#include "app/resources.h"
#include "base/clock.h"
#include "base/compute_pool.h"
#include "base/run_task.h"
#include "control/backup_keeper.h"
#include "control/change_trimmer.h"
#include "control/expirer.h"
#include "control/provisioner.h"
#include "control/shard_splitter.h"
#include "federation/attempts.h"
#include "federation/fetch.h"
#include "federation/web_identity.h"
#include "http/server.h"
#include "iam/identities.h"
#include "metering/contributors.h"
#include "metering/usage_counters.h"
#include "operations/api.h"
#include "operations/copies/object_keeper.h"
#include "operations/insights/insights.h"
#include "storage/record_store_on_engine.h"
#include "storage/rocks/rocks_engine.h"
#include "storage/router.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/organization.h"
#include "tenancy/identity/context_key.h"
#include "transfer/worker.h"

namespace insula::app {
namespace {

// Of a request that leaves work behind: far more than small tables take, and less than any client's patience.
constexpr std::chrono::milliseconds kSettleWaitMax{500};

storage::rocks::RocksOptions EngineOptions(const InstanceOptions& options) {
  const Settings& settings = options.settings;
  storage::rocks::RocksOptions engine;
  engine.directory = options.stores;
  engine.in_memory = options.in_memory;
  engine.create_if_missing = options.create_if_missing;
  engine.give_up_lost_writes = settings.lost_writes == "give_up";
  engine.block_cache_bytes = static_cast<std::size_t>(settings.block_cache_bytes);
  engine.write_buffer_bytes = static_cast<std::size_t>(settings.write_buffer_bytes);
  engine.background_bytes_per_second = static_cast<std::size_t>(settings.background_bytes_per_second);
  engine.free_bytes_min = static_cast<std::uint64_t>(settings.free_space_bytes_min);
  if (options.descriptors) {
    engine.open_files_max = static_cast<int>(options.descriptors->shared_store_tables);
    engine.account_open_files_max = static_cast<int>(options.descriptors->account_store_tables);
    engine.account_stores_open_max = options.descriptors->account_stores;
  }
  engine.log = [](std::string_view line) { Log(LogLevel::kWarn, line, {{"room", "storage"}}); };
  return engine;
}

control::ExpirerOptions ExpiryOf(const Settings& settings) {
  control::ExpirerOptions expiry;
  expiry.period = std::chrono::milliseconds(settings.expiry_period_ms);
  expiry.items_per_second = static_cast<std::uint64_t>(settings.expiry_items_per_second);
  return expiry;
}

tenancy::CatalogOptions NamesOf(const Settings& settings) {
  tenancy::CatalogOptions catalog;
  catalog.region = settings.region;
  catalog.account_template = settings.account_template;
  catalog.table_template = settings.table_template;
  catalog.pool_template = settings.pool_template;
  catalog.service_template = settings.service_template;
  return catalog;
}

transfer::WorkerOptions TransferOptions(const InstanceOptions& options) {
  transfer::WorkerOptions transfers;
  transfers.jobs_max = static_cast<std::size_t>(options.settings.objects_jobs_max);
  transfers.one_context = options.everybody.has_value();
  if (!options.in_memory) {
    transfers.has_room = [stores = options.stores, mark = options.settings.free_space_bytes_min] {
      return storage::rocks::RocksEngine::HasRoomForJobs(stores, static_cast<std::uint64_t>(mark));
    };
  }
  if (const std::string& place = options.settings.objects_directory; !place.empty()) {
    transfers.place_free_bytes = [place] {
      std::error_code unknown;
      const auto space = std::filesystem::space(place, unknown);
      return unknown ? std::numeric_limits<std::uint64_t>::max() : std::uint64_t{space.available};
    };
  }
  return transfers;
}

Result<http::ServerOptions> ListenerOptions(const Settings& settings, std::string_view listen,
                                            const Resources& resources) {
  INSULA_ASSIGN(const Address address, ParseAddress(listen));
  http::ServerOptions server;
  server.address = address.host;
  server.port = address.port;
  server.threads = static_cast<int>(settings.threads);
  server.connections_max = resources.descriptors.connections;
  server.connections_per_address_max = static_cast<std::size_t>(settings.connections_per_address_max);
  server.memory = resources.budget.get();
  server.header_bytes_max = static_cast<std::size_t>(settings.header_bytes_max);
  server.body_bytes_max = static_cast<std::size_t>(settings.body_bytes_max);
  server.header_timeout_ms = static_cast<std::uint32_t>(settings.header_timeout_ms);
  server.body_timeout_ms = static_cast<std::uint32_t>(settings.body_timeout_ms);
  server.stall_timeout_ms = static_cast<std::uint32_t>(settings.stall_timeout_ms);
  server.idle_timeout_ms = static_cast<std::uint32_t>(settings.idle_timeout_ms);
  server.tls_certificate_file = settings.tls_certificate;
  server.tls_key_file = settings.tls_key;
  return server;
}

std::string Url(bool tls, const Address& address, std::uint16_t port) {
  // Whoever listens on all interfaces is reached by the loopback one from here.
  const std::string host = address.host == "0.0.0.0"                     ? "127.0.0.1"
                           : address.host == "::"                        ? "[::1]"
                           : address.host.find(':') != std::string::npos ? "[" + address.host + "]"
                                                                         : address.host;
  return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
}

// The engine and what is kept in it; what init needs, too.
struct OpenedData {
  std::unique_ptr<storage::Router> engine;
  std::unique_ptr<storage::EngineRecordStore> records;
  std::unique_ptr<tenancy::Catalog> catalog;
  std::unique_ptr<access::CredentialStore> credentials;
  std::unique_ptr<iam::Identities> identities;
  std::unique_ptr<federation::IssuerStore> issuers;
  std::unique_ptr<access::TokenKeys> token_keys;

  static Result<OpenedData> Open(const InstanceOptions& options) {
    OpenedData kept;
    Clock& clock = Clock::System();
    std::vector<std::unique_ptr<storage::Engine>> engines(1);
    INSULA_ASSIGN(engines.front(), storage::rocks::RocksEngine::Open(EngineOptions(options), clock));
    kept.engine = storage::Router::Make(std::move(engines));
    kept.records = std::make_unique<storage::EngineRecordStore>(*kept.engine);
    tenancy::CatalogOptions catalog = NamesOf(options.settings);
    catalog.engines = kept.engine->AllCapabilities();
    catalog.store_is_on = [router = kept.engine.get()](StoreId store, const std::string& engine) {
      return router->Assign(store, engine);
    };
    INSULA_ASSIGN(kept.catalog, RunTask(tenancy::Catalog::Open(*kept.records, clock, std::move(catalog))));
    INSULA_ASSIGN(kept.credentials, RunTask(access::CredentialStore::Open(*kept.records, clock, *options.keyring)));
    INSULA_ASSIGN(kept.identities,
                  RunTask(iam::Identities::Open(kept.records.get(), kept.credentials.get(), &clock, nullptr)));
    INSULA_ASSIGN(kept.issuers, RunTask(federation::IssuerStore::Open(*kept.records, clock)));
    INSULA_ASSIGN(kept.token_keys, RunTask(access::TokenKeys::Load(*kept.records, clock, *options.keyring)));
    return kept;
  }
};

Result<OperatorKey> CreateOperatorKey(OpenedData kept, std::string description, const std::string& region) {
  access::NewAccessKey request;
  request.owner = access::OperatorPrincipal{AccountId{}, true};
  request.description = std::move(description);
  INSULA_ASSIGN(auto created, RunTask(kept.credentials->Create(std::move(request))));
  INSULA_TRY(RunTask(kept.engine->Stop()));
  return OperatorKey{created.key.id, std::string(created.secret.view()), region};
}

// The one context of `insula dev`, made anew with every start.
Result<void> MakeEverybodysContext(tenancy::Catalog& catalog, const ContextNames& names) {
  tenancy::Organization organization(catalog);
  INSULA_TRY(RunTask(organization.Init()));
  INSULA_TRY(RunTask(organization.CreateEnvironment(names.environment)));
  INSULA_TRY(
      RunTask(organization.CreateService(names.environment, names.service, tenancy::PartitionModel::kTable, true)));
  INSULA_TRY(RunTask(organization.CreateTenant(*names.tenant, "standard")));
  INSULA_TRY(RunTask(organization.Place(names, std::nullopt)));
  return {};
}

// What the tables' definitions say is watched, from the start on.
void FollowAllInsights(tenancy::Catalog& catalog, metering::Contributors* contributors) {
  tenancy::Organization organization(catalog);
  for (const tenancy::TableInfo& info : organization.Tables({})) {
    operations::FollowInsights(*info.table, contributors);
  }
}

}  // namespace

struct Instance::Parts {
  Settings settings;
  std::unique_ptr<ComputePool> compute;
  Resources resources;
  OpenedData kept;
  std::unique_ptr<metering::Contributors> contributors;
  std::unique_ptr<control::Provisioner> provisioner;
  std::unique_ptr<control::BackupKeeper> backup_keeper;
  std::unique_ptr<control::Expirer> expirer;
  std::unique_ptr<control::ChangeTrimmer> trimmer;
  std::unique_ptr<control::ShardSplitter> splitter;
  std::unique_ptr<metering::UsageCounters> usage;
  std::shared_ptr<std::atomic<bool>> objects_cancelled = std::make_shared<std::atomic<bool>>(false);
  std::unique_ptr<objects::ObjectStore> objects;            // none where no place is configured
  std::unique_ptr<transfer::Worker> transfers;              // the same
  std::unique_ptr<operations::ObjectKeeper> object_keeper;  // the same
  std::unique_ptr<access::SessionCache> sessions;
  std::unique_ptr<federation::IssuerKeys> issuer_keys;
  std::unique_ptr<federation::Attempts> issuer_attempts;
  std::unique_ptr<federation::Attempts> address_attempts;
  std::unique_ptr<federation::WebIdentityVerifier> web_identities;
  std::unique_ptr<access::Authenticator> authenticator;
  std::unique_ptr<access::Authenticator> admin_authenticator;
  std::unique_ptr<operations::Api> api;
  std::unique_ptr<api::DataPort> data_port;
  std::unique_ptr<admin::AdminApi> admin_api;
  std::unique_ptr<admin::AdminGateway> admin_gateway;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::Server> admin_server;  // none for `insula dev`
  std::atomic<bool> ready{false};
  bool stopped = false;

  // What fails behind requests.
  std::vector<control::StuckWork> Stuck() const {
    std::vector<control::StuckWork> stuck = provisioner->Stuck();
    for (control::StuckWork& work : backup_keeper->Stuck()) stuck.push_back(std::move(work));
    return stuck;
  }
};

Instance::Instance(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Instance>> Instance::Start(InstanceOptions options) {
  auto parts = std::make_unique<Parts>();
  Clock& clock = Clock::System();
  parts->settings = options.settings;
  parts->compute = std::make_unique<ComputePool>();
  INSULA_ASSIGN(parts->resources, TakeResources(options.settings, options.in_memory));
  options.descriptors = parts->resources.descriptors;
  INSULA_ASSIGN(parts->kept, OpenedData::Open(options));
  parts->usage = metering::UsageCounters::Open(
      options.usage_file, [](std::string_view line) { Log(LogLevel::kError, line, {{"room", "metering"}}); });
  OpenedData& kept = parts->kept;
  parts->usage->FoldDeletedTables([catalog = kept.catalog.get()](std::string_view context, std::string_view table) {
    const std::optional<ContextNames> names = tenancy::NamesFromKey(context);
    return !names || tenancy::Organization(*catalog).HasTable(*names, table);
  });
  parts->contributors = std::make_unique<metering::Contributors>(clock);
  FollowAllInsights(*kept.catalog, parts->contributors.get());
  control::TableEvents events;
  events.dropped = [contributors = parts->contributors.get()](const tenancy::TableRef& table) {
    contributors->Forget(table.incarnation());
  };
  events.schema_set = [contributors = parts->contributors.get()](const tenancy::TableRef& table) {
    operations::ForgetDroppedIndexes(table, contributors);
  };
  parts->provisioner =
      std::make_unique<control::Provisioner>(*kept.catalog, *kept.engine, options.table_delay, std::move(events));
  parts->provisioner->Start();
  parts->backup_keeper = std::make_unique<control::BackupKeeper>(*kept.catalog, *kept.engine);
  parts->backup_keeper->Start();
  parts->expirer = std::make_unique<control::Expirer>(*kept.catalog, *kept.engine, clock, ExpiryOf(options.settings));
  parts->expirer->Start();
  parts->trimmer = std::make_unique<control::ChangeTrimmer>(*kept.catalog, *kept.engine);
  parts->trimmer->Start();
  parts->splitter = std::make_unique<control::ShardSplitter>(*kept.catalog, *kept.engine);
  parts->splitter->Start();
  if (options.everybody.has_value()) INSULA_TRY(MakeEverybodysContext(*kept.catalog, *options.everybody));

  INSULA_ASSIGN(parts->objects, OpenObjectPlace(options.settings, parts->objects_cancelled, clock));
  if (parts->objects != nullptr) {
    parts->transfers = std::make_unique<transfer::Worker>(*kept.catalog, *kept.engine, *parts->objects, clock,
                                                          TransferOptions(options));
    parts->transfers->Start();
    parts->object_keeper = std::make_unique<operations::ObjectKeeper>(*parts->objects, options.everybody.has_value());
  }

  INSULA_ASSIGN(auto listener, ListenerOptions(options.settings, options.settings.listen, parts->resources));
  const std::string& region = options.settings.region;
  parts->sessions = std::make_unique<access::SessionCache>(*kept.token_keys, clock);
  parts->authenticator = std::make_unique<access::Authenticator>(
      *kept.credentials, clock, region, std::vector<std::string>{"dynamodb", "iam", "sts"}, parts->sessions.get());
  operations::ApiOptions api_options;
  api_options.region = region;
  api_options.endpoint = options.settings.listen;
  api_options.takes_unused_definitions = options.takes_unused_definitions;
  api_options.has_objects = parts->objects != nullptr;
  if (options.table_delay.count() == 0) api_options.settle_wait_max = kSettleWaitMax;
  api_options.ttl_update_interval = std::chrono::milliseconds(options.settings.expiry_update_interval_ms);
  api_options.token_keys = kept.token_keys.get();
  parts->api = std::make_unique<operations::Api>(operations::Services{
      *kept.catalog, *kept.engine, *parts->usage, clock, api_options, parts->contributors.get(), parts->compute.get()});
  api::DataPortOptions port;
  port.gateway.region = region;
  port.gateway.compute = parts->compute.get();
  port.gateway.ready = [ready = &parts->ready] { return ready->load(); };
  port.gateway.access_log = RequestLog(options.settings);
  port.gateway.log_answered = options.settings.log_requests == "all";
  port.dynamodb.compute = parts->compute.get();
  port.dynamodb.body_bytes_max = listener.body_bytes_max;
  port.dynamodb.memory = parts->resources.budget.get();
  port.dynamodb.objects = parts->object_keeper.get();
  port.callers.anonymous = options.everybody;
  port.callers.has_tls = !options.settings.tls_certificate.empty();
  federation::FetchRules fetches;
  fetches.private_addresses = options.settings.federation_private_addresses == "true";
  parts->issuer_keys = std::make_unique<federation::IssuerKeys>(
      clock, [fetches](const std::string& url) { return federation::Fetch(url, fetches); });
  parts->issuer_attempts =
      std::make_unique<federation::Attempts>(clock, options.settings.federation_issuer_attempts_per_second);
  parts->address_attempts =
      std::make_unique<federation::Attempts>(clock, options.settings.federation_address_attempts_per_second);
  parts->web_identities = std::make_unique<federation::WebIdentityVerifier>(*kept.issuers, *parts->issuer_keys,
                                                                            *parts->issuer_attempts, clock);
  const api::sts::StsParts sts{*kept.catalog,
                               *kept.identities,
                               *kept.credentials,
                               *kept.token_keys,
                               *parts->web_identities,
                               *parts->address_attempts,
                               clock,
                               region};
  port.add_services = [sts, compute = parts->compute.get()](api::Services* services) {
    services->push_back(std::make_unique<api::sts::StsService>(sts));
    services->push_back(std::make_unique<api::iam_service::IamService>(sts.identities, sts.clock, compute));
  };
  parts->data_port = std::make_unique<api::DataPort>(std::move(port), parts->authenticator.get(), *kept.catalog,
                                                     &kept.identities->grants, *parts->api);
  api::Gateway& gateway = parts->data_port->gateway();
  listener.error_responder = api::Gateway::ErrorResponse;
  listener.header_check = [&gateway](const http::Request& request) { return gateway.CheckHeader(request); };
  parts->server = std::make_unique<http::Server>(std::move(listener), gateway.Handler());

  if (!options.everybody.has_value()) {
    parts->admin_authenticator =
        std::make_unique<access::Authenticator>(*kept.credentials, clock, region, std::vector<std::string>{"insula"});
    parts->admin_api = std::make_unique<admin::AdminApi>(
        admin::Services{*kept.catalog, *kept.engine, *kept.credentials, *kept.issuers, *kept.identities, *parts->usage,
                        clock, region, parts->contributors.get(), parts->backup_keeper.get(),
                        [parts = parts.get()] { return parts->Stuck(); }, parts->object_keeper.get(),
                        [directory = options.stores](StoreId store) {
                          return storage::rocks::RocksEngine::FindDamage(directory, store);
                        }});
    parts->admin_gateway = std::make_unique<admin::AdminGateway>(
        *parts->admin_api, *parts->admin_authenticator,
        admin::Readiness{[ready = &parts->ready] { return ready->load(); },
                         [parts = parts.get()] { return parts->Stuck(); },
                         [&engine = *kept.engine] { return engine.CheckWritable(); }});
    INSULA_ASSIGN(auto admin_listener,
                  ListenerOptions(options.settings, options.settings.admin_listen, parts->resources));
    admin_listener.threads = 1;
    admin_listener.connections_max = parts->resources.descriptors.admin_connections;
    admin_listener.connections_per_address_max = admin_listener.connections_max;
    parts->admin_server = std::make_unique<http::Server>(
        std::move(admin_listener),
        [gateway = parts->admin_gateway.get()](const http::Request& request) { return gateway->Handle(request); });
    INSULA_TRY(parts->admin_server->Start());
  }
  INSULA_TRY(parts->server->Start());
  return std::unique_ptr<Instance>(new Instance(std::move(parts)));
}

Instance::~Instance() {
  if (auto stopped = Stop(); !stopped.ok())
    Log(LogLevel::kError, "could not stop cleanly", {{"error", stopped.error().message()}});
}

RunningServer Instance::addresses() const {
  const bool tls = !parts_->settings.tls_certificate.empty();
  RunningServer running;
  running.endpoint = Url(tls, *ParseAddress(parts_->settings.listen), parts_->server->port());
  if (parts_->admin_server != nullptr)
    running.admin_endpoint = Url(tls, *ParseAddress(parts_->settings.admin_listen), parts_->admin_server->port());
  running.pid = ::getpid();
  if (tls) running.certificate = std::filesystem::absolute(parts_->settings.tls_certificate).string();
  return running;
}

void Instance::SetReady() { parts_->ready = true; }

Result<void> Instance::Stop() {
  if (std::exchange(parts_->stopped, true)) return {};
  parts_->ready = false;
  const auto grace_ms = static_cast<std::uint32_t>(parts_->settings.shutdown_grace_ms);
  parts_->server->Stop(grace_ms);
  if (parts_->admin_server != nullptr) parts_->admin_server->Stop(grace_ms);
  parts_->compute->Stop();  // requests that outlived the grace end before what they work with
  parts_->objects_cancelled->store(true);
  if (parts_->transfers != nullptr) parts_->transfers->Stop();
  parts_->expirer->Stop();
  parts_->trimmer->Stop();
  parts_->splitter->Stop();
  parts_->backup_keeper->Stop();
  parts_->provisioner->Stop();
  return RunTask(parts_->kept.engine->Stop());
}

Result<OperatorKey> InitializeOrganization(const InstanceOptions& options) {
  INSULA_ASSIGN(OpenedData kept, OpenedData::Open(options));
  tenancy::Organization organization(*kept.catalog);
  // An init that was interrupted is taken up: what it made stays, the key is made anew.
  if (!organization.initialized()) INSULA_TRY(RunTask(organization.Init()));
  return CreateOperatorKey(std::move(kept), "made by insula init", options.settings.region);
}

Result<OperatorKey> MakeOperatorKey(const InstanceOptions& options) {
  INSULA_ASSIGN(OpenedData kept, OpenedData::Open(options));
  if (!tenancy::Organization(*kept.catalog).initialized())
    return Error{ErrorCode::kFailedPrecondition, fmt::format("{} holds no organization", options.stores)};
  return CreateOperatorKey(std::move(kept), "made by insula init --new-operator-key", options.settings.region);
}

}  // namespace insula::app
