// What tests of policies are made of: documents from short JSON, a session of a role, a user, a request for one item.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "policy/context_entries.h"
#include "policy/evaluate.h"
#include "policy/explain.h"

namespace insula::policy::testing {

inline constexpr std::string_view kAccount = "111122223333";
inline constexpr std::string_view kOtherAccount = "444455556666";
inline constexpr std::string_view kTable = "arn:aws:dynamodb:us-east-1:111122223333:table/Orders";
inline constexpr std::string_view kRole = "arn:aws:iam::111122223333:role/Reader";
inline constexpr std::string_view kSession = "arn:aws:sts::111122223333:assumed-role/Reader/s1";
inline constexpr std::string_view kUser = "arn:aws:iam::111122223333:user/alice";
inline constexpr std::string_view kFederated = "arn:aws:sts::111122223333:federated-user/alice";

// A document of these statements, which are JSON objects separated by commas.
inline std::string DocumentJson(std::string_view statements) {
  return R"({"Version": "2012-10-17", "Statement": [)" + std::string(statements) + "]}";
}
// Precondition: the document is good.
inline NamedPolicy Policy(std::string name, std::string_view statements, DocumentKind kind = DocumentKind::kIdentity) {
  return {std::move(name), std::move(*Document::Parse(DocumentJson(statements), kind))};
}

inline Principal UserPrincipal() {
  Principal principal;
  principal.type = PrincipalType::kUser;
  principal.arn = kUser;
  principal.account = kAccount;
  principal.unique_id = principal.userid = "AIDAEXAMPLEEXAMPLE00";
  principal.username = "alice";
  return principal;
}

inline Principal SessionPrincipal() {
  Principal principal;
  principal.type = PrincipalType::kAssumedRole;
  principal.arn = kSession;
  principal.source_arn = kRole;
  principal.account = kAccount;
  principal.unique_id = "AROAEXAMPLEEXAMPLE00";
  principal.userid = "AROAEXAMPLEEXAMPLE00:s1";
  return principal;
}

inline Principal FederatedPrincipal() {
  Principal principal;
  principal.type = PrincipalType::kFederatedUser;
  principal.arn = kFederated;
  principal.source_arn = kUser;
  principal.account = kAccount;
  principal.unique_id = "AIDAEXAMPLEEXAMPLE00";
  return principal;
}

inline Principal RootPrincipal() {
  Principal principal;
  principal.type = PrincipalType::kRoot;
  principal.arn = "arn:aws:iam::111122223333:root";
  principal.account = principal.userid = kAccount;
  return principal;
}

}  // namespace insula::policy::testing
