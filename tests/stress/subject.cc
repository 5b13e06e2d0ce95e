#include "tests/stress/subject.h"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include "access/token_keys.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/run_task.h"
#include "control/backup_keeper.h"
#include "control/change_trimmer.h"
#include "control/expirer.h"
#include "control/provisioner.h"
#include "metering/usage_counters.h"
#include "operations/api.h"
#include "operations/registry.h"
#include "storage/record_store_on_engine.h"
#include "storage/rocks/rocks_engine.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/organization.h"
#include "tests/stress/disk.h"
#include "tests/stress/frames.h"
#include "tests/stress/planted.h"
#include "tests/stress/setup.h"

namespace insula::stress {
namespace {

constexpr char kEnvironment[] = "prod";
// So few that a stream soon has many shards.
constexpr std::uint64_t kChangesPerShard = 64;

struct ServiceOf {
  const char* name;
  tenancy::PartitionModel model;
};
constexpr ServiceOf kServices[] = {{"accounts", tenancy::PartitionModel::kAccount},
                                   {"tables", tenancy::PartitionModel::kTable},
                                   {"indexes", tenancy::PartitionModel::kIndex}};
constexpr const char* kTenants[] = {"acme", "globex"};

ContextNames NamesOf(std::size_t context) {
  return {EnvironmentName(kEnvironment), ServiceName(kServices[context / 2].name), TenantId(kTenants[context % 2])};
}

storage::rocks::RocksOptions OptionsOf(const Setup& setup, Disk* disk, rocksdb::Env* env) {
  storage::rocks::RocksOptions options;
  options.directory = setup.directory + "/stores";
  options.env = setup.bare ? nullptr : env;
  options.block_cache_bytes = setup.block_cache_bytes;
  options.write_buffer_bytes = setup.write_buffer_bytes;
  options.shared_write_buffer_bytes = setup.write_buffer_bytes;
  options.account_write_buffer_bytes = setup.write_buffer_bytes;
  options.open_files_max = static_cast<int>(setup.open_files);
  options.account_open_files_max = static_cast<int>(setup.open_files);
  options.account_stores_open_max = setup.account_stores_open;
  options.background_bytes_per_second = 0;
  options.free_bytes_min = 0;
  options.upkeep_tick = std::chrono::milliseconds(5);
  options.read_threads = 2;
  options.log = [](std::string_view line) {
    std::fprintf(stderr, "subject: %.*s\n", static_cast<int>(line.size()), line.data());
  };
  // As the program does, unless it went with the power.
  options.on_fatal = [disk](const Error&) {
    if (disk->has_power()) ::_exit(kFatalExitCode);
  };
  options.adjust = [setup](rocksdb::Options* store) {
    store->target_file_size_base = setup.file_bytes;
    store->max_bytes_for_level_base = setup.level_bytes;
    store->max_bytes_for_level_multiplier = 4;
    store->level0_file_num_compaction_trigger = 3;
    store->max_compaction_bytes = setup.file_bytes * 8;
    store->table_cache_numshardbits = 0;
    store->manifest_preallocation_size = 4096;
  };
  return options;
}

class Subject {
 public:
  explicit Subject(int fd) : fd_(fd) {}
  ~Subject() { (void)Stop(); }

  Result<void> Open(Setup setup) {
    setup_ = std::move(setup);
    clock_ = std::make_unique<ManualClock>(WallTime{std::chrono::microseconds(setup_.now_us)});
    disk_ = std::make_shared<Disk>(rocksdb::Env::Default()->GetFileSystem(), setup_.bug == "unsynced-write");
    env_ = rocksdb::NewCompositeEnv(disk_);
    if (setup_.fault) disk_->Arm(*setup_.fault);
    INSULA_ASSIGN(inner_, storage::rocks::RocksEngine::Open(OptionsOf(setup_, disk_.get(), env_.get()), *clock_));
    planted_ = PlantBug(setup_.bug, *inner_);
    engine_ = planted_ ? planted_.get() : inner_.get();
    records_ = std::make_unique<storage::EngineRecordStore>(*engine_);
    INSULA_ASSIGN(catalog_, RunTask(tenancy::Catalog::Open(*records_, *clock_, {})));
    const auto master = access::MasterKey::Parse(std::string(64, '1'));
    INSULA_ASSIGN(token_keys_, RunTask(access::TokenKeys::Load(*records_, *clock_, access::Keyring{*master, {}})));
    INSULA_TRY(MakeContexts());
    provisioner_ = std::make_unique<control::Provisioner>(*catalog_, *engine_);
    provisioner_->Start();
    keeper_ = std::make_unique<control::BackupKeeper>(*catalog_, *engine_);
    keeper_->Start();
    expirer_ = std::make_unique<control::Expirer>(*catalog_, *engine_, *clock_, control::ExpirerOptions{});
    control::ChangeTrimmerOptions trimming;
    trimming.logs_per_second = 1'000'000;
    trimmer_ = std::make_unique<control::ChangeTrimmer>(*catalog_, *engine_, trimming);
    usage_ = metering::UsageCounters::Open("");
    operations::ApiOptions options;
    options.token_keys = token_keys_.get();
    options.changes_per_shard = kChangesPerShard;
    options.ttl_update_interval = std::chrono::milliseconds(0);
    api_ = std::make_unique<operations::Api>(
        operations::Services{*catalog_, *engine_, *usage_, *clock_, std::move(options)});
    return {};
  }

