// What a request's JSON must look like, as data: kinds of fields, their constraints, in the order in which DynamoDB
// reports them; and the two checks that every request passes before anybody reads it.
//
//   1. CheckTypes: the whole body has the types of the shape, else SerializationException.
//   2. CheckConstraints: lengths, ranges, patterns, enumerations, presence, else one ValidationException that
//      counts and lists up to ten violations.
// Of a strict shape CheckStrictly comes between them.
// Shapes of all operations: shapes.h. Typed access to a checked body: request.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/json_reader.h"

namespace insula::wire {

enum class Kind : std::uint8_t {
  kString,
  kBoolean,
  kShort,
  kInteger,
  kLong,
  kDouble,
  kTimestamp,  // seconds since 1970 as a number
  kBlob,
  kList,
  kMap,  // with string keys
  kStructure,
  kAttributeValue
};

// How the values in a request are checked. DynamoDB has moved most operations on items to a newer front end, which
// words what is wrong with a value otherwise, and reads numbers otherwise, than the older one that the rest are still
// behind.
enum class ValueForm : std::uint8_t { kCurrent, kOlder };

struct Constraint {
  enum class Kind : std::uint8_t {
    kNotNull,
    kMinLength,  // of a string in UTF-16 units, of a list, of a map
    kMaxLength,
    kMinValue,
    kMaxValue,
    kNamePattern,  // [a-zA-Z0-9_.-]+
    kEnum,
    kNewerEnum,      // an enumeration as the newer front end has it: see NewerEnum
    kPattern,        // `matches` says what the regular expression values[0] does
    kTableName,      // a table's name (3 to 255 of the pattern) or an ARN; `newer`: see NewerTableName
    kMapKeys,        // `nested` holds for every key
    kMapValues,      // `nested` holds for every value
    kLateMinLength,  // reported after all others, without the value and with the path as in the request,
    kLateMaxLength,  //   as the operations that DynamoDB has moved to its newer front end do
    kLateMinValue,
    kLateNotEmpty,       // "The requestItems parameter is required for <text>"
    kRequiredParameter,  // "The parameter 'TableName' is required but was not present in the request", before all
  };
  // Where a violation is reported: with all others; with them, unless there is one before it; or by itself before them
  // all, as one error or as no more than its text.
  enum class Place : std::uint8_t { kAmongOthers, kUnlessOthers, kFirst, kFirstBare };

  Kind kind;
  std::int64_t bound = 0;
  std::vector<std::string> values = {};  // of enumerations, in DynamoDB's order; of kLateNotEmpty, the operation
  std::vector<Constraint> nested = {};
  bool newer = false;                           // of kTableName
  Place place = Place::kAmongOthers;            // by itself: of kNewerEnum
  bool (*matches)(std::string_view) = nullptr;  // of kPattern: no engine of regular expressions sees a client's text
};

struct Field;

// A regular value type; built once per operation and then shared between threads.
struct Shape {
  Shape();
  Shape(const Shape&);
  Shape(Shape&&) noexcept;
  Shape& operator=(const Shape&);
  Shape& operator=(Shape&&) noexcept;
  ~Shape();

  Kind kind = Kind::kString;
  std::string class_name;                  // of a structure, as DynamoDB's messages call it: "KeySchemaElement"
  std::vector<Constraint> constraints;     // in DynamoDB's order
  std::vector<Shape> element;              // of a list or a map: exactly one
  std::vector<Field> fields;               // of a structure, in the order in which DynamoDB checks them
  bool has_late_constraints = false;       // somewhere in it
  bool has_newer_constraints = false;      // of a structure: in its own fields
  ValueForm values = ValueForm::kCurrent;  // of a structure: of the attribute values in it
  bool strict = false;                     // of a whole body: see CheckStrictly
  bool shown_as_json = false;              // in the text of a violation, instead of as Java shows it
  std::vector<Shape> when_deep;            // of a whole body that NestsDeeply: in place of this one. At most one

  const Field* FindField(std::string_view name) const;
};

struct Field {
  std::string name;
  Shape shape;
};

// The first value in the text whose type isn't the shape's: SerializationException in DynamoDB's words. Members that
// the shape doesn't know are ignored; null counts as absent.
Result<void> CheckTypes(JsonValue body, const Shape& shape);

// The first required member that is null or missing, with its place in the text that `body` was read from.
// Precondition: CheckTypes passed.
Result<void> CheckStrictly(std::string_view text, JsonValue body, const Shape& shape);

// Precondition: CheckTypes passed.
Result<void> CheckConstraints(JsonValue body, const Shape& shape);

// Whether a body has more levels of arrays and objects than DynamoDB's newer front end reads; the older one reads such.
bool NestsDeeply(JsonValue body);

// Builders, so that a table of fields reads as one.
Shape String(std::vector<Constraint> constraints = {});
Shape Boolean(std::vector<Constraint> constraints = {});
Shape Integer(std::vector<Constraint> constraints = {});
Shape Long(std::vector<Constraint> constraints = {});
Shape Double(std::vector<Constraint> constraints = {});
Shape Timestamp(std::vector<Constraint> constraints = {});
Shape Blob(std::vector<Constraint> constraints = {});
Shape List(Shape element, std::vector<Constraint> constraints = {});
Shape Map(Shape element, std::vector<Constraint> constraints = {});
Shape Structure(std::string class_name, std::vector<Field> fields, std::vector<Constraint> constraints = {});
Shape AttributeValueShape(std::vector<Constraint> constraints = {});
Shape WithOlderValues(Shape shape);  // in all structures of it
Shape OlderWhenDeep(Shape shape);    // of a whole body, behind the newer front end
Shape Strict(Shape shape);
Shape ShownAsJson(Shape shape);

Constraint NotNull();
Constraint MinLength(std::int64_t bound);
Constraint MaxLength(std::int64_t bound);
Constraint MinValue(std::int64_t bound);
Constraint MaxValue(std::int64_t bound);
Constraint NamePattern();
Constraint Enum(std::vector<std::string> values);
Constraint Pattern(std::string text, bool (*matches)(std::string_view));
Constraint TableNameOrArn();
// Of operations on items that are behind the newer front end. It reports an empty name without its value, and of some
// enumerations neither value nor member, with a list of its own. Where a required member is missing it says all of that
// as the older one does.
Constraint NewerTableNameOrArn();
Constraint NewerEnum(std::vector<std::string> values, std::vector<std::string> shown, Constraint::Place place);
Constraint MapKeys(std::vector<Constraint> constraints);
Constraint MapValues(std::vector<Constraint> constraints);
Constraint UnlessOthers(Constraint constraint);
Constraint LateMinLength(std::int64_t bound);
Constraint LateMaxLength(std::int64_t bound);
Constraint LateMinValue(std::int64_t bound);
Constraint LateNotEmpty(std::string operation);
Constraint RequiredParameter();

}  // namespace insula::wire
