// The inner loop of a vector search.
#pragma once

#include <cstddef>
#include <cstdint>

namespace insula::storage::rocks {

// Sum of a[i] * b[i]. Precondition: it fits 32 bits, as do the sums of any of its parts.
std::int32_t DotOfCodes(const std::int8_t* a, const std::int16_t* b, std::size_t size);

}  // namespace insula::storage::rocks
