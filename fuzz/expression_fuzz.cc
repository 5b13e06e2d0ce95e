// Expressions: no text makes the parsers misbehave, and what they accept means the same when it is written out and
// read again. The first byte says which kind of expression the rest is.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "expression/expression.h"
#include "expression/print.h"

using namespace insula;
using namespace insula::expression;

namespace {

constexpr std::size_t kTextSizeMax = 4096;

AttributeValue S(const char* text) { return AttributeValue::S(text); }

const AttributeNames& Names() {
  static const AttributeNames names = {{"#a", "a"}, {"#b", "b.c"}, {"#n", "name"}, {"#0", ""}};
  return names;
}

const AttributeValues& Values() {
  static const AttributeValues values = {
      {":s", S("he")},
      {":t", S("SS")},
      {":n", AttributeValue::N(5)},
      {":m", AttributeValue::N(7)},
      {":b", AttributeValue::B("\x01")},
      {":f", AttributeValue::Bool(false)},
      {":z", AttributeValue::NullValue()},
      {":l", AttributeValue::L({S("x"), AttributeValue::N(5)})},
      {":o", AttributeValue::M({{"k", S("v")}})},
      {":x", AttributeValue(AttributeValue::Variant(StringSet{{"he", "x"}}))},
      {":y", AttributeValue(AttributeValue::Variant(NumberSet{{Number(5)}}))},
  };
  return values;
}

const AttributeMap& Item() {
  static const AttributeMap item = {
      {"a", AttributeValue::N(5)},
      {"b", S("hello")},
      {"b.c", AttributeValue(AttributeValue::Variant(StringSet{{"he", "she"}}))},
      {"c",
       AttributeValue::L({S("he"), AttributeValue::L({AttributeValue::N(1)}), AttributeValue::M({{"a", S("x")}})})},
      {"d", AttributeValue::M({{"a", AttributeValue::N(1)}, {"b", AttributeValue::M({{"c", S("deep")}})}})},
      {"name", AttributeValue::Bool(true)},
  };
  return item;
}

void CheckCondition(std::string_view text) {
  Placeholders placeholders(Names(), Values());
  const auto condition = Condition::Parse(text, placeholders, "FilterExpression");
  if (!condition.ok()) return;
  Printer printer;
  const std::string printed = printer.Print(condition->root());
  if (printed.size() > kTextSizeMax) return;
  Placeholders again(printer.TakeNames(), printer.TakeValues());
  const auto reparsed = Condition::Parse(printed, again, "FilterExpression");
  INSULA_CHECK(reparsed.ok());
  INSULA_CHECK(again.CheckAllUsed().ok());
  INSULA_CHECK(Printer().Print(reparsed->root()) == printed);
  INSULA_CHECK(reparsed->attributes() == condition->attributes());
  INSULA_CHECK(reparsed->nested_attributes() == condition->nested_attributes());
  for (const AttributeMap& item : {Item(), AttributeMap()}) {
    INSULA_CHECK(reparsed->Evaluate(item) == condition->Evaluate(item));
    INSULA_CHECK(reparsed->Evaluate(EncodedItem::From(item)) == condition->Evaluate(item));
    // Only the attributes it names matter.
    AttributeMap named;
    for (const std::string& name : condition->attributes()) {
      if (const AttributeValue* value = item.Find(name)) named.Set(name, *value);
    }
    INSULA_CHECK(condition->Evaluate(named) == condition->Evaluate(item));
  }
}

void CheckUpdate(std::string_view text) {
  Placeholders placeholders(Names(), Values());
  const auto update = Update::Parse(text, placeholders);
  if (!update.ok()) return;
  Printer printer;
  const std::string printed = printer.Print(update->root());
  if (printed.size() > kTextSizeMax) return;
  Placeholders again(printer.TakeNames(), printer.TakeValues());
  const auto reparsed = Update::Parse(printed, again);
  INSULA_CHECK(reparsed.ok());
  INSULA_CHECK(Printer().Print(reparsed->root()) == printed);
  const auto one = update->Apply(Item());
  const auto other = reparsed->Apply(Item());
  INSULA_CHECK(one.ok() == other.ok());
  if (!one.ok()) return;
  INSULA_CHECK(one->item == other->item);
  INSULA_CHECK(one->updated_old == other->updated_old);
  INSULA_CHECK(one->updated_new == other->updated_new);
  // Nothing else than what it names changes.
  for (const auto& [name, value] : Item()) {
    const auto& written = update->attributes();
    if (std::find(written.begin(), written.end(), name) != written.end()) continue;
    const AttributeValue* after = one->item.Find(name);
    INSULA_CHECK(after != nullptr && *after == value);
  }
}

void CheckProjection(std::string_view text) {
  Placeholders placeholders(Names(), {});
  const auto projection = ProjectionList::Parse(text, placeholders);
  if (!projection.ok()) return;
  const AttributeMap kept = projection->Apply(Item());
  INSULA_CHECK(projection->Apply(EncodedItem::From(Item())).Decode() == kept);
  for (const auto& path : projection->paths()) {
    // Elements of lists move up, so only paths without one are where they were.
    bool plain = true;
    for (const auto& element : path) plain = plain && !element.is_index();
    if (!plain) continue;
    const AttributeValue* before = FindValue(Item(), path);
    const AttributeValue* after = FindValue(kept, path);
    INSULA_CHECK((before == nullptr) == (after == nullptr));
    if (before != nullptr) INSULA_CHECK(*before == *after);
  }
  Printer printer;
  const std::string printed = printer.Print(projection->paths());
  if (printed.size() > kTextSizeMax) return;
  Placeholders again(printer.TakeNames(), {});
  const auto reparsed = ProjectionList::Parse(printed, again);
  INSULA_CHECK(reparsed.ok());
  INSULA_CHECK(reparsed->paths() == projection->paths());
}

void CheckKeyCondition(std::string_view text) {
  static const KeySchema schema = {{{"a", AttributeType::kN}}, {{"b", AttributeType::kS}, {"name", AttributeType::kS}}};
  Placeholders placeholders(Names(), Values());
  const auto parsed = KeyConditionExpression::Parse(text, placeholders);
  if (!parsed.ok()) return;
  const auto resolved = parsed->Resolve(schema);
  if (!parsed->Validate().ok()) INSULA_CHECK(!resolved.ok());
  if (!resolved.ok()) return;
  Printer printer;
  const std::string printed = printer.Print(*resolved, schema);
  Placeholders again(printer.TakeNames(), printer.TakeValues());
  const auto reparsed = KeyConditionExpression::Parse(printed, again);
  INSULA_CHECK(reparsed.ok());
  const auto other = reparsed->Resolve(schema);
  INSULA_CHECK(other.ok());
  INSULA_CHECK(other->hash == resolved->hash && other->range_prefix == resolved->range_prefix);
  INSULA_CHECK(other->op == resolved->op && other->low == resolved->low && other->high == resolved->high);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      CheckCondition(text);
      break;
    case 1:
      CheckUpdate(text);
      break;
    case 2:
      CheckProjection(text);
      break;
    default:
      CheckKeyCondition(text);
      break;
  }
  return 0;
}
