// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; one round a word and three at the end, as the maps
// of Rust and Python have it.
#include "base/seeded_hash.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/crypto.h"

namespace insula {
namespace {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
};

std::array<std::uint64_t, 2> DrawKey() {
  std::array<std::uint64_t, 2> key;
  const std::string bytes = RandomBytes(sizeof(key));
  std::memcpy(key.data(), bytes.data(), sizeof(key));
  return key;
}

}  // namespace

std::uint64_t SipHash13(std::uint64_t key0, std::uint64_t key1, std::string_view text) {
  SipState state{key0 ^ 0x736F6D6570736575u, key1 ^ 0x646F72616E646F6Du, key0 ^ 0x6C7967656E657261u,
                 key1 ^ 0x7465646279746573u};
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state.v3 ^= word;
    state.Round();
    state.v0 ^= word;
  }
  std::uint64_t last = static_cast<std::uint64_t>(text.size()) << 56;
  for (std::size_t i = 0; i < left; ++i) {
    last |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  }
  state.v3 ^= last;
  state.Round();
  state.v0 ^= last;
  state.v2 ^= 0xFF;
  state.Round();
  state.Round();
  state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::uint64_t SeededHash(std::string_view text) {
  static const std::array<std::uint64_t, 2> key = DrawKey();
  return SipHash13(key[0], key[1], text);
}

}  // namespace insula
