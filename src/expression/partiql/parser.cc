// Statements and their clauses.
#include <set>

#include "expression/parser_base.h"
#include "expression/partiql/parser_impl.h"

namespace insula::partiql {

using expression::DocumentPath;
using expression::UpdateNode;

std::string Lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view lower) { return Lower(a) == lower; }

bool Parser::AtWord(std::string_view word) const {
  return (token().kind == TokenKind::kIdentifier || token().kind == TokenKind::kKeyword) &&
         EqualsIgnoringCase(token().text, Lower(word));
}

bool Parser::TakeKeyword(std::string_view keyword) {
  if (!AtKeyword(keyword)) return false;
  Advance();
  return true;
}

bool Parser::TakeSymbol(std::string_view symbol) {
  if (!AtSymbol(symbol)) return false;
  Advance();
  return true;
}

bool Parser::Fail(std::string_view detail) {
  if (!fatal_) fatal_ = NotWellFormed(detail);
  return false;
}

bool Parser::UnexpectedTerm() {
  static constexpr std::string_view kOperators[] = {"AND", "OR", "IS", "IN", "LIKE", "BETWEEN"};
  if (token().kind == TokenKind::kKeyword) {
    for (const std::string_view op : kOperators) {
      if (AtKeyword(op)) return Fail("Unexpected operator");
    }
    return Fail("Unexpected keyword");
  }
  for (const std::string_view op : {"=", "<>", "!=", "<", "<=", ">", ">=", "*", "/", "%", "||"}) {
    if (AtSymbol(op)) return Fail("Unexpected operator");
  }
  return Fail("Unexpected term");
}

void Parser::Note(std::string message) {
  if (!noted_) noted_ = std::move(message);
}

Result<Statement> Parser::Run() {
  Statement statement;
  if (!ParseStatement(&statement)) return *fatal_;
  auto* select = std::get_if<SelectStatement>(&statement);
  if (noted_of_columns_ && select != nullptr && select->source.index) {
    select->columns_fault = std::move(noted_);
  } else if (noted_) {
    return ValidationError(*noted_);
  }
  return statement;
}

bool Parser::ParseStatement(Statement* out) {
  if (TakeKeyword("SELECT")) {
    auto& statement = out->emplace<SelectStatement>();
    return ParseSelect(&statement) && ParseEnd();
  }
  if (TakeKeyword("INSERT")) {
    auto& statement = out->emplace<InsertStatement>();
    return ParseInsert(&statement) && ParseEnd();
  }
  if (TakeKeyword("UPDATE")) {
    auto& statement = out->emplace<UpdateStatement>();
    return ParseUpdate(&statement) && ParseEnd();
  }
  if (TakeKeyword("DELETE")) {
    auto& statement = out->emplace<DeleteStatement>();
    return ParseDelete(&statement) && ParseEnd();
  }
  if (TakeKeyword("FROM")) {
    auto& statement = out->emplace<UpdateStatement>();
    return ParseFromFirst(&statement) && ParseEnd();
  }
  if (AtKeyword("EXISTS") && Peek().Is("(")) {
    auto& statement = out->emplace<ExistsStatement>();
    return ParseExists(&statement) && ParseEnd();
  }
  return ParseBareExpression();
}

bool Parser::ParseEnd() {
  TakeSymbol(";");
  return AtEnd() || Leftover();
}

// An expression is a statement to PartiQL, but not to DynamoDB.
bool Parser::ParseBareExpression() {
  Term term;
  const std::size_t begin = position_;
  if (!ParseOr(&term) || !ParseEnd()) return false;
  noted_.reset();
  for (std::size_t i = begin; i < position_; ++i) {
    if (tokens_[i].IsKeyword("IS")) Note("Unsupported operation: IsType");
  }
  Note("Unsupported operation: Expression");
  return true;
}

bool Parser::ParseSelect(SelectStatement* out) {
  if (!ParseColumns(out)) return false;
  if (!TakeKeyword("FROM")) return AtEnd() ? UnexpectedTerm() : Leftover();
  if (!ParseSource(true, &out->source)) return false;
  if (!ParseWhere(&out->where) || !ParseOrder(out)) return false;
  for (const std::string_view clause : {"GROUP", "HAVING", "LIMIT", "OFFSET"}) {
    if (!AtKeyword(clause)) continue;
    Note("Unsupported clause: " + std::string(clause == "GROUP" ? "GROUP BY" : clause));
    while (!AtEnd() && !AtSymbol(";") && !AtSymbol(")")) Advance();
  }
  return true;
}

