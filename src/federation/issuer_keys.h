// Issuers' public keys at hand: fetched when they are asked for, kept for an hour, and asked for again where a token is
// signed by one that isn't known, at most once a minute.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/task.h"
#include "federation/fetch.h"
#include "federation/issuer_store.h"
#include "federation/key_set.h"

namespace insula::federation {

// Safe from any thread. Fetches block threads of its own, never the caller's; one at a time for an issuer.
class IssuerKeys {
 public:
  static constexpr std::chrono::hours kFreshFor{1};
  static constexpr std::chrono::hours kGoodFor{24};        // while newer ones can't be had
  static constexpr std::chrono::minutes kAskedAgainIn{1};  // for a key that isn't known
  static constexpr std::chrono::seconds kRetriedIn{5};     // where there are none at all

  using Fetcher = std::function<Result<std::string>(const std::string& url)>;

  // `fetch` gives a URL's document, and may block: Fetch, but in tests. `clock` outlives the keys.
  IssuerKeys(Clock& clock, Fetcher fetch);
  ~IssuerKeys();  // waits for fetches

  // Those at hand, or fetched. IDPCommunicationError where there are none to be had: why is in the log alone.
  Task<Result<KeySetPtr>> Get(IssuerPtr issuer);
  // Others than `known`, in which a token's key isn't; `known` itself where there are none, or were none just now.
  Task<KeySetPtr> GetOthers(IssuerPtr issuer, KeySetPtr known);

 private:
  struct Held;
  class Threads;
  std::shared_ptr<Held> HeldOf(const Issuer& issuer);
  Task<void> Refresh(IssuerPtr issuer, std::shared_ptr<Held> held);
  Task<Result<KeySet>> Read(IssuerPtr issuer);  // on a thread that may block

  Clock& clock_;
  const Fetcher fetch_;
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Held>> held_ INSULA_GUARDED_BY(mutex_);
  std::unique_ptr<Threads> threads_;  // last: they are stopped first
};

}  // namespace insula::federation
