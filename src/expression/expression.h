// Parsed expressions, ready to evaluate. Immutable after parsing, so safe to share between threads.
//
// Parsing takes DynamoDB's text with its placeholders and gives these; the legacy parameters (Expected,
// AttributeUpdates, KeyConditions, QueryFilter, ScanFilter, AttributesToGet) become the same types, so that the
// engine knows one language. The syntax trees are in ast.h, for an engine that writes expressions out again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "model/primary_key.h"
#include "model/table_schema.h"

namespace insula::expression {

struct ConditionNode;  // ast.h
struct UpdateNode;
struct PathElement;
using DocumentPath = std::vector<PathElement>;

// ExpressionAttributeNames and ExpressionAttributeValues of one request. Remembers which were used: an unused
// one is an error once all expressions of the request are parsed.
class Placeholders {
 public:
  Placeholders(std::map<std::string, std::string, std::less<>> names,
               std::map<std::string, AttributeValue, std::less<>> values);
  const std::string* UseName(std::string_view placeholder);      // "#n"; nullptr: not defined
  const AttributeValue* UseValue(std::string_view placeholder);  // ":v"; nullptr: not defined
  // ValidationException naming the placeholders that no expression used, in DynamoDB's words.
  Result<void> CheckAllUsed() const;

 private:
  std::map<std::string, std::string, std::less<>> names_;
  std::map<std::string, AttributeValue, std::less<>> values_;
  std::set<std::string, std::less<>> used_;
};

// A condition or filter.
class Condition {
 public:
  explicit Condition(std::unique_ptr<const ConditionNode> root);
  Condition(Condition&&) noexcept;
  Condition& operator=(Condition&&) noexcept;
  ~Condition();

  // `which` is "ConditionExpression", "FilterExpression" …, for the messages.
  static Result<Condition> Parse(std::string_view text, Placeholders& placeholders, std::string_view which);

  // Whether `item` (empty map: no such item) satisfies it. Never fails: a type mismatch is false, as in DynamoDB.
  bool Evaluate(const AttributeMap& item) const;

  // Top-level attributes it reads, for partial decoding and for the checks on key attributes in filters.
  const std::vector<std::string>& attributes() const { return attributes_; }
  const ConditionNode& root() const { return *root_; }

 private:
  std::unique_ptr<const ConditionNode> root_;
  std::vector<std::string> attributes_;
};

// An update: SET, REMOVE, ADD, DELETE.
class Update {
 public:
  explicit Update(std::unique_ptr<const UpdateNode> root);
  Update(Update&&) noexcept;
  Update& operator=(Update&&) noexcept;
  ~Update();

  static Result<Update> Parse(std::string_view text, Placeholders& placeholders);

  // What happened to an item: the new item, and the paths the update named, as ReturnValues UPDATED_OLD and
  // UPDATED_NEW project them.
  struct Outcome {
    AttributeMap item;
    AttributeMap updated_old;
    AttributeMap updated_new;
  };
  // Applies to `item` (its key attributes included, also when the item is new). ValidationException as DynamoDB
  // gives it for invalid paths, wrong operand types, numbers out of range. The caller checks the item's size.
  Result<Outcome> Apply(const AttributeMap& item) const;

  const std::vector<std::string>& attributes() const { return attributes_; }  // top-level names it writes
  const UpdateNode& root() const { return *root_; }

 private:
  std::unique_ptr<const UpdateNode> root_;
  std::vector<std::string> attributes_;
};

// A projection: the document paths to keep. (AttributesToGet becomes one of top-level names.)
class ProjectionList {
 public:
  explicit ProjectionList(std::vector<DocumentPath> paths);
  ProjectionList(ProjectionList&&) noexcept;
  ProjectionList& operator=(ProjectionList&&) noexcept;
  ProjectionList(const ProjectionList&);
  ProjectionList& operator=(const ProjectionList&);
  ~ProjectionList();

  static Result<ProjectionList> Parse(std::string_view text, Placeholders& placeholders);
  static ProjectionList OfNames(const std::vector<std::string>& top_level_names);

  AttributeMap Apply(const AttributeMap& item) const;
  EncodedItem Apply(const EncodedItem& item) const;  // decodes only what it needs

  const std::vector<std::string>& attributes() const { return attributes_; }  // top-level names
  const std::vector<DocumentPath>& paths() const { return paths_; }

 private:
  std::vector<DocumentPath> paths_;
  std::vector<std::string> attributes_;
};

enum class RangeOperator : std::uint8_t { kNone, kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kBetween, kBeginsWith };

// A key condition resolved against a table's or index's key schema: equality on every hash attribute and, with
// several range attributes, equality on the leading ones; then at most one operator on the next range attribute.
struct KeyCondition {
  std::vector<AttributeValue> hash;          // in the order of KeySchema::hash
  std::vector<AttributeValue> range_prefix;  // equalities on leading range attributes (multi-attribute keys only)
  RangeOperator op = RangeOperator::kNone;   // on the range attribute after range_prefix
  AttributeValue low;                        // the operand; the lower bound of BETWEEN
  AttributeValue high;                       // the upper bound of BETWEEN
};

// A KeyConditionExpression before its table is known (so that syntax errors precede ResourceNotFoundException).
class KeyConditionExpression {
 public:
  explicit KeyConditionExpression(std::unique_ptr<const ConditionNode> root);
  KeyConditionExpression(KeyConditionExpression&&) noexcept;
  KeyConditionExpression& operator=(KeyConditionExpression&&) noexcept;
  ~KeyConditionExpression();

  static Result<KeyConditionExpression> Parse(std::string_view text, Placeholders& placeholders);
  // ValidationException in DynamoDB's words: missed key schema element, unsupported condition, wrong type …
  Result<KeyCondition> Resolve(const KeySchema& schema) const;

 private:
  std::unique_ptr<const ConditionNode> root_;
};

}  // namespace insula::expression
