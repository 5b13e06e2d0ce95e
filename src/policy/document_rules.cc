#include "policy/document_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "policy/resource_rules.h"
#include "policy/small_letters.h"
#include "policy/wildcards.h"

namespace insula::policy {
namespace {

// A rule over all statements before the next rule is looked at.
template <class Check>
Result<void> Each(const DocumentText& document, Check check) {
  for (const StatementText& statement : document.statements) INSULA_TRY(check(statement));
  return {};
}

// Those of an element and of its Not… form, of which a statement has one at most.
const std::vector<std::string>* TextsOf(const StatementText::Texts& element, const StatementText::Texts& negated) {
  if (element) return &*element;
  return negated ? &*negated : nullptr;
}
const std::vector<std::string>* ActionsOf(const StatementText& statement) {
  return TextsOf(statement.action, statement.not_action);
}
const std::vector<std::string>* ResourcesOf(const StatementText& statement) {
  return TextsOf(statement.resource, statement.not_resource);
}

Result<void> CheckFields(const StatementText& statement, DocumentKind kind) {
  const bool takes_principal = kind == DocumentKind::kResource || kind == DocumentKind::kTrust;
  const bool has_principal = statement.principal || statement.not_principal;
  if (has_principal && !takes_principal) return MalformedDocument("Policy document should not specify a principal.");
  if (kind == DocumentKind::kTrust && statement.resource) return MalformedDocument("Has prohibited field Resource");
  if (kind == DocumentKind::kTrust && statement.not_resource)
    return MalformedDocument("Has prohibited field NotResource");
  if (takes_principal && !has_principal) return MalformedDocument("Missing required field Principal");
  // Who would be allowed by it can't be said; AWS doesn't support it.
  if (statement.not_principal && statement.effect == "Allow")
    return MalformedDocument("Has prohibited field NotPrincipal");
  return {};
}

// AWS's older parser sees no resources from the first one on that a later check refuses.
Result<void> CheckLegacy(const DocumentText& document, bool variables) {
  for (const StatementText& statement : document.statements) {
    if (statement.effect != "Allow" && statement.effect != "Deny") return FailedLegacyParsing();
  }
  for (const StatementText& statement : document.statements) {
    const auto* resources = ResourcesOf(statement);
    if (resources == nullptr) continue;
    for (const std::string& resource : *resources) {
      if (!CheckResource(resource, variables).ok()) return {};
    }
    if (std::any_of(resources->begin(), resources->end(), LacksParts)) return FailedLegacyParsing();
  }
  return {};
}

Result<void> CheckSids(const DocumentText& document, DocumentKind kind) {
  std::set<std::string_view> sids;
  for (const StatementText& statement : document.statements) {
    const std::string& sid = statement.sid;
    const bool plain =
        std::all_of(sid.begin(), sid.end(), [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
    if (!plain && kind != DocumentKind::kResource) {
      return MalformedDocument(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
          "[0-9A-Za-z]*");
    }
    if (!sid.empty() && !sids.insert(sid).second) {
      return MalformedDocument("Statement IDs (SID) in a single policy must be unique.");
    }
  }
  return {};
}

Result<void> CheckAction(std::string_view action) {
  if (action == "*") return {};
  const std::size_t colon = action.find(':');
  if (colon == std::string_view::npos) {
    return MalformedDocument("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
  if (action.find(':', colon + 1) != std::string_view::npos) {
    return MalformedDocument("Actions/Condition can contain only one colon.");
  }
  const std::string_view vendor = action.substr(0, colon);
  const auto fits = [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '.'); };
  if (vendor != "*" && !std::all_of(vendor.begin(), vendor.end(), fits)) {
    return MalformedDocument(fmt::format("Vendor {} is not valid", vendor));
  }
  return {};
}

// Whether a trust policy may have it: STS's actions that begin a session, or a pattern that one of them matches.
bool BeginsSession(std::string_view action) {
  static constexpr std::string_view kActions[] = {"assumerole", "assumerolewithsaml", "assumerolewithwebidentity",
                                                  "assumeroot", "setcontext",         "setsourceidentity",
                                                  "tagsession"};
  std::string pattern = SmallLetters(action);
  if (!pattern.starts_with("sts:")) return false;
  pattern.erase(0, 4);
  std::replace(pattern.begin(), pattern.end(), '*', kAnyCharacters);
  std::replace(pattern.begin(), pattern.end(), '?', kOneCharacter);
  return std::any_of(std::begin(kActions), std::end(kActions),
                     [&](std::string_view known) { return WildcardMatch(pattern, known); });
}

Result<void> CheckHasActions(const StatementText& statement) {
  const auto* actions = ActionsOf(statement);
  if (actions == nullptr || actions->empty()) return MalformedDocument("Policy statement must contain actions.");
  return {};
}

Result<void> CheckHasResources(const StatementText& statement) {
  const auto* resources = ResourcesOf(statement);
  if (resources == nullptr || resources->empty()) return MalformedDocument("Policy statement must contain resources.");
  return {};
}

Result<void> CheckResources(const StatementText& statement, bool variables) {
  for (const std::string& resource : *ResourcesOf(statement)) INSULA_TRY(CheckResource(resource, variables));
  return {};
}

Result<void> CheckActions(const StatementText& statement, DocumentKind kind) {
  for (const std::string& action : *ActionsOf(statement)) {
    INSULA_TRY(CheckAction(action));
    if (kind == DocumentKind::kTrust && (statement.not_action || !BeginsSession(action))) {
      return MalformedDocument("AssumeRole policy may only specify STS AssumeRole actions.");
    }
  }
  return {};
}

}  // namespace

Result<void> CheckDocument(const DocumentText& document, DocumentKind kind) {
  const bool variables = document.version == "2012-10-17";
  if (!variables && (kind == DocumentKind::kIdentity || kind == DocumentKind::kServiceControl)) {
    return MalformedDocument("Policy document must be version 2012-10-17 or greater.");
  }
  INSULA_TRY(Each(document, [&](const StatementText& statement) { return CheckFields(statement, kind); }));
  INSULA_TRY(CheckLegacy(document, variables));
  INSULA_TRY(CheckSids(document, kind));
  INSULA_TRY(Each(document, CheckHasActions));
  if (kind != DocumentKind::kTrust) {
    INSULA_TRY(Each(document, CheckHasResources));
    INSULA_TRY(Each(document, [&](const StatementText& statement) { return CheckResources(statement, variables); }));
  }
  return Each(document, [&](const StatementText& statement) { return CheckActions(statement, kind); });
}

}  // namespace insula::policy
