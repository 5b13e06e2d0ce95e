#include "wire/shape.h"

#include <algorithm>
#include <utility>

namespace insula::wire {
namespace {

Shape Scalar(Kind kind, std::vector<Constraint> constraints) {
  Shape shape;
  shape.kind = kind;
  shape.constraints = std::move(constraints);
  return shape;
}

bool IsLate(const Constraint& constraint) {
  switch (constraint.kind) {
    case Constraint::Kind::kLateMinLength:
    case Constraint::Kind::kLateMaxLength:
    case Constraint::Kind::kLateMinValue:
    case Constraint::Kind::kLateNotEmpty:
      return true;
    default:
      return false;
  }
}

// What is known of a shape as soon as its parts are.
Shape Mark(Shape shape) {
  shape.has_late_constraints =
      std::any_of(shape.constraints.begin(), shape.constraints.end(), IsLate) ||
      std::any_of(shape.element.begin(), shape.element.end(), [](const Shape& s) { return s.has_late_constraints; }) ||
      std::any_of(shape.fields.begin(), shape.fields.end(),
                  [](const Field& field) { return field.shape.has_late_constraints; });
  shape.has_newer_constraints = std::any_of(shape.fields.begin(), shape.fields.end(), [](const Field& field) {
    return std::any_of(field.shape.constraints.begin(), field.shape.constraints.end(),
                       [](const Constraint& constraint) {
                         return constraint.newer || constraint.kind == Constraint::Kind::kNewerEnum;
                       });
  });
  return shape;
}

bool NestsDeeperThan(JsonValue value, int levels) {
  const bool array = value.type() == JsonType::kArray;
  if (!array && value.type() != JsonType::kObject) return false;
  if (levels == 0) return true;
  if (array) {
    for (const JsonValue element : value.elements()) {
      if (NestsDeeperThan(element, levels - 1)) return true;
    }
    return false;
  }
  for (auto [name, member] : value.members()) {
    if (NestsDeeperThan(member, levels - 1)) return true;
  }
  return false;
}

// Without what only the newer one words otherwise.
Shape BehindOlderFrontEnd(Shape shape) {
  for (Constraint& constraint : shape.constraints) {
    constraint.newer = false;
    if (constraint.kind == Constraint::Kind::kNewerEnum) constraint = Enum(std::move(constraint.values));
  }
  for (Shape& element : shape.element) element = BehindOlderFrontEnd(std::move(element));
  for (Field& field : shape.fields) field.shape = BehindOlderFrontEnd(std::move(field.shape));
  return Mark(std::move(shape));
}

Constraint Of(Constraint::Kind kind, std::int64_t bound = 0) {
  Constraint constraint;
  constraint.kind = kind;
  constraint.bound = bound;
  return constraint;
}

}  // namespace

bool NestsDeeply(JsonValue body) {
  constexpr int kNewerFrontEndLevels = 128;
  return NestsDeeperThan(body, kNewerFrontEndLevels);
}

Shape::Shape() = default;
Shape::Shape(const Shape&) = default;
Shape::Shape(Shape&&) noexcept = default;
Shape& Shape::operator=(const Shape&) = default;
Shape& Shape::operator=(Shape&&) noexcept = default;
Shape::~Shape() = default;

const Field* Shape::FindField(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

Shape String(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kString, std::move(constraints))); }
Shape Boolean(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kBoolean, std::move(constraints))); }
Shape Integer(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kInteger, std::move(constraints))); }
Shape Long(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kLong, std::move(constraints))); }
Shape Double(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kDouble, std::move(constraints))); }
Shape Timestamp(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kTimestamp, std::move(constraints))); }
Shape Blob(std::vector<Constraint> constraints) { return Mark(Scalar(Kind::kBlob, std::move(constraints))); }
Shape AttributeValueShape(std::vector<Constraint> constraints) {
  return Mark(Scalar(Kind::kAttributeValue, std::move(constraints)));
}

Shape List(Shape element, std::vector<Constraint> constraints) {
  Shape shape = Scalar(Kind::kList, std::move(constraints));
  shape.element.push_back(std::move(element));
  return Mark(std::move(shape));
}

