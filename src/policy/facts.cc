#include "policy/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace insula::policy {

Fact Facts::Find(const ConditionKey& key) const {
  const Fact fact = Known(key);
  if (fact.absent() && missing_ != nullptr) NoteMissing(key);
  return fact;
}

Fact Facts::Known(const ConditionKey& key) const {
  if (request_.facts.asked_first()) {
    const Fact fact = request_.facts.Find(key.name, key.detail);
    if (!fact.absent()) return fact;
  }
  if (key.name <= KeyName::kUsername) return principal_.Find(key.name, key.detail);
  switch (key.name) {
    case KeyName::kCurrentTime:
      return Fact::Time(request_.now);
    case KeyName::kEpochTime:
      return Fact::Number(std::chrono::floor<std::chrono::seconds>(request_.now).time_since_epoch().count());
    case KeyName::kResourceAccount:
      return Fact::TextOrAbsent(request_.resource_account);
    default:
      return request_.facts.Find(key.name, key.detail);
  }
}

void Facts::NoteMissing(const ConditionKey& key) const {
  std::string text = key.Text();
  if (std::find(missing_->begin(), missing_->end(), text) == missing_->end()) missing_->push_back(std::move(text));
}

std::string_view TextOf(const Fact& fact, FactText* text) {
  char* const begin = text->characters;
  char* end = begin;
  switch (fact.kind()) {
    case Fact::Kind::kFlag:
      return fact.number() != 0 ? "true" : "false";
    case Fact::Kind::kNumber:
      end = fmt::format_to(begin, "{}", fact.number());
      break;
    case Fact::Kind::kTime: {
      const auto second = std::chrono::floor<std::chrono::seconds>(fact.time());
      const auto day = std::chrono::floor<std::chrono::days>(second);
      const std::chrono::year_month_day date(day);
      const std::chrono::hh_mm_ss time(second - day);
      end = fmt::format_to(begin, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                           time.minutes().count(), time.seconds().count());
      break;
    }
    default:
      return fact.text();
  }
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace insula::policy
