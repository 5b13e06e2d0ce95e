// Vectors: lists of numbers, kept and compared as 32-bit floats.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.html
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/attribute_value.h"
#include "model/table_schema.h"

namespace insula {

// Why a value is no vector of an index.
struct VectorFault {
  enum Kind : std::uint8_t {
    kNotAList,
    kWrongSize,   // another number of elements than the index has dimensions
    kNotANumber,  // an element is of another type
    kOutOfRange,  // a number is beyond what a 32-bit float holds
  };
  Kind kind = kNotAList;
  std::size_t element = 0;  // of the last two
  bool operator==(const VectorFault&) const = default;
};

// The first fault; nullopt: there is none.
std::optional<VectorFault> FaultOf(const AttributeValue& value, std::uint32_t dimensions);

// The numbers of a list as the nearest floats. Precondition: no fault.
std::vector<float> VectorFrom(const AttributeValue& value);
std::vector<float> VectorFrom(std::span<const AttributeValue> elements);
// The same of an encoded value (model/encoded_item.h); empty if it is no list of numbers.
std::vector<float> VectorFromEncoded(std::string_view value);

// A vector as an index gives it back: in the fewest digits that name its floats.
AttributeValue ValueOf(std::span<const float> vector);

// What the distance functions are made of.
double DotProduct(std::span<const float> a, std::span<const float> b);
double NormOf(std::span<const float> vector);

// How far apart two vectors are: the less, the more similar. A vector of norm 0 has no direction: by COSINE it is as
// far from all others as what is at right angles to them. Precondition: of the same size.
double DistanceBetween(DistanceFunction function, std::span<const float> a, std::span<const float> b);
// The same from their norms and dot product, which is coarse where EUCLIDEAN finds them close.
double DistanceOf(DistanceFunction function, double dot, double norm_a, double norm_b);
// SearchVectors' Score of a distance: of DOT_PRODUCT the product itself, which grows with similarity.
double ScoreOf(DistanceFunction function, double distance);

}  // namespace insula
