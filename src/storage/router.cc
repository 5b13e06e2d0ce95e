#include "storage/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/mutex.h"
#include "storage/backups.h"
#include "storage/change_log.h"
#include "storage/expiry.h"
#include "storage/file_check.h"
#include "storage/refusal.h"
#include "storage/vector_search.h"

namespace insula::storage {
namespace {

// Which engine has which store.
class Routes {
 public:
  explicit Routes(std::vector<std::unique_ptr<Engine>> engines) : engines_(std::move(engines)) {
    INSULA_CHECK(!engines_.empty());
  }

  const std::vector<std::unique_ptr<Engine>>& engines() const { return engines_; }

  Engine& Of(StoreId store) const {
    if (engines_.size() == 1) return *engines_.front();  // what most servers have: nothing to look up
    const SharedLock lock(mutex_);
    const auto found = assigned_.find(store);
    return found == assigned_.end() ? *engines_.front() : *found->second;
  }
  Engine& Of(const TableRef& table) const { return Of(table.store()); }

  Result<void> Assign(StoreId store, const std::string& name) {
    const auto found =
        std::ranges::find(engines_, name, [](const auto& engine) { return engine->capabilities().name; });
    if (found == engines_.end()) {
      return Error(ErrorCode::kNotFound,
                   fmt::format("There is no engine '{}', on which store {} is", name, store.value()));
    }
    const ExclusiveLock lock(mutex_);
    assigned_[store] = found->get();
    return {};
  }

 private:
  const std::vector<std::unique_ptr<Engine>> engines_;
  mutable SharedMutex mutex_;
  std::map<StoreId, Engine*> assigned_ INSULA_GUARDED_BY(mutex_);
};

Error Lacks(const Engine& engine, std::string_view what) {
  return Refused(Refusal::kEngineLacksIt, fmt::format("the engine '{}' has no {}", engine.capabilities().name, what));
}

// What not every engine has, where the engine has it.
template <class Part>
Result<Part*> PartOf(Engine& engine, Part* (Engine::*part)(), std::string_view name) {
  if (Part* const found = (engine.*part)(); found != nullptr) return found;
  return Lacks(engine, name);
}

// --- what not every engine has ---

class RoutedChangeLog final : public ChangeLog {
 public:
  explicit RoutedChangeLog(const Routes& routes) : routes_(routes) {}

  Task<Result<ChangePage>> Read(ChangesRequest request) override {
    INSULA_CO_ASSIGN(ChangeLog * log, Of(request.table));
    co_return co_await log->Read(std::move(request));
  }
  Task<Result<ChangeBounds>> Bounds(TableRef table) override {
    INSULA_CO_ASSIGN(ChangeLog * log, Of(table));
    co_return co_await log->Bounds(std::move(table));
  }
  std::optional<std::uint64_t> NextKnown(const TableRef& table) const override {
    const Result<ChangeLog*> log = Of(table);
    return log.ok() ? (*log)->NextKnown(table) : std::nullopt;
  }
  Task<Result<std::uint64_t>> Find(TableRef table, WallTime time) override {
    INSULA_CO_ASSIGN(ChangeLog * log, Of(table));
    co_return co_await log->Find(std::move(table), time);
  }
  Task<Result<void>> Trim(TableRef table, std::uint64_t first_kept) override {
    INSULA_CO_ASSIGN(ChangeLog * log, Of(table));
    co_return co_await log->Trim(std::move(table), first_kept);
  }

 private:
  Result<ChangeLog*> Of(const TableRef& table) const {
    return PartOf(routes_.Of(table), &Engine::change_log, "change log");
  }
  const Routes& routes_;
};

class RoutedBackups final : public Backups {
 public:
  explicit RoutedBackups(const Routes& routes) : routes_(routes) {}

