#include "storage/rocks/vector_code.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "model/vector_value.h"
#include "storage/rocks/vector_dot.h"

namespace insula::storage::rocks {
namespace {

constexpr double kCodeMax = 127;
constexpr double kQueryCodeMax = 2047;
// Covers what keeping norms and errors as floats rounds away, with room to spare.
constexpr double kSlack = 1e-6;

void AppendFloat(float value, std::string* out) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof bytes);
}
float FloatAt(std::string_view bytes, std::size_t offset) {
  float value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

double LargestOf(std::span<const float> vector) {
  double largest = 0;
  for (const float x : vector) largest = std::max(largest, std::abs(static_cast<double>(x)));
  return largest;
}

// The float at or above `value`; the largest one for what is beyond them all.
float RoundedUp(double value) {
  const auto nearest = static_cast<float>(std::min(value, static_cast<double>(std::numeric_limits<float>::max())));
  return static_cast<double>(nearest) < value ? std::nextafter(nearest, std::numeric_limits<float>::max()) : nearest;
}

}  // namespace

void AppendVectorCode(std::span<const float> vector, std::string* out) {
  const auto scale = static_cast<float>(LargestOf(vector) / kCodeMax);
  std::string codes;
  codes.reserve(vector.size());
  double squares = 0;
  for (const float x : vector) {
    const double quotient = scale > 0 ? static_cast<double>(x) / static_cast<double>(scale) : 0;
    const double code = std::clamp(std::round(quotient), -kCodeMax, kCodeMax);
    const double rest = static_cast<double>(x) - static_cast<double>(scale) * code;
    squares += rest * rest;
    codes.push_back(static_cast<char>(static_cast<std::int8_t>(code)));
  }
  AppendFloat(scale, out);
  AppendFloat(RoundedUp(std::sqrt(squares) * (1 + kSlack)), out);
  AppendFloat(RoundedUp(NormOf(vector)), out);
  out->append(codes);
}

VectorQuery::VectorQuery(std::vector<float> vector, DistanceFunction function)
    : vector_(std::move(vector)), function_(function), norm_(NormOf(vector_)) {
  scale_ = LargestOf(vector_) / kQueryCodeMax;
  double squares = 0, coded_squares = 0;
  codes_.reserve(vector_.size());
  for (const float x : vector_) {
    const double code = scale_ > 0 ? std::round(static_cast<double>(x) / scale_) : 0;
    const double rest = static_cast<double>(x) - scale_ * code;
    squares += rest * rest;
    coded_squares += scale_ * code * scale_ * code;
    codes_.push_back(static_cast<std::int16_t>(code));
  }
  error_ = std::sqrt(squares);
  coded_norm_ = std::sqrt(coded_squares);
}

DistanceBounds VectorQuery::BoundsOf(std::string_view code) const {
  const double scale = static_cast<double>(FloatAt(code, 0));
  const double error = static_cast<double>(FloatAt(code, 4));
  const double norm = static_cast<double>(FloatAt(code, 8));
  const auto* codes = reinterpret_cast<const std::int8_t*>(code.data() + kVectorCodeHeader);
  const double dot = scale_ * scale * static_cast<double>(DotOfCodes(codes, codes_.data(), codes_.size()));
  double margin = error_ * norm + coded_norm_ * error + kSlack * norm_ * norm;
  if (function_ == DistanceFunction::kEuclidean) margin += kSlack * (norm_ * norm_ + norm * norm);
  return {DistanceOf(function_, dot + margin, norm_, norm), DistanceOf(function_, dot - margin, norm_, norm)};
}

double VectorQuery::DistanceTo(std::span<const float> vector) const {
  return DistanceBetween(function_, vector_, vector);
}

}  // namespace insula::storage::rocks
