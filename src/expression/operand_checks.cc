#include "expression/operand_checks.h"

#include <algorithm>
#include <array>

#include "base/enum_names.h"

namespace insula::expression {
namespace {

std::string Base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63];
    }
  }
  return out;
}

std::string Text(const std::string& s) { return s; }
std::string Text(const Number& n) { return n.ToString(); }
std::string Text(const Binary& b) { return Base64(b.bytes); }

template <class Elements>
std::string List(const Elements& elements) {
  std::string out = "[";
  for (const auto& element : elements) {
    if (out.size() > 1) out += ", ";
    if constexpr (std::is_same_v<std::decay_t<decltype(element)>, AttributeValue>) {
      out += DebugString(element);
    } else {
      out += Text(element);
    }
  }
  return out + "]";
}

struct ValuePrinter {
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(Null) const { return "true"; }
  std::string operator()(const StringSet& s) const { return List(s.elements); }
  std::string operator()(const NumberSet& s) const { return List(s.elements); }
  std::string operator()(const BinarySet& s) const { return List(s.elements); }
  std::string operator()(const AttributeList& l) const { return List(l); }
  std::string operator()(const AttributeMap& m) const {
    std::string out = "{";
    for (const auto& [name, value] : m) {
      if (out.size() > 1) out += ", ";
      out += name + "=" + DebugString(value);
    }
    return out + "}";
  }
  template <class T>
  std::string operator()(const T& scalar) const {
    return Text(scalar);
  }
};

}  // namespace

const FunctionTraits* FindFunction(std::string_view name) {
  static constexpr std::array<FunctionTraits, 6> kFunctions = {{{"attribute_exists", 1},
                                                                {"attribute_not_exists", 1},
                                                                {"attribute_type", 2},
                                                                {"begins_with", 2},
                                                                {"contains", 2},
                                                                {"size", 1}}};
  const auto found = std::ranges::find(kFunctions, name, &FunctionTraits::name);
  return found == kFunctions.end() ? nullptr : &*found;
}

bool IsUpdateFunction(std::string_view name) { return name == "if_not_exists" || name == "list_append"; }

std::string MisusedFunction(std::string_view name) {
  return "The function is not allowed to be used this way in an expression; function: " + std::string(name);
}

std::string IncorrectOperandType(std::string_view name, std::string_view type) {
  std::string out = "Incorrect operand type for operator or function; operator or function: ";
  out += name;
  out += ", operand type: ";
  out += type;
  return out;
}

std::string TooManyInOperands(std::size_t count) {
  return "The IN operator is provided with too many operands; number of operands: " + std::to_string(count);
}

bool IsOrderedType(AttributeType type) {
  return type == AttributeType::kS || type == AttributeType::kN || type == AttributeType::kB;
}

Result<AttributeType> ParseTypeOperand(const AttributeValue* value, std::optional<AttributeType> type) {
  if (type != AttributeType::kS || value == nullptr) {
    return ValidationError(
        IncorrectOperandType("attribute_type", type ? NameOf(*type) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"));
  }
  const std::string& name = *value->As<std::string>();
  if (const auto named = FromName<AttributeType>(name)) return *named;
  return ValidationError("Invalid attribute type name found; type: " + name +
                         ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
}

std::optional<std::string> CheckBetweenBounds(const AttributeValue& low, const AttributeValue& high) {
  std::string out;
  if (low.type() != high.type()) {
    out = "The BETWEEN operator requires same data type for lower and upper bounds; ";
  } else if (IsOrderedType(low.type()) && CompareScalars(low, high) > 0) {
    out = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ";
  } else {
    return std::nullopt;
  }
  return out + "lower bound operand: AttributeValue: " + DebugString(low) +
         ", upper bound operand: AttributeValue: " + DebugString(high);
}

std::string DebugString(const AttributeValue& value) {
  std::string out = "{";
  out += NameOf(value.type());
  out += ':';
  out += std::visit(ValuePrinter(), value.variant());
  out += '}';
  return out;
}

}  // namespace insula::expression
