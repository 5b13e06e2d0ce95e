#include "tests/stress/expressions.h"

#include <algorithm>

#include <fmt/format.h>

namespace insula::stress {
namespace {

constexpr const char* kTexts[] = {"s", "x", "p"};
constexpr const char* kOthers[] = {"g", "h", "n", "s", "x", "p", "u", "b", "e"};

std::string RandomText(Random* random, int bytes_max) {
  static constexpr const char* kSpecial[] = {"", "é", "\"quoted\"", "back\\slash", "\n", "日本", "a"};
  std::string text = kSpecial[random->Below(7)];
  const int size = random->Below(bytes_max + 1);
  // Hardly to be compressed, so that files fill.
  while (static_cast<int>(text.size()) < size) text += fmt::format("{:x}", random->Next());
  return text;
}

// What size() gives of a text in UTF-8.
std::int64_t CharactersOf(const std::string& text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

std::string Placeholders::Name(const Value& value) {
  values_.push_back(value);
  return fmt::format(":v{}", values_.size());
}

std::string Placeholders::Member() const {
  std::string out;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    out += fmt::format("{}\":v{}\":{}", i == 0 ? "" : ",", i + 1, JsonOf(values_[i]));
  }
  return out.empty() ? "" : ",\"ExpressionAttributeValues\":{" + out + "}";
}

Value RandomValueOf(const std::string& attribute, Random* random, int bytes_max) {
  if (attribute == "g") return Value::Text(fmt::format("g{}", random->Below(4)));
  if (attribute == "h") return Value::Number(random->Below(4));
  if (attribute == "n") return Value::Number(random->Below(40) - 10);
  if (attribute == "b") return Value::Boolean(random->OneIn(2));
  if (attribute == "u") {
    std::set<std::string> set;
    for (int i = random->Below(4); i >= 0; --i) set.insert(fmt::format("m{}", random->Below(8)));
    return Value::Set(std::move(set));
  }
  if (attribute == "p") return Value::Text(RandomText(random, bytes_max));
  return Value::Text(RandomText(random, 24));
}

Condition Condition::Make(Random* random) {
  Condition condition;
  condition.negated = random->OneIn(4);
  for (int i = random->Below(2); i >= 0; --i) {
    switch (random->Below(8)) {
      case 0:
        condition.terms.push_back({kExists, random->OneIn(2) ? "pk" : kOthers[random->Below(9)], {}});
        break;
      case 1:
        condition.terms.push_back({kMissing, random->OneIn(2) ? "pk" : kOthers[random->Below(9)], {}});
        break;
      case 2:
        condition.terms.push_back({kEqual, "g", RandomValueOf("g", random, 0)});
        break;
      case 3:
        condition.terms.push_back({kLess, "n", RandomValueOf("n", random, 0)});
        break;
      case 4:
        condition.terms.push_back({kAtLeast, "h", RandomValueOf("h", random, 0)});
        break;
      case 5:
        condition.terms.push_back({kBegins, "x", Value::Text(random->OneIn(2) ? "a" : "é")});
        break;
      case 6:
        condition.terms.push_back({kContains, "u", Value::Text(fmt::format("m{}", random->Below(8)))});
        break;
      default:
        condition.terms.push_back({kLonger, kTexts[random->Below(2)], Value::Number(random->Below(20))});
    }
  }
  return condition;
}

std::string Condition::Text(Placeholders* placeholders) const {
  std::string text;
  for (const Term& term : terms) {
    text += text.empty() ? "" : " AND ";
    const auto value = [&] { return placeholders->Name(term.value); };
    switch (term.kind) {
      case kExists:
        text += fmt::format("attribute_exists({})", term.attribute);
        break;
      case kMissing:
        text += fmt::format("attribute_not_exists({})", term.attribute);
        break;
      case kEqual:
        text += fmt::format("{} = {}", term.attribute, value());
        break;
      case kLess:
        text += fmt::format("{} < {}", term.attribute, value());
        break;
      case kAtLeast:
        text += fmt::format("{} >= {}", term.attribute, value());
        break;
      case kBegins:
        text += fmt::format("begins_with({}, {})", term.attribute, value());
        break;
      case kContains:
        text += fmt::format("contains({}, {})", term.attribute, value());
        break;
      case kLonger:
        text += fmt::format("size({}) > {}", term.attribute, value());
    }
  }
  return negated ? "NOT (" + text + ")" : text;
}

bool Condition::Holds(const std::optional<Item>& item) const {
  bool all = true;
  for (const Term& term : terms) {
    const Value* has = nullptr;
    if (item) {
      if (auto found = item->find(term.attribute); found != item->end()) has = &found->second;
    }
    switch (term.kind) {
      case kExists:
        all = all && has;
        break;
      case kMissing:
        all = all && !has;
        break;
      case kEqual:
        all = all && has && *has == term.value;
        break;
      case kLess:
        all = all && has && has->number < term.value.number;
        break;
      case kAtLeast:
        all = all && has && has->number >= term.value.number;
        break;
      case kBegins:
        all = all && has && has->text.starts_with(term.value.text);
        break;
      case kContains:
        all = all && has && has->set.contains(term.value.text);
        break;
      case kLonger:
        all = all && has && CharactersOf(has->text) > term.value.number;
    }
  }
  return all != negated;
}

Update Update::Make(Random* random, int bytes_max) {
  Update update;
  std::set<std::string> taken;
  for (int i = random->Below(4); i >= 0; --i) {
    Term term{kSet, kOthers[random->Below(8)], {}};
    if (!taken.insert(term.attribute).second) continue;
    term.value = RandomValueOf(term.attribute, random, bytes_max);
    if (random->OneIn(5)) {
      term.kind = kRemove;
    } else if (term.attribute == "n") {
      constexpr Kind kKinds[] = {kSet, kPlus, kPlusOrZero, kAddNumber};
      term.kind = kKinds[random->Below(4)];
    } else if (term.attribute == "u") {
      constexpr Kind kKinds[] = {kSet, kAddSet, kDeleteSet};
      term.kind = kKinds[random->Below(3)];
    }
    update.terms.push_back(std::move(term));
  }
  return update;
}

std::string Update::Text(Placeholders* placeholders) const {
  std::map<std::string, std::string> clauses;
  for (const Term& term : terms) {
    const auto add = [&](const std::string& clause, const std::string& text) {
      std::string& of = clauses[clause];
      of += (of.empty() ? clause + " " : ", ") + text;
    };
    const std::string& name = term.attribute;
    if (term.kind == kRemove) {
      add("REMOVE", name);
      continue;
    }
    const std::string value = placeholders->Name(term.value);
    switch (term.kind) {
      case kSet:
        add("SET", fmt::format("{} = {}", name, value));
        break;
      case kPlus:
        add("SET", fmt::format("{0} = {0} + {1}", name, value));
        break;
      case kPlusOrZero:
        add("SET",
            fmt::format("{0} = if_not_exists({0}, {1}) + {2}", name, placeholders->Name(Value::Number(0)), value));
        break;
      case kAddNumber:
      case kAddSet:
        add("ADD", fmt::format("{} {}", name, value));
        break;
      case kDeleteSet:
        add("DELETE", fmt::format("{} {}", name, value));
        break;
      case kRemove:
        break;
    }
  }
  std::string text;
  for (const auto& [clause, of] : clauses) text += (text.empty() ? "" : " ") + of;
  return text;
}

bool Update::IsRefused(const std::optional<Item>& item) const {
  return std::ranges::any_of(
      terms, [&](const Term& term) { return term.kind == kPlus && !(item && item->contains(term.attribute)); });
}

std::optional<Item> Update::Of(const std::optional<Item>& item, const Item& key) const {
  const bool only_removes =
      std::ranges::all_of(terms, [](const Term& term) { return term.kind == kRemove || term.kind == kDeleteSet; });
  if (!item && only_removes) return item;
  Item after = item.value_or(key);
  for (const Term& term : terms) {
    const auto has = after.find(term.attribute);
    const bool there = has != after.end();
    switch (term.kind) {
      case kSet:
        after[term.attribute] = term.value;
        break;
      case kPlus:
        has->second.number += term.value.number;
        break;
      case kPlusOrZero:
      case kAddNumber:
        after[term.attribute] = Value::Number((there ? has->second.number : 0) + term.value.number);
        break;
      case kRemove:
        after.erase(term.attribute);
        break;
      case kAddSet: {
        Value& sum = after[term.attribute];
        sum.type = Value::kTextSet;
        sum.set.insert(term.value.set.begin(), term.value.set.end());
        break;
      }
      case kDeleteSet:
        if (!there) break;
        for (const std::string& member : term.value.set) has->second.set.erase(member);
        if (has->second.set.empty()) after.erase(has);
    }
  }
  return after;
}

}  // namespace insula::stress
