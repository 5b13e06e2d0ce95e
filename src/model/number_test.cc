// DynamoDB's numbers are exact decimals, and money is kept in them: every digit counts. The limits and messages
// are DynamoDB's; the properties hold the arithmetic, the text and the ordered bytes against one another.
#include "model/number.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "model/testing/generators.h"

namespace insula {
namespace {

Number N(std::string_view text) {
  Result<Number> number = Number::Parse(text);
  EXPECT_TRUE(number.ok()) << text;
  return number.ok() ? *number : Number();
}

std::string ParseError(std::string_view text) {
  Result<Number> number = Number::Parse(text);
  if (number.ok()) return "parsed as " + number->ToString();
  EXPECT_EQ(number.error().code(), ErrorCode::kValidation);
  return number.error().message();
}

std::string Ordered(const Number& number) {
  std::string bytes;
  number.AppendOrdered(&bytes);
  return bytes;
}

constexpr const char* kOverflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr const char* kUnderflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";
constexpr const char* kPrecision = "Attempting to store more than 38 significant digits in a Number";
const std::string kNines38(38, '9');

TEST(NumberTest, TextIsCanonical) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"00042", "42"},
      {"+7", "7"},
      {"1.0", "1"},
      {"3.1400", "3.14"},
      {"1.5E2", "150"},
      {"1e2", "100"},
      {".5", "0.5"},
      {"5.", "5"},
      {"-0.001", "-0.001"},
      {"1E-3", "0.001"},
      {"-12.50e1", "-125"},
      {"0e125", "0"},
      {"0e-130", "0"},
      {"0.000e125", "0"},
      {"100000000000000000000", "100000000000000000000"},
      {"1234567890123456789", "1234567890123456789"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"},
      {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"},
      {"0000000000000000000000000000000000000000000000001", "1"},
  };
  for (const auto& [in, out] : cases) EXPECT_EQ(N(in).ToString(), out) << in;
}

TEST(NumberTest, TheLimitsThemselvesFit) {
  EXPECT_EQ(N("9.9999999999999999999999999999999999999E+125").ToString(), kNines38 + std::string(88, '0'));
  EXPECT_EQ(N("-9.9999999999999999999999999999999999999E+125").ToString(), "-" + kNines38 + std::string(88, '0'));
  EXPECT_EQ(N("1E-130").ToString(), "0." + std::string(129, '0') + "1");
  EXPECT_EQ(N("1.1E-130").ToString(), "0." + std::string(129, '0') + "11");
  EXPECT_EQ(N("1" + std::string(125, '0')), N("1e125"));
  EXPECT_EQ(N("1." + std::string(5000, '0')), N("1"));  // zeros are no significant digits
}

// paritysuite/dynamodb-conformance, tests/tier3/limits/numberExponent.test.ts.
TEST(NumberTest, BeyondTheLimits) {
  EXPECT_EQ(ParseError("1E+126"), kOverflow);
  EXPECT_EQ(ParseError("-1E126"), kOverflow);
  EXPECT_EQ(ParseError("1e99999999999"), kOverflow);
  EXPECT_EQ(ParseError("1e9223372036854775807"), kOverflow);
  EXPECT_EQ(ParseError("1E-131"), kUnderflow);
  EXPECT_EQ(ParseError("-9.9e-131"), kUnderflow);
  EXPECT_EQ(ParseError("1e-9223372036854775808"), kUnderflow);
  EXPECT_EQ(ParseError("0e126"), kOverflow);  // zero, too, by the exponent that it is written with
  EXPECT_EQ(ParseError("-0.00e-131"), kUnderflow);
  EXPECT_EQ(ParseError("123456789012345678901234567890123456789"), kPrecision);
  EXPECT_EQ(ParseError("-0.1" + std::string(37, '0') + "1"), kPrecision);
  EXPECT_EQ(ParseError(kNines38 + "9e100"), kOverflow);  // range before precision
}

TEST(NumberTest, WhatIsNoNumber) {
  EXPECT_EQ(ParseError(""), "The parameter cannot be converted to a numeric value: ");
  for (const char* text : {"abc",
                           " 1",
                           "1 ",
                           "-",
                           "+",
                           ".",
                           "1e",
                           "1e+",
                           "e5",
                           "1.2.3",
                           "1,5",
                           "0x10",
                           "--1",
                           "NaN",
                           "Infinity",
                           "1e5.5",
                           "1_000",
                           "\xd9\xa1",
                           "1e9223372036854775808",
                           "1e-9223372036854775809",
                           "1e+-1"}) {
    EXPECT_EQ(ParseError(text), std::string("The parameter cannot be converted to a numeric value: ") + text);
  }
}

// paritysuite/dynamodb-conformance, tests/tier3/error-messages/{valueLayers,partiqlParameterNumbers}.test.ts.
TEST(NumberTest, TheOlderFormIsThatOfBigDecimal) {
  auto error = [](std::string_view text) {
    Result<Number> number = Number::Parse(text, NumberForm::kOlder);
    return number.ok() ? number->ToString() : number.error().message();
  };
  const std::string not_numeric = "The parameter cannot be converted to a numeric value";
  EXPECT_EQ(error(""), not_numeric);
  for (const char* text :
       {"abc", "1e99999999999", "-1e99999999999", "1e-99999999999", "1e2147483648", "1e-2147483648"}) {
    EXPECT_EQ(error(text), not_numeric + ": " + text);
  }
  EXPECT_EQ(error("1e126"), kOverflow);
  EXPECT_EQ(error("1e-131"), kUnderflow);
  EXPECT_EQ(error("1e2147483646"), kOverflow);
  EXPECT_EQ(error("1e2147483647"), kUnderflow);  // one digit more than 32 bits count
  EXPECT_EQ(error("1e-2147483647"), kUnderflow);
  EXPECT_EQ(error("-12.50e1"), "-125");
}

TEST(NumberTest, SumsAreExact) {
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"1", "2", "3"},
      {"0.1", "0.2", "0.3"},
      {"5", "-5", "0"},
      {"0", "-7.25", "-7.25"},
      {"999", "1", "1000"},
      {kNines38, "1", "100000000000000000000000000000000000000"},
      {"100000000000000000000000000000000000000", "-1", kNines38},
      {"1e125", "-1e125", "0"},
      {"1e-130", "1e-130", "0." + std::string(129, '0') + "2"},
      {"9007199254740993", "1", "9007199254740994"},  // no double comes between
  };
  for (const auto& [a, b, sum] : cases) {
    EXPECT_EQ(Number::Add(N(a), N(b))->ToString(), sum) << a << " + " << b;
    EXPECT_EQ(Number::Subtract(N(sum), N(b))->ToString(), N(a).ToString()) << sum << " - " << b;
  }
}

