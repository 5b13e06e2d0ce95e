// DynamoDB's number: up to 38 significant decimal digits, magnitude 1E-130 to 9.9…9E+125, or zero. Exact.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace insula {

// How a number's text is read. Most operations read an exponent whole, as a 64-bit integer; those that DynamoDB hasn't
// moved to its newer front end read it as Java's BigDecimal does, in 32 bits that wrap where the magnitude is checked.
enum class NumberForm : std::uint8_t { kCurrent, kOlder };

// A regular value type; the canonical form is kept (no trailing zero in the coefficient, zero has exponent 0),
// so equality is memberwise.
class Number {
 public:
  Number() = default;  // 0
  explicit Number(std::int64_t value);

  // DynamoDB's syntax: optional sign, digits with an optional point, optional exponent; no blanks around.
  // Errors are ValidationException with DynamoDB's messages for syntax, overflow, underflow, precision, in that order.
  // A zero is held to the range by the exponent that it is written with.
  static Result<Number> Parse(std::string_view text, NumberForm form = NumberForm::kCurrent);

  // DynamoDB's canonical text: plain decimal, never an exponent ("100", "0.001"; up to 131 digits).
  std::string ToString() const;
  void AppendTo(std::string* out) const;

  // Exact sum or difference; ValidationException if it leaves range or 38 digits, which DynamoDB calls an overflow,
  // too.
  static Result<Number> Add(const Number& a, const Number& b);
  static Result<Number> Subtract(const Number& a, const Number& b);

  // Bytes a number counts for in an item: one per pair of significant digits (pairs as in base 100), plus one, plus
  // one if negative; zero is one byte (see item_size.h).
  std::size_t SizeBytes() const;

  // A self-delimiting form whose byte order is numeric order; 2 to 21 bytes. Format: docs/data_format.md.
  void AppendOrdered(std::string* out) const;
  // Reads one from the front of *in and advances it; Corruption if the bytes are not such a form.
  static Result<Number> ConsumeOrdered(std::string_view* in);
  // The same for callers in a hurry: false, and *in unchanged, where the bytes are not such a form.
  static bool TryConsumeOrdered(std::string_view* in, Number* out);

  std::optional<std::int64_t> ToInt64() const;  // nullopt if it isn't an integer that fits
  double ToDouble() const;                      // the nearest; range and precision of a Number's own fit no double
  bool negative() const { return coefficient_ < 0; }

  std::strong_ordering operator<=>(const Number& other) const;
  bool operator==(const Number& other) const = default;

 private:
  __extension__ using Int128 = __int128;
  __extension__ using Magnitude = unsigned __int128;
  Number(Int128 coefficient, std::int32_t exponent) : coefficient_(coefficient), exponent_(exponent) {}
  // Brings a sum into canonical form and range. Precondition: magnitude < 3 * 10^38.
  static Result<Number> Make(bool negative, Magnitude magnitude, int exponent);
  Magnitude magnitude() const {
    return coefficient_ < 0 ? -static_cast<Magnitude>(coefficient_) : static_cast<Magnitude>(coefficient_);
  }

  Int128 coefficient_ = 0;     // |coefficient| < 10^38, not divisible by 10 unless 0
  std::int32_t exponent_ = 0;  // value = coefficient * 10^exponent
};

}  // namespace insula
