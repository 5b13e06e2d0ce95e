// Sizes of memory in the units that people say them in.
#pragma once

#include <cstddef>

namespace insula {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;
inline constexpr std::size_t kGiB = 1024 * kMiB;

}  // namespace insula
