#include "model/vector_value.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/encoded_item.h"

namespace insula {
namespace {

AttributeValue NumberOf(std::string_view text) { return AttributeValue::N(*Number::Parse(text)); }

TEST(VectorValue, FaultsAreToldByElement) {
  const AttributeValue good = AttributeValue::L({NumberOf("1"), NumberOf("-0.25")});
  EXPECT_EQ(FaultOf(good, 2), std::nullopt);
  EXPECT_EQ(FaultOf(good, 3), VectorFault{VectorFault::kWrongSize});
  EXPECT_EQ(FaultOf(AttributeValue::S("1"), 1), VectorFault{VectorFault::kNotAList});
  EXPECT_EQ(FaultOf(AttributeValue::L({NumberOf("1"), AttributeValue::S("1")}), 2),
            (VectorFault{VectorFault::kNotANumber, 1}));
  EXPECT_EQ(FaultOf(AttributeValue::L({NumberOf("1e39"), AttributeValue::S("1")}), 2),
            (VectorFault{VectorFault::kOutOfRange, 0}));
  EXPECT_EQ(FaultOf(AttributeValue::L({NumberOf("3.4028235e38")}), 1), std::nullopt);  // rounds to the largest float
  EXPECT_EQ(FaultOf(AttributeValue::L({NumberOf("1e-130")}), 1), std::nullopt);
}

TEST(VectorValue, NumbersBecomeTheNearestFloats) {
  const AttributeValue value = AttributeValue::L({NumberOf("0.1"), NumberOf("16777217"), NumberOf("-3.4028234e38"),
                                                  NumberOf("1e-130"), NumberOf("0.30000001192092895507812")});
  const std::vector<float> floats = VectorFrom(value);
  EXPECT_EQ(floats, (std::vector<float>{0.1F, 16777216.0F, -3.4028234e38F, 0.0F, 0.3F}));
  std::string encoded;
  AppendEncodedValue(value, &encoded);
  EXPECT_EQ(VectorFromEncoded(encoded), floats);
  std::string text;
  AppendEncodedValue(AttributeValue::S("0.1"), &text);
  EXPECT_TRUE(VectorFromEncoded(text).empty());
  EXPECT_TRUE(VectorFromEncoded({}).empty());
}

TEST(VectorValue, FloatsAreNamedInTheFewestDigits) {
  const AttributeValue value = AttributeValue::L(
      {NumberOf("0.123456789012345"), NumberOf("3.4028235e38"), NumberOf("1e-40"), NumberOf("-0"), NumberOf("7")});
  EXPECT_EQ(ValueOf(VectorFrom(value)),
            AttributeValue::L({NumberOf("0.12345679"), NumberOf("340282350000000000000000000000000000000"),
                               NumberOf("1e-40"), NumberOf("0"), NumberOf("7")}));
}

TEST(VectorValue, DistancesAreThoseOfTheServicesScores) {
  const std::vector<float> x{1, 0}, y{0, 2}, minus_x{-3, 0}, zero{0, 0};
  EXPECT_EQ(DistanceBetween(DistanceFunction::kCosine, x, x), 0);
  EXPECT_EQ(DistanceBetween(DistanceFunction::kCosine, x, y), 1);
  EXPECT_EQ(DistanceBetween(DistanceFunction::kCosine, x, minus_x), 2);
  EXPECT_EQ(DistanceBetween(DistanceFunction::kCosine, x, zero), 1);
  EXPECT_EQ(DistanceBetween(DistanceFunction::kEuclidean, x, y), std::sqrt(5.0));
  const std::vector<float> near{0.1F, 0.2F, 0.3F};
  EXPECT_EQ(DistanceBetween(DistanceFunction::kEuclidean, near, near), 0);
  EXPECT_EQ(DistanceBetween(DistanceFunction::kCosine, near, near), 0);
  const std::vector<float> other{1, 2};
  EXPECT_EQ(DistanceBetween(DistanceFunction::kCosine, other, other), 0);
  EXPECT_EQ(DistanceBetween(DistanceFunction::kDotProduct, x, minus_x), 3);
  EXPECT_EQ(ScoreOf(DistanceFunction::kDotProduct, 3), -3);
  EXPECT_EQ(ScoreOf(DistanceFunction::kCosine, 2), 2);
}

}  // namespace
}  // namespace insula
