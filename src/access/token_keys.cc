#include "access/token_keys.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/async_mutex.h"
#include "base/check.h"
#include "base/mutex.h"
#include "model/encoded_item.h"
#include "records/field_reader.h"
#include "records/field_writer.h"

namespace insula::access {
namespace {

using records::Fielded;

constexpr std::string_view kKind = "secret";
constexpr std::string_view kName = "tokens";  // of generation 0; those after it have their number behind it
constexpr std::int64_t kUnnumbered = 1;       // the version of generation 0's record
constexpr std::int64_t kRootVersion = 2;
constexpr std::size_t kRootBytes = 32;
constexpr std::array<std::string_view, kTokenPurposes> kPurposes = {"session", "shard-iterator", "next-token"};

struct StoredRoot {
  std::int64_t version = kRootVersion;
  std::uint64_t generation = 0;
  WallTime made{};
  std::string sealed;
};

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, StoredRoot> root) {
  codec.Field("v", root.version);
  if (root.version > kUnnumbered) {
    codec.Field("generation", root.generation);
    codec.Field("made", root.made);
  }
  codec.Field("sealed", root.sealed);
}

std::string RootNameOf(std::uint64_t generation) {
  return generation == 0 ? std::string(kName) : fmt::format("{}/{}", kName, generation);
}
std::string SealedId(std::uint64_t generation) { return fmt::format("{}/{}", kKind, RootNameOf(generation)); }

bool IsTokenKey(const Record& record) {
  return record.name == kName || record.name.starts_with(fmt::format("{}/", kName));
}

Result<StoredRoot> ReadRoot(const Record& record) {
  const Error damaged(ErrorCode::kCorruption, fmt::format("the record of the token key {} is damaged", record.name));
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(record.value).get(object) != simdjson::SUCCESS) return damaged;
  std::optional<Error> failure;
  records::FieldReader reader(object, &failure);
  StoredRoot root;
  Fields(reader, root);
  if (root.version > kRootVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("the record of the token key {} was written by a newer program", record.name));
  }
  if (failure || record.name != RootNameOf(root.generation)) return damaged;
  return root;
}

TokenKeyPtr KeyOf(const HmacSha256Key& root, std::uint64_t generation, std::string_view purpose) {
  const Sha256Digest sealing = root.Sign(fmt::format("insula token key\n{}\nsealing", purpose));
  const Sha256Digest deriving = root.Sign(fmt::format("insula token key\n{}\nderiving", purpose));
  return std::make_shared<const TokenKey>(
      TokenKey{generation, SecretText(std::string(AsText(sealing))), HmacSha256Key(AsText(deriving))});
}

// A root, and what is derived of it.
struct Generation {
  std::uint64_t number = 0;
  WallTime made{};
  SecretText root;
  std::array<TokenKeyPtr, kTokenPurposes> keys;

  static Generation Of(std::uint64_t number, WallTime made, SecretText root) {
    Generation generation{number, made, std::move(root), {}};
    const HmacSha256Key key(generation.root.view());
    for (std::size_t i = 0; i < kTokenPurposes; ++i) generation.keys[i] = KeyOf(key, number, kPurposes[i]);
    return generation;
  }
  static Generation Drawn(std::uint64_t number, WallTime made) {
    return Of(number, made, SecretText(RandomBytes(kRootBytes)));
  }

  RecordChange ToRecord(const MasterKey& master) const {
    StoredRoot stored{number == 0 ? kUnnumbered : kRootVersion, number, made,
                      SealSecret(master, SealedId(number), root.view())};
    records::FieldWriter writer;
    Fields(writer, std::as_const(stored));
    return {std::string(kKind), RootNameOf(number), writer.Take()};
  }
};

Error NotSealedHere() { return {ErrorCode::kCorruption, "not sealed here, or for something else"}; }

}  // namespace

std::string TokenKey::Seal(std::string_view associated, std::string_view plain) const {
  std::string sealed;
  AppendVarint(generation, &sealed);
  return sealed + AesGcmSeal(sealing.view(), associated, plain);
}

class TokenKeys::Impl {
 public:
  Impl() = default;
  Impl(RecordStore* records, Clock* clock, Keyring keyring)
      : records_(records), clock_(clock), keyring_(std::move(keyring)) {}

  Task<Result<void>> Load() {
    INSULA_CO_ASSIGN(const std::vector<Record> kept, co_await records_->Load(std::string(kKind)));
    std::vector<Generation> generations;
    std::vector<RecordChange> changes;
    std::uint64_t last = 0;
    for (const Record& record : kept) {
      if (!IsTokenKey(record)) continue;
      INSULA_CO_ASSIGN(const StoredRoot stored, ReadRoot(record));
      last = std::max(last, stored.generation);
      Result<SecretText> root = OpenSecret(*keyring_, SealedId(stored.generation), stored.sealed);
      if (!root.ok() && root.error().code() == ErrorCode::kFailedPrecondition) continue;
      if (!root.ok()) co_return root.error();
      generations.push_back(Generation::Of(stored.generation, stored.made, *std::move(root)));
      if (stored.sealed.find(keyring_->current.fingerprint()) == std::string::npos) {
        changes.push_back(generations.back().ToRecord(keyring_->current));
      }
    }
    if (generations.empty()) {
      generations.push_back(Generation::Drawn(last + 1, clock_->Now()));
      changes.push_back(generations.back().ToRecord(keyring_->current));
    }
    std::sort(generations.begin(), generations.end(),
              [](const Generation& a, const Generation& b) { return a.number < b.number; });
    if (!changes.empty()) INSULA_CO_TRY(co_await records_->Commit(std::move(changes)));
    Put(std::move(generations));
    co_return Result<void>();
  }

