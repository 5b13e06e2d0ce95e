// What a client may make large (an item of tens of thousands of attributes, a request of as many updates, conditions or
// candidates) is worked off in time that grows as its size does, and with the results of the obvious algorithm. A
// quadratic one would keep each of these tests for minutes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <time.h>

#include <chrono>

#include "expression/legacy.h"
#include "expression/parser_base.h"
#include "expression/testing/expressions.h"
#include "model/item_size.h"
#include "model/testing/generators.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

constexpr int kMany = 50'000;

// Of this thread, so that other processes don't count; generous, as a sanitizer may slow it down.
class CpuTime {
 public:
  std::chrono::milliseconds spent() const { return Now() - began_; }

 private:
  static std::chrono::milliseconds Now() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::milliseconds(now.tv_sec * 1000 + now.tv_nsec / 1'000'000);
  }
  std::chrono::milliseconds began_ = Now();
};
constexpr std::chrono::seconds kLimit{8};

std::string Name(char first, int number) {
  std::string digits = std::to_string(number);
  return first + std::string(6 - digits.size(), '0') + digits;
}

AttributeMap Wide(char first, int count) {
  std::vector<AttributeMap::Entry> entries;
  for (int i = 0; i < count; ++i) entries.emplace_back(Name(first, i), AttributeValue::N(i));
  return AttributeMap::FromUnsorted(std::move(entries));
}

TEST(LargeRequests, ManyAttributeUpdatesOfAWideItem) {
  const AttributeMap item = Wide('m', kMany);
  std::map<std::string, AttributeUpdate> updates;
  for (int i = 0; i < kMany; ++i) updates[Name('a', i)].value = AttributeValue::N(i);  // before all there are
  for (int i = 0; i < kMany; i += 2) updates[Name('m', i)].action = AttributeAction::kDelete;
  const CpuTime time;
  const auto update = FromAttributeUpdates(updates);
  const auto outcome = update->Apply(item);
  EXPECT_LT(time.spent(), kLimit);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message();
  EXPECT_EQ(outcome->item.size(), kMany + kMany / 2u);
  EXPECT_EQ(*outcome->item.Find(Name('a', 7)), AttributeValue::N(7));
  EXPECT_EQ(outcome->item.Find(Name('m', 8)), nullptr);
  EXPECT_EQ(*outcome->item.Find(Name('m', 9)), AttributeValue::N(9));
  EXPECT_EQ(outcome->updated_new.size(), static_cast<std::size_t>(kMany));
}

TEST(LargeRequests, ManyConditionsOnAWideItem) {
  std::map<std::string, LegacyCondition> filter;
  for (int i = 0; i < kMany; ++i) filter[Name('m', i)] = {ComparisonOperator::kEq, {AttributeValue::N(i)}};
  const auto condition = FromFilter(filter, ConditionalOperator::kAnd);
  const EncodedItem item = EncodedItem::From(Wide('m', kMany));
  const CpuTime time;
  EXPECT_TRUE(condition->Evaluate(item));
  EXPECT_FALSE(condition->Evaluate(EncodedItem::From(Wide('m', kMany - 1))));
  EXPECT_LT(time.spent(), kLimit);
}

TEST(LargeRequests, ManyCandidatesForManyItems) {
  LegacyCondition in{ComparisonOperator::kIn, {}};
  for (int i = 0; i < kMany; ++i) in.attribute_value_list.push_back(AttributeValue::N(2 * i));
  const auto condition = FromFilter({{"n", in}}, ConditionalOperator::kAnd);
  const CpuTime time;
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_EQ(condition->Evaluate(EncodedItem::From({{"n", AttributeValue::N(i)}})), i % 2 == 0);
  }
  EXPECT_FALSE(condition->Evaluate(EncodedItem::From({{"n", S("2")}})));
  EXPECT_FALSE(condition->Evaluate(EncodedItem::From({{"m", N("2")}})));
  EXPECT_LT(time.spent(), kLimit);
}

TEST(LargeRequests, ManyAttributesOfAWideItem) {
  std::vector<std::string> names;
  for (int i = kMany - 1; i >= 0; i -= 2) names.push_back(Name('m', i));
  const EncodedItem item = EncodedItem::From(Wide('m', kMany));
  const CpuTime time;
  EXPECT_EQ(item.Decode(names).size(), names.size());
  EXPECT_EQ(ProjectionList::OfNames(names).Apply(item).Decode().size(), names.size());
  EXPECT_LT(time.spent(), kLimit);
}

TEST(LargeRequests, ManyElementsOutOfALongList) {
  AttributeList list;
  for (int i = 0; i < kMany; ++i) list.push_back(AttributeValue::N(i));
  std::string text = "REMOVE ";
  AttributeList left = list;
  for (int i = 400; i >= 0; i -= 2) {
    if (i < 400) text += ",";
    text += "l[" + std::to_string(i) + "]";
    left.erase(left.begin() + i);
  }
  text += " SET l[60001] = :a, l[60000] = :b";
  left.push_back(S("b"));
  left.push_back(S("a"));
  const auto update = ParseUpdateText(text, {}, {{":a", S("a")}, {":b", S("b")}});
  ASSERT_TRUE(update.ok()) << MessageOf(update);
  EXPECT_EQ(update->Apply({{"l", L(list)}})->item, (AttributeMap{{"l", L(left)}}));
}