TEST(NumberTest, SumsThatDontFit) {
  auto sum_error = [](std::string_view a, std::string_view b) {
    Result<Number> sum = Number::Add(N(a), N(b));
    return sum.ok() ? sum->ToString() : sum.error().message();
  };
  EXPECT_EQ(sum_error("9e125", "1e125"), kOverflow);
  EXPECT_EQ(sum_error("-9e125", "-1e125"), kOverflow);
  EXPECT_EQ(sum_error("1.1e-130", "-1e-130"), kUnderflow);
  EXPECT_EQ(sum_error("1e38", "1"), kOverflow);
  EXPECT_EQ(sum_error("2e38", "-1"), kOverflow);
  EXPECT_EQ(sum_error("1e125", "1e-130"), kOverflow);
  EXPECT_EQ(sum_error(kNines38, "0.1"), kOverflow);
}

TEST(NumberTest, IntegersOfTheMachine) {
  EXPECT_EQ(Number(100).ToString(), "100");
  EXPECT_EQ(Number(std::numeric_limits<std::int64_t>::min()).ToString(), "-9223372036854775808");
  EXPECT_EQ(N("9223372036854775807").ToInt64(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(N("-9223372036854775808").ToInt64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(N("9223372036854775808").ToInt64(), std::nullopt);
  EXPECT_EQ(N("1e19").ToInt64(), std::nullopt);
  EXPECT_EQ(N("1.5").ToInt64(), std::nullopt);
  EXPECT_EQ(N("9e18").ToInt64(), 9'000'000'000'000'000'000);
}

// A byte per pair of digits in base 100, one more, and one for the sign.
TEST(NumberTest, SizeInBytes) {
  const std::pair<const char*, std::size_t> cases[] = {
      {"0", 1},
      {"1", 2},
      {"-1", 3},
      {"10", 2},
      {"12", 2},
      {"1.2", 3},
      {"123", 3},
      {"100", 2},
      {"0.1", 2},
      {"0.01", 2},
      {"0.12", 2},
      {"-1.23", 4},
      {"12345678901234567890123456789012345678", 20},
  };
  for (const auto& [text, size] : cases) EXPECT_EQ(N(text).SizeBytes(), size) << text;
}

TEST(NumberTest, OrderedBytesFollowTheFormat) {
  EXPECT_EQ(Ordered(Number(0)), std::string("\x80\x00", 2));
  EXPECT_EQ(Ordered(Number(1)), "\xc1\x02");
  EXPECT_EQ(Ordered(Number(-1)), "\x3e\xfd");
  EXPECT_EQ(Ordered(Number(100)), "\xc2\x02");
  EXPECT_EQ(Ordered(Number(1234)), "\xc2\x19\x44");
  EXPECT_EQ(Ordered(N("9.9999999999999999999999999999999999999E+125")).size(), 20u);
}

TEST(NumberTest, OrderedBytesThatAreNone) {
  for (std::string bytes :
       {std::string(), std::string("\x80"), std::string("\x80\x01\x02", 3), std::string("\xc1\x00", 2),
        std::string("\xc1\xc9", 2), std::string("\x7f\xff", 2), std::string("\xc1") + std::string(40, '\x03')}) {
    std::string_view in = bytes;
    EXPECT_FALSE(Number::ConsumeOrdered(&in).ok());
    EXPECT_EQ(in, bytes);
  }
}

TEST(NumberTest, Order) {
  const char* ascending[] = {"-9.9e125", "-1e38", "-100",   "-99.5", "-99",  "-1.5",   "-1",  "-0.5",
                             "-1e-130",  "0",     "1e-130", "0.5",   "1",    "1.05",   "1.5", "9",
                             "10",       "99",    "100",    "101",   "1e38", "9.9e125"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_TRUE((N(ascending[i]) <=> N(ascending[j])) == (i <=> j)) << ascending[i] << " and " << ascending[j];
      EXPECT_TRUE((Ordered(N(ascending[i])) <=> Ordered(N(ascending[j]))) == (i <=> j));
    }
  }
}

TEST(NumberProperty, TextRoundTrips) {
  EXPECT_TRUE(rc::check("Parse(ToString(n)) == n", [](Number n) {
    Result<Number> again = Number::Parse(n.ToString());
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == n);
  }));
}

TEST(NumberProperty, OrderedBytesRoundTripAndOrder) {
  EXPECT_TRUE(rc::check("ordered bytes", [](Number a, Number b) {
    std::string bytes = Ordered(a);
    RC_ASSERT(bytes.size() <= 21u);
    RC_ASSERT((a <=> b) == (bytes <=> Ordered(b)));
    bytes += "rest";
    std::string_view in = bytes;
    Number again;
    RC_ASSERT(Number::TryConsumeOrdered(&in, &again));
    RC_ASSERT(again == a);
    RC_ASSERT(in == "rest");
  }));
}

TEST(NumberProperty, AdditionIsAGroupWhereItFits) {
  EXPECT_TRUE(rc::check("a + b - b == a", [](Number a, Number b) {
    Result<Number> sum = Number::Add(a, b);
    Result<Number> swapped = Number::Add(b, a);
    RC_ASSERT(sum.ok() == swapped.ok());
    if (!sum.ok()) return;
    RC_ASSERT(*sum == *swapped);
    RC_ASSERT(*Number::Subtract(*sum, b) == a);
    RC_ASSERT((*sum <=> a) == (b <=> Number(0)));
  }));
}

TEST(NumberProperty, SmallSumsAreThoseOfIntegers) {
  EXPECT_TRUE(rc::check("int32 sums", [](std::int32_t a, std::int32_t b) {
    RC_ASSERT(Number::Add(Number(a), Number(b))->ToInt64() == std::int64_t{a} + b);
    RC_ASSERT((Number(a) <=> Number(b)) == (a <=> b));
    RC_ASSERT(Number(a).ToString() == std::to_string(a));
  }));
}

}  // namespace
}  // namespace insula