  void Put(std::vector<Generation> generations) {
    const ExclusiveLock lock(mutex_);
    generations_.swap(generations);
  }

  TokenKeyPtr Current(TokenPurpose purpose) const {
    const SharedLock lock(mutex_);
    return generations_.back().keys[static_cast<std::size_t>(purpose)];
  }

  TokenKeyPtr Find(TokenPurpose purpose, std::uint64_t number) const {
    const SharedLock lock(mutex_);
    for (const Generation& generation : generations_) {
      if (generation.number == number) return generation.keys[static_cast<std::size_t>(purpose)];
    }
    return nullptr;
  }

  // What sealed before there were purposes; empty for an organization that is younger.
  SecretText Unnumbered() const {
    const SharedLock lock(mutex_);
    return generations_.front().number == 0 ? generations_.front().root : SecretText();
  }

  Task<Result<std::uint64_t>> Rotate() {
    INSULA_CHECK(records_ != nullptr);
    const AsyncMutex::Guard guard = co_await changes_.Lock();
    const WallTime now = clock_->Now();
    std::vector<Generation> next = All();
    next.push_back(Generation::Drawn(next.back().number + 1, now));
    std::vector<RecordChange> changes;
    changes.push_back(next.back().ToRecord(keyring_->current));
    while (next.size() > 1 && next[1].made + kFormerOpensFor <= now) {
      changes.push_back({std::string(kKind), RootNameOf(next.front().number), std::nullopt});
      next.erase(next.begin());
    }
    const std::uint64_t number = next.back().number;
    INSULA_CO_TRY(co_await records_->Commit(std::move(changes)));
    Put(std::move(next));
    co_return number;
  }

 private:
  std::vector<Generation> All() const {
    const SharedLock lock(mutex_);
    return generations_;
  }

  RecordStore* records_ = nullptr;  // none, and no clock and no ring: kept nowhere, never rotated
  Clock* clock_ = nullptr;
  std::optional<Keyring> keyring_;
  AsyncMutex changes_;  // one change at a time
  mutable SharedMutex mutex_;
  std::vector<Generation> generations_ INSULA_GUARDED_BY(mutex_);  // by number, at least one
};

TokenKeys::TokenKeys(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TokenKeys::~TokenKeys() = default;

Task<Result<std::unique_ptr<TokenKeys>>> TokenKeys::Load(RecordStore& records, Clock& clock, Keyring keyring) {
  auto impl = std::make_unique<Impl>(&records, &clock, std::move(keyring));
  INSULA_CO_TRY(co_await impl->Load());
  co_return std::unique_ptr<TokenKeys>(new TokenKeys(std::move(impl)));
}

std::unique_ptr<TokenKeys> TokenKeys::Drawn() {
  auto impl = std::make_unique<Impl>();
  std::vector<Generation> one;
  one.push_back(Generation::Drawn(1, WallTime{}));
  impl->Put(std::move(one));
  return std::unique_ptr<TokenKeys>(new TokenKeys(std::move(impl)));
}

std::string TokenKeys::Seal(TokenPurpose purpose, std::string_view associated, std::string_view plain) const {
  return impl_->Current(purpose)->Seal(associated, plain);
}

Result<std::string> TokenKeys::Open(TokenPurpose purpose, std::string_view associated, std::string_view sealed) const {
  std::string_view rest = sealed;
  if (const TokenKeyPtr key = Find(purpose, &rest)) {
    Result<std::string> plain = AesGcmOpen(key->sealing.view(), associated, rest);
    if (plain.ok()) return plain;
  }
  if (purpose != TokenPurpose::kSession) {  // which there were none of then
    const SecretText root = impl_->Unnumbered();
    if (!root.empty()) {
      Result<std::string> plain = AesGcmOpen(root.view(), associated, sealed);
      if (plain.ok()) return plain;
    }
  }
  return NotSealedHere();
}

TokenKeyPtr TokenKeys::Current(TokenPurpose purpose) const { return impl_->Current(purpose); }

TokenKeyPtr TokenKeys::Find(TokenPurpose purpose, std::string_view* sealed) const {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64 && !sealed->empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(sealed->front());
    sealed->remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte >= 0x80) continue;
    const bool shortest = byte != 0 || shift == 0;  // so that no two texts are one token
    return shortest ? impl_->Find(purpose, number) : nullptr;
  }
  return nullptr;
}

Task<Result<std::uint64_t>> TokenKeys::Rotate() { return impl_->Rotate(); }

}  // namespace insula::access