bool Parser::ParseColumns(SelectStatement* out) {
  if (TakeSymbol("*")) {
    if (AtSymbol(",")) Note("Other attributes should not be present in the projection when '*' is used.");
    while (TakeSymbol(",")) {
      Term ignored;
      if (!ParseOr(&ignored)) return false;
    }
    return true;
  }
  std::set<std::string> names;
  do {
    const Token& first = token();
    if (AtSymbol("*")) {
      Note("Other attributes should not be present in the projection when '*' is used.");
      Advance();
      continue;
    }
    const bool is_name = first.kind == TokenKind::kIdentifier || first.kind == TokenKind::kQuoted;
    if (is_name && !Peek().Is("(")) {
      Column column;
      if (!ParsePath(&column.path)) return false;
      std::size_t last = column.path.size() - 1;
      while (column.path[last].is_index()) --last;
      column.name = column.path[last].name();
      for (std::size_t i = last + 1; i < column.path.size(); ++i) {
        column.name += "[" + std::to_string(column.path[i].index()) + "]";
      }
      if (!names.insert(column.name).second) Note("Duplicate identifiers in select clause: " + column.name);
      out->columns.push_back(std::move(column));
    } else {
      const std::string position = first.Position();
      if (first.kind == TokenKind::kKeyword && Peek().Is("(")) {  // COUNT(*) and its like
        Advance();
        Advance();
        if (!TakeSymbol("*")) {
          Term ignored;
          if (!ParseOr(&ignored)) return false;
        }
        if (!TakeSymbol(")")) return Fail("Expected RIGHT_PAREN");
      } else {
        Term ignored;
        if (!ParseOperand(&ignored)) return false;
      }
      noted_ = "Unexpected path component at " + position;
      noted_of_columns_ = true;
    }
    if (TakeKeyword("AS") || token().kind == TokenKind::kIdentifier || token().kind == TokenKind::kQuoted) {
      Note("Aliasing is not supported");
      Advance();
    }
  } while (TakeSymbol(","));
  return true;
}

bool Parser::ParseSource(bool select, Source* out) {
  if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) {
    return select ? UnexpectedTerm() : Fail("Expected identifier for simple path");
  }
  out->table = token().text;
  Advance();
  if (TakeSymbol(".")) {
    if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) {
      return Fail("Invalid path dot component");
    }
    out->index = token().text;
    Advance();
    if (AtSymbol(".")) {
      Note("A path may contain at most 2 components in the FROM clause");
      while (TakeSymbol(".") && !AtEnd()) Advance();
    }
  }
  if (select && AtSymbol(",")) {
    Note("Only select from a single table or index is supported.");
    while (TakeSymbol(",")) {
      Source ignored;
      if (!ParseSource(true, &ignored)) return false;
    }
  }
  return true;
}

namespace {

// Whether a token can only be an alias behind a table's name.
bool IsAlias(const Token& token) {
  return token.kind == TokenKind::kIdentifier || token.kind == TokenKind::kQuoted || token.IsKeyword("AS");
}

}  // namespace

bool Parser::ParseWhere(Where* out) {
  if (IsAlias(token())) {
    if (TakeKeyword("AS") && token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) {
      return Fail("Expected identifier for alias");
    }
    Advance();
    Note("Aliasing is not supported");
  }
  if (!TakeKeyword("WHERE")) return true;
  Term term;
  if (!ParseOr(&term)) return false;
  *out = std::make_unique<expression::ConditionNode>(ToCondition(&term));
  return true;
}

bool Parser::ParseOrder(SelectStatement* out) {
  if (!TakeKeyword("ORDER")) return true;
  if (!TakeKeyword("BY")) return Fail("Expected BY");
  do {
    const std::string position = token().Position();
    DocumentPath path;
    if (token().kind == TokenKind::kKeyword || AtEnd()) return UnexpectedTerm();
    if (!ParsePath(&path)) return false;
    if (path.size() > 1) Note("Unexpected path component at " + position);
    OrderTerm term{path.front().name(), false};
    if (TakeKeyword("DESC")) {
      term.descending = true;
    } else {
      TakeKeyword("ASC");
    }
    out->order.push_back(std::move(term));
  } while (TakeSymbol(","));
  return true;
}

bool Parser::ParseInsert(InsertStatement* out) {
  if (!TakeKeyword("INTO")) return Fail("Expected INTO");
  if (!ParseSource(false, &out->source)) return false;
  if (out->source.index) Note("FROM clause may only contain a single table name in data manipulation statements");
  if (!TakeKeyword("VALUE")) return AtEnd() ? UnexpectedTerm() : Leftover();
  if (AtEnd() || AtSymbol(";")) return UnexpectedTerm();
  static constexpr std::string_view kFormat =
      "Unsupported format in item expression. Please use struct format {...} to express item values for insert "
      "statement.";
  if (!AtSymbol("{")) {
    AttributeValue value;
    if (!AtValue()) return UnexpectedTerm();
    if (!ParseValue("root", 0, &value)) return false;
    if (auto* map = value.As<AttributeMap>()) {
      out->item = std::move(*map);
    } else {
      Note(std::string(kFormat));
    }
    return true;
  }
  // Each attribute's value is a root of its own to the messages about it.
  AttributeValue item;
  if (!ParseStruct("", 0, &item)) return false;
  out->item = std::move(*item.As<AttributeMap>());
  return true;
}

