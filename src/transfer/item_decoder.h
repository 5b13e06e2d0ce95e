// A record of an object as an item that PutItem would take, or why it would not.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "model/attribute_value.h"
#include "model/table_definition.h"

namespace insula::transfer {

// Each gives what PutItem would refuse as its error: ValidationException, in DynamoDB's words where it has some.

// {"Item":{"pk":{"S":"a"}}}: DynamoDB's JSON, one item.
Result<AttributeMap> ItemFromJson(std::string_view line);

struct Record {
  AttributeMap item;
  std::shared_ptr<const expression::Condition> condition;  // nullptr: none
};
// {"Item":{…},"ConditionExpression":"…","ExpressionAttributeNames":{…},"ExpressionAttributeValues":{…}}: an item and,
// if it is to be put under a condition, PutItem's parameters for it.
Result<Record> RecordFromJson(std::string_view line);

// Fields of a CSV record under their headers. All are strings, but those that are keys of the table or of an index:
// these have the type that they were defined with, binary ones in base64. An empty field that is no key is an empty
// string; one that is the key of an index alone is left out.
class CsvDecoder {
 public:
  CsvDecoder(std::vector<std::string> headers, const TableDefinition& definition);
  // `count`: how many fields the record has, where not all of them were kept.
  Result<AttributeMap> Decode(std::vector<std::string> fields, std::size_t count) const;
  std::size_t columns() const { return columns_.size(); }

 private:
  struct Column {
    std::string name;
    AttributeType type = AttributeType::kS;
    bool optional_when_empty = false;  // an index's key
  };
  std::vector<Column> columns_;
};

// More columns than an item has room for names.
inline constexpr std::size_t kColumnsMax = 400 * 1024;

// What CsvDecoder needs of headers: at least one, none empty or twice, within an attribute name's length.
Result<void> CheckHeaders(const std::vector<std::string>& headers);

}  // namespace insula::transfer
