// The estimate must never be below what a request comes to, and not far above it for what people send.
#include "wire/request_memory.h"

#include <gtest/gtest.h>

#include <string>

#include "model/attribute_value.h"

namespace insula::wire {
namespace {

std::string List(std::string_view element, int count) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text.append(element).push_back(',');
  text.back() = ']';
  return text;
}

TEST(RequestMemoryTest, CoversWhatAParserAndValuesTakeAtMost) {
  // Bytes beside the text for each element: what simdjson's tape and index hold, and an AttributeValue in a vector that
  // has just doubled.
  const std::size_t value = 2 * sizeof(AttributeValue);
  const struct {
    std::string_view element;
    std::size_t parsed, values;
  } cases[] = {
      {R"({"N":"1"})", 6 * 4 + 4 * 8 + 12, value},
      {"{}", 3 * 4 + 2 * 8, value},
      {"1", 2 * 4 + 2 * 8, 0},  // no attribute value
      {R"({"M":{"a":{"NULL":true}}})", 13 * 4 + 10 * 8 + 30, 2 * value + 2 * sizeof(std::string)},
  };
  for (const auto& [element, parsed, values] : cases) {
    constexpr int kCount = 10'000;
    EXPECT_GE(RequestMemoryOf(List(element, kCount)), kCount * (parsed + values)) << element;
  }
}

TEST(RequestMemoryTest, LongStringsCostLittleMoreThanThemselves) {
  const std::string text = R"({"Item":{"pk":{"S":")" + std::string(1'000'000, 'x') + R"("}}})";
  EXPECT_GE(RequestMemoryOf(text), 3'000'000u);
  EXPECT_LE(RequestMemoryOf(text), 5'000'000u);
  EXPECT_EQ(RequestMemoryOf(""), 0u);
}

TEST(RequestMemoryTest, CountsTheSameWhereverAPieceBegins) {
  const std::string text = List(R"({"S":"x"})", 1000);
  for (std::size_t cut = 0; cut < 600; cut += 7) {
    EXPECT_EQ(RequestMemoryOf(text.substr(0, cut)) + RequestMemoryOf(text.substr(cut)), RequestMemoryOf(text));
  }
}

}  // namespace
}  // namespace insula::wire