  Task<Result<BackupStats>> Create(TableRef table, std::string id, std::optional<WallTime> as_of) override {
    INSULA_CO_ASSIGN(Backups * backups, Of(table.store()));
    co_return co_await backups->Create(std::move(table), std::move(id), as_of);
  }
  Task<Result<BackupStats>> Stats(StoreId store, std::string id) override {
    INSULA_CO_ASSIGN(Backups * backups, Of(store));
    co_return co_await backups->Stats(store, std::move(id));
  }
  Task<Result<BackupPage>> Read(StoreId store, std::string id, std::uint64_t cursor) override {
    INSULA_CO_ASSIGN(Backups * backups, Of(store));
    co_return co_await backups->Read(store, std::move(id), cursor);
  }
  Task<Result<BackupStats>> Verify(StoreId store, std::string id) override {
    INSULA_CO_ASSIGN(Backups * backups, Of(store));
    co_return co_await backups->Verify(store, std::move(id));
  }
  Task<Result<BackupStats>> Restore(StoreId store, std::string id, TableRef into, RestoreObserver observer) override {
    INSULA_CO_ASSIGN(Backups * backups, Of(store));
    if (&routes_.Of(store) != &routes_.Of(into)) {
      co_return Lacks(routes_.Of(into), "backups of the engine that the backup is on");
    }
    co_return co_await backups->Restore(store, std::move(id), std::move(into), std::move(observer));
  }
  Task<Result<void>> Delete(StoreId store, std::string id) override {
    INSULA_CO_ASSIGN(Backups * backups, Of(store));
    co_return co_await backups->Delete(store, std::move(id));
  }
  void Interrupt() override {
    for (const auto& engine : routes_.engines()) {
      if (engine->backups() != nullptr) engine->backups()->Interrupt();
    }
  }

 private:
  Result<Backups*> Of(StoreId store) const { return PartOf(routes_.Of(store), &Engine::backups, "backups"); }
  const Routes& routes_;
};

class RoutedExpiry final : public Expiry {
 public:
  explicit RoutedExpiry(const Routes& routes) : routes_(routes) {}

  Task<Result<void>> Rebuild(TableRef table, std::stop_token stop) override {
    INSULA_CO_ASSIGN(Expiry * expiry, Of(table));
    co_return co_await expiry->Rebuild(std::move(table), std::move(stop));
  }
  WallTime NextDue(const TableRef& table) const override {
    const Result<Expiry*> expiry = Of(table);
    return expiry.ok() ? (*expiry)->NextDue(table) : WallTime::max();
  }
  Task<Result<Expired>> DeleteDue(TableRef table, WallTime now, std::size_t items_max) override {
    INSULA_CO_ASSIGN(Expiry * expiry, Of(table));
    co_return co_await expiry->DeleteDue(std::move(table), now, items_max);
  }

 private:
  Result<Expiry*> Of(const TableRef& table) const {
    return PartOf(routes_.Of(table), &Engine::expiry, "time to live that is its own");
  }
  const Routes& routes_;
};

class RoutedVectorSearch final : public VectorSearch {
 public:
  explicit RoutedVectorSearch(const Routes& routes) : routes_(routes) {}

  Task<Result<VectorSearchResult>> Search(VectorSearchRequest request) override {
    INSULA_CO_ASSIGN(VectorSearch * search, PartOf(routes_.Of(request.table), &Engine::vector_search, "vector search"));
    co_return co_await search->Search(std::move(request));
  }

 private:
  const Routes& routes_;
};

class RoutedWriteMarks final : public WriteMarks {
 public:
  explicit RoutedWriteMarks(const Routes& routes) : routes_(routes) {}

  Task<Result<std::vector<std::uint64_t>>> Find(TableRef table, std::uint64_t job) override {
    INSULA_CO_ASSIGN(WriteMarks * marks, Of(table));
    co_return co_await marks->Find(std::move(table), job);
  }
  Task<Result<void>> Forget(TableRef table, std::uint64_t job) override {
    INSULA_CO_ASSIGN(WriteMarks * marks, Of(table));
    co_return co_await marks->Forget(std::move(table), job);
  }

 private:
  Result<WriteMarks*> Of(const TableRef& table) const {
    return PartOf(routes_.Of(table), &Engine::write_marks, "marks of writes");
  }
  const Routes& routes_;
};

class RoutedFileCheck final : public FileCheck {
 public:
  explicit RoutedFileCheck(const Routes& routes) : routes_(routes) {}

