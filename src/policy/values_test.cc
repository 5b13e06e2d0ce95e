#include "policy/values.h"

#include <gtest/gtest.h>

#include <limits>

namespace insula::policy {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(Values, Dates) {
  struct Case {
    std::string_view text;
    std::int64_t seconds;
  };
  const Case cases[] = {
      {"1970-01-01", 0},
      {"1970", 1970},  // seconds, as there is no '-'
      {"0", 0},
      {"1769860800", 1'769'860'800},
      {"1970-02", 31 * 86'400},
      {"2026-01-31T12:00:00Z", 1'769'860'800},
      {"2026-01-31t12:00:00z", 1'769'860'800},
      {"2026-01-31T12:00Z", 1'769'860'800},
      {"2026-01-31T12Z", 1'769'860'800},
      {"2026-01-31T12:00:00", 1'769'860'800},
      {"2026-01-31T13:00:00+01:00", 1'769'860'800},
      {"2026-01-31T13:00:00+01", 1'769'860'800},
      {"2026-01-31T10:30:00-0130", 1'769'860'800},
      {"2000-02-29T00:00:00Z", 951'782'400},
      {"1969-12-31T23:59:59Z", -1},
      {"-0001-01-01", -62'198'755'200},
  };
  for (const Case& c : cases) EXPECT_EQ(ParseDate(c.text), c.seconds * kSecond) << c.text;
  EXPECT_EQ(ParseDate("2026-01-31T12:00:00.25Z"), 1'769'860'800 * kSecond + 250'000);
  EXPECT_EQ(ParseDate("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(ParseDate("-292275054"), std::numeric_limits<std::int64_t>::min());
  for (const std::string_view text :
       {"", "sdfdsf", "234-13", "2026-13", "2026-01-32", "2026-01-31-1", "2026-01-31T24", "2026-01-31T12:60",
        "2016-12-13t2:00:00.593194+1", "2016-12-13t2:00:00.1999999999+10:59", "9223372036854775808", "-", "T",
        "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00Zx", " 1"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(Values, NumbersAndFlags) {
  EXPECT_EQ(ParseNumber("42"), 42.0);
  EXPECT_EQ(ParseNumber("-0.5"), -0.5);
  EXPECT_EQ(ParseNumber("+1e3"), 1000.0);
  for (const std::string_view text : {"", "x", "1x", "0x10", "inf", "nan", "1 ", "1e999"})
    EXPECT_FALSE(ParseNumber(text)) << text;
  EXPECT_EQ(ParseFlag("True"), true);
  EXPECT_EQ(ParseFlag("false"), false);
  EXPECT_EQ(ParseFlag("yes"), std::nullopt);
}

TEST(Values, Base64) {
  EXPECT_EQ(ParseBase64(""), "");
  EXPECT_EQ(ParseBase64("aGVsbG8="), "hello");
  EXPECT_EQ(ParseBase64("aA=="), "h");
  EXPECT_EQ(ParseBase64("/+//"), "\xff\xef\xff");
  for (const std::string_view text : {"a", "aG", "aGV", "a===", "=aGV", "aGVsbG9=", "aGV*", "aG V"})
    EXPECT_FALSE(ParseBase64(text)) << text;
}

TEST(Values, AddressRanges) {
  struct Case {
    std::string_view range, address;
    bool inside;
  };
  const Case cases[] = {
      {"203.0.113.0/24", "203.0.113.255", true},
      {"203.0.113.0/24", "203.0.114.0", false},
      {"203.0.113.7", "203.0.113.7", true},
      {"203.0.113.7", "203.0.113.8", false},
      {"203.0.113.0/25", "203.0.113.127", true},
      {"203.0.113.0/25", "203.0.113.128", false},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "203.0.113.1", false},
      {"2001:db8::/33", "2001:db8:7fff::", true},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"2001:DB8::1", "2001:db8:0:0::1", true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ParseAddressRange(c.range)->Contains(*ParseAddressRange(c.address)), c.inside)
        << c.range << " " << c.address;
  }
  for (const std::string_view text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.256",
                                      "10.0.0.0/-1", "10.0.0.0/+8", "example.com", "fe80::1%eth0", "1.2.3.4/8/8"}) {
    EXPECT_FALSE(ParseAddressRange(text)) << text;
  }
}

}  // namespace
}  // namespace insula::policy
