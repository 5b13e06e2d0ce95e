#include "api/request_id.h"

#include <cstdint>
#include <cstring>

#include "base/crypto.h"

namespace insula::api {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
constexpr std::size_t kDigitsPerDraw = 12;  // of 5 bits each

// SplitMix64 from a random start: unique, cheap, and no secret.
class Generator {
 public:
  Generator() {
    const std::string seed = RandomBytes(sizeof(state_));
    std::memcpy(&state_, seed.data(), sizeof(state_));
  }
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace

RequestId RequestId::Draw() {
  thread_local Generator generator;
  RequestId id;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    if (i % kDigitsPerDraw == 0) bits = generator.Next();
    id.text_[i] = kDigits[bits & 31];
    bits >>= 5;
  }
  return id;
}

}  // namespace insula::api
