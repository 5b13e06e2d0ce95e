// Every response is written with it, so what it writes must read back as what was meant.
#include "wire/json_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "wire/json_reader.h"

namespace insula::wire {
namespace {

template <class F>
std::string Written(F write) {
  std::string out;
  JsonWriter writer(&out);
  write(writer);
  return out;
}

TEST(JsonWriterTest, KeepsCommas) {
  EXPECT_EQ(Written([](JsonWriter& w) {
              w.BeginObject();
              w.StringField("a", "x");
              w.Key("b");
              w.BeginArray();
              w.Integer(-1);
              w.Double(0.5);
              w.BeginObject();
              w.EndObject();
              w.BeginArray();
              w.EndArray();
              w.Null();
              w.EndArray();
              w.BooleanField("c", true);
              w.DoubleField("d", 2);
              w.Key("e");
              w.Raw("{\"f\":1}");
              w.Key("g");
              w.Base64("hi");
              w.EndObject();
            }),
            R"({"a":"x","b":[-1,0.5,{},[],null],"c":true,"d":2.0,"e":{"f":1},"g":"aGk="})");
}

TEST(JsonWriterTest, EscapesWhatMustBe) {
  EXPECT_EQ(Written([](JsonWriter& w) { w.String("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f\xc3\xa9"); }),
            "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xc3\xa9\"");
}

TEST(JsonWriterTest, DoublesAreUnits) {
  EXPECT_EQ(Written([](JsonWriter& w) { w.Double(1700000000.123); }), "1700000000.123");
  EXPECT_EQ(Written([](JsonWriter& w) { w.Double(40); }), "40.0");
  EXPECT_EQ(Written([](JsonWriter& w) { w.Double(0); }), "0.0");
}

TEST(JsonWriterProperty, TextReadsBack) {
  EXPECT_TRUE(rc::check("text of ASCII and escapes, of any length and alignment", [] {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::weightedOneOf<char>({{5, rc::gen::inRange<char>(0, 127)}, {1, rc::gen::element('"', '\\', '\x1f')}}));
    const std::string json = Written([&](JsonWriter& w) { w.String(text); });
    Result<JsonDocument> document = JsonDocument::Parse(json);
    RC_ASSERT(document.ok());
    RC_ASSERT(document->root().string() == text);
  }));
}

}  // namespace
}  // namespace insula::wire
