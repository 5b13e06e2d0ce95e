// The value that a request has for a condition key: none, one, or a set.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/clock.h"

namespace insula::policy {

// A view: what it refers to outlives the evaluation that asked for it.
class Fact {
 public:
  enum class Kind : std::uint8_t { kAbsent, kText, kMember, kSet, kFlag, kNumber, kTime };

  Fact() : number_(0) {}  // the request has no such key
  static Fact Text(std::string_view text) {
    Fact fact(Kind::kText);
    fact.text_ = text;
    return fact;
  }
  // A key that is a set by its nature, as dynamodb:LeadingKeys and aws:TagKeys are, even where it has one member.
  // Policies compare it by ForAllValues and ForAnyValue. An empty set is an absent key.
  static Fact Set(std::span<const std::string_view> members) {
    if (members.empty()) return {};
    Fact fact(Kind::kSet);
    fact.set_ = members;
    return fact;
  }
  // A set of one, which needs no array.
  static Fact Member(std::string_view member) {
    Fact fact(Kind::kMember);
    fact.text_ = member;
    return fact;
  }
  static Fact Flag(bool flag) {
    Fact fact(Kind::kFlag);
    fact.number_ = flag ? 1 : 0;
    return fact;
  }
  static Fact Number(std::int64_t number) {
    Fact fact(Kind::kNumber);
    fact.number_ = number;
    return fact;
  }
  static Fact Time(WallTime time) {
    Fact fact(Kind::kTime);
    fact.number_ = time.time_since_epoch().count();
    return fact;
  }
  // Text(text), or absent where it is empty.
  static Fact TextOrAbsent(std::string_view text) { return text.empty() ? Fact() : Text(text); }

  Kind kind() const { return kind_; }
  bool absent() const { return kind_ == Kind::kAbsent; }
  std::string_view text() const { return text_; }  // of kText and kMember
  std::span<const std::string_view> set() const { return set_; }
  std::int64_t number() const { return number_; }  // of a flag: 1 or 0
  WallTime time() const { return WallTime(std::chrono::microseconds(number_)); }

 private:
  explicit Fact(Kind kind) : kind_(kind), number_(0) {}

  Kind kind_ = Kind::kAbsent;
  union {
    std::string_view text_;
    std::span<const std::string_view> set_;
    std::int64_t number_;
  };
};

}  // namespace insula::policy
