#include "policy/principal_pattern.h"

#include <algorithm>

#include "policy/arn.h"

namespace insula::policy {
namespace {

bool IsAccount(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "AIDA…" of users, "AROA…" of roles.
bool IsUniqueId(std::string_view text) {
  return text.size() >= 16 && text.size() <= 128 && (text.starts_with("AIDA") || text.starts_with("AROA")) &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool NamesOne(const Arn& arn) {
  const std::string_view resource = arn[Arn::kResource];
  if (!arn[Arn::kPartition].starts_with("aws") || !arn[Arn::kRegion].empty() || !IsAccount(arn[Arn::kAccount]))
    return false;
  if (resource.find_first_of("*?") != std::string_view::npos || resource.ends_with('/')) return false;
  if (arn[Arn::kService] == "iam") return resource.starts_with("user/") || resource.starts_with("role/");
  return arn[Arn::kService] == "sts" &&
         (resource.starts_with("assumed-role/") || resource.starts_with("federated-user/"));
}

}  // namespace

std::optional<PrincipalPattern> PrincipalPattern::Parse(std::string_view type, std::string_view text) {
  PrincipalPattern pattern;
  pattern.text_ = text;
  if (type == "*" || (type == "AWS" && text == "*")) {
    pattern.kind_ = Kind::kEveryone;
    return pattern;
  }
  if (text.empty()) return std::nullopt;
  if (type != "AWS") {
    pattern.kind_ = type == "Federated" ? Kind::kFederated : Kind::kOther;
    return pattern;
  }
  if (IsUniqueId(text)) {
    pattern.kind_ = Kind::kUniqueId;
    return pattern;
  }
  const std::optional<Arn> arn = Arn::Parse(text);
  pattern.account_ = arn ? (*arn)[Arn::kAccount] : text;
  if (!arn || (*arn)[Arn::kResource] == "root") {
    pattern.kind_ = Kind::kAccount;
    if (!IsAccount(pattern.account_) || (arn && (*arn)[Arn::kService] != "iam")) return std::nullopt;
    return pattern;
  }
  pattern.kind_ = Kind::kArn;
  if (!NamesOne(*arn)) return std::nullopt;
  return pattern;
}

NamedAs PrincipalPattern::Names(const Principal& principal) const {
  if (principal.type == PrincipalType::kWebIdentity) {
    return kind_ == Kind::kFederated && text_ == principal.provider ? NamedAs::kItself : NamedAs::kNobody;
  }
  switch (kind_) {
    case Kind::kEveryone:
      return NamedAs::kEveryone;
    case Kind::kAccount:
      if (account_ != principal.account) return NamedAs::kNobody;
      return principal.type == PrincipalType::kRoot ? NamedAs::kItself : NamedAs::kAccount;
    case Kind::kArn:
      if (text_ == principal.arn) return NamedAs::kItself;
      return text_ == principal.source_arn ? NamedAs::kSource : NamedAs::kNobody;
    case Kind::kUniqueId:
      if (text_ != principal.unique_id) return NamedAs::kNobody;
      return principal.type == PrincipalType::kUser ? NamedAs::kItself : NamedAs::kSource;
    case Kind::kFederated:
    case Kind::kOther:
      break;
  }
  return NamedAs::kNobody;
}

std::optional<std::string_view> PrincipalPattern::Named() const {
  if (kind_ == Kind::kArn || kind_ == Kind::kUniqueId) return text_;
  return std::nullopt;
}

}  // namespace insula::policy
