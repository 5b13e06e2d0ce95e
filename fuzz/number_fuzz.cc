// Numbers against an oracle too simple to be wrong: decimals as strings of digits, added as on paper.
// Input: up to two texts, separated by a newline; and the whole of it as ordered bytes.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "model/number.h"

namespace {

using insula::Number;
using insula::Result;

// 0.digits * 10^point, digits without zeros at either end; empty for zero.
struct Decimal {
  bool negative = false;
  std::string digits{};
  long long point = 0;
  long long written = 0;  // the exponent in the text
};

Decimal Trimmed(Decimal d) {
  while (!d.digits.empty() && d.digits.back() == '0') d.digits.pop_back();
  std::size_t zeros = 0;
  while (zeros < d.digits.size() && d.digits[zeros] == '0') ++zeros;
  d.digits.erase(0, zeros);
  d.point -= static_cast<long long>(zeros);
  if (d.digits.empty()) return {.written = d.written};
  return d;
}

bool AllDigits(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

std::optional<Decimal> Read(std::string_view text) {
  Decimal d;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    d.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t dot = mantissa.find('.');
  const std::string whole(mantissa.substr(0, dot));
  d.digits = whole + std::string(dot == mantissa.npos ? "" : mantissa.substr(dot + 1));
  if (d.digits.empty() || !AllDigits(d.digits)) return std::nullopt;
  d.point = static_cast<long long>(whole.size());
  if (e != text.npos) {
    std::string_view exponent = text.substr(e + 1);
    const bool down = exponent.starts_with('-');
    if (down || exponent.starts_with('+')) exponent.remove_prefix(1);
    if (exponent.empty() || !AllDigits(exponent)) return std::nullopt;
    while (exponent.size() > 1 && exponent[0] == '0') exponent.remove_prefix(1);
    const long long value = exponent.size() > 9 ? 999'999'999 : std::stoll(std::string(exponent));
    d.written = down ? -value : value;
    d.point += d.written;
  }
  return Trimmed(d);
}

bool Fits(const Decimal& d) {
  const long long first = d.digits.empty() ? d.written : d.point - 1;
  return d.digits.size() <= 38 && first <= 125 && first >= -130;
}

std::string Zeros(long long count) { return std::string(static_cast<std::size_t>(count), '0'); }

std::string Text(const Decimal& d) {
  if (d.digits.empty()) return "0";
  const std::string sign = d.negative ? "-" : "";
  const auto count = static_cast<long long>(d.digits.size());
  if (d.point <= 0) return sign + "0." + Zeros(-d.point) + d.digits;
  if (d.point >= count) return sign + d.digits + Zeros(d.point - count);
  const auto whole = static_cast<std::size_t>(d.point);
  return sign + d.digits.substr(0, whole) + "." + d.digits.substr(whole);
}

// Both as integers of the same unit, with leading zeros to the same length.
void Align(Decimal* a, Decimal* b) {
  auto end = [](const Decimal& d) { return d.point - static_cast<long long>(d.digits.size()); };
  const long long first = std::max(a->point, b->point), last = std::min(end(*a), end(*b));
  for (Decimal* d : {a, b}) {
    d->digits = Zeros(first - d->point) + d->digits + Zeros(end(*d) - last);
    d->point = first;
  }
}

Decimal Sum(Decimal a, Decimal b) {
  if (a.digits.empty()) return b;
  if (b.digits.empty()) return a;
  Align(&a, &b);
  const bool subtract = a.negative != b.negative;
  if (subtract && a.digits < b.digits) std::swap(a, b);
  Decimal sum{a.negative, Zeros(static_cast<long long>(a.digits.size()) + 1), a.point + 1};
  int carry = 0;
  for (std::size_t i = a.digits.size(); i-- > 0;) {
    const int other = b.digits[i] - '0';
    const int digit = (a.digits[i] - '0') + (subtract ? -other : other) + carry;
    carry = digit < 0 ? -1 : digit / 10;
    sum.digits[i + 1] = static_cast<char>('0' + (digit + 10) % 10);
  }
  if (carry > 0) sum.digits[0] = '1';
  return Trimmed(sum);
}

std::strong_ordering Compare(const Decimal& a, Decimal b) {
  b.negative = !b.negative;
  const Decimal difference = Sum(a, b);
  if (difference.digits.empty()) return std::strong_ordering::equal;
  return difference.negative ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::string Ordered(const Number& n) {
  std::string bytes;
  n.AppendOrdered(&bytes);
  return bytes;
}

std::optional<Number> CheckOne(std::string_view text, const std::optional<Decimal>& oracle) {
  Result<Number> number = Number::Parse(text);
  INSULA_CHECK(number.ok() == (oracle.has_value() && Fits(*oracle)));
  if (!number.ok()) return std::nullopt;
  INSULA_CHECK(number->ToString() == Text(*oracle));
  INSULA_CHECK(*Number::Parse(number->ToString()) == *number);
  const std::string bytes = Ordered(*number);
  INSULA_CHECK(bytes.size() <= 21);
  std::string_view in = bytes;
  Result<Number> again = Number::ConsumeOrdered(&in);
  INSULA_CHECK(again.ok() && *again == *number && in.empty());
  return *number;
}

void CheckBytes(std::string_view bytes) {
  Number number;
  std::string_view in = bytes;
  if (!Number::TryConsumeOrdered(&in, &number)) return;
  INSULA_CHECK(Ordered(number) == bytes.substr(0, bytes.size() - in.size()));
  INSULA_CHECK(*Number::Parse(number.ToString()) == number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckBytes(input);
  const std::string_view first = input.substr(0, input.find('\n'));
  const std::string_view second = first.size() < size ? input.substr(first.size() + 1) : std::string_view();
  const std::optional<Decimal> a = Read(first), b = Read(second);
  const std::optional<Number> x = CheckOne(first, a), y = CheckOne(second, b);
  if (!x || !y) return 0;

  INSULA_CHECK((*x <=> *y) == Compare(*a, *b));
  INSULA_CHECK((Ordered(*x) <=> Ordered(*y)) == Compare(*a, *b));
  const Decimal expected = Sum(*a, *b);
  Result<Number> sum = Number::Add(*x, *y);
  INSULA_CHECK(sum.ok() == Fits(expected));
  if (sum.ok()) {
    INSULA_CHECK(sum->ToString() == Text(expected));
    INSULA_CHECK(*Number::Subtract(*sum, *y) == *x);
  }
  return 0;
}
