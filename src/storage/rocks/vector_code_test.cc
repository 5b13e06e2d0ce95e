#include "storage/rocks/vector_code.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "model/vector_value.h"

namespace insula::storage::rocks {
namespace {

constexpr DistanceFunction kFunctions[] = {DistanceFunction::kCosine, DistanceFunction::kDotProduct,
                                           DistanceFunction::kEuclidean};

// Of any size and shape: tame, tiny, huge, sparse.
std::vector<float> AnyVector(std::size_t dimensions) {
  const float magnitude = std::pow(10.0F, static_cast<float>(*rc::gen::inRange(-30, 31)));
  const bool sparse = *rc::gen::arbitrary<bool>();
  std::vector<float> vector(dimensions);
  for (float& x : vector) {
    if (sparse && *rc::gen::inRange(0, 4) != 0) continue;
    x = static_cast<float>(*rc::gen::inRange(-1'000'000, 1'000'001)) * 1e-6F * magnitude;
  }
  return vector;
}

RC_GTEST_PROP(VectorCode, BoundsHoldTheDistance, ()) {
  const auto dimensions = static_cast<std::size_t>(*rc::gen::inRange(1, 200));
  const std::vector<float> wanted = AnyVector(dimensions);
  const std::vector<float> vector = *rc::gen::arbitrary<bool>() ? AnyVector(dimensions) : wanted;
  std::string code;
  AppendVectorCode(vector, &code);
  RC_ASSERT(code.size() == kVectorCodeHeader + dimensions);
  for (const DistanceFunction function : kFunctions) {
    const VectorQuery query(wanted, function);
    const double exact = query.DistanceTo(vector);
    const DistanceBounds bounds = query.BoundsOf(code);
    RC_ASSERT(bounds.lower <= exact);
    RC_ASSERT(exact <= bounds.upper);
  }
}

TEST(VectorCode, BoundsAreTight) {
  std::vector<float> a(768), b(768);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = std::sin(static_cast<float>(i));
    b[i] = std::cos(static_cast<float>(i * i % 97));
  }
  std::string code;
  AppendVectorCode(b, &code);
  const DistanceBounds bounds = VectorQuery(a, DistanceFunction::kCosine).BoundsOf(code);
  EXPECT_LT(bounds.upper - bounds.lower, 0.01);
}

TEST(VectorCode, HoldsTheLargestFloatsOfTheMostDimensions) {
  const std::vector<float> largest(4096, 3e38F);
  std::string code;
  AppendVectorCode(largest, &code);
  for (const DistanceFunction function : kFunctions) {
    const VectorQuery query(largest, function);
    const DistanceBounds bounds = query.BoundsOf(code);
    EXPECT_TRUE(std::isfinite(bounds.lower) && std::isfinite(bounds.upper)) << NameOf(function);
    EXPECT_LE(bounds.lower, query.DistanceTo(largest)) << NameOf(function);
    EXPECT_GE(bounds.upper, query.DistanceTo(largest)) << NameOf(function);
  }
}

TEST(VectorCode, AVectorWithoutLengthIsAtRightAnglesToAll) {
  const std::vector<float> zero(3, 0);
  std::string code;
  AppendVectorCode(zero, &code);
  const VectorQuery query({1, 2, 3}, DistanceFunction::kCosine);
  EXPECT_EQ(query.DistanceTo(zero), 1);
  EXPECT_EQ(query.BoundsOf(code).lower, 1);
  EXPECT_EQ(query.BoundsOf(code).upper, 1);
}

}  // namespace
}  // namespace insula::storage::rocks
