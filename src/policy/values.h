// The values of conditions that are more than text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace insula::policy {

// A whole or decimal number.
std::optional<double> ParseNumber(std::string_view text);

// Microseconds since 1970, held to what 64 bits have: of a date as in W3C's note ("2026-01-31", "2026-01-31T12:00:00Z",
// also with a fraction of a second or an offset) or of seconds since 1970.
// https://www.w3.org/TR/NOTE-datetime
std::optional<std::int64_t> ParseDate(std::string_view text);

// "true" or "false", in whatever case.
std::optional<bool> ParseFlag(std::string_view text);

// The bytes that canonical base64 stands for.
std::optional<std::string> ParseBase64(std::string_view text);

// An address, or a range of them as RFC 4632 has it: "203.0.113.0/24", "2001:db8::/32". An address is a range of one.
struct AddressRange {
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t length = 0;  // 4 or 16
  std::uint8_t bits = 0;    // how many of the front decide

  // Addresses of the other version are in no range.
  bool Contains(const AddressRange& address) const;
};
std::optional<AddressRange> ParseAddressRange(std::string_view text);

}  // namespace insula::policy
