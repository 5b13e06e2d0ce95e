#include "access/session_codec.h"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "model/encoded_item.h"
#include "records/field_codec.h"

namespace insula::access {
namespace {

using records::Fielded;

constexpr char kPackedVersion = 1;
constexpr char kPlain = 0;
constexpr char kCompressed = 1;
constexpr int kLevel = 3;
// 50 tags of 128 and 256 characters, a policy and ten ARNs, at four bytes a character: the most that STS lets through.
constexpr std::size_t kRestMax = std::size_t{128} << 10;

class Writer {
 public:
  static constexpr bool kReads = false;
  explicit Writer(std::string* out) : out_(out) {}

  void Number(std::uint64_t value) { AppendVarint(value, out_); }
  void Text(const std::string& text) {
    Number(text.size());
    out_->append(text);
  }
  template <class Tag>
  void Text(const StrongId<Tag, std::string>& id) {
    Text(id.value());
  }
  void Flag(bool flag) { out_->push_back(flag ? 1 : 0); }
  template <class Enum>
  void Kind(Enum kind, Enum /*last*/) {
    Number(static_cast<std::uint64_t>(kind));
  }
  void Time(WallTime time) { Number(static_cast<std::uint64_t>(time.time_since_epoch().count())); }
  template <class T>
  void List(const std::vector<T>& list) {
    Number(list.size());
    for (const T& element : list) Members(*this, element);
  }
  template <class T>
  void Optional(const std::optional<T>& value) {
    Flag(value.has_value());
    if (value) Members(*this, *value);
  }

 private:
  std::string* out_;
};

// Once something is wrong, everything that is read is empty.
class Reader {
 public:
  static constexpr bool kReads = true;
  explicit Reader(std::string_view in) : in_(in) {}

  bool failed() const { return failed_; }
  std::string_view rest() const { return in_; }

  std::uint64_t Number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }
  void Text(std::string& text) {
    const std::uint64_t size = Number();
    if (size > in_.size()) return Fail();
    text = in_.substr(0, size);
    in_.remove_prefix(size);
  }
  template <class Tag>
  void Text(StrongId<Tag, std::string>& id) {
    std::string text;
    Text(text);
    id = StrongId<Tag, std::string>(std::move(text));
  }
  void Flag(bool& flag) { flag = NumberUpTo(1) == 1; }
  template <class Enum>
  void Kind(Enum& kind, Enum last) {
    kind = static_cast<Enum>(NumberUpTo(static_cast<std::uint64_t>(last)));
  }
  void Time(WallTime& time) { time = WallTime(std::chrono::microseconds(static_cast<std::int64_t>(Number()))); }
  template <class T>
  void List(std::vector<T>& list) {
    for (std::uint64_t left = Number(); left > 0 && !failed_; --left) Members(*this, list.emplace_back());
  }
  template <class T>
  void Optional(std::optional<T>& value) {
    bool has = false;
    Flag(has);
    if (has) Members(*this, value.emplace());
  }

 private:
  std::uint64_t NumberUpTo(std::uint64_t last) {
    const std::uint64_t number = Number();
    if (number <= last) return number;
    Fail();
    return 0;
  }
  void Fail() {
    failed_ = true;
    in_ = {};
  }

