// Compiled with full optimization, so that the loop becomes the processor's vector instructions.
#include "storage/rocks/vector_dot.h"

namespace insula::storage::rocks {
namespace {

// Inlined into functions for several kinds of processor, which makes it a different one in each.
__attribute__((always_inline)) inline std::int32_t Dot(const std::int8_t* a, const std::int16_t* b, std::size_t size) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += static_cast<std::int32_t>(a[i]) * static_cast<std::int32_t>(b[i]);
  return sum;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) std::int32_t DotAvx2(const std::int8_t* a, const std::int16_t* b, std::size_t size) {
  return Dot(a, b, size);
}
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
#endif

}  // namespace

std::int32_t DotOfCodes(const std::int8_t* a, const std::int16_t* b, std::size_t size) {
#if defined(__x86_64__)
  if (kHasAvx2) return DotAvx2(a, b, size);
#endif
  return Dot(a, b, size);
}

}  // namespace insula::storage::rocks
