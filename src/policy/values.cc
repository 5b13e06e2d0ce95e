#include "policy/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "policy/small_letters.h"

namespace insula::policy {
namespace {

// All of `text` as a number of this type.
template <class T>
std::optional<T> Whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Digits alone, of a value within the bounds.
std::optional<int> Digits(std::string_view text, int least, int most) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const std::optional<int> value = Whole<int>(text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

// What is before the separator; `text` keeps what is after it, or nothing.
std::string_view TakeUpTo(char separator, std::string_view* text) {
  const std::size_t at = text->find(separator);
  const std::string_view taken = text->substr(0, at);
  *text = at == std::string_view::npos ? std::string_view() : text->substr(at + 1);
  return taken;
}

std::int64_t HeldToRange(double microseconds) {
  constexpr double kMost = 9.2e18;
  if (microseconds >= kMost) return std::numeric_limits<std::int64_t>::max();
  if (microseconds <= -kMost) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(microseconds);
}

// "2026", "2026-01" or "2026-01-31", also before our era: days since 1970.
std::optional<double> ParseDay(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::optional<int> year = Digits(TakeUpTo('-', &text), 0, 292'278'993);
  std::optional<int> month = 1;
  std::optional<int> day = 1;
  if (!text.empty()) month = Digits(TakeUpTo('-', &text), 1, 12);
  if (!text.empty()) day = Digits(text, 1, 31);
  if (!year || !month || !day) return std::nullopt;
  if (negative) year = -*year;
  // Days of a civil date, in 400 years of 146,097 days each; the year begins with March, so that a leap day is its
  // last.
  const int shifted = *month <= 2 ? *year - 1 : *year;
  const int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const int year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (*month > 2 ? *month - 3 : *month + 9) + 2) / 5 + *day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return 146'097.0 * era + day_of_era - 719'468.0;
}

// "Z", "+01:00", "-0130", "+01" or nothing: minutes.
std::optional<int> ParseOffset(std::string_view text) {
  if (text.empty() || text == "z") return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const std::optional<int> hours = Digits(text.substr(0, 2), 0, 23);
  std::string_view rest = text.size() > 2 ? text.substr(2) : std::string_view();
  if (rest.starts_with(':')) rest.remove_prefix(1);
  const std::optional<int> minutes = rest.empty() && text.size() <= 3 ? std::optional<int>(0) : Digits(rest, 0, 59);
  if (!hours || text.size() < 2 || !minutes || (!rest.empty() && rest.size() != 2)) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

// "12", "12:30", "12:30:15.25", each with an offset or without: seconds.
std::optional<double> ParseTimeOfDay(std::string_view text) {
  const std::size_t zone = text.find_first_of("z+-");
  const std::optional<int> offset = zone == std::string_view::npos ? 0 : ParseOffset(text.substr(zone));
  text = text.substr(0, zone);
  const std::optional<int> hours = text.empty() ? 0 : Digits(TakeUpTo(':', &text), 0, 23);
  const std::optional<int> minutes = text.empty() ? 0 : Digits(TakeUpTo(':', &text), 0, 59);
  const std::optional<int> seconds = text.empty() ? 0 : Digits(TakeUpTo('.', &text), 0, 59);
  double fraction = 0;
  if (!text.empty()) {
    if (text.size() > 9 || !Digits(text, 0, 999'999'999)) return std::nullopt;
    fraction = *Digits(text, 0, 999'999'999) / std::pow(10.0, static_cast<double>(text.size()));
  }
  if (!offset || !hours || !minutes || !seconds) return std::nullopt;
  return *hours * 3600.0 + (*minutes - *offset) * 60.0 + *seconds + fraction;
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::optional<double> number = Whole<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::int64_t> ParseDate(std::string_view text) {
  constexpr double kMicroseconds = 1e6;
  const std::string small = SmallLetters(text);
  if (small.find_first_of("t-") == std::string::npos) {
    const std::optional<std::int64_t> seconds = Whole<std::int64_t>(small);
    if (!seconds || *seconds < 0) return std::nullopt;
    return HeldToRange(static_cast<double>(*seconds) * kMicroseconds);
  }
  std::string_view rest = small;
  const std::optional<double> day = ParseDay(TakeUpTo('t', &rest));
  const std::optional<double> time = ParseTimeOfDay(rest);
  if (!day || !time) return std::nullopt;
  return HeldToRange(std::round((*day * 86'400.0 + *time) * kMicroseconds));
}

std::optional<bool> ParseFlag(std::string_view text) {
  if (EqualInSmallLetters(text, "true")) return true;
  if (EqualInSmallLetters(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::string> ParseBase64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xFF);
    }
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::optional<AddressRange> ParseAddressRange(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  char terminated[INET6_ADDRSTRLEN];
  if (address.size() >= sizeof(terminated)) return std::nullopt;
  std::memcpy(terminated, address.data(), address.size());
  terminated[address.size()] = '\0';
  if (address.find('\0') != std::string_view::npos) return std::nullopt;
  AddressRange range;
  if (inet_pton(AF_INET, terminated, range.bytes.data()) == 1) {
    range.length = 4;
  } else if (inet_pton(AF_INET6, terminated, range.bytes.data()) == 1) {
    range.length = 16;
  } else {
    return std::nullopt;
  }
  range.bits = static_cast<std::uint8_t>(range.length * 8);
  if (slash != std::string_view::npos) {
    const std::optional<int> bits = Digits(text.substr(slash + 1), 0, range.bits);
    if (!bits) return std::nullopt;
    range.bits = static_cast<std::uint8_t>(*bits);
  }
  return range;
}

bool AddressRange::Contains(const AddressRange& address) const {
  if (address.length != length || address.bits < bits) return false;
  const std::size_t whole = bits / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole), address.bytes.begin()))
    return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const int mask = 0xFF << (8 - rest) & 0xFF;
  return (bytes[whole] & mask) == (address.bytes[whole] & mask);
}

}  // namespace insula::policy
