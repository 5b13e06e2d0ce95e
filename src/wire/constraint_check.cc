// CheckConstraints. Three rounds, as DynamoDB has them: the table's name and a few enumerations (alone, before all
// else), then every constraint of the shape in its order, then the few that are checked by operations behind the front
// end.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "wire/shape.h"
#include "wire/value_text.h"

namespace insula::wire {
namespace {

constexpr std::size_t kViolationsMax = 10;
constexpr std::string_view kNamePatternText = "[a-zA-Z0-9_.-]+";

// Where a value is; made into text only for a violation.
struct Path {
  const Path* parent = nullptr;
  std::string_view field;   // of a structure; or the key of a map's entry
  std::size_t element = 0;  // of a list, from 1
  bool in_map = false;

  std::string Text(bool as_in_request) const {
    std::string text = parent == nullptr ? "" : parent->Text(as_in_request);
    if (!text.empty()) text += '.';
    if (element > 0) return text + std::to_string(element) + ".member";
    if (in_map) return text + std::string(field) + ".member";
    return text + (as_in_request ? std::string(field) : LowerFirst(field));
  }
};

bool IsArn(std::string_view text) { return text.starts_with("arn:"); }

bool MatchesNamePattern(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

// Java's String.length(): a code point beyond the basic plane counts twice.
std::int64_t Utf16Length(std::string_view text) {
  std::int64_t length = 0;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || byte >= 0xC0) ++length;
    if (byte >= 0xF0) ++length;
  }
  return length;
}

std::int64_t LengthOf(JsonValue json) {
  if (json.type() == JsonType::kString) return Utf16Length(json.string());
  return static_cast<std::int64_t>(json.size());
}

std::string Describe(const Constraint& constraint) {
  using Kind = Constraint::Kind;
  auto list = [](const auto& parts, auto text_of) {
    std::string text = "[";
    for (const auto& part : parts) text += (text.size() > 1 ? ", " : "") + text_of(part);
    return text + "]";
  };
  const std::string bound = std::to_string(constraint.bound);
  switch (constraint.kind) {
    case Kind::kNotNull:
      return "Member must not be null";
    case Kind::kMinLength:
    case Kind::kLateMinLength:
      return "Member must have length greater than or equal to " + bound;
    case Kind::kMaxLength:
    case Kind::kLateMaxLength:
      return "Member must have length less than or equal to " + bound;
    case Kind::kMinValue:
    case Kind::kLateMinValue:
      return "Member must have value greater than or equal to " + bound;
    case Kind::kMaxValue:
      return "Member must have value less than or equal to " + bound;
    case Kind::kNamePattern:
      return "Member must satisfy regular expression pattern: " + std::string(kNamePatternText);
    case Kind::kPattern:
      return "Member must satisfy regular expression pattern: " + constraint.values.front();
    case Kind::kEnum:
    case Kind::kNewerEnum:
      return "Member must satisfy enum value set: " + list(constraint.values, [](const std::string& s) { return s; });
    case Kind::kMapKeys:
      return "Map keys must satisfy constraint: " + list(constraint.nested, Describe);
    case Kind::kMapValues:
      return "Map value must satisfy constraint: " + list(constraint.nested, Describe);
    default:
      return "";
  }
}

bool HoldsForKey(const Constraint& constraint, std::string_view key) {
  switch (constraint.kind) {
    case Constraint::Kind::kMinLength:
      return Utf16Length(key) >= constraint.bound;
    case Constraint::Kind::kMaxLength:
      return Utf16Length(key) <= constraint.bound;
    default:
      return MatchesNamePattern(key);
  }
}

// Precondition: `json` isn't null, and the constraint is neither kNotNull nor kTableName.
bool Holds(const Constraint& constraint, JsonValue json) {
  using Kind = Constraint::Kind;
  switch (constraint.kind) {
    case Kind::kMinLength:
    case Kind::kLateMinLength:
      return LengthOf(json) >= constraint.bound;
    case Kind::kMaxLength:
    case Kind::kLateMaxLength:
      return LengthOf(json) <= constraint.bound;
    case Kind::kMinValue:
    case Kind::kLateMinValue:
      return json.integer() >= constraint.bound;
    case Kind::kMaxValue:
      return json.integer() <= constraint.bound;
    case Kind::kNamePattern:
      return MatchesNamePattern(json.string());
    case Kind::kPattern:
      return constraint.matches(json.string());
    case Kind::kEnum:
    case Kind::kNewerEnum:
      return std::find(constraint.values.begin(), constraint.values.end(), json.string()) != constraint.values.end();
    case Kind::kMapKeys:
      for (auto [key, value] : json.members()) {
        if (IsArn(key)) continue;
        for (const Constraint& nested : constraint.nested) {
          if (!HoldsForKey(nested, key)) return false;
        }
      }
      return true;
    case Kind::kMapValues:
      for (auto [key, value] : json.members()) {
        for (const Constraint& nested : constraint.nested) {
          if (!value.is_null() && !Holds(nested, value)) return false;
        }
      }
      return true;
    default:
      return true;
  }
}

std::string NewerText(const Constraint& constraint) {
  return "Failed to satisfy constraint: " + Describe(constraint.nested.front());
}

class Violations {
 public:
  // `newer`: constraints that the newer front end has its own words for are said in them.
  explicit Violations(bool newer = true) : newer_(newer) {}

