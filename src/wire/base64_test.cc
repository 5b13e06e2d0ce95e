// Binary values travel as base64; DynamoDB is strict about it, in words of its own.
#include "wire/base64.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace insula::wire {
namespace {

std::string Encoded(std::string_view bytes) {
  std::string text;
  AppendBase64(bytes, &text);
  return text;
}

TEST(Base64Test, VectorsOfRfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(Encoded(bytes), text);
    EXPECT_TRUE(CheckBase64(text).ok());
    EXPECT_EQ(DecodeBase64(text), bytes);
  }
}

TEST(Base64Test, WhatIsNotCanonical) {
  auto message = [](std::string_view text) {
    Result<void> check = CheckBase64(text);
    if (check.ok()) return std::string("ok");
    EXPECT_EQ(check.error().code(), ErrorCode::kSerialization);
    return check.error().message();
  };
  EXPECT_EQ(message("23456"), "Base64 encoded length is expected a multiple of 4 bytes but found: 5");
  for (const char* text : {"=+/=", "+/+=", "====", "Zg=g", "Zh==", "Zm9=", "ab-_", "Zg==Zg==", "Z m9", "\xc3\xa9zz"}) {
    EXPECT_EQ(message(text), "Invalid last non-pad Base64 character dectected") << text;
  }
}

TEST(Base64Property, RoundTrips) {
  EXPECT_TRUE(rc::check("Decode(Append(bytes)) == bytes", [](const std::string& bytes) {
    RC_ASSERT(CheckBase64(Encoded(bytes)).ok());
    RC_ASSERT(DecodeBase64(Encoded(bytes)) == bytes);
  }));
}

}  // namespace
}  // namespace insula::wire