bool Parser::ParseWrittenTable(Source* out) {
  if (!ParseSource(false, out)) return false;
  if (out->index) Note("This operation is not supported on an index");
  return true;
}

bool Parser::ParseUpdate(UpdateStatement* out) {
  if (!ParseWrittenTable(&out->source)) return false;
  if (IsAlias(token())) {
    TakeKeyword("AS");
    Advance();
    Note("Aliasing is not supported");
  }
  if (!AtKeyword("SET") && !AtKeyword("REMOVE")) return Fail("Expected data manipulation");
  return ParseActions(&out->update) && ParseWhere(&out->where) && ParseReturning(&out->returning);
}

bool Parser::ParseFromFirst(UpdateStatement* out) {
  if (!ParseWrittenTable(&out->source) || !ParseWhere(&out->where)) return false;
  if (!AtKeyword("SET") && !AtKeyword("REMOVE")) return Fail("Expected data manipulation");
  return ParseActions(&out->update) && ParseReturning(&out->returning);
}

bool Parser::ParseDelete(DeleteStatement* out) {
  if (!TakeKeyword("FROM")) return Fail("Expected FROM");
  return ParseWrittenTable(&out->source) && ParseWhere(&out->where) && ParseReturning(&out->returning);
}

bool Parser::ParseExists(ExistsStatement* out) {
  Advance();
  Advance();
  if (!TakeKeyword("SELECT")) return UnexpectedTerm();
  if (!ParseSelect(&out->select)) return false;
  return TakeSymbol(")") || Fail("Expected RIGHT_PAREN");
}

bool Parser::ParseReturning(Returning* out) {
  if (!TakeKeyword("RETURNING")) return true;
  const bool all = AtWord("ALL");
  if (!all && !AtWord("MODIFIED")) return Fail("Expected ALL or MODIFIED");
  Advance();
  const bool old = AtWord("OLD");
  if (!old && !AtWord("NEW")) return Fail("Expected OLD or NEW");
  Advance();
  *out =
      all ? (old ? Returning::kAllOld : Returning::kAllNew) : (old ? Returning::kModifiedOld : Returning::kModifiedNew);
  if (!TakeSymbol("*")) {
    if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) {
      return Fail("Expected '*'");
    }
    Advance();
    Note("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
  }
  if (AtSymbol(",")) {
    while (!AtEnd() && !AtSymbol(";")) Advance();
    Note("Invalid syntax with multiple returning elements in RETURNING clause");
  }
  return true;
}

bool Parser::ParseActions(UpdateNode* out) {
  while (true) {
    if (TakeKeyword("SET")) {
      do {
        if (!ParseSet(out)) return false;
      } while (TakeSymbol(","));
    } else if (TakeKeyword("REMOVE")) {
      do {
        if (token().kind == TokenKind::kKeyword || AtEnd()) return Fail("Expected identifier for simple path");
        DocumentPath path;
        if (!ParsePath(&path)) return false;
        out->actions.emplace_back(expression::RemoveAction{std::move(path)});
      } while (TakeSymbol(","));
    } else {
      break;
    }
  }
  CheckPaths(*out);
  return true;
}

bool Parser::ParseSet(UpdateNode* out) {
  if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) {
    return Fail("Expected identifier for simple path");
  }
  DocumentPath path;
  if (!ParsePath(&path)) return false;
  if (!TakeSymbol("=")) return Fail("Expected '='");
  return ParseSetValue(path, out);
}

void Parser::CheckPaths(const UpdateNode& update) {
  std::vector<const DocumentPath*> paths;
  for (const auto& action : update.actions) paths.push_back(&expression::PathOf(action));
  if (auto message = expression::CheckPathsDisjoint(paths)) Note(std::move(*message));
}

Result<Statement> Parse(std::string_view text, const std::vector<AttributeValue>& parameters) {
  INSULA_ASSIGN(auto tokens, Tokenize(text));
  return Parser(std::move(tokens), parameters).Run();
}

AttributeMap ProjectColumns(const std::vector<Column>& columns, const AttributeMap& item) {
  if (columns.empty()) return item;
  std::vector<AttributeMap::Entry> entries;
  for (const Column& column : columns) {
    if (const AttributeValue* value = expression::FindValue(item, column.path)) {
      entries.emplace_back(column.name, *value);
    }
  }
  return AttributeMap::FromUnsorted(std::move(entries));
}

const Source& SourceOf(const Statement& statement) {
  struct {
    const Source& operator()(const ExistsStatement& s) const { return s.select.source; }
    const Source& operator()(const SelectStatement& s) const { return s.source; }
    const Source& operator()(const InsertStatement& s) const { return s.source; }
    const Source& operator()(const UpdateStatement& s) const { return s.source; }
    const Source& operator()(const DeleteStatement& s) const { return s.source; }
  } visitor;
  return std::visit(visitor, statement);
}

}  // namespace insula::partiql
