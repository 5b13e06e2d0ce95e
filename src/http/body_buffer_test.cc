// A client that announces much and sends little must cost little.
#include "http/body_buffer.h"

#include <gtest/gtest.h>

#include <string>

#include "base/byte_units.h"

namespace insula::http {
namespace {

TEST(BodyBufferTest, OnlyWhatArrivesIsCharged) {
  MemoryBudget budget(64 * kMiB);
  MemoryCharge memory(&budget);
  BodyBuffer body;
  body.Begin(16 * kMiB, &memory);
  EXPECT_EQ(memory.bytes(), 0u);
  ASSERT_TRUE(body.Append("x"));
  EXPECT_LE(memory.bytes(), 64u * 1024);
  ASSERT_TRUE(body.Append(std::string(kMiB, 'y')));
  EXPECT_LE(memory.bytes(), kMiB + 128u * 1024);
}

TEST(BodyBufferTest, BytesStayAsTheyCameWhileTheyMove) {
  MemoryCharge unbounded;
  BodyBuffer body;
  std::string sent;
  body.Begin(3 * kMiB, &unbounded);
  for (int i = 0; sent.size() < 3 * kMiB; ++i) {
    const std::string piece(std::min<std::size_t>(9973, 3 * kMiB - sent.size()), static_cast<char>('a' + i % 26));
    ASSERT_TRUE(body.Append(piece));
    sent += piece;
  }
  EXPECT_EQ(body.view(), sent);
  EXPECT_TRUE(body.Room().empty());
  body.Begin(10, &unbounded);
  EXPECT_EQ(body.view(), "");
  EXPECT_EQ(body.Room().size(), 10u);
}

TEST(BodyBufferTest, NoRoomIsSaid) {
  MemoryBudget budget(kMiB);
  MemoryCharge memory(&budget);
  BodyBuffer body;
  body.Begin(16 * kMiB, &memory);
  EXPECT_FALSE(body.Append(std::string(2 * kMiB, 'x')));
  EXPECT_LE(memory.bytes(), kMiB);
}

}  // namespace
}  // namespace insula::http
