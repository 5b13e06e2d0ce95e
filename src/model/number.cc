#include "model/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>

namespace insula {
namespace {

__extension__ using Magnitude = unsigned __int128;

constexpr int kDigitsMax = 38;
constexpr int kExponentMax = 125;  // of the first significant digit
constexpr int kExponentMin = -130;

constexpr std::array<Magnitude, 39> MakePowers() {
  std::array<Magnitude, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<Magnitude, 39> kPowers = MakePowers();
constexpr std::uint64_t kTenTo19 = 10'000'000'000'000'000'000u;

Error Overflow() {
  return ValidationError("Number overflow. Attempting to store a number with magnitude larger than supported range");
}
Error Underflow() {
  return ValidationError("Number underflow. Attempting to store a number with magnitude smaller than supported range");
}
Error TooPrecise() { return ValidationError("Attempting to store more than 38 significant digits in a Number"); }

Error NotNumeric(std::string_view text, NumberForm form) {
  std::string message = "The parameter cannot be converted to a numeric value";
  if (!text.empty() || form == NumberForm::kCurrent) message.append(": ").append(text);
  return ValidationError(std::move(message));
}

// Writes the decimal digits of `value`, at most 39; returns how many. Zero has one digit.
int WriteDigits(Magnitude value, char* out) {
  if (value <= std::numeric_limits<std::uint64_t>::max()) {
    return static_cast<int>(std::to_chars(out, out + 20, static_cast<std::uint64_t>(value)).ptr - out);
  }
  const auto high = static_cast<Magnitude>(value / kTenTo19);
  auto low = static_cast<std::uint64_t>(value % kTenTo19);
  const int count = WriteDigits(high, out);
  for (int i = 18; i >= 0; --i, low /= 10) out[count + i] = static_cast<char>('0' + low % 10);
  return count + 19;
}

int CountDigits(Magnitude value) {
  int low = 1, high = 39;  // the smallest count with value < 10^count
  while (low < high) {
    const int middle = (low + high) / 2;
    if (value < kPowers[static_cast<std::size_t>(middle)]) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digits after an 'e', which are the rest of the text; nullopt if they aren't digits, or are more than 64 bits
// hold.
std::optional<std::int64_t> ParseExponent(std::string_view text) {
  if (text.starts_with("+-")) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return exponent;
}

template <class Integer>
bool Fits(std::int64_t value) {
  return value >= std::numeric_limits<Integer>::min() && value <= std::numeric_limits<Integer>::max();
}

// Rounded towards minus infinity, unlike `/`.
int FloorHalf(int value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

}  // namespace

Number::Number(std::int64_t value) {
  if (value == 0) return;
  while (value % 10 == 0) {
    value /= 10;
    ++exponent_;
  }
  coefficient_ = value;
}

Result<Number> Number::Parse(std::string_view text, NumberForm form) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;

  if (end - at <= 18) {  // most numbers are small integers
    std::int64_t value = 0;
    const char* digit = at;
    for (; digit != end && IsDigit(*digit); ++digit) value = value * 10 + (*digit - '0');
    if (digit == end && digit != at) return Number(negative ? -value : value);
  }

  // Trailing zeros are held back, so that only significant digits reach the coefficient.
  Magnitude coefficient = 0;
  std::int64_t digits = 0, zeros = 0, fraction = 0;
  bool any = false, point = false;
  for (; at != end; ++at) {
    if (*at == '.' && !point) {
      point = true;
      continue;
    }
    if (!IsDigit(*at)) break;
    any = true;
    if (point) ++fraction;
    if (*at == '0') {
      if (digits != 0) ++zeros;
      continue;
    }
    digits += zeros + 1;
    if (digits <= kDigitsMax) {
      coefficient = coefficient * kPowers[static_cast<std::size_t>(zeros + 1)] + static_cast<unsigned>(*at - '0');
    }
    zeros = 0;
  }
  if (!any) return NotNumeric(text, form);

  std::int64_t exponent = 0;
  if (at != end && (*at == 'e' || *at == 'E')) {
    const auto written = ParseExponent(std::string_view(at + 1, end));
    if (!written || (form == NumberForm::kOlder && !Fits<std::int32_t>(*written))) return NotNumeric(text, form);
    constexpr std::int64_t kFarOut = std::int64_t{1} << 62;  // beyond what any count of digits could make up for
    exponent = std::clamp(*written, -kFarOut, kFarOut);
    at = end;
  }
  if (at != end) return NotNumeric(text, form);

  // The exponent of the first digit; BigDecimal's arithmetic for it has 32 bits.
  std::int64_t first = digits == 0 ? exponent : digits - 1 + zeros - fraction + exponent;
  if (form == NumberForm::kOlder) {
    if (!Fits<std::int32_t>(fraction - exponent)) return NotNumeric(text, form);
    first = std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(first + 1))} - 1;
  }
  exponent += zeros - fraction;
  if (first > kExponentMax) return Overflow();
  if (first < kExponentMin) return Underflow();
  if (digits > kDigitsMax) return TooPrecise();
  if (digits == 0) return Number();
  const auto value = static_cast<Int128>(coefficient);
  return Number(negative ? -value : value, static_cast<std::int32_t>(exponent));
}

Result<Number> Number::Make(bool negative, Magnitude magnitude, int exponent) {
  if (magnitude == 0) return Number();
  while (magnitude % 10 == 0) {
    magnitude /= 10;
    ++exponent;
  }
  const int digits = CountDigits(magnitude);
  const int first = digits - 1 + exponent;
  if (first > kExponentMax) return Overflow();
  if (first < kExponentMin) return Underflow();
  if (digits > kDigitsMax) return Overflow();
  const auto value = static_cast<Int128>(magnitude);
  return Number(negative ? -value : value, exponent);
}

std::string Number::ToString() const {
  std::string out;
  AppendTo(&out);
  return out;
}

void Number::AppendTo(std::string* out) const {
  char digits[40];
  const int count = WriteDigits(magnitude(), digits);
  if (negative()) out->push_back('-');
  const std::string_view text(digits, static_cast<std::size_t>(count));
  if (exponent_ >= 0) {
    out->append(text).append(static_cast<std::size_t>(exponent_), '0');
  } else if (-exponent_ < count) {
    const std::size_t whole = static_cast<std::size_t>(count) - static_cast<std::size_t>(-exponent_);
    out->append(text.substr(0, whole)).append(1, '.').append(text.substr(whole));
  } else {
    out->append("0.").append(static_cast<std::size_t>(-exponent_ - count), '0').append(text);
  }
}

Result<Number> Number::Add(const Number& a, const Number& b) {
  if (a.coefficient_ == 0) return b;
  if (b.coefficient_ == 0) return a;
  const Number& upper = a.exponent_ >= b.exponent_ ? a : b;
  const Number& lower = a.exponent_ >= b.exponent_ ? b : a;
  const int shift = upper.exponent_ - lower.exponent_;
  // With different exponents the sum's last digit is lower's, which isn't zero. So the sum has too many digits unless
  // it is below 10^38 in units of that digit, which needs upper below 2 * 10^38 (and the other sign, above 10^38).
  if (shift > kDigitsMax) return Overflow();
  const Magnitude power = kPowers[static_cast<std::size_t>(shift)];
  if (upper.magnitude() >= 2 * kPowers[38] / power) return Overflow();
  const Magnitude high = upper.magnitude() * power;
  const Magnitude low = lower.magnitude();
  if (upper.negative() == lower.negative()) return Make(upper.negative(), high + low, lower.exponent_);
  if (high >= low) return Make(upper.negative(), high - low, lower.exponent_);
  return Make(lower.negative(), low - high, lower.exponent_);
}

Result<Number> Number::Subtract(const Number& a, const Number& b) {
  return Add(a, Number(-b.coefficient_, b.exponent_));
}

std::size_t Number::SizeBytes() const {
  if (coefficient_ == 0) return 1;
  const int digits = CountDigits(magnitude());
  const int first = digits - 1 + exponent_;
  // Pairs are aligned to the decimal point: an even first exponent leaves a lone digit in the first pair.
  const int pairs = (digits + (first % 2 == 0 ? 1 : 0) + 1) / 2;
  return std::size_t{1} + static_cast<std::size_t>(pairs) + (negative() ? 1 : 0);
}

// Ordered form (docs/data_format.md): with the magnitude as 0.D1 D2 … Dn * 100^E in base 100, D1 and Dn not zero,
// E in [-64, 63]:
//   positive := 0x80 + (E + 64), then 2 * Di + 1 for each digit but the last, 2 * Dn
//   zero     := 0x80 0x00
//   negative := the complement of every byte of the positive form
// A last digit is smaller than the same digit with more to come, so prefixes sort first.
void Number::AppendOrdered(std::string* out) const {
  if (coefficient_ == 0) {
    out->append("\x80\x00", 2);
    return;
  }
  char digits[42];
  digits[0] = '0';
  int count = WriteDigits(magnitude(), digits + 1);
  const int first = count - 1 + exponent_;
  const char* at = digits + 1;
  if (first % 2 == 0) {  // a lone digit in the first pair
    --at;
    ++count;
  }
  if (count % 2 != 0) digits[(at - digits) + count++] = '0';

  unsigned char bytes[22];
  int size = 0;
  bytes[size++] = static_cast<unsigned char>(0x80 + FloorHalf(first) + 1 + 64);
  for (int i = 0; i < count; i += 2) {
    const int pair = (at[i] - '0') * 10 + (at[i + 1] - '0');
    bytes[size++] = static_cast<unsigned char>(2 * pair + 1);
  }
  bytes[size - 1] = static_cast<unsigned char>(bytes[size - 1] - 1);
  if (negative()) {
    for (int i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(~bytes[i]);
  }
  out->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool Number::TryConsumeOrdered(std::string_view* in, Number* out) {
  if (in->size() < 2) return false;
  const auto* bytes = reinterpret_cast<const unsigned char*>(in->data());
  const bool negative = bytes[0] < 0x80;
  const unsigned char flip = negative ? 0xFF : 0x00;
  const int exponent = (bytes[0] ^ flip) - 0x80 - 64;

  constexpr std::size_t kPairsMax = 20;
  Magnitude coefficient = 0;
  std::size_t pairs = 0;
  int last = 0;
  for (std::size_t i = 1;; ++i) {
    if (i == in->size() || pairs == kPairsMax) return false;
    const int byte = bytes[i] ^ flip;
    if (byte > 199) return false;
    ++pairs;
    if (pairs == 1 && byte == 1) return false;  // a leading zero
    if (byte % 2 == 0) {
      last = byte / 2;
      break;
    }
    coefficient = coefficient * 100 + static_cast<unsigned>(byte / 2);
  }
  if (last == 0) {
    if (pairs != 1 || negative || exponent != -64) return false;
    *out = Number();
    in->remove_prefix(2);
    return true;
  }
  int scale = 2 * (exponent - static_cast<int>(pairs));
  const int step = last % 10 == 0 ? 10 : 100;
  if (step == 10) {
    last /= 10;
    ++scale;
  }
  if (coefficient >= kPowers[38] / static_cast<unsigned>(step)) return false;
  coefficient = coefficient * static_cast<unsigned>(step) + static_cast<unsigned>(last);
  const auto value = static_cast<Int128>(coefficient);
  *out = Number(negative ? -value : value, scale);
  in->remove_prefix(1 + pairs);
  return true;
}

Result<Number> Number::ConsumeOrdered(std::string_view* in) {
  Number number;
  if (!TryConsumeOrdered(in, &number)) return Error(ErrorCode::kCorruption, "Malformed ordered number");
  return number;
}

std::optional<std::int64_t> Number::ToInt64() const {
  if (coefficient_ == 0) return 0;
  if (exponent_ < 0 || exponent_ > 18) return std::nullopt;
  const Magnitude limit = static_cast<Magnitude>(1) << 63;  // the magnitude of the smallest int64
  if (magnitude() > limit / kPowers[static_cast<std::size_t>(exponent_)]) return std::nullopt;
  const Int128 value = coefficient_ * static_cast<Int128>(kPowers[static_cast<std::size_t>(exponent_)]);
  if (value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

double Number::ToDouble() const {
  // Both the coefficient and the power are exact as doubles: so is the one rounding between them.
  constexpr Magnitude kExact = static_cast<Magnitude>(1) << 53;
  static constexpr double kExactPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (magnitude() <= kExact && exponent_ >= -22 && exponent_ <= 22) {
    const auto coefficient = static_cast<double>(static_cast<std::int64_t>(coefficient_));
    return exponent_ < 0 ? coefficient / kExactPowers[-exponent_] : coefficient * kExactPowers[exponent_];
  }
  const std::string text = ToString();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::strong_ordering Number::operator<=>(const Number& other) const {
  auto sign = [](const Number& n) { return n.coefficient_ < 0 ? -1 : n.coefficient_ > 0 ? 1 : 0; };
  if (sign(*this) != sign(other)) return sign(*this) <=> sign(other);
  if (coefficient_ == 0) return std::strong_ordering::equal;
  if (exponent_ == other.exponent_) return coefficient_ <=> other.coefficient_;

  const int digits = CountDigits(magnitude());
  const int other_digits = CountDigits(other.magnitude());
  std::strong_ordering order = (digits + exponent_) <=> (other_digits + other.exponent_);
  if (order == std::strong_ordering::equal) {  // then the shorter one, made as long, still fits
    Magnitude a = magnitude(), b = other.magnitude();
    if (digits < other_digits) {
      a *= kPowers[static_cast<std::size_t>(other_digits - digits)];
    } else {
      b *= kPowers[static_cast<std::size_t>(digits - other_digits)];
    }
    order = a <=> b;
  }
  return negative() ? 0 <=> order : order;
}

}  // namespace insula
