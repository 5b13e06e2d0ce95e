#include "model/vector_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "model/encoded_item.h"

namespace insula {
namespace {

bool FitsFloat(double value) { return std::isfinite(static_cast<float>(value)); }

// The sum of term(a[i], b[i]).
template <class Term>
double SumOver(std::span<const float> a, std::span<const float> b, const Term& term) {
  // Four sums, so that one addition needn't wait for the other.
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += term(a[i + lane], b[i + lane]);
  }
  for (; i < a.size(); ++i) sums[0] += term(a[i], b[i]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

std::optional<VectorFault> FaultOf(const AttributeValue& value, std::uint32_t dimensions) {
  const auto* list = value.As<AttributeList>();
  if (!list) return VectorFault{VectorFault::kNotAList};
  if (list->size() != dimensions) return VectorFault{VectorFault::kWrongSize};
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* number = (*list)[i].As<Number>();
    if (!number) return VectorFault{VectorFault::kNotANumber, i};
    if (!FitsFloat(number->ToDouble())) return VectorFault{VectorFault::kOutOfRange, i};
  }
  return std::nullopt;
}

std::vector<float> VectorFrom(const AttributeValue& value) { return VectorFrom(*value.As<AttributeList>()); }

std::vector<float> VectorFrom(std::span<const AttributeValue> elements) {
  std::vector<float> vector;
  vector.reserve(elements.size());
  for (const AttributeValue& element : elements) {
    vector.push_back(static_cast<float>(element.As<Number>()->ToDouble()));
  }
  return vector;
}

std::vector<float> VectorFromEncoded(std::string_view value) {
  std::vector<float> vector;
  if (value.empty() || static_cast<AttributeType>(value.front()) != AttributeType::kL) return vector;
  value.remove_prefix(1);
  const std::uint64_t count = ConsumeVarint(&value);
  vector.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (static_cast<AttributeType>(value.front()) != AttributeType::kN) return {};
    value.remove_prefix(1);
    Number number;
    INSULA_CHECK(Number::TryConsumeOrdered(&value, &number));
    vector.push_back(static_cast<float>(number.ToDouble()));
  }
  return vector;
}

AttributeValue ValueOf(std::span<const float> vector) {
  AttributeList list;
  list.reserve(vector.size());
  for (const float x : vector) {
    char text[32];
    const char* const end = std::to_chars(text, text + sizeof text, x).ptr;
    Result<Number> number = Number::Parse(std::string_view(text, static_cast<std::size_t>(end - text)));
    INSULA_CHECK(number.ok());  // a float's magnitude and digits are well within a Number's
    list.push_back(AttributeValue::N(*number));
  }
  return AttributeValue::L(std::move(list));
}

double DotProduct(std::span<const float> a, std::span<const float> b) {
  return SumOver(a, b, [](double x, double y) { return x * y; });
}

double NormOf(std::span<const float> vector) { return std::sqrt(DotProduct(vector, vector)); }

double DistanceOf(DistanceFunction function, double dot, double norm_a, double norm_b) {
  switch (function) {
    case DistanceFunction::kCosine: {
      const double norms = norm_a * norm_b;
      return norms > 0 ? std::clamp(1 - dot / norms, 0.0, 2.0) : 1;
    }
    case DistanceFunction::kDotProduct:
      return -dot;
    case DistanceFunction::kEuclidean:
      return std::sqrt(std::max(0.0, norm_a * norm_a + norm_b * norm_b - 2 * dot));
  }
  INSULA_CHECK(false);
}

double DistanceBetween(DistanceFunction function, std::span<const float> a, std::span<const float> b) {
  if (function == DistanceFunction::kEuclidean) {
    return std::sqrt(SumOver(a, b, [](double x, double y) { return (x - y) * (x - y); }));
  }
  // The root of the product rather than the product of roots: so a vector is at a distance of just 0 from itself.
  const double norms = std::sqrt(DotProduct(a, a) * DotProduct(b, b));
  return DistanceOf(function, DotProduct(a, b), norms, 1);
}

double ScoreOf(DistanceFunction function, double distance) {
  return function == DistanceFunction::kDotProduct ? -distance : distance;
}

}  // namespace insula