  Task<Result<std::vector<std::string>>> FindDamagedFiles(StoreId store) override {
    FileCheck* const files = routes_.Of(store).file_check();
    if (files == nullptr) co_return std::vector<std::string>{};  // none that could be damaged
    co_return co_await files->FindDamagedFiles(store);
  }

 private:
  const Routes& routes_;
};

// --- items and tables ---

class RoutedEngine final : public Router {
 public:
  explicit RoutedEngine(std::vector<std::unique_ptr<Engine>> engines) : routes_(std::move(engines)) {}

  Result<void> Assign(StoreId store, const std::string& engine) override { return routes_.Assign(store, engine); }
  const EngineCapabilities& capabilities() const override { return First().capabilities(); }
  std::vector<EngineCapabilities> AllCapabilities() const override {
    std::vector<EngineCapabilities> all;
    for (const auto& engine : routes_.engines()) all.push_back(engine->capabilities());
    return all;
  }

  Task<Result<MaybeItem>> Get(GetRequest request) override {
    Engine& engine = routes_.Of(request.table);
    return engine.Get(std::move(request));
  }
  Task<Result<WriteOutcome>> Write(WriteRequest request) override {
    Engine& engine = routes_.Of(request.table);
    return engine.Write(std::move(request));
  }
  Task<Result<Page>> ReadPage(PageRequest request) override {
    Engine& engine = routes_.Of(request.table);
    return engine.ReadPage(std::move(request));
  }
  Task<Result<std::vector<std::optional<MaybeItem>>>> BatchGet(std::vector<GetRequest> requests,
                                                               ReadBounds bounds) override {
    if (Engine* const one = OneOf(requests)) return one->BatchGet(std::move(requests), bounds);
    return BatchGetOfSeveral(std::move(requests), bounds);
  }
  Task<std::vector<Result<WriteOutcome>>> BatchWrite(std::vector<WriteRequest> requests) override {
    if (Engine* const one = OneOf(requests)) return one->BatchWrite(std::move(requests));
    return BatchWriteToSeveral(std::move(requests));
  }
  Task<Result<std::vector<MaybeItem>>> TransactGet(std::vector<GetRequest> requests, ReadBounds bounds) override {
    Engine* const one = OneOf(requests);
    if (one == nullptr) co_return Refused(Refusal::kSeveralStores);
    co_return co_await one->TransactGet(std::move(requests), bounds);
  }
  Task<Result<TransactWriteOutcome>> TransactWrite(TransactWriteRequest request) override {
    Engine* const one = OneOf(request.writes);
    if (one == nullptr) co_return Refused(Refusal::kSeveralStores);
    co_return co_await one->TransactWrite(std::move(request));
  }

  Task<Result<void>> CreateTable(TableRef table) override { return routes_.Of(table).CreateTable(table); }
  Task<Result<void>> DropStore(StoreId store) override { return routes_.Of(store).DropStore(store); }
  Task<Result<void>> OpenTable(TableRef table) override { return routes_.Of(table).OpenTable(table); }
  Task<Result<void>> DropTable(TableRef table, bool keep_changes) override {
    return routes_.Of(table).DropTable(table, keep_changes);
  }
  Task<Result<void>> SetSchema(TableRef table) override { return routes_.Of(table).SetSchema(table); }
  Task<Result<void>> BackfillIndex(TableRef table, std::uint16_t index, std::stop_token stop) override {
    return routes_.Of(table).BackfillIndex(table, index, std::move(stop));
  }
  Task<Result<TableStats>> Stats(TableRef table) override { return routes_.Of(table).Stats(table); }

