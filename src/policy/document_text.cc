#include "policy/document_text.h"

#include <simdjson.h>

#include <cstddef>
#include <set>

#include "policy/condition_operator.h"
#include "policy/document.h"
#include "policy/small_letters.h"

namespace insula::policy {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// Reads the elements; every function is false where the syntax is wrong.
class Reader {
 public:
  bool ReadDocument(const object& json, DocumentText* document) {
    std::set<std::string_view> names;
    bool has_statement = false;
    for (const auto& [name, value] : json) {
      if (!names.insert(name).second) return false;
      if (name == "Version") {
        if (!ReadText(value, &document->version.emplace())) return false;
        if (*document->version != "2012-10-17" && *document->version != "2008-10-17") return false;
      } else if (name == "Id") {
        std::string id;
        if (!ReadText(value, &id)) return false;
      } else if (name == "Statement") {
        has_statement = true;
        if (!ReadStatements(value, &document->statements)) return false;
      } else {
        return false;
      }
    }
    return has_statement && !document->statements.empty();
  }

 private:
  bool ReadStatements(const element& json, std::vector<StatementText>* statements) {
    if (json.is_object()) return ReadStatement(json, &statements->emplace_back());
    simdjson::dom::array array;
    if (json.get(array) != simdjson::SUCCESS) return false;
    for (const element& statement : array) {
      if (statements->size() == Document::kStatementsMax) return false;
      if (!ReadStatement(statement, &statements->emplace_back())) return false;
    }
    return true;
  }

  bool ReadStatement(const element& json, StatementText* statement) {
    object members;
    if (json.get(members) != simdjson::SUCCESS) return false;
    std::set<std::string_view> names;
    for (const auto& [name, value] : members) {
      if (!names.insert(name).second) return false;
      if (!ReadElement(name, value, statement)) return false;
    }
    const auto both = [](const auto& element, const auto& negated) { return element && negated; };
    return HasEffect(*statement) && !both(statement->principal, statement->not_principal) &&
           !both(statement->action, statement->not_action) && !both(statement->resource, statement->not_resource);
  }

  bool ReadElement(std::string_view name, const element& value, StatementText* statement) {
    if (name == "Sid") return ReadText(value, &statement->sid);
    if (name == "Effect") return ReadText(value, &statement->effect);
    if (name == "Principal") return ReadPrincipals(value, &statement->principal.emplace());
    if (name == "NotPrincipal") return ReadPrincipals(value, &statement->not_principal.emplace());
    if (name == "Action") return ReadTexts(value, &statement->action.emplace());
    if (name == "NotAction") return ReadTexts(value, &statement->not_action.emplace());
    if (name == "Resource") return ReadTexts(value, &statement->resource.emplace());
    if (name == "NotResource") return ReadTexts(value, &statement->not_resource.emplace());
    if (name == "Condition") return ReadConditions(value, &statement->conditions);
    return false;
  }

  // In another case it is an effect to this check, and refused by a later one.
  static bool HasEffect(const StatementText& statement) {
    return EqualInSmallLetters(statement.effect, "Allow") || EqualInSmallLetters(statement.effect, "Deny");
  }

  bool ReadPrincipals(const element& json, std::vector<std::pair<std::string, std::string>>* principals) {
    if (json.is_string()) {
      principals->emplace_back("*", std::string(std::string_view(json)));
      return principals->back().second == "*";
    }
    object by_type;
    if (json.get(by_type) != simdjson::SUCCESS) return false;
    std::set<std::string_view> types;
    for (const auto& [type, value] : by_type) {
      if (type != "AWS" && type != "Service" && type != "Federated" && type != "CanonicalUser") return false;
      std::vector<std::string> names;
      if (!types.insert(type).second || !ReadTexts(value, &names)) return false;
      for (std::string& name : names) principals->emplace_back(std::string(type), std::move(name));
    }
    return true;
  }

  bool ReadConditions(const element& json, std::vector<ConditionText>* conditions) {
    object by_operator;
    if (json.get(by_operator) != simdjson::SUCCESS) return false;
    std::set<std::string_view> operators;
    for (const auto& [op, lines] : by_operator) {
      object by_key;
      if (!operators.insert(op).second || lines.get(by_key) != simdjson::SUCCESS) return false;
      std::set<std::string_view> keys;
      for (const auto& [key, value] : by_key) {
        ConditionText& condition = conditions->emplace_back();
        condition.op = op;
        condition.key = key;
        if (!ConditionOperator::Parse(op) || !keys.insert(key).second) return false;
        if (!ReadScalars(value, &condition.values)) return false;
      }
    }
    return true;
  }

  bool ReadText(const element& json, std::string* text) {
    std::string_view view;
    if (json.get(view) != simdjson::SUCCESS || ++values_ > Document::kValuesMax) return false;
    *text = view;
    return true;
  }

  bool ReadTexts(const element& json, std::vector<std::string>* texts) {
    simdjson::dom::array array;
    if (json.get(array) != simdjson::SUCCESS) return ReadText(json, &texts->emplace_back());
    for (const element& text : array) {
      if (!ReadText(text, &texts->emplace_back())) return false;
    }
    return true;
  }

  // A condition's value may be a number or a boolean of JSON, too.
  bool ReadScalar(const element& json, std::string* text) {
    if (json.is_string()) return ReadText(json, text);
    if (!json.is_bool() && !json.is_number()) return false;
    *text = simdjson::minify(json);
    return ++values_ <= Document::kValuesMax;
  }

  bool ReadScalars(const element& json, std::vector<std::string>* texts) {
    ++values_;  // an empty array costs a condition, too
    simdjson::dom::array array;
    if (json.get(array) != simdjson::SUCCESS) return ReadScalar(json, &texts->emplace_back());
    for (const element& text : array) {
      if (!ReadScalar(text, &texts->emplace_back())) return false;
    }
    return values_ <= Document::kValuesMax;
  }

  std::size_t values_ = 0;
};

}  // namespace

Result<DocumentText> ReadDocumentText(std::string_view json) {
  const auto syntax_error = [] { return Error(ErrorCode::kMalformedPolicyDocument, "Syntax errors in policy."); };
  simdjson::dom::parser parser;
  object root;
  if (parser.allocate(json.size(), Document::kDepthMax) != simdjson::SUCCESS) return syntax_error();
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return syntax_error();
  DocumentText document;
  if (!Reader().ReadDocument(root, &document)) return syntax_error();
  return document;
}

}  // namespace insula::policy
