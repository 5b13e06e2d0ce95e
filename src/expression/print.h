// Writes expressions out again as text with placeholders, for an engine that speaks DynamoDB's protocol.
//
// Every name and every value becomes a placeholder, so nothing depends on reserved words or on characters. What is
// printed parses to the same tree. Several expressions of one request share one Printer.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "expression/ast.h"
#include "expression/expression.h"

namespace insula::expression {

class Printer {
 public:
  std::string Print(const ConditionNode& condition);
  std::string Print(const UpdateNode& update);  // legacy updates print too, but mean something else for lists
  std::string Print(const std::vector<DocumentPath>& projection);
  // The condition of a Query; `schema` is what it was resolved against.
  std::string Print(const KeyCondition& condition, const KeySchema& schema);

  // What the expressions printed so far need. Empty maps must be left out of a request.
  AttributeNames TakeNames() { return std::move(names_); }
  AttributeValues TakeValues() { return std::move(values_); }

 private:
  struct Visitor;
  void AppendName(const std::string& name, std::string* out);
  void AppendValue(const AttributeValue& value, std::string* out);
  void AppendPath(const DocumentPath& path, std::string* out);

  AttributeNames names_;                                          // placeholder to name
  std::map<std::string, std::string, std::less<>> placeholders_;  // name to placeholder
  AttributeValues values_;
};

}  // namespace insula::expression
