// SearchVectors' body is read by a strict deserializer, which goes through the members in the order of the text and
// says where it stopped; all other operations take null for absent, and what is absent among all other violations.
#include <algorithm>
#include <string>

#include "wire/shape.h"

namespace insula::wire {
namespace {

bool IsRequired(const Shape& shape) {
  return std::ranges::any_of(shape.constraints,
                             [](const Constraint& each) { return each.kind == Constraint::Kind::kNotNull; });
}

std::string_view ExpectedFor(Kind kind) {
  switch (kind) {
    case Kind::kString:
      return "a string";
    case Kind::kList:
      return "a sequence";
    case Kind::kMap:
      return "a map";
    case Kind::kInteger:
      return "i32";
    default:
      return "a value";
  }
}

// The byte behind the null that a member of the outermost object has; the text's end if there is none.
std::size_t EndOfNull(std::string_view text, std::string_view name) {
  std::size_t depth = 0;
  std::string_view last;  // string
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t begin = at + 1;
      for (at = begin; text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
      last = text.substr(begin, at - begin);
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == 'n' && depth == 1 && last == name) {
      return at + std::string_view("null").size();
    }
  }
  return text.size();
}

std::string At(std::string_view text, std::size_t end) {
  const std::string_view read = text.substr(0, end);
  const std::size_t line = 1 + static_cast<std::size_t>(std::ranges::count(read, '\n'));
  const std::size_t column = read.size() - (read.rfind('\n') + 1);  // npos + 1 is 0
  return " at line " + std::to_string(line) + " column " + std::to_string(column);
}

}  // namespace

Result<void> CheckStrictly(std::string_view text, JsonValue body, const Shape& shape) {
  for (const auto& [name, value] : body.members()) {
    const Field* field = shape.FindField(name);
    if (field == nullptr || !value.is_null() || !IsRequired(field->shape)) continue;
    return Error(ErrorCode::kSerialization, "invalid type: null, expected " +
                                                std::string(ExpectedFor(field->shape.kind)) +
                                                At(text, EndOfNull(text, name)));
  }
  for (const Field& field : shape.fields) {
    if (!IsRequired(field.shape) || !body.Member(field.name).is_null()) continue;
    return ValidationError("missing field `" + field.name + "`" + At(text, text.rfind('}') + 1));
  }
  return {};
}

}  // namespace insula::wire