  // Until the tester hangs up.
  int Serve() {
    while (auto frame = ReceiveFrame(fd_)) {
      FieldReader in(*frame);
      const auto command = static_cast<Command>(in.Number());
      if (!Do(command, &in)) return 0;
    }
    return 0;
  }

 private:
  // What is there already stays.
  Result<void> MakeContexts() {
    tenancy::Organization organization(*catalog_);
    if (!organization.initialized()) INSULA_TRY(RunTask(organization.Init()));
    const auto settled = [](const auto& result) {
      return result.ok() || result.error().code() == ErrorCode::kAlreadyExists;
    };
    if (auto made = RunTask(organization.CreateEnvironment(EnvironmentName(kEnvironment))); !settled(made))
      return made.error();
    for (const ServiceOf& service : kServices) {
      auto made = RunTask(organization.CreateService(EnvironmentName(kEnvironment), ServiceName(service.name),
                                                     service.model, /*tenant_defined_tables=*/true));
      if (!settled(made)) return made.error();
    }
    for (const char* tenant : kTenants) {
      if (auto made = RunTask(organization.CreateTenant(TenantId(tenant), "standard")); !settled(made))
        return made.error();
    }
    for (std::size_t context = 0; context < kContexts; ++context) {
      if (catalog_->ContextOf(NamesOf(context)).ok()) continue;
      if (auto placed = RunTask(organization.Place(NamesOf(context), std::nullopt)); !settled(placed))
        return placed.error();
    }
    return {};
  }

  void Answer(std::uint64_t number, std::string_view text = {}) {
    SendFrame(fd_, FieldWriter().Number(number).Text(text).bytes());
  }

  Task<void> Call(std::uint64_t number, std::size_t context, std::string operation, std::string body) {
    operations::ApiResponse response;
    if (auto names = catalog_->ContextOf(NamesOf(context)); names.ok()) {
      const operations::Operation* found = operations::FindOperation(operation);
      INSULA_CHECK(found != nullptr);  // the tester asks for what there is
      const operations::Caller caller{*names, "AKIDSTRESS"};
      response = co_await api_->Handle(*found, body, caller);
    } else {
      response = operations::ErrorResponse(names.error());
    }
    SendFrame(fd_, FieldWriter()
                       .Number(number)
                       .Number(static_cast<std::uint64_t>(response.status))
                       .Text(response.body)
                       .Text(response.cause)
                       .bytes());
  }

  void Calls(FieldReader* in) {
    boost::asio::io_context loop(1);
    const std::uint64_t count = in->Number();
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto context = static_cast<std::size_t>(in->Number());
      std::string operation = in->Text();
      std::string body = in->Text();
      boost::asio::co_spawn(loop, Call(i, context, std::move(operation), std::move(body)),
                            [](std::exception_ptr failure) {
                              if (failure) std::rethrow_exception(failure);
                            });
    }
    loop.run();
  }

  bool Do(Command command, FieldReader* in) {
    switch (command) {
      case Command::kOpen: {
        const Result<void> opened = Open(Setup::Decode(in));
        Answer(opened.ok() ? 1 : 0, opened.ok() ? "" : opened.error().message());
        return opened.ok();
      }
      case Command::kCalls:
        Calls(in);
        return true;
      case Command::kAdvance:
        clock_->Advance(std::chrono::microseconds(in->Number()));
        break;
      case Command::kSettle:
        provisioner_->WaitIdle();
        keeper_->WaitIdle();
        provisioner_->WaitIdle();
        break;
      case Command::kExpire:
        Answer(RunTask(expirer_->Round()));
        return true;
      case Command::kTrim:
        trimmer_->TrimAll();
        break;
      case Command::kArm:
        disk_->Arm(Fault::Decode(in));
        break;
      case Command::kPowerOff:
        disk_->CutPower();
        (void)Stop();
        disk_->TakeUnsynced(setup_.seed);
        Answer(1);
        return false;
      case Command::kStop: {
        const Result<void> stopped = Stop();
        Answer(stopped.ok() ? 1 : 0, stopped.ok() ? "" : stopped.error().message());
        return false;
      }
    }
    Answer(1);
    return true;
  }

  Result<void> Stop() {
    api_.reset();
    if (keeper_) keeper_->Stop();
    if (provisioner_) provisioner_->Stop();
    Result<void> stopped;
    if (engine_) stopped = RunTask(engine_->Stop());
    trimmer_.reset();
    expirer_.reset();
    keeper_.reset();
    provisioner_.reset();
    catalog_.reset();
    records_.reset();
    engine_ = nullptr;
    planted_.reset();
    inner_.reset();
    return stopped;
  }

  const int fd_;
  Setup setup_;
  std::unique_ptr<ManualClock> clock_;
  std::shared_ptr<Disk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<storage::Engine> inner_;
  std::unique_ptr<storage::Engine> planted_;  // in front of it
  storage::Engine* engine_ = nullptr;
  std::unique_ptr<storage::EngineRecordStore> records_;
  std::unique_ptr<access::TokenKeys> token_keys_;
  std::unique_ptr<tenancy::Catalog> catalog_;
  std::unique_ptr<control::Provisioner> provisioner_;
  std::unique_ptr<control::BackupKeeper> keeper_;
  std::unique_ptr<control::Expirer> expirer_;
  std::unique_ptr<control::ChangeTrimmer> trimmer_;
  std::unique_ptr<metering::UsageCounters> usage_;
  std::unique_ptr<operations::Api> api_;
};

}  // namespace

int RunSubject(int fd) { return Subject(fd).Serve(); }

}  // namespace insula::stress
