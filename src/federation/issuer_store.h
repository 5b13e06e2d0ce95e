// The issuers that an organization trusts. Held in memory, written through to the record store: a change is durable
// before it has an effect, and has it at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/async_mutex.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/task.h"
#include "federation/issuer.h"

namespace insula::federation {

using IssuerPtr = std::shared_ptr<const Issuer>;

// Safe from any thread.
class IssuerStore {
 public:
  // Loads every issuer. `records` and `clock` outlive the store. Errors as ReadIssuerRecord and the record store give
  // them.
  static Task<Result<std::unique_ptr<IssuerStore>>> Open(RecordStore& records, Clock& clock);

  // By the claim "iss"; null: not trusted.
  IssuerPtr Find(std::string_view url) const;
  std::vector<IssuerPtr> List() const;  // by URL

  // InvalidArgument (CheckIssuer), AlreadyExists.
  Task<Result<IssuerPtr>> Create(Issuer issuer);
  // The issuer as `change` leaves it, but for its URL and when it was made; nobody else changes it meanwhile.
  // NotFound, what `change` refuses, InvalidArgument.
  using Change = std::function<Result<void>(Issuer& issuer)>;
  Task<Result<IssuerPtr>> Update(std::string url, Change change);
  // NotFound. Sessions that came of its tokens stay what they are until they end.
  Task<Result<void>> Delete(std::string url);

 private:
  IssuerStore(RecordStore& records, Clock& clock) : records_(records), clock_(clock) {}
  Task<Result<void>> Load();
  Task<Result<IssuerPtr>> Write(Issuer issuer);
  void Put(IssuerPtr issuer);

  RecordStore& records_;
  Clock& clock_;
  AsyncMutex changes_;  // one at a time, so that memory and records change in the same order
  mutable SharedMutex mutex_;
  std::map<std::string, IssuerPtr, std::less<>> by_url_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::federation
