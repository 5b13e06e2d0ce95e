// Compressed bodies come back whole or not at all, whoever wrote them; and headers mean what RFC 9110 says.
#include "http/content_coding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include "base/run_task.h"
#include "http/server.h"

namespace insula::http {
namespace {

constexpr std::size_t kMax = 16 * 1024 * 1024;
constexpr int kGzip = 15 + 16;
constexpr int kZlib = 15;
constexpr int kBare = -15;

std::string Deflate(std::string_view body, int bits) {
  z_stream stream{};
  EXPECT_EQ(::deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string coded(::deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(coded.data());
  stream.avail_out = static_cast<uInt>(coded.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  coded.resize(stream.total_out);
  ::deflateEnd(&stream);
  return coded;
}

Result<std::string> DecodeAll(ContentCoding coding, std::string_view coded, std::size_t max = kMax,
                              MemoryCharge* budget = nullptr) {
  return RunTask(Decode(coding, coded, max, budget));
}

std::string MessageOf(const Result<std::string>& result) { return result.ok() ? "ok" : result.error().message(); }

// Bytes that compress, but not to nothing.
std::string Text(std::size_t size) {
  std::string text;
  for (std::uint32_t i = 0; text.size() < size; ++i) text += "item " + std::to_string(i * 2654435761u) + ", ";
  text.resize(size);
  return text;
}

TEST(ContentCodingTest, HeadersNameOneKnownCodingOrNone) {
  EXPECT_EQ(ContentCodingOf(""), ContentCoding::kIdentity);
  EXPECT_EQ(ContentCodingOf("identity"), ContentCoding::kIdentity);
  EXPECT_EQ(ContentCodingOf(" GZip "), ContentCoding::kGzip);
  EXPECT_EQ(ContentCodingOf("x-gzip"), ContentCoding::kGzip);
  EXPECT_EQ(ContentCodingOf("deflate"), ContentCoding::kDeflate);
  for (const char* unknown : {"br", "zstd", "gzip, gzip", "gzip,deflate", "aws-chunked", "gzi"}) {
    EXPECT_EQ(ContentCodingOf(unknown), std::nullopt) << unknown;
  }
}

TEST(ContentCodingTest, TheClientsWeightsDecide) {
  const std::pair<const char*, ContentCoding> cases[] = {
      {"", ContentCoding::kIdentity},
      {"identity", ContentCoding::kIdentity},
      {"br, zstd", ContentCoding::kIdentity},
      {"gzip", ContentCoding::kGzip},
      {"deflate, gzip, br", ContentCoding::kGzip},
      {"GZIP;Q=0.5 , deflate ; q=0.9", ContentCoding::kDeflate},
      {"gzip;q=0", ContentCoding::kIdentity},
      {"gzip;q=0.000, deflate;q=0.001", ContentCoding::kDeflate},
      {"*", ContentCoding::kGzip},
      {"*;q=0", ContentCoding::kIdentity},
      {"gzip;q=0, *", ContentCoding::kDeflate},
      {"identity;q=1, gzip;q=0.5", ContentCoding::kIdentity},
      {"gzip;q=0.5, identity;q=0.2", ContentCoding::kGzip},
      {"gzip;q=what", ContentCoding::kIdentity},
      {"gzip;q=", ContentCoding::kIdentity},
      {"gzip;level=9", ContentCoding::kGzip},
      {",,;,gzip,", ContentCoding::kGzip},
  };
  for (const auto& [header, coding] : cases) EXPECT_EQ(AcceptedCoding(header), coding) << header;
}

TEST(ContentCodingTest, WhatClientsSendComesBack) {
  for (const std::size_t size : {0, 1, 1000, 65535, 65536, 65537, 3'000'000}) {
    const std::string text = Text(size);
    EXPECT_EQ(*DecodeAll(ContentCoding::kGzip, Deflate(text, kGzip)), text) << size;
    EXPECT_EQ(*DecodeAll(ContentCoding::kDeflate, Deflate(text, kZlib)), text) << size;
    EXPECT_EQ(*DecodeAll(ContentCoding::kDeflate, Deflate(text, kBare)), text) << size;
  }
  EXPECT_EQ(*DecodeAll(ContentCoding::kGzip, Deflate("one ", kGzip) + Deflate("", kGzip) + Deflate("two", kGzip)),
            "one two");
}

TEST(ContentCodingTest, WhatIsNotWholeIsRefused) {
  const std::string text = Text(200'000);
  for (const auto& [coding, bits] : {std::pair(ContentCoding::kGzip, kGzip), {ContentCoding::kDeflate, kZlib}}) {
    const std::string coded = Deflate(text, bits);
    for (std::size_t size = 0; size < coded.size(); size += 1 + size / 3) {
      const auto cut = DecodeAll(coding, coded.substr(0, size));
      ASSERT_FALSE(cut.ok()) << size;
      EXPECT_EQ(cut.error().code(), ErrorCode::kSerialization);
    }
    std::string flipped = coded;
    flipped[coded.size() / 2] ^= 0x10;
    EXPECT_EQ(DecodeAll(coding, flipped).error().code(), ErrorCode::kSerialization);
    EXPECT_EQ(DecodeAll(coding, coded + "more").error().code(), ErrorCode::kSerialization);
  }
  EXPECT_EQ(MessageOf(DecodeAll(ContentCoding::kGzip, R"({"TableName":"Products"})")),
            "The request body is not valid gzip data: incorrect header check");
  EXPECT_EQ(MessageOf(DecodeAll(ContentCoding::kGzip, "")),
            "The request body is not valid gzip data: it ends too early");
  EXPECT_EQ(MessageOf(DecodeAll(ContentCoding::kDeflate, Deflate("{}", kZlib) + "x")),
            "The request body is not valid deflate data: other bytes follow it");
}

TEST(ContentCodingTest, ABombIsFoundBeforeItIsLarge) {
  const std::string bomb = Deflate(std::string(64 * 1024 * 1024, ' '), kGzip);
  MemoryCharge memory;
  const auto large = DecodeAll(ContentCoding::kGzip, bomb, kMax, &memory);
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().code(), ErrorCode::kRequestTooLarge);
  EXPECT_LE(memory.bytes(), kMax + Inflater::kPieceBytes);
  const std::string whole = Deflate(std::string(kMax, ' '), kGzip);
  EXPECT_EQ(DecodeAll(ContentCoding::kGzip, whole)->size(), kMax);
  EXPECT_EQ(DecodeAll(ContentCoding::kGzip, Deflate(std::string(kMax + 1, ' '), kGzip)).error().code(),
            ErrorCode::kRequestTooLarge);
}

TEST(ContentCodingTest, WhatABodyGrowsToIsChargedAsItGrows) {
  const std::string coded = Deflate(Text(1'000'000), kGzip);
  MemoryBudget small(500'000), enough(4'000'000);
  MemoryCharge refused(&small), charged(&enough);
  EXPECT_EQ(DecodeAll(ContentCoding::kGzip, coded, kMax, &refused).error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_TRUE(DecodeAll(ContentCoding::kGzip, coded, kMax, &charged).ok());
  EXPECT_GE(charged.bytes(), 1'000'000u);
}

TEST(ContentCodingTest, AnswersAreCompressedOnlyWhereThatIsShorter) {
  for (const std::size_t size : {100, 5'000, 65'536, 1'000'000}) {
    const std::string text = Text(size);
    for (const auto coding : {ContentCoding::kGzip, ContentCoding::kDeflate}) {
      const auto coded = RunTask(Encode(coding, text));
      if (!coded) continue;
      EXPECT_LT(coded->size(), text.size());
      EXPECT_EQ(*DecodeAll(coding, *coded), text);
    }
  }
  EXPECT_LT(RunTask(Encode(ContentCoding::kGzip, Text(100'000)))->size(), 60'000u);
  std::string noise(100'000, '\0');
  std::uint64_t state = 1;
  for (char& byte : noise) byte = static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
  EXPECT_EQ(RunTask(Encode(ContentCoding::kGzip, noise)), std::nullopt);
  EXPECT_EQ(RunTask(Encode(ContentCoding::kDeflate, "")), std::nullopt);
}

RC_GTEST_PROP(ContentCodingProperty, EncodedAndDecodedIsTheSame, (const std::string& text, std::uint8_t times)) {
  std::string body;
  for (int i = 0; i < times; ++i) body += text;
  for (const auto coding : {ContentCoding::kGzip, ContentCoding::kDeflate}) {
    const auto coded = RunTask(Encode(coding, body));
    if (coded) RC_ASSERT(*DecodeAll(coding, *coded) == body);
  }
}

}  // namespace
}  // namespace insula::http