  bool full() const { return texts_.size() >= kViolationsMax; }
  bool empty() const { return texts_.empty(); }

  void Add(JsonValue json, const Shape& shape, const Path& path, const Constraint& constraint) {
    if (full()) return;
    if (newer_ && constraint.kind == Constraint::Kind::kNewerEnum) return texts_.push_back(NewerText(constraint));
    std::string value = "null";
    if (!json.is_null()) {
      value = "'";
      value += ValueText(json, shape);
      value += "'";
    }
    texts_.push_back("Value " + value + " at '" + path.Text(false) +
                     "' failed to satisfy constraint: " + Describe(constraint));
  }
  void AddWithoutValue(const Path& path, const Constraint& constraint) {
    if (full()) return;
    texts_.push_back("Value at '" + path.Text(true) + "' failed to satisfy constraint: " + Describe(constraint));
  }

  Error ToError() const {
    std::string message =
        std::to_string(texts_.size()) + " validation error" + (texts_.size() > 1 ? "s" : "") + " detected: ";
    for (std::size_t i = 0; i < texts_.size(); ++i) message += (i > 0 ? "; " : "") + texts_[i];
    return ValidationError(std::move(message));
  }

 private:
  bool newer_;
  std::vector<std::string> texts_;
};

void CheckTableName(JsonValue json, const Shape& shape, const Path& path, Violations* violations) {
  const std::string_view name = json.string();
  if (IsArn(name)) {
    if (Utf16Length(name) > 1024) violations->Add(json, shape, path, MaxLength(1024));
    return;
  }
  if (name.empty()) return violations->Add(json, shape, path, MinLength(1));
  if (!MatchesNamePattern(name)) violations->Add(json, shape, path, NamePattern());
  if (Utf16Length(name) < 3) violations->Add(json, shape, path, MinLength(3));
  if (Utf16Length(name) > 255) violations->Add(json, shape, path, MaxLength(255));
}

// The second round. A structure that is null where an element stands counts as an empty one, so that whoever reads the
// checked request finds in it what must not be null.
void Walk(JsonValue json, const Shape& shape, const Path* path, bool is_element, Violations* violations);

void WalkFields(JsonValue json, const Shape& shape, const Path* path, Violations* violations) {
  for (const Field& field : shape.fields) {
    if (violations->full()) return;
    const Path here{path, field.name};
    Walk(json.is_null() ? JsonValue() : json.Member(field.name), field.shape, &here, false, violations);
  }
}

void Walk(JsonValue json, const Shape& shape, const Path* path, bool is_element, Violations* violations) {
  for (const Constraint& constraint : shape.constraints) {
    if (violations->full()) return;
    if (constraint.kind == Constraint::Kind::kNotNull) {
      if (json.is_null()) violations->Add(json, shape, *path, constraint);
    } else if (json.is_null()) {
      continue;
    } else if (constraint.kind == Constraint::Kind::kTableName) {
      CheckTableName(json, shape, *path, violations);
    } else if (constraint.place == Constraint::Place::kUnlessOthers && !violations->empty()) {
      continue;
    } else if (static_cast<int>(constraint.kind) < static_cast<int>(Constraint::Kind::kLateMinLength) &&
               !Holds(constraint, json)) {
      violations->Add(json, shape, *path, constraint);
    }
  }
  if (json.is_null()) {
    if (!is_element || shape.kind == Kind::kAttributeValue) return;
    if (shape.kind != Kind::kStructure) return violations->Add(json, shape, *path, NotNull());
  }
  switch (shape.kind) {
    case Kind::kStructure:
      WalkFields(json, shape, path, violations);
      return;
    case Kind::kList: {
      if (shape.element.front().kind == Kind::kAttributeValue) return;
      std::size_t index = 0;
      for (JsonValue element : json.elements()) {
        if (violations->full()) return;
        const Path here{path, {}, ++index};
        Walk(element, shape.element.front(), &here, true, violations);
      }
      return;
    }
    case Kind::kMap: {
      if (shape.element.front().kind == Kind::kAttributeValue) return;
      for (auto [key, value] : json.members()) {
        if (violations->full()) return;
        const Path here{path, key, 0, true};
        Walk(value, shape.element.front(), &here, true, violations);
      }
      return;
    }
    default:
      return;
  }
}

// The third round: the first of the late constraints that doesn't hold, in an Error of its own.
Result<void> WalkLate(JsonValue json, const Shape& shape, const Path* path) {
  if (!shape.has_late_constraints || json.is_null()) return {};
  for (const Constraint& constraint : shape.constraints) {
    if (static_cast<int>(constraint.kind) < static_cast<int>(Constraint::Kind::kLateMinLength)) continue;
    if (constraint.kind == Constraint::Kind::kLateNotEmpty) {
      if (!json.empty()) continue;
      return ValidationError("The " + LowerFirst(path->field) + " parameter is required for " +
                             constraint.values.front());
    }
    if (constraint.kind == Constraint::Kind::kRequiredParameter || Holds(constraint, json)) continue;
    Violations violations;
    violations.AddWithoutValue(*path, constraint);
    return violations.ToError();
  }
  switch (shape.kind) {
    case Kind::kStructure:
      for (const Field& field : shape.fields) {
        const Path here{path, field.name};
        INSULA_TRY(WalkLate(json.Member(field.name), field.shape, &here));
      }
      return {};
    case Kind::kMap:
      for (auto [key, value] : json.members()) {
        const Path here{path, key, 0, true};
        INSULA_TRY(WalkLate(value, shape.element.front(), &here));
      }
      return {};
    case Kind::kList: {
      std::size_t index = 0;
      for (JsonValue element : json.elements()) {
        const Path here{path, {}, ++index};
        INSULA_TRY(WalkLate(element, shape.element.front(), &here));
      }
      return {};
    }
    default:
      return {};
  }
}

Result<void> CheckTableNameFirst(JsonValue body, const Shape& shape) {
  for (const Field& field : shape.fields) {
    for (const Constraint& constraint : field.shape.constraints) {
      const bool required = constraint.kind == Constraint::Kind::kRequiredParameter;
      if (!required && constraint.kind != Constraint::Kind::kTableName) continue;
      const JsonValue json = body.Member(field.name);
      if (json.is_null()) {
        if (!required) continue;
        return ValidationError("The parameter '" + field.name + "' is required but was not present in the request");
      }
      if (required) continue;
      Violations violations;
      const Path path{nullptr, field.name};
      if (constraint.newer && json.string().empty()) {
        violations.AddWithoutValue(path, MinLength(1));
      } else {
        CheckTableName(json, field.shape, path, &violations);
      }
      if (!violations.empty()) return violations.ToError();
    }
  }
  return {};
}

Result<void> CheckEnumsFirst(JsonValue body, const Shape& shape) {
  for (const Field& field : shape.fields) {
    for (const Constraint& constraint : field.shape.constraints) {
      if (constraint.kind != Constraint::Kind::kNewerEnum || constraint.place == Constraint::Place::kAmongOthers) {
        continue;
      }
      const JsonValue json = body.Member(field.name);
      if (json.is_null() || Holds(constraint, json)) continue;
      if (constraint.place == Constraint::Place::kFirstBare) return ValidationError(NewerText(constraint));
      Violations violations;
      violations.Add(json, field.shape, Path{nullptr, field.name}, constraint);
      return violations.ToError();
    }
  }
  return {};
}

bool HasAllRequired(JsonValue body, const Shape& shape) {
  return std::ranges::all_of(shape.fields, [&](const Field& field) {
    const bool required = std::ranges::any_of(field.shape.constraints, [](const Constraint& constraint) {
      return constraint.kind == Constraint::Kind::kNotNull;
    });
    return !required || !body.Member(field.name).is_null();
  });
}

}  // namespace

Result<void> CheckConstraints(JsonValue body, const Shape& shape) {
  const bool newer = !shape.has_newer_constraints || HasAllRequired(body, shape);
  if (newer) {
    INSULA_TRY(CheckTableNameFirst(body, shape));
    if (shape.has_newer_constraints) INSULA_TRY(CheckEnumsFirst(body, shape));
  }
  Violations violations(newer);
  WalkFields(body, shape, nullptr, &violations);
  if (!violations.empty()) return violations.ToError();
  return WalkLate(body, shape, nullptr);
}

}  // namespace insula::wire
