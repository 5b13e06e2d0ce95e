#include "federation/issuer_store.h"

#include <fmt/format.h>

#include <utility>

#include "federation/issuer_record.h"

namespace insula::federation {
namespace {

Error Unknown(std::string_view url) { return {ErrorCode::kNotFound, fmt::format("there is no issuer {}", url)}; }

}  // namespace

Task<Result<std::unique_ptr<IssuerStore>>> IssuerStore::Open(RecordStore& records, Clock& clock) {
  std::unique_ptr<IssuerStore> store(new IssuerStore(records, clock));
  INSULA_CO_TRY(co_await store->Load());
  co_return store;
}

Task<Result<void>> IssuerStore::Load() {
  INSULA_CO_ASSIGN(const std::vector<Record> kept, co_await records_.Load(std::string(kIssuerKind)));
  for (const Record& record : kept) {
    INSULA_CO_ASSIGN(Issuer issuer, ReadIssuerRecord(record.name, record.value));
    Put(std::make_shared<const Issuer>(std::move(issuer)));
  }
  co_return Result<void>();
}

void IssuerStore::Put(IssuerPtr issuer) {
  const ExclusiveLock lock(mutex_);
  by_url_.insert_or_assign(issuer->url, std::move(issuer));
}

IssuerPtr IssuerStore::Find(std::string_view url) const {
  const SharedLock lock(mutex_);
  const auto found = by_url_.find(url);
  return found == by_url_.end() ? nullptr : found->second;
}

std::vector<IssuerPtr> IssuerStore::List() const {
  const SharedLock lock(mutex_);
  std::vector<IssuerPtr> all;
  for (const auto& [url, issuer] : by_url_) all.push_back(issuer);
  return all;
}

Task<Result<IssuerPtr>> IssuerStore::Write(Issuer issuer) {
  std::vector<RecordChange> changes(1);
  changes[0] = {std::string(kIssuerKind), issuer.url, WriteIssuerRecord(issuer)};
  INSULA_CO_TRY(co_await records_.Commit(std::move(changes)));
  IssuerPtr kept = std::make_shared<const Issuer>(std::move(issuer));
  Put(kept);
  co_return kept;
}

Task<Result<IssuerPtr>> IssuerStore::Create(Issuer issuer) {
  INSULA_CO_TRY(CheckIssuer(issuer));
  const AsyncMutex::Guard guard = co_await changes_.Lock();
  if (Find(issuer.url) != nullptr) {
    co_return Error(ErrorCode::kAlreadyExists, fmt::format("issuer {} exists already", issuer.url));
  }
  issuer.created = clock_.Now();
  co_return co_await Write(std::move(issuer));
}

Task<Result<IssuerPtr>> IssuerStore::Update(std::string url, Change change) {
  const AsyncMutex::Guard guard = co_await changes_.Lock();
  const IssuerPtr old = Find(url);
  if (old == nullptr) co_return Unknown(url);
  Issuer issuer = *old;
  INSULA_CO_TRY(change(issuer));
  INSULA_CO_TRY(CheckIssuer(issuer));
  issuer.url = old->url;
  issuer.created = old->created;
  co_return co_await Write(std::move(issuer));
}

Task<Result<void>> IssuerStore::Delete(std::string url) {
  const AsyncMutex::Guard guard = co_await changes_.Lock();
  if (Find(url) == nullptr) co_return Unknown(url);
  std::vector<RecordChange> changes(1);
  changes[0] = {std::string(kIssuerKind), url, std::nullopt};
  INSULA_CO_TRY(co_await records_.Commit(std::move(changes)));
  const ExclusiveLock lock(mutex_);
  by_url_.erase(url);
  co_return Result<void>();
}

}  // namespace insula::federation
