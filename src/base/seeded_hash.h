// A hash of texts for tables in memory that hold what clients chose: with a key drawn when the process starts, so that
// nobody outside knows which texts fall together. Never for what is kept or compared across processes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace insula {

// SipHash-1-3 under this process's key. Safe from any thread.
std::uint64_t SeededHash(std::string_view text);

// The same under a key given, for tests of the function itself.
std::uint64_t SipHash13(std::uint64_t key0, std::uint64_t key1, std::string_view text);

// For unordered containers by text; finds a std::string by a view of it.
struct SeededTextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return SeededHash(text); }
};

}  // namespace insula