  std::string_view in_;
  bool failed_ = false;
};

enum class ScopeKind : std::uint8_t { kTenant, kService, kAccount };

template <class Codec>
void Members(Codec& codec, Fielded<Codec, ContextNames> names, ScopeKind kind) {
  codec.Text(names.environment);
  codec.Text(names.service);
  if constexpr (Codec::kReads) {
    if (kind == ScopeKind::kTenant) names.tenant.emplace();
  }
  if (names.tenant) codec.Text(*names.tenant);
}

template <class Codec>
void Members(Codec& codec, Fielded<Codec, Scope> scope) {
  ScopeKind kind = ScopeKind::kAccount;
  if (const auto* names = std::get_if<ContextNames>(&scope)) {
    kind = names->tenant ? ScopeKind::kTenant : ScopeKind::kService;
  }
  codec.Kind(kind, ScopeKind::kAccount);
  if constexpr (Codec::kReads) {
    if (kind == ScopeKind::kAccount) {
      scope = AccountId();
    } else {
      scope = ContextNames();
    }
  }
  if (auto* names = std::get_if<ContextNames>(&scope)) {
    Members<Codec>(codec, *names, kind);
  } else {
    codec.Text(std::get<AccountId>(scope));
  }
}

template <class Codec>
void Members(Codec& codec, Fielded<Codec, WebIdentity> identity) {
  codec.Text(identity.provider);
  codec.Text(identity.subject);
  codec.Text(identity.audience);
}

template <class Codec>
void Members(Codec& codec, Fielded<Codec, SessionTag> tag) {
  codec.Text(tag.key);
  codec.Text(tag.value);
  codec.Flag(tag.transitive);
}

template <class Codec>
void Members(Codec& codec, Fielded<Codec, std::string> text) {
  codec.Text(text);
}

// What every session has.
template <class Codec>
void Members(Codec& codec, Fielded<Codec, Session> session) {
  codec.Kind(session.kind, SessionKind::kSessionToken);
  codec.Text(session.access_key_id);
  codec.Text(session.parent_key_id);
  codec.Text(session.principal_id);
  codec.Text(session.account);
  codec.Text(session.name);
  codec.Text(session.source_identity);
  Members<Codec>(codec, session.scope);
  codec.Text(session.tenant_account);
  codec.Time(session.issued);
  codec.Time(session.expires);
  codec.Flag(session.chained);
  codec.Optional(session.web_identity);
}

// What its maker may ask for as much of as there is room.
template <class Codec>
void RestMembers(Codec& codec, Fielded<Codec, Session> session) {
  codec.List(session.tags);
  codec.Text(session.policy);
  codec.List(session.policy_arns);
}

Error Damaged() { return {ErrorCode::kCorruption, "not a packed session"}; }

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Empty where it can't be had smaller.
std::string Compressed(std::string_view plain) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  std::string out(plain.size(), '\0');
  const std::size_t size = ZSTD_compressCCtx(context.get(), out.data(), out.size(), plain.data(), plain.size(), kLevel);
  out.resize(ZSTD_isError(size) != 0 ? 0 : size);
  return out;
}

Result<std::string> Decompressed(std::string_view bytes) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size > kRestMax) return Damaged();  // also where the frame doesn't say
  std::string out(size, '\0');
  const std::size_t read = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(read) != 0 || read != size) return Damaged();
  return out;
}

}  // namespace

PackedSession PackSession(const Session& session) {
  PackedSession packed;
  packed.bytes.push_back(kPackedVersion);
  Writer writer(&packed.bytes);
  Members(writer, session);
  std::string rest;
  if (!session.tags.empty() || !session.policy.empty() || !session.policy_arns.empty()) {
    Writer rest_writer(&rest);
    RestMembers(rest_writer, session);
  }
  std::string compressed = Compressed(rest);
  const bool helps = !compressed.empty() && compressed.size() < rest.size();
  if (helps) rest.swap(compressed);
  packed.bytes.push_back(helps ? kCompressed : kPlain);
  packed.bytes += rest;
  packed.rest_size = rest.size();
  return packed;
}

Result<Session> UnpackSession(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kPackedVersion) return Damaged();
  Session session;
  Reader reader(bytes.substr(1));
  Members(reader, session);
  if (reader.failed() || reader.rest().empty()) return Damaged();
  const char form = reader.rest().front();
  std::string_view rest = reader.rest().substr(1);
  std::string plain;
  if (form == kCompressed) {
    INSULA_ASSIGN(plain, Decompressed(rest));
    rest = plain;
  } else if (form != kPlain) {
    return Damaged();
  }
  if (rest.empty()) return session;
  Reader rest_reader(rest);
  RestMembers(rest_reader, session);
  if (rest_reader.failed() || !rest_reader.rest().empty()) return Damaged();
  return session;
}

}  // namespace insula::access