Shape Map(Shape element, std::vector<Constraint> constraints) {
  Shape shape = Scalar(Kind::kMap, std::move(constraints));
  shape.element.push_back(std::move(element));
  return Mark(std::move(shape));
}

Shape Structure(std::string class_name, std::vector<Field> fields, std::vector<Constraint> constraints) {
  Shape shape = Scalar(Kind::kStructure, std::move(constraints));
  shape.class_name = std::move(class_name);
  shape.fields = std::move(fields);
  return Mark(std::move(shape));
}

Shape WithOlderValues(Shape shape) {
  shape.values = ValueForm::kOlder;
  for (Shape& element : shape.element) element = WithOlderValues(std::move(element));
  for (Field& field : shape.fields) field.shape = WithOlderValues(std::move(field.shape));
  return shape;
}

Shape OlderWhenDeep(Shape shape) {
  shape.when_deep = {BehindOlderFrontEnd(WithOlderValues(shape))};
  return shape;
}

Shape Strict(Shape shape) {
  shape.strict = true;
  return shape;
}

Shape ShownAsJson(Shape shape) {
  shape.shown_as_json = true;
  return shape;
}

Constraint NotNull() { return Of(Constraint::Kind::kNotNull); }
Constraint MinLength(std::int64_t bound) { return Of(Constraint::Kind::kMinLength, bound); }
Constraint MaxLength(std::int64_t bound) { return Of(Constraint::Kind::kMaxLength, bound); }
Constraint MinValue(std::int64_t bound) { return Of(Constraint::Kind::kMinValue, bound); }
Constraint MaxValue(std::int64_t bound) { return Of(Constraint::Kind::kMaxValue, bound); }
Constraint NamePattern() { return Of(Constraint::Kind::kNamePattern); }
Constraint TableNameOrArn() { return Of(Constraint::Kind::kTableName); }
Constraint NewerTableNameOrArn() {
  Constraint constraint = TableNameOrArn();
  constraint.newer = true;
  return constraint;
}
Constraint RequiredParameter() { return Of(Constraint::Kind::kRequiredParameter); }
Constraint LateMinLength(std::int64_t bound) { return Of(Constraint::Kind::kLateMinLength, bound); }
Constraint LateMaxLength(std::int64_t bound) { return Of(Constraint::Kind::kLateMaxLength, bound); }
Constraint LateMinValue(std::int64_t bound) { return Of(Constraint::Kind::kLateMinValue, bound); }

Constraint Pattern(std::string text, bool (*matches)(std::string_view)) {
  Constraint constraint = Of(Constraint::Kind::kPattern);
  constraint.values.push_back(std::move(text));
  constraint.matches = matches;
  return constraint;
}
Constraint Enum(std::vector<std::string> values) {
  Constraint constraint = Of(Constraint::Kind::kEnum);
  constraint.values = std::move(values);
  return constraint;
}

Constraint NewerEnum(std::vector<std::string> values, std::vector<std::string> shown, Constraint::Place place) {
  Constraint constraint = Of(Constraint::Kind::kNewerEnum);
  constraint.values = std::move(values);
  constraint.nested.push_back(Enum(std::move(shown)));
  constraint.place = place;
  return constraint;
}

Constraint LateNotEmpty(std::string operation) {
  Constraint constraint = Of(Constraint::Kind::kLateNotEmpty);
  constraint.values.push_back(std::move(operation));
  return constraint;
}

Constraint MapKeys(std::vector<Constraint> constraints) {
  Constraint constraint = Of(Constraint::Kind::kMapKeys);
  constraint.nested = std::move(constraints);
  return constraint;
}

Constraint UnlessOthers(Constraint constraint) {
  constraint.place = Constraint::Place::kUnlessOthers;
  return constraint;
}

Constraint MapValues(std::vector<Constraint> constraints) {
  Constraint constraint = Of(Constraint::Kind::kMapValues);
  constraint.nested = std::move(constraints);
  return constraint;
}

}  // namespace insula::wire
