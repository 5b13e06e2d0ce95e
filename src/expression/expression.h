// Parsed expressions, ready to evaluate. Immutable after parsing, so safe to share between threads.
//
// Parsing takes DynamoDB's text with its placeholders and gives these; the legacy parameters (Expected,
// AttributeUpdates, KeyConditions, QueryFilter, ScanFilter, AttributesToGet) become the same types, so that the
// engine knows one language. The syntax trees are in ast.h; print.h writes them out again.
//
// A request's order of checks: CheckAttributeNames and CheckAttributeValueNames, then each Parse in the order
// UpdateExpression, ConditionExpression, KeyConditionExpression, FilterExpression, ProjectionExpression, then
// Placeholders::CheckAllUsed, KeyConditionExpression::Validate, and, once the table is known, Resolve.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expression/document_path.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "model/primary_key.h"
#include "model/table_schema.h"

namespace insula::expression {

struct ConditionNode;  // ast.h
struct UpdateNode;

inline constexpr std::size_t kExpressionSizeMax = 4096;  // bytes of its text

using AttributeNames = std::map<std::string, std::string, std::less<>>;
using AttributeValues = std::map<std::string, AttributeValue, std::less<>>;

// Whether the keys and names of ExpressionAttributeNames, or the keys of ExpressionAttributeValues, are what
// DynamoDB accepts (its values are checked where they are decoded). ValidationException in DynamoDB's words.
Result<void> CheckAttributeNames(const AttributeNames& names);
Result<void> CheckAttributeValueNames(const AttributeValues& values);

// ExpressionAttributeNames and ExpressionAttributeValues of one request. Remembers which were used: an unused
// one is an error once all expressions of the request are parsed. Used by one thread; the values it hands out
// stay alive with the expressions that hold them.
class Placeholders {
 public:
  Placeholders(AttributeNames names, AttributeValues values);
  const std::string* UseName(std::string_view placeholder);                      // "#n"; nullptr: not defined
  std::shared_ptr<const AttributeValue> UseValue(std::string_view placeholder);  // ":v"; nullptr: not defined
  // ValidationException naming the placeholders that no expression used, in DynamoDB's words.
  Result<void> CheckAllUsed() const;

 private:
  AttributeNames names_;
  std::shared_ptr<const AttributeValues> values_;
  std::vector<const void*> used_;  // addresses of names and values, with repetitions
};

// Of Condition::WorkOn: a millisecond or two.
inline constexpr std::size_t kConditionWorkPerTurnMax = std::size_t{640} * 1024;

// A condition or filter.
class Condition {
 public:
  explicit Condition(std::unique_ptr<const ConditionNode> root);
  explicit Condition(ConditionNode root);
  Condition(Condition&&) noexcept;
  Condition& operator=(Condition&&) noexcept;
  ~Condition();

  // `which` is "ConditionExpression", "FilterExpression" …, for the messages.
  static Result<Condition> Parse(std::string_view text, Placeholders& placeholders, std::string_view which);

  // Whether `item` (empty map: no such item) satisfies it. Never fails: a type mismatch is false, as in DynamoDB.
  bool Evaluate(const AttributeMap& item) const;
  // The same of a stored item. Common forms look at its bytes; of others only the attributes they name are decoded.
  bool Evaluate(const EncodedItem& item) const;

  // About how many bytes an evaluation looks at, at most, of an item of so many. What is beyond
  // kConditionWorkPerTurnMax belongs on a thread that nobody else waits for.
  std::size_t WorkOn(std::size_t item_bytes) const;

  // Top-level attributes it reads, in order, each once: for partial decoding and for the checks on key attributes.
  const std::vector<std::string>& attributes() const { return attributes_; }
  // Those of them that it looks into by '.' or '[]', which key attributes don't allow.
  const std::vector<std::string>& nested_attributes() const { return nested_attributes_; }
  const ConditionNode& root() const { return *root_; }

 private:
  struct Index;
  std::unique_ptr<const ConditionNode> root_;
  std::unique_ptr<Index> index_;  // of long lists in it, and what it costs
  std::vector<std::string> attributes_;
  std::vector<std::string> nested_attributes_;
};

// An update: SET, REMOVE, ADD, DELETE.
class Update {
 public:
  explicit Update(std::unique_ptr<const UpdateNode> root);
  explicit Update(UpdateNode root);
  Update(Update&&) noexcept;
  Update& operator=(Update&&) noexcept;
  ~Update();

  static Result<Update> Parse(std::string_view text, Placeholders& placeholders);

