// Vectors as an index keeps them: a byte per dimension, and how far that is from the truth. A search needs no more to
// tell most vectors from the nearest ones, and the bound on the error says which it must look at exactly: so its
// answer is that of comparing whole vectors, at a quarter of what there is to read.
//
//   code := scale(4) error(4) norm(4) code(1)^dimensions          floats little-endian; x_i ~ scale * code_i
//
// `error` is the length of what quantizing took away, rounded up; `norm` that of the vector itself. For a query q with
// its own quantization q' and error e, Cauchy and Schwarz give |<q,x> - <q',x'>| <= e |x| + |q'| error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/table_schema.h"

namespace insula::storage::rocks {

inline constexpr std::size_t kVectorCodeHeader = 12;

void AppendVectorCode(std::span<const float> vector, std::string* out);

// What a distance lies between, for certain.
struct DistanceBounds {
  double lower = 0;
  double upper = 0;
};

// The vector that is searched for, prepared.
class VectorQuery {
 public:
  VectorQuery(std::vector<float> vector, DistanceFunction function);

  std::size_t dimensions() const { return vector_.size(); }
  // Precondition: `code` begins with a code of as many dimensions.
  DistanceBounds BoundsOf(std::string_view code) const;
  // Exact, as far as doubles are. Precondition: as many dimensions.
  double DistanceTo(std::span<const float> vector) const;

 private:
  std::vector<float> vector_;
  const DistanceFunction function_;
  double norm_ = 0;
  std::vector<std::int16_t> codes_;  // 12 bits each: products with bytes add up in 32 bits for 4,096 dimensions
  double scale_ = 0;
  double error_ = 0;       // of the codes
  double coded_norm_ = 0;  // of what the codes stand for
};

}  // namespace insula::storage::rocks
