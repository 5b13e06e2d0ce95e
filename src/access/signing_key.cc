#include "access/signing_key.h"

#include <fmt/format.h>

#include <cstring>

namespace insula::access {
namespace {

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

// All characters of `text` must be digits.
std::optional<int> Digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<WallTime> TimeOf(std::optional<int> year, std::optional<int> month, std::optional<int> day,
                               std::optional<int> hour, std::optional<int> minute, std::optional<int> second) {
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return WallTime{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

}  // namespace

HmacSha256Key DeriveSigningKey(std::string_view secret, std::string_view date, std::string_view region,
                               std::string_view service) {
  std::string first = "AWS4";
  first += secret;
  const SecretText start(std::move(first));
  const Sha256Digest of_date = HmacSha256Key(start.view()).Sign(date);
  const Sha256Digest of_region = HmacSha256Key(AsText(of_date)).Sign(region);
  const Sha256Digest of_service = HmacSha256Key(AsText(of_region)).Sign(service);
  return HmacSha256Key(AsText(HmacSha256Key(AsText(of_service)).Sign(kTerminator)));
}

std::array<char, 64> SignatureOf(const HmacSha256Key& key, std::string_view timestamp, std::string_view scope,
                                 std::string_view canonical_request) {
  const auto digest = HexOf(Sha256::Of(canonical_request));
  std::string to_sign;
  to_sign.reserve(kAlgorithm.size() + timestamp.size() + scope.size() + digest.size() + 3);
  to_sign.append(kAlgorithm).append("\n").append(timestamp).append("\n").append(scope).append("\n");
  to_sign.append(digest.data(), digest.size());
  return HexOf(key.Sign(to_sign));
}

std::string IsoBasicOf(WallTime time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - days)};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<WallTime> ParseIsoBasic(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  return TimeOf(Digits(text.substr(0, 4)), Digits(text.substr(4, 2)), Digits(text.substr(6, 2)),
                Digits(text.substr(9, 2)), Digits(text.substr(11, 2)), Digits(text.substr(13, 2)));
}

std::optional<WallTime> ParseHttpDate(std::string_view text) {
  // Fixed widths: "Mon, 23 Nov 2026 17:01:34 GMT".
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  return TimeOf(Digits(text.substr(12, 4)), static_cast<int>(month / 3) + 1, Digits(text.substr(5, 2)),
                Digits(text.substr(17, 2)), Digits(text.substr(20, 2)), Digits(text.substr(23, 2)));
}

std::optional<HmacSha256Key> SigningKeySlot::Find(std::string_view date, std::string_view region,
                                                  std::string_view service) const {
  const MutexLock lock(mutex_);
  if (date_ != date || region_ != region || service_ != service) return std::nullopt;
  return key_;
}

void SigningKeySlot::Keep(std::string_view date, std::string_view region, std::string_view service,
                          const HmacSha256Key& key) {
  const MutexLock lock(mutex_);
  date_ = date;
  region_ = region;
  service_ = service;
  key_ = key;
}

}  // namespace insula::access
