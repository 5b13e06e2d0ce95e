// Who could make a thousand names fall into one bucket could stop the server with one request.
#include "base/seeded_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace insula {
namespace {

// SipHash-1-3 of the bytes 0, 1, 2 … under the key 00 01 … 0f, as the implementations of it agree.
TEST(SeededHash, IsSipHash) {
  constexpr std::uint64_t kKey0 = 0x0706050403020100u;
  constexpr std::uint64_t kKey1 = 0x0F0E0D0C0B0A0908u;
  EXPECT_EQ(SipHash13(kKey0, kKey1, ""), 0xABAC0158050FC4DCu);
  EXPECT_EQ(SipHash13(kKey0, kKey1, std::string_view("\0", 1)), 0xC9F49BF37D57CA93u);
}

TEST(SeededHash, FollowsTheKeyAndEveryByte) {
  std::set<std::uint64_t> seen;
  std::string text;
  for (int length = 0; length < 40; ++length) {
    for (std::uint64_t key = 0; key < 4; ++key) EXPECT_TRUE(seen.insert(SipHash13(key, 1, text)).second);
    text += 'a';
    std::string other = text;
    other.back() = 'b';
    EXPECT_TRUE(seen.insert(SipHash13(0, 1, other)).second);
  }
}

TEST(SeededHash, IsTheSameWithinAProcess) { EXPECT_EQ(SeededHash("k"), SeededTextHash{}(std::string("k"))); }

}  // namespace
}  // namespace insula
