// What is printed parses to the same tree. Trees are built from random bytes, so that failures shrink to short ones.
#include "expression/print.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

// Turns bytes into trees; zeros, and the end of the bytes, give the simplest ones.
class TreeBuilder {
 public:
  explicit TreeBuilder(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  ConditionNode Condition(int depth) {
    ConditionNode out;
    switch (Next() % (depth > 0 ? 10 : 7)) {
      case 0:
        out.node = ComparisonNode{static_cast<Comparator>(Next() % 6), PathOperand(), ValueOperand()};
        break;
      case 1:
        out.node = ExistsNode{Path(), Next() % 2 == 1};
        break;
      case 2:
        out.node = BetweenNode{AnyOperand(), N("1"), N("2")};
        break;
      case 3: {
        InNode in;
        in.value = PathOperand();
        for (int i = Next() % 3; i >= 0; --i) in.candidates.push_back(ValueOperand());
        out.node = std::move(in);
        break;
      }
      case 4:
        out.node = TypeNode{PathOperand(), static_cast<AttributeType>(Next() % 10)};
        break;
      case 5:
        out.node = BeginsWithNode{Path(), Value(S("he"))};
        break;
      case 6:
        out.node = ContainsNode{PathOperand(), ValueOperand()};
        break;
      case 7: {
        AndNode node;
        for (int i = Next() % 2 + 1; i >= 0; --i) node.terms.push_back(Condition(depth - 1));
        out.node = std::move(node);
        break;
      }
      case 8: {
        OrNode node;
        for (int i = Next() % 2 + 1; i >= 0; --i) node.terms.push_back(Condition(depth - 1));
        out.node = std::move(node);
        break;
      }
      default:
        out.node = NotNode{std::make_unique<ConditionNode>(Condition(depth - 1))};
        break;
    }
    return out;
  }

  UpdateNode Update() {
    UpdateNode out;
    const int actions = Next() % 4 + 1;
    for (int i = 0; i < actions; ++i) {
      // Different first names keep the paths apart.
      DocumentPath path = Path();
      path.front() = PathElement("t" + std::to_string(i));
      switch (Next() % 4) {
        case 0:
          out.actions.emplace_back(SetAction{std::move(path), Assigned(2)});
          break;
        case 1:
          out.actions.emplace_back(RemoveAction{std::move(path)});
          break;
        case 2:
          out.actions.emplace_back(AddAction{std::move(path), Constant::Of(testing::N("1"))});
          break;
        default:
          out.actions.emplace_back(DeleteAction{std::move(path), Constant::Of(SS({"x"}))});
          break;
      }
    }
    return out;
  }

  AttributeMap Item() {
    AttributeMap item;
    for (const char* name : kNames) {
      if (Next() % 3 != 0) item.Set(name, ItemValue(2));
    }
    return item;
  }

 private:
  static constexpr const char* kNames[] = {"a", "b", "name", "with space", "insula:x", ""};

  static Operand Value(AttributeValue value) { return Constant::Of(std::move(value)); }
  static Operand N(const char* text) { return Value(testing::N(text)); }

  int Next() { return position_ < bytes_.size() ? bytes_[position_++] : 0; }

  DocumentPath Path() {
    DocumentPath path{PathElement(kNames[Next() % 5])};
    for (int i = Next() % 3; i > 0; --i) {
      if (Next() % 2 == 0) {
        path.emplace_back(kNames[Next() % 5]);
      } else {
        path.emplace_back(static_cast<std::uint32_t>(Next() % 3));
      }
    }
    return path;
  }
  Operand PathOperand() {
    if (Next() % 4 == 3) return SizeOf{Path()};
    return Path();
  }
  Operand ValueOperand() {
    switch (Next() % 4) {
      case 0:
        return N("5");
      case 1:
        return Value(S("hello"));
      case 2:
        return SizeOf{Constant::Of(S("four"))};
      default:
        return Value(B("bytes"));
    }
  }
  Operand AnyOperand() { return Next() % 2 == 0 ? PathOperand() : ValueOperand(); }

  // A number or a list, by `kind`, or anything.
  SetValue Assigned(int depth) {
    const int kind = Next() % (depth > 0 ? 5 : 2);
    if (kind == 0) return Path();
    if (kind == 1) return Constant::Of(testing::N("7"));
    if (kind == 2 && depth == 2) {  // sums don't nest
      return std::make_unique<ArithmeticNode>(ArithmeticNode{Next() % 2 == 1, NumberOperand(), NumberOperand()});
    }
    if (kind == 3 && depth == 2) {  // a list_append is no operand
      return std::make_unique<ListAppendNode>(ListAppendNode{Path(), Constant::Of(L({S("x")}))});
    }
    return std::make_unique<IfNotExistsNode>(IfNotExistsNode{Path(), Assigned(std::min(depth - 1, 1))});
  }
  SetValue NumberOperand() {
    if (Next() % 2 == 0) return Constant::Of(testing::N("2"));
    return std::make_unique<IfNotExistsNode>(IfNotExistsNode{Path(), Constant::Of(testing::N("3"))});
  }

  AttributeValue ItemValue(int depth) {
    switch (Next() % (depth > 0 ? 6 : 4)) {
      case 0:
        return testing::N("5");
      case 1:
        return S("hello");
      case 2:
        return SS({"hello", "x"});
      case 3:
        return B("bytes");
      case 4: {
        AttributeList list;
        for (int i = Next() % 4; i > 0; --i) list.push_back(ItemValue(depth - 1));
        return L(std::move(list));
      }
      default: {
        AttributeMap map;
        for (int i = Next() % 4; i > 0; --i) map.Set(kNames[i], ItemValue(depth - 1));
        return M(std::move(map));
      }
    }
  }

  const std::vector<std::uint8_t>& bytes_;
  std::size_t position_ = 0;
};

// Prints, parses and prints again: the same text and placeholders mean the same tree.
TEST(Print, ConditionsRoundTrip) {
  EXPECT_TRUE(rc::check("print, parse, print", [](const std::vector<std::uint8_t>& bytes) {
    TreeBuilder builder(bytes);
    const Condition original(builder.Condition(4));
    Printer printer;
    const std::string text = printer.Print(original.root());
    const AttributeNames names = printer.TakeNames();
    const AttributeValues values = printer.TakeValues();
    Placeholders placeholders(names, values);
    auto parsed = Condition::Parse(text, placeholders, "FilterExpression");
    RC_ASSERT(parsed.ok());
    RC_ASSERT(placeholders.CheckAllUsed().ok());
    Printer again;
    RC_ASSERT(again.Print(parsed->root()) == text);
    RC_ASSERT(again.TakeNames() == names);
    RC_ASSERT(again.TakeValues() == values);
    const AttributeMap item = builder.Item();
    RC_ASSERT(parsed->Evaluate(item) == original.Evaluate(item));
    RC_ASSERT(parsed->attributes() == original.attributes());
    RC_ASSERT(parsed->Evaluate(EncodedItem::From(item)) == original.Evaluate(item));
  }));
}

TEST(Print, UpdatesRoundTrip) {
  EXPECT_TRUE(rc::check("print, parse, print", [](const std::vector<std::uint8_t>& bytes) {
    TreeBuilder builder(bytes);
    const Update original(builder.Update());
    Printer printer;
    const std::string text = printer.Print(original.root());
    const AttributeNames names = printer.TakeNames();
    const AttributeValues values = printer.TakeValues();
    Placeholders placeholders(names, values);
    auto parsed = Update::Parse(text, placeholders);
    RC_ASSERT(parsed.ok());
    Printer again;
    RC_ASSERT(again.Print(parsed->root()) == text);
    RC_ASSERT(again.TakeValues() == values);
    const AttributeMap item = builder.Item();
    const auto one = original.Apply(item);
    const auto other = parsed->Apply(item);
    RC_ASSERT(one.ok() == other.ok());
    if (one.ok()) RC_ASSERT(one->item == other->item);
  }));
}

TEST(Print, Texts) {
  Printer printer;
  const auto condition = ParseFilter(
      "a = :v AND (b = :v OR NOT (c < :v AND d IN (:v, e))) AND f.g[1] BETWEEN :v AND :v", {}, {{":v", S("x")}});
  ASSERT_TRUE(condition.ok()) << MessageOf(condition);
  EXPECT_EQ(printer.Print(condition->root()),
            "#n0 = :v0 AND (#n1 = :v1 OR NOT (#n2 < :v2 AND #n3 IN (:v3, #n4))) AND #n5.#n6[1] BETWEEN :v4 AND :v5");
  const auto update = ParseUpdateText("ADD b :n REMOVE a SET c = list_append(if_not_exists(a, :l), :l), d = e - :n", {},
                                      {{":n", N("1")}, {":l", L({})}});
  ASSERT_TRUE(update.ok()) << MessageOf(update);
  EXPECT_EQ(printer.Print(update->root()),
            "SET #n2 = list_append(if_not_exists(#n0, :v6), :v7), #n3 = #n4 - :v8 REMOVE #n0 ADD #n1 :v9");
  EXPECT_EQ(printer.Print(ParseProjection("b[0].c, a")->paths()), "#n0, #n1[0].#n2");
  const AttributeNames names = printer.TakeNames();
  EXPECT_EQ(names.size(), 7U);
  EXPECT_EQ(names.at("#n6"), "g");
}

TEST(Print, KeyConditions) {
  const KeySchema schema = {{{"h", AttributeType::kS}}, {{"r", AttributeType::kS}, {"s", AttributeType::kS}}};
  const AttributeValues values = {{":a", S("a")}, {":b", S("b")}};
  for (const auto& [text, printed] : std::vector<std::pair<std::string, std::string>>{
           {"h = :a", "#n0 = :v0"},
           {"h = :a AND :b > r", "#n0 = :v0 AND #n1 < :v1"},
           {"h = :a AND r <= :b", "#n0 = :v0 AND #n1 <= :v1"},
           {"h = :a AND r > :b", "#n0 = :v0 AND #n1 > :v1"},
           {"h = :a AND r >= :b", "#n0 = :v0 AND #n1 >= :v1"},
           {"h = :a AND r = :a AND s BETWEEN :a AND :b", "#n0 = :v0 AND #n1 = :v1 AND #n2 BETWEEN :v2 AND :v3"},
           {"h = :a AND begins_with(r, :b)", "#n0 = :v0 AND begins_with(#n1, :v1)"},
           {"h = :a AND r = :b", "#n0 = :v0 AND #n1 = :v1"},
       }) {
    const auto condition = ParseKeyCondition(text, values)->Resolve(schema);
    ASSERT_TRUE(condition.ok()) << text << MessageOf(condition);
    EXPECT_EQ(Printer().Print(*condition, schema), printed);
  }
}

}  // namespace
}  // namespace insula::expression