  ChangeLog* change_log() override { return AnyHas(&Engine::change_log) ? &change_log_ : nullptr; }
  Backups* backups() override { return AnyHas(&Engine::backups) ? &backups_ : nullptr; }
  Expiry* expiry() override { return AnyHas(&Engine::expiry) ? &expiry_ : nullptr; }
  VectorSearch* vector_search() override { return AnyHas(&Engine::vector_search) ? &vector_search_ : nullptr; }
  WriteMarks* write_marks() override { return AnyHas(&Engine::write_marks) ? &write_marks_ : nullptr; }
  FileCheck* file_check() override { return AnyHas(&Engine::file_check) ? &file_check_ : nullptr; }
  Result<void> CheckWritable() override {
    for (const auto& engine : routes_.engines()) INSULA_TRY(engine->CheckWritable());
    return {};
  }
  Task<Result<void>> Stop() override {
    Result<void> outcome;
    for (const auto& engine : routes_.engines()) {
      Result<void> stopped = co_await engine->Stop();
      if (outcome.ok()) outcome = std::move(stopped);
    }
    co_return outcome;
  }

 private:
  Engine& First() const { return *routes_.engines().front(); }
  template <class Part>
  bool AnyHas(Part* (Engine::*part)()) const {
    return std::ranges::any_of(routes_.engines(), [part](const auto& engine) { return (*engine.*part)() != nullptr; });
  }

  // The engine of all of them; nullptr: they are on several.
  template <class Request>
  Engine* OneOf(const std::vector<Request>& requests) const {
    if (requests.empty()) return &First();
    Engine* const first = &routes_.Of(requests.front().table);
    const bool same =
        std::ranges::all_of(requests, [&](const Request& request) { return &routes_.Of(request.table) == first; });
    return same ? first : nullptr;
  }
  // Which of the requests are for which engine: their places, in order.
  template <class Request>
  std::map<Engine*, std::vector<std::size_t>> ByEngine(const std::vector<Request>& requests) const {
    std::map<Engine*, std::vector<std::size_t>> places;
    for (std::size_t i = 0; i < requests.size(); ++i) places[&routes_.Of(requests[i].table)].push_back(i);
    return places;
  }

  Task<Result<std::vector<std::optional<MaybeItem>>>> BatchGetOfSeveral(std::vector<GetRequest> requests,
                                                                        ReadBounds bounds) {
    std::vector<std::optional<MaybeItem>> items(requests.size());
    for (const auto& [engine, places] : ByEngine(requests)) {
      std::vector<GetRequest> part;
      for (const std::size_t place : places) part.push_back(std::move(requests[place]));
      INSULA_CO_ASSIGN(std::vector<std::optional<MaybeItem>> read, co_await engine->BatchGet(std::move(part), bounds));
      for (std::size_t i = 0; i < places.size(); ++i) {
        if (read[i] && *read[i]) bounds.bytes_max -= std::min(bounds.bytes_max, (*read[i])->size());
        items[places[i]] = std::move(read[i]);
      }
    }
    co_return items;
  }
  Task<std::vector<Result<WriteOutcome>>> BatchWriteToSeveral(std::vector<WriteRequest> requests) {
    std::vector<std::optional<Result<WriteOutcome>>> outcomes(requests.size());
    for (const auto& [engine, places] : ByEngine(requests)) {
      std::vector<WriteRequest> part;
      for (const std::size_t place : places) part.push_back(std::move(requests[place]));
      std::vector<Result<WriteOutcome>> written = co_await engine->BatchWrite(std::move(part));
      for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = std::move(written[i]);
    }
    std::vector<Result<WriteOutcome>> in_order;
    for (auto& outcome : outcomes) in_order.push_back(*std::move(outcome));
    co_return in_order;
  }

  Routes routes_;
  RoutedChangeLog change_log_{routes_};
  RoutedBackups backups_{routes_};
  RoutedExpiry expiry_{routes_};
  RoutedVectorSearch vector_search_{routes_};
  RoutedWriteMarks write_marks_{routes_};
  RoutedFileCheck file_check_{routes_};
};

}  // namespace

std::unique_ptr<Router> Router::Make(std::vector<std::unique_ptr<Engine>> engines) {
  return std::make_unique<RoutedEngine>(std::move(engines));
}

}  // namespace insula::storage