  // Which of the two projections of Outcome the caller wants.
  enum class Report : std::uint8_t { kNone, kUpdatedOld, kUpdatedNew, kBoth };
  // What happened to an item: the new item, and the paths the update named, as ReturnValues UPDATED_OLD and
  // UPDATED_NEW project them.
  struct Outcome {
    AttributeMap item;
    AttributeMap updated_old;
    AttributeMap updated_new;
  };
  // Applies to `item` (its key attributes included, also when the item is new). ValidationException as DynamoDB
  // gives it for invalid paths, wrong operand types, numbers out of range. The caller checks the item's size.
  Result<Outcome> Apply(const AttributeMap& item, Report report = Report::kBoth) const;
  // What UpdateItem holds against the limit of an item's size besides the item: see update_charge.h.
  std::size_t Charge() const;
  // Whether there is anything to do to an item that isn't there: an update that only removes makes none.
  bool MakesItem() const;

  const std::vector<std::string>& attributes() const { return attributes_; }  // top-level names it writes, each once
  // Top-level names it reads or writes by '.' or '[]', which key attributes don't allow.
  const std::vector<std::string>& nested_attributes() const { return nested_attributes_; }
  const UpdateNode& root() const { return *root_; }

 private:
  std::unique_ptr<const UpdateNode> root_;
  std::vector<std::string> attributes_;
  std::vector<std::string> nested_attributes_;
};

// A projection: the document paths to keep. (AttributesToGet becomes one of top-level names.)
class ProjectionList {
 public:
  // Precondition: no two paths overlap, except that one may be given twice.
  explicit ProjectionList(std::vector<DocumentPath> paths);

  static Result<ProjectionList> Parse(std::string_view text, Placeholders& placeholders);
  static ProjectionList OfNames(const std::vector<std::string>& top_level_names);

  // What is there of the paths. Elements of one list come in the order of their indexes, without gaps.
  AttributeMap Apply(const AttributeMap& item) const;
  EncodedItem Apply(const EncodedItem& item) const;  // decodes only what it needs

  const std::vector<std::string>& attributes() const { return attributes_; }  // top-level names, each once
  const std::vector<std::string>& nested_attributes() const { return nested_attributes_; }
  const std::vector<DocumentPath>& paths() const { return paths_; }  // in order

 private:
  std::vector<DocumentPath> paths_;
  std::vector<std::string> attributes_;
  std::vector<std::string> nested_attributes_;
};

enum class RangeOperator : std::uint8_t {
  kNone,
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kBeginsWith
};

// A key condition resolved against a table's or index's key schema: equality on every hash attribute and, with
// several range attributes, equality on the leading ones; then at most one operator on the next range attribute.
struct KeyCondition {
  std::vector<AttributeValue> hash;          // in the order of KeySchema::hash
  std::vector<AttributeValue> range_prefix;  // equalities on leading range attributes (multi-attribute keys only)
  RangeOperator op = RangeOperator::kNone;   // on the range attribute after range_prefix
  AttributeValue low;                        // the operand; the lower bound of BETWEEN
  AttributeValue high;                       // the upper bound of BETWEEN
};

// One condition on one attribute of a key.
struct KeyTerm {
  std::string attribute;
  RangeOperator op = RangeOperator::kNone;  // kNone: a legacy operator that no key supports
  AttributeValue low;
  AttributeValue high;
};

// What else is to be checked of each key attribute, before its own terms are: DynamoDB goes through the schema once,
// looking at the starting key and at the condition together.
using KeyAttributeCheck = std::function<Result<void>(const KeyAttribute& attribute, bool hash)>;

// Terms against a schema, of the index of this name if there is one; see KeyConditionExpression::Resolve.
Result<KeyCondition> ResolveKeyTerms(const std::vector<KeyTerm>& terms, const KeySchema& schema,
                                     std::string_view index_name = {}, const KeyAttributeCheck& check = nullptr);

// A KeyConditionExpression before its table is known (so that syntax errors precede ResourceNotFoundException).
class KeyConditionExpression {
 public:
  explicit KeyConditionExpression(std::unique_ptr<const ConditionNode> root);
  explicit KeyConditionExpression(std::vector<KeyTerm> terms);  // from the legacy parameter
  KeyConditionExpression(KeyConditionExpression&&) noexcept;
  KeyConditionExpression& operator=(KeyConditionExpression&&) noexcept;
  ~KeyConditionExpression();

  static Result<KeyConditionExpression> Parse(std::string_view text, Placeholders& placeholders);
  // Whether it is of the form that key conditions have. Comes after the parsing of all expressions of the request
  // and before the table is looked up; Resolve would give the same error.
  Result<void> Validate() const;
  // ValidationException in DynamoDB's words: missed key schema element, unsupported condition, wrong type …
  Result<KeyCondition> Resolve(const KeySchema& schema, std::string_view index_name = {},
                               const KeyAttributeCheck& check = nullptr) const;

 private:
  Result<std::vector<KeyTerm>> Terms() const;

  std::unique_ptr<const ConditionNode> root_;  // null if made of terms
  std::vector<KeyTerm> terms_;
};

}  // namespace insula::expression
