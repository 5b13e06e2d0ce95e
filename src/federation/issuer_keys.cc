#include "federation/issuer_keys.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>

#include "base/async_mutex.h"
#include "base/background_thread.h"
#include "base/log.h"
#include "base/on_loop.h"

namespace insula::federation {
namespace {

constexpr std::string_view kFilePrefix = "file:";

Error Unreachable() {
  return {ErrorCode::kIdpCommunicationError,
          "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity "
          "documentation for requirements"};
}

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kDocumentBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.eof()) {
    return Error(ErrorCode::kIdpCommunicationError, fmt::format("{}: not there, or too large", path));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// Where OpenID discovery says that the keys are.
Result<std::string> KeysUrlIn(std::string_view document, const std::string& issuer) {
  const auto failed = [&](std::string_view why) {
    return Error(ErrorCode::kIdpCommunicationError, fmt::format("the OpenID configuration of {} {}", issuer, why));
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string_view said, keys;
  if (parser.parse(document.data(), document.size()).get(object) != simdjson::SUCCESS) return failed("is no object");
  if (object["issuer"].get(said) != simdjson::SUCCESS || said != issuer) return failed("is another issuer's");
  if (object["jwks_uri"].get(keys) != simdjson::SUCCESS) return failed("names no keys");
  return std::string(keys);
}

}  // namespace

// What is known of one issuer's keys. `turn` is held by who fetches.
struct IssuerKeys::Held {
  AsyncMutex turn;
  Mutex mutex;
  KeySetPtr keys INSULA_GUARDED_BY(mutex);
  SteadyTime fetched INSULA_GUARDED_BY(mutex){};
  std::optional<SteadyTime> tried INSULA_GUARDED_BY(mutex);

  // Null where they are older than that.
  KeySetPtr NotOlderThan(SteadyTime::duration age, SteadyTime now) {
    const MutexLock lock(mutex);
    return keys != nullptr && now - fetched < age ? keys : nullptr;
  }
  bool TriedWithin(SteadyTime::duration time, SteadyTime now) {
    const MutexLock lock(mutex);
    return tried && now - *tried < time;
  }
};

// An event loop whose tasks may block.
class IssuerKeys::Threads {
 public:
  Threads() {
    for (std::thread& thread : threads_) {
      thread = std::thread([this] {
        BecomeBackgroundThread("issuer-keys");
        loop_.run();
      });
    }
  }
  ~Threads() {
    work_.reset();
    for (std::thread& thread : threads_) thread.join();
  }
  boost::asio::io_context* loop() { return &loop_; }

 private:
  boost::asio::io_context loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  std::array<std::thread, 4> threads_;  // so many issuers may be slow at once
};

IssuerKeys::IssuerKeys(Clock& clock, Fetcher fetch)
    : clock_(clock), fetch_(std::move(fetch)), threads_(std::make_unique<Threads>()) {}
IssuerKeys::~IssuerKeys() = default;

std::shared_ptr<IssuerKeys::Held> IssuerKeys::HeldOf(const Issuer& issuer) {
  const MutexLock lock(mutex_);
  std::shared_ptr<Held>& held = held_[issuer.url + "\n" + issuer.keys];  // other settings, other keys
  if (held == nullptr) held = std::make_shared<Held>();
  return held;
}

Task<Result<KeySet>> IssuerKeys::Read(IssuerPtr issuer) {
  std::string location = issuer->keys;
  if (location.empty()) {
    const std::string slash = issuer->url.ends_with('/') ? "" : "/";
    INSULA_CO_ASSIGN(const std::string document, fetch_(issuer->url + slash + ".well-known/openid-configuration"));
    INSULA_CO_ASSIGN(location, KeysUrlIn(document, issuer->url));
  }
  Result<std::string> document = location.starts_with(kFilePrefix) && !issuer->keys.empty()
                                     ? ReadFile(location.substr(kFilePrefix.size()))
                                     : fetch_(location);
  if (!document.ok()) co_return document.error();
  co_return KeySet::Parse(*document);
}

Task<void> IssuerKeys::Refresh(IssuerPtr issuer, std::shared_ptr<Held> held) {
  const Result<KeySet> keys = co_await OnLoop(threads_->loop(), Read(issuer));
  const SteadyTime now = clock_.SteadyNow();
  if (!keys.ok()) {
    Log(LogLevel::kWarn, "an issuer's keys can't be had", {{"issuer", issuer->url}, {"cause", keys.error().message()}});
  }
  const MutexLock lock(held->mutex);
  held->tried = now;
  if (!keys.ok()) co_return;
  held->keys = std::make_shared<const KeySet>(*keys);
  held->fetched = now;
}

Task<Result<KeySetPtr>> IssuerKeys::Get(IssuerPtr issuer) {
  const std::shared_ptr<Held> held = HeldOf(*issuer);
  if (KeySetPtr keys = held->NotOlderThan(kFreshFor, clock_.SteadyNow())) co_return keys;
  const AsyncMutex::Guard turn = co_await held->turn.Lock();
  const SteadyTime now = clock_.SteadyNow();
  if (KeySetPtr keys = held->NotOlderThan(kFreshFor, now)) co_return keys;
  const bool none = held->NotOlderThan(kGoodFor, now) == nullptr;
  const auto pause = none ? SteadyTime::duration(kRetriedIn) : SteadyTime::duration(kAskedAgainIn);
  if (!held->TriedWithin(pause, now)) co_await Refresh(issuer, held);
  if (KeySetPtr keys = held->NotOlderThan(kGoodFor, clock_.SteadyNow())) co_return keys;
  co_return Unreachable();
}

Task<KeySetPtr> IssuerKeys::GetOthers(IssuerPtr issuer, KeySetPtr known) {
  const std::shared_ptr<Held> held = HeldOf(*issuer);
  // Looked at before waiting, so that tokens of made-up keys don't queue behind a slow issuer.
  if (held->TriedWithin(kAskedAgainIn, clock_.SteadyNow())) {
    KeySetPtr keys = held->NotOlderThan(kGoodFor, clock_.SteadyNow());
    co_return keys != nullptr ? keys : known;
  }
  const AsyncMutex::Guard turn = co_await held->turn.Lock();
  if (!held->TriedWithin(kAskedAgainIn, clock_.SteadyNow())) co_await Refresh(issuer, held);
  KeySetPtr keys = held->NotOlderThan(kGoodFor, clock_.SteadyNow());
  co_return keys != nullptr ? keys : known;
}

}  // namespace insula::federation