// A text of four kilobytes asks for a hundred megabytes: it is told that an item has no room for them, as it would be
// once they were there.
TEST(LargeRequests, ListsThatNoItemHasRoomFor) {
  AttributeList list;
  for (int i = 0; i < 40'000; ++i) list.push_back(N("1"));
  const AttributeMap item = {{"b", L(list)}};
  std::string joined = "SET a0=list_append(b,b)";
  for (int i = 1; i < 150; ++i) joined += ",a" + std::to_string(i) + "=list_append(b,b)";
  std::string wide = "SET a0=b";
  for (int i = 1; i < 300; ++i) wide += ",a" + std::to_string(i) + "=b";
  for (const std::string& text : {joined, wide}) {
    const auto update = ParseUpdateText(text);
    ASSERT_TRUE(update.ok()) << MessageOf(update);
    const CpuTime time;
    EXPECT_EQ(MessageOf(update->Apply(item)), kUpdatedItemTooLarge);
    EXPECT_LT(time.spent(), kLimit);
  }
  // What is wrong beside that comes first, as ever.
  const auto wrong = ParseUpdateText(joined + ", c.d=b");
  EXPECT_EQ(MessageOf(wrong->Apply(item)), "The document path provided in the update expression is invalid for update");
}

RC_GTEST_PROP(LargeRequests, ManySetsAndErasesAreThoseOfOneByOne, (AttributeMap map, AttributeMap more)) {
  std::vector<std::string_view> gone;
  for (const auto& [name, value] : map) {
    if (name.size() % 2 == 0) gone.push_back(name);
  }
  for (const auto& [name, value] : more) gone.push_back(name);
  std::sort(gone.begin(), gone.end());
  gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
  AttributeMap erased = map;
  AttributeMap set = map;
  for (const std::string_view name : gone) erased.Erase(name);
  for (const auto& [name, value] : more) set.Set(name, value);
  AttributeMap all_set = map;
  all_set.SetAll({more.begin(), more.end()});
  RC_ASSERT(all_set == set);
  const std::vector<std::string> names(gone.begin(), gone.end());
  AttributeMap all_erased = map;
  all_erased.EraseAll({names.begin(), names.end()});
  RC_ASSERT(all_erased == erased);
}

RC_GTEST_PROP(LargeRequests, TheOrderOfValuesKnowsEqualOnes, (AttributeValue a, AttributeValue b, AttributeValue c)) {
  const auto equal = [](const AttributeValue& x, const AttributeValue& y) { return CompareValues(x, y) == 0; };
  const auto less = [](const AttributeValue& x, const AttributeValue& y) { return CompareValues(x, y) < 0; };
  RC_ASSERT(equal(a, b) == (a == b));
  RC_ASSERT(equal(a, a));
  RC_ASSERT(!less(a, b) || !less(b, a));
  RC_ASSERT(equal(a, b) || less(a, b) || less(b, a));
  RC_ASSERT(!less(a, b) || !less(b, c) || less(a, c));
}

// The first path that overlaps with an earlier one, else the first that conflicts with one, and which.
std::optional<std::string> FirstRelated(const std::vector<const DocumentPath*>& paths) {
  std::optional<std::string> conflict;
  for (std::size_t j = 0; j < paths.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const DocumentPath& a = *paths[i];
      const DocumentPath& b = *paths[j];
      std::size_t same = 0;
      while (same < a.size() && same < b.size() && a[same] == b[same]) ++same;
      const std::string ends = "path one: " + ToString(a) + ", path two: " + ToString(b);
      if (same == a.size() || same == b.size()) return "overlap " + ends;
      if (a[same].is_index() != b[same].is_index() && !conflict) conflict = "conflict " + ends;
    }
  }
  return conflict;
}

RC_GTEST_PROP(LargeRequests, RelatedPathsAreThoseThatAllPairsShow, ()) {
  std::vector<DocumentPath> paths;
  for (int n = *rc::gen::inRange(1, 8); n > 0; --n) {
    DocumentPath path{std::string(1, static_cast<char>(*rc::gen::inRange('a', 'd')))};
    for (int depth = *rc::gen::inRange(0, 4); depth > 0; --depth) {
      const int step = *rc::gen::inRange(0, 6);
      if (step < 3) {
        path.emplace_back(std::string(1, static_cast<char>('x' + step)));
      } else {
        path.emplace_back(static_cast<std::uint32_t>(step));
      }
    }
    paths.push_back(std::move(path));
  }
  std::vector<const DocumentPath*> pointers;
  for (const DocumentPath& path : paths) pointers.push_back(&path);
  std::optional<std::string> found = CheckPathsDisjoint(pointers);
  if (found) {
    const bool overlap = found->find("overlap") != std::string::npos;
    found = (overlap ? "overlap " : "conflict ") + found->substr(found->find("path one: "));
  }
  RC_ASSERT(found == FirstRelated(pointers));
}

}  // namespace
}  // namespace insula::expression
