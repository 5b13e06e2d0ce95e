// A policy document as it is written: its elements by name and type, with nothing yet said about what they mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace insula::policy {

struct ConditionText {
  std::string op;
  std::string key;
  std::vector<std::string> values;
};

struct StatementText {
  using Texts = std::optional<std::vector<std::string>>;
  // Of a Principal: type ("AWS", "Service", "Federated", "CanonicalUser", "*") and value.
  using Principals = std::optional<std::vector<std::pair<std::string, std::string>>>;

  std::string sid;  // empty: it has none
  std::string effect;
  Principals principal, not_principal;
  Texts action, not_action;
  Texts resource, not_resource;
  std::vector<ConditionText> conditions;
};

struct DocumentText {
  std::optional<std::string> version;
  std::vector<StatementText> statements;
};

// Errors: kMalformedPolicyDocument "Syntax errors in policy.": not JSON, deeper or of more parts than a document's
// bounds allow, an element that there is none of, twice, or of another type, an element together with its Not… form, no
// Statement, no Effect, an operator that there is none of.
Result<DocumentText> ReadDocumentText(std::string_view json);

}  // namespace insula::policy
