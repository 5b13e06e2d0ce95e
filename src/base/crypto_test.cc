// Published vectors, and what a sealed secret must refuse.
#include "base/crypto.h"

#include <gtest/gtest.h>

#include <set>

#include "base/crc32.h"

namespace insula {
namespace {

TEST(Sha256Test, MatchesFips180Examples) {
  EXPECT_EQ(HexOf(AsText(Sha256::Of(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf(AsText(Sha256::Of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  pieces.Update("a").Update("").Update("bc");
  EXPECT_EQ(pieces.Finish(), Sha256::Of("abc"));
}

// RFC 4231, cases 1, 2, 6 (a key longer than a block).
TEST(HmacSha256Test, MatchesRfc4231) {
  EXPECT_EQ(HexOf(AsText(HmacSha256Key(std::string(20, '\x0b')).Sign("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(HexOf(AsText(HmacSha256Key("Jefe").Sign("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      HexOf(AsText(
          HmacSha256Key(std::string(131, '\xaa')).Sign("Test Using Larger Than Block-Size Key - Hash Key First"))),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256Test, AKeySignsAnyNumberOfTexts) {
  const HmacSha256Key key("k");
  const Sha256Digest first = key.Sign("a");
  EXPECT_NE(first, key.Sign("b"));
  EXPECT_EQ(first, key.Sign("a"));
}

TEST(ConstantTimeEqualTest, ComparesAllOfBoth) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
}

TEST(RandomTextTest, KeepsToItsAlphabet) {
  std::set<char> seen;
  for (const char c : RandomText(5000, "abc")) seen.insert(c);
  EXPECT_EQ(seen, (std::set<char>{'a', 'b', 'c'}));
  EXPECT_NE(RandomText(20, "0123456789"), RandomText(20, "0123456789"));
}

class AesGcmTest : public ::testing::Test {
 protected:
  const std::string key_ = std::string(32, 'k');
};

TEST_F(AesGcmTest, OpensWhatItSealed) {
  for (const std::string plain : {"", "secret", "a longer secret that fills more than one block of the cipher"}) {
    const auto opened = AesGcmOpen(key_, "id", AesGcmSeal(key_, "id", plain));
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(*opened, plain);
  }
}

TEST_F(AesGcmTest, NeverSealsTheSameWayTwice) {
  EXPECT_NE(AesGcmSeal(key_, "id", "secret"), AesGcmSeal(key_, "id", "secret"));
}

TEST_F(AesGcmTest, RefusesAnotherKeyAnotherNameAndAnyFlippedBit) {
  const std::string sealed = AesGcmSeal(key_, "id", "secret");
  EXPECT_FALSE(AesGcmOpen(std::string(32, 'x'), "id", sealed).ok());
  EXPECT_FALSE(AesGcmOpen(key_, "other", sealed).ok());
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string flipped = sealed;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = AesGcmOpen(key_, "id", flipped);
    ASSERT_FALSE(opened.ok()) << "bit " << bit;
    EXPECT_EQ(opened.error().code(), ErrorCode::kCorruption);
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(AesGcmOpen(key_, "id", sealed.substr(0, length)).ok()) << "length " << length;
  }
}

TEST(Crc32Test, MatchesDynamoDbsHeaders) {
  EXPECT_EQ(Crc32(""), 0u);
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(Crc32("<UnknownOperationException/>\n"), 3552371480u);
  EXPECT_EQ(Crc32("healthy: dynamodb.us-east-1.amazonaws.com "), 3128867991u);
  EXPECT_EQ(Crc32(R"({"__type":"com.amazon.coral.service#UnknownOperationException"})"), 1368724161u);
}

// The sixteen-byte steps against the byte-wise definition, at every length around them.
TEST(Crc32Test, EveryLengthAgreesWithTheDefinition) {
  std::string text;
  for (int length = 0; length < 100; ++length) {
    std::uint32_t expected = 0xFFFFFFFFu;
    for (const char c : text) {
      expected ^= static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) expected = (expected >> 1) ^ ((expected & 1) != 0 ? 0xEDB88320u : 0u);
    }
    ASSERT_EQ(Crc32(text), ~expected) << length;
    text.push_back(static_cast<char>(length * 37 + 11));
  }
}

}  // namespace
}  // namespace insula
