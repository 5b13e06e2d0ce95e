// A header may hold any byte from 0x80 on; a log of JSON lines may not.
#include "base/printable.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace insula {
namespace {

TEST(PrintableTest, OnlyWhatIsNoUtf8IsEscaped) {
  EXPECT_EQ(Printable(""), "");
  EXPECT_EQ(Printable("plain \"text\"\n"), "plain \"text\"\n");
  EXPECT_EQ(Printable("é €"), "é €");
  EXPECT_EQ(Printable("\xff"), "\\xff");
  EXPECT_EQ(Printable("a\x80\xc3z"), "a\\x80\\xc3z");
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(PrintableTest, WhateverComesInGoesOutAsUtf8) {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes.push_back(static_cast<char>(i * 37 + i / 256));
  EXPECT_TRUE(IsUtf8(Printable(bytes)));
}

}  // namespace
}  // namespace insula
