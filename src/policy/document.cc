#include "policy/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "policy/document_rules.h"
#include "policy/document_text.h"
#include "policy/small_letters.h"
#include "policy/statement.h"

namespace insula::policy {
namespace {

Result<ActionPattern> CompileAction(std::string_view text) {
  const std::string small = SmallLetters(text);
  const std::string_view view = small;
  const std::size_t colon = view.find(':');
  ActionPattern action;
  if (colon != std::string_view::npos && view.substr(0, colon) != "*") action.service = view.substr(0, colon);
  const std::string_view name = colon == std::string_view::npos ? view : view.substr(colon + 1);
  std::optional<Pattern> pattern = Pattern::Parse(name, {.wildcards = true, .variables = false, .ignore_case = false});
  if (!pattern) return FailedLegacyParsing();
  action.name = std::move(*pattern);
  return action;
}

Result<std::vector<ArnPattern>> CompileResources(const std::vector<std::string>& texts, bool variables) {
  std::vector<ArnPattern> resources;
  resources.reserve(texts.size());
  for (const std::string& text : texts) {
    std::optional<ArnPattern> pattern = ArnPattern::Parse(text, variables);
    if (!pattern) return FailedLegacyParsing();
    resources.push_back(std::move(*pattern));
  }
  return resources;
}

Result<std::vector<PrincipalPattern>> CompilePrincipals(const std::vector<std::pair<std::string, std::string>>& texts,
                                                        DocumentKind kind) {
  std::vector<PrincipalPattern> principals;
  for (const auto& [type, text] : texts) {
    std::optional<PrincipalPattern> pattern = PrincipalPattern::Parse(type, text);
    if (type == "*" && kind == DocumentKind::kTrust) {
      return MalformedDocument("AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".");
    }
    if (!pattern) return MalformedDocument(fmt::format("Invalid principal in policy: \"{}\":\"{}\"", type, text));
    principals.push_back(std::move(*pattern));
  }
  return principals;
}

Result<std::vector<Condition>> CompileConditions(const std::vector<ConditionText>& texts, bool variables) {
  std::vector<Condition> conditions;
  conditions.reserve(texts.size());
  for (const ConditionText& text : texts) {
    std::optional<Condition> condition =
        Condition::Parse(*ConditionOperator::Parse(text.op), text.key, text.values, variables);
    if (!condition) return FailedLegacyParsing();
    conditions.push_back(std::move(*condition));
  }
  return conditions;
}

Result<Statement> Compile(const StatementText& text, DocumentKind kind, bool variables) {
  Statement statement;
  statement.sid = text.sid;
  statement.denies = text.effect == "Deny";
  statement.not_action = text.not_action.has_value();
  statement.not_resource = text.not_resource.has_value();
  statement.not_principal = text.not_principal.has_value();
  for (const std::string& action : statement.not_action ? *text.not_action : *text.action) {
    INSULA_ASSIGN(ActionPattern pattern, CompileAction(action));
    statement.actions.push_back(std::move(pattern));
  }
  const StatementText::Texts& resources = statement.not_resource ? text.not_resource : text.resource;
  if (resources) {
    INSULA_ASSIGN(statement.resources, CompileResources(*resources, variables));
  }
  const StatementText::Principals& principals = statement.not_principal ? text.not_principal : text.principal;
  if (principals) {
    INSULA_ASSIGN(statement.principals, CompilePrincipals(*principals, kind));
  }
  INSULA_ASSIGN(statement.conditions, CompileConditions(text.conditions, variables));
  return statement;
}

// Objects are most of it, for which a few bytes of text are enough each.
std::size_t MemoryOf(const DocumentText& text, const std::vector<Statement>& statements, std::string_view json) {
  constexpr std::size_t kVariable = 160;  // what is before a variable, its key, its default
  std::size_t bytes = sizeof(Document) + 2 * json.size();
  for (std::size_t at = json.find("${"); at != std::string_view::npos; at = json.find("${", at + 2)) bytes += kVariable;
  for (const Statement& statement : statements) {
    bytes += sizeof(Statement) + statement.actions.size() * sizeof(ActionPattern) +
             statement.resources.size() * sizeof(ArnPattern) + statement.principals.size() * sizeof(PrincipalPattern);
  }
  for (const StatementText& statement : text.statements) {
    for (const ConditionText& condition : statement.conditions) {
      const bool arns = ConditionOperator::Parse(condition.op)->type == ValueType::kArn;
      bytes += sizeof(Condition) + condition.values.size() * (arns ? sizeof(ArnPattern) : sizeof(Pattern));
    }
  }
  return bytes;
}

void AddOnce(std::string_view text, std::vector<std::string>* texts) {
  if (std::find(texts->begin(), texts->end(), text) == texts->end()) texts->emplace_back(text);
}

}  // namespace

Document::Document(DocumentKind kind, std::vector<Statement> statements, std::size_t memory_bytes)
    : kind_(kind), statements_(std::move(statements)), memory_bytes_(memory_bytes) {}
Document::~Document() = default;

Result<DocumentPtr> Document::Parse(std::string_view json, DocumentKind kind) {
  INSULA_ASSIGN(const DocumentText text, ReadDocumentText(json));
  INSULA_TRY(CheckDocument(text, kind));
  const bool variables = text.version == "2012-10-17";
  std::vector<Statement> statements;
  statements.reserve(text.statements.size());
  for (const StatementText& statement : text.statements) {
    INSULA_ASSIGN(Statement compiled, Compile(statement, kind, variables));
    statements.push_back(std::move(compiled));
  }
  const std::size_t memory_bytes = MemoryOf(text, statements, json);
  return DocumentPtr(new Document(kind, std::move(statements), memory_bytes));
}

std::vector<std::string> Document::NamedAccounts() const {
  std::vector<std::string> accounts;
  for (const Statement& statement : statements_) {
    for (const PrincipalPattern& principal : statement.principals) {
      if (!principal.account().empty()) AddOnce(principal.account(), &accounts);
    }
    for (const ArnPattern& resource : statement.resources) {
      if (const auto account = resource.Account()) AddOnce(*account, &accounts);
    }
  }
  return accounts;
}

std::vector<std::string> Document::NamedPrincipals() const {
  std::vector<std::string> named;
  for (const Statement& statement : statements_) {
    for (const PrincipalPattern& principal : statement.principals) {
      if (const auto text = principal.Named()) AddOnce(*text, &named);
    }
  }
  return named;
}

}  // namespace insula::policy
