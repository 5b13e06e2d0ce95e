#include "access/token_key.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <utility>
#include <vector>

#include "base/crypto.h"

namespace insula::access {
namespace {

constexpr std::string_view kKind = "secret";
constexpr std::string_view kName = "tokens";
constexpr std::string_view kSealedId = "secret/tokens";
constexpr std::int64_t kTokenKeyVersion = 1;
constexpr std::size_t kTokenKeyBytes = 32;

// {"v":1,"sealed":"1.FINGERPRINT.HEX"}
Result<std::string> SealedIn(const Record& record) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::int64_t version = 0;
  std::string_view sealed;
  if (parser.parse(record.value).get(root) != simdjson::SUCCESS || root["v"].get(version) != simdjson::SUCCESS) {
    return Error(ErrorCode::kCorruption, "The record of the token key is damaged");
  }
  if (version > kTokenKeyVersion) {
    return Error(ErrorCode::kFailedPrecondition, "The record of the token key was written by a newer program");
  }
  if (root["sealed"].get(sealed) != simdjson::SUCCESS) {
    return Error(ErrorCode::kCorruption, "The record of the token key is damaged");
  }
  return std::string(sealed);
}

}  // namespace

Task<Result<std::string>> LoadTokenKey(RecordStore& records, const Keyring& keyring) {
  INSULA_CO_ASSIGN(const std::vector<Record> kept, co_await records.Load(std::string(kKind)));
  std::string key;
  bool seal = true;
  for (const Record& record : kept) {
    if (record.name != kName) continue;
    INSULA_CO_ASSIGN(const std::string sealed, SealedIn(record));
    const Result<SecretText> opened = OpenSecret(keyring, kSealedId, sealed);
    if (opened.ok()) {
      key = opened->view();
      seal = sealed.find(keyring.current.fingerprint()) == std::string::npos;
    } else if (opened.error().code() != ErrorCode::kFailedPrecondition) {
      co_return opened.error();
    }
  }
  if (key.empty()) key = RandomBytes(kTokenKeyBytes);
  if (seal) {
    std::vector<RecordChange> changes(1);
    changes[0].kind = kKind;
    changes[0].name = kName;
    changes[0].value =
        fmt::format(R"({{"v":{},"sealed":"{}"}})", kTokenKeyVersion, SealSecret(keyring.current, kSealedId, key));
    INSULA_CO_TRY(co_await records.Commit(std::move(changes)));
  }
  co_return key;
}

}  // namespace insula::access
