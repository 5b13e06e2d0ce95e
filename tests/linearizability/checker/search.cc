#include "search.h"

#include <algorithm>
#include <bit>
#include <random>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace insula::linearizability {
namespace {

using ItemId = std::uint32_t;
constexpr std::size_t kProjectedKeysMax = 8;
constexpr unsigned kVariations = 6;

__extension__ using Hash = unsigned __int128;  // wide enough that two configurations never share one

struct HashOfHash {
  std::size_t operator()(const Hash& hash) const { return static_cast<std::size_t>(hash); }
};

// Whether no item that has a `v` comes back once it was changed: a `v` is written once, and while it stays only
// counters move, and only up.
bool ItemsNeverReturn(const Window& window) {
  std::set<std::int64_t> versions;
  std::set<std::string> counters;
  auto fresh = [&versions](const Attributes& attributes) {
    const auto v = attributes.find("v");
    return v != attributes.end() && versions.insert(v->second).second;
  };
  for (const auto& [key, item] : window.start) {
    if (item && item->contains("v") && !fresh(*item)) return false;
  }
  for (const Operation& operation : window.operations) {
    if (operation.outcome == Outcome::kRefused) continue;
    for (const Action& action : operation.actions) {
      if (!action.writes() || action.verb == Verb::kDelete) continue;
      const bool counts = !action.add.empty() && action.set.empty() && action.removed.empty() &&
                          std::ranges::all_of(action.add, [](const auto& entry) { return entry.second > 0; }) &&
                          !action.add.contains("v");
      if (!counts && (!fresh(action.set) || action.add.contains("v") || std::ranges::count(action.removed, "v") > 0)) {
        return false;
      }
    }
  }
  return true;
}

std::optional<std::int64_t> VersionOf(const Item& item) {
  if (!item) return std::nullopt;
  const auto v = item->find("v");
  return v == item->end() ? std::nullopt : std::optional(v->second);
}

// The `v` that the item must have had for the action to be answered like this, if that can be told.
std::optional<std::int64_t> VersionFound(const Action& action, Outcome outcome) {
  if (action.old_item) return VersionOf(*action.old_item);
  if (action.updated_old && action.updated_old->contains("v")) return VersionOf(*action.updated_old);
  if (action.new_item && action.verb == Verb::kUpdate && !action.set.contains("v")) return VersionOf(*action.new_item);
  if (action.verb == Verb::kRead || !(outcome == Outcome::kDone || action.met == true)) return std::nullopt;
  for (const Condition& condition : action.conditions) {
    if (condition.kind == Condition::Kind::kEquals && condition.attribute == "v") return condition.value;
  }
  return std::nullopt;
}

class Search {
 public:
  // `variation`: another one tries what may come next in another order.
  Search(const Window& window, std::uint64_t configurations_max, unsigned variation = 0)
      : configurations_max_(configurations_max),
        never_return_(ItemsNeverReturn(window)),
        varied_(variation != 0),
        random_(variation) {
    std::map<std::string, std::size_t> keys;
    auto key_of = [&](const std::string& key) {
      const auto [found, added] = keys.try_emplace(key, keys.size());
      if (added) {
        const auto start = window.start.find(key);
        state_.push_back(IdOf(start == window.start.end() ? Item() : start->second));
      }
      return found->second;
    };
    for (const Operation& operation : window.operations) {
      const bool optional = operation.outcome == Outcome::kUnknown;
      if (optional && operation.pure()) continue;  // says nothing
      steps_.push_back({&operation, optional, operation.pure(), {}, RandomHash()});
      for (const Action& action : operation.actions) {
        steps_.back().parts.push_back({&action, key_of(action.key), VersionFound(action, operation.outcome), {}});
      }
      if (!optional) ++required_;
    }
    std::ranges::stable_sort(steps_, {}, [](const Step& step) { return step.operation->start; });
    for (const Step& step : steps_) {
      if (!step.optional) CountSightings(step, 1);
    }
    // A list with its head and tail at the end, in the order of starts.
    const std::size_t count = steps_.size();
    next_.resize(count + 1);
    previous_.resize(count + 1);
    for (std::size_t i = 0; i <= count; ++i) {
      next_[i] = i == count ? 0 : i + 1;
      previous_[i] = i == 0 ? count : i - 1;
    }
    for (std::size_t key = 0; key < state_.size(); ++key) configuration_ ^= StateHash(key, state_[key]);
  }

  SearchResult Run() {
    const bool ordered = Explore();
    const Verdict verdict = ordered ? Verdict::kOrdered : exhausted_ ? Verdict::kUndecided : Verdict::kViolation;
    return {verdict, configurations_};
  }

 private:
  struct Part {
    const Action* action;
    std::size_t key;
    std::optional<std::int64_t> version;                      // the `v` that it says it found
    std::unordered_map<ItemId, std::optional<ItemId>> after;  // what was worked out already
  };
  struct Step {
    const Operation* operation;
    bool optional, pure;
    std::vector<Part> parts;
    Hash hash;
  };
  struct Undo {
    std::size_t step;
    std::int64_t now;
    std::vector<ItemId> items;  // of the step's keys, before
  };

  Hash RandomHash() { return Hash{random_()} << 64 | random_(); }

  ItemId IdOf(const Item& item) {
    const auto [found, added] = ids_.try_emplace(item, static_cast<ItemId>(items_.size()));
    if (added) items_.push_back(item);
    return found->second;
  }

  Hash StateHash(std::size_t key, ItemId item) {
    const auto [found, added] = state_hashes_.try_emplace({key, item});
    if (added) found->second = RandomHash();
    return found->second;
  }

  // The items that a step says it found, and the `v`s: nobody may write over them before it.
  void CountSightings(const Step& step, int by) {
    if (!never_return_) return;
    for (const Part& part : step.parts) {
      const std::optional<Item>& seen = part.action->old_item;
      if (seen && *seen && (*seen)->contains("v")) sightings_[{part.key, IdOf(*seen)}] += by;
      if (part.version) version_sightings_[{part.key, *part.version}] += by;
    }
  }

  // Whether a step that isn't taken yet must still find what the key has now, when that changes to `after`.
  bool IsStillToBeSeen(std::size_t key, ItemId before, ItemId after) const {
    if (!never_return_ || before == after) return false;
    if (const auto seen = sightings_.find({key, before}); seen != sightings_.end() && seen->second > 0) return true;
    const std::optional<std::int64_t> version = VersionOf(items_[before]);
    if (!version || version == VersionOf(items_[after])) return false;
    const auto seen = version_sightings_.find({key, *version});
    return seen != version_sightings_.end() && seen->second > 0;
  }

  std::optional<ItemId> AfterPart(Part* part, Outcome outcome) {
    const ItemId before = state_[part->key];
    const auto [found, added] = part->after.try_emplace(before);
    if (added) {
      if (const std::optional<Item> after = After(*part->action, outcome, items_[before])) found->second = IdOf(*after);
    }
    return found->second;
  }

  // Takes the step as the next in the order, if its answers fit.
  bool Take(std::size_t index) {
    Step& step = steps_[index];
    Undo undo{index, now_, {}};
    after_.clear();
    for (Part& part : step.parts) {
      const std::optional<ItemId> after = AfterPart(&part, step.operation->outcome);
      if (!after) return false;
      after_.push_back(*after);
      undo.items.push_back(state_[part.key]);
    }
    if (!step.optional) CountSightings(step, -1);
    for (std::size_t i = 0; i < step.parts.size(); ++i) {
      if (!IsStillToBeSeen(step.parts[i].key, undo.items[i], after_[i])) continue;
      if (!step.optional) CountSightings(step, 1);
      return false;
    }
    for (std::size_t i = 0; i < step.parts.size(); ++i) SetState(step.parts[i].key, after_[i]);
    configuration_ ^= step.hash;
    now_ = std::max(now_, step.operation->start);
    next_[previous_[index]] = next_[index];
    previous_[next_[index]] = previous_[index];
    if (!step.optional) --required_;
    taken_.push_back(std::move(undo));
    return true;
  }

  void TakeBack() {
    const Undo& undo = taken_.back();
    const Step& step = steps_[undo.step];
    for (std::size_t i = 0; i < step.parts.size(); ++i) SetState(step.parts[i].key, undo.items[i]);
    configuration_ ^= step.hash;
    now_ = undo.now;
    next_[previous_[undo.step]] = undo.step;
    previous_[next_[undo.step]] = undo.step;
    if (!step.optional) {
      ++required_;
      CountSightings(step, 1);
    }
    taken_.pop_back();
  }

  void SetState(std::size_t key, ItemId item) {
    configuration_ ^= StateHash(key, state_[key]) ^ StateHash(key, item);
    state_[key] = item;
  }

  // Takes what changes nothing and fits, as long as there is some. One that starts after the end of something without
  // an answer stays: taking it would be to say that this never happened.
  void TakePure() {
    for (bool again = true; again;) {
      again = false;
      std::int64_t end_min = Operation::kNever, optional_end_min = Operation::kNever;
      for (std::size_t i = next_[steps_.size()]; i != steps_.size(); i = next_[i]) {
        const Step& step = steps_[i];
        if (step.operation->start > end_min) break;
        if (step.optional) {
          if (step.operation->end >= now_) optional_end_min = std::min(optional_end_min, step.operation->end);
          continue;
        }
        end_min = std::min(end_min, step.operation->end);
        if (step.pure && step.operation->start <= optional_end_min && Take(i)) again = true;
      }
    }
  }

  // The steps that may come next: those that start before any that must still come has ended.
  std::vector<std::size_t> Candidates() {
    std::vector<std::size_t> candidates;
    std::int64_t end_min = Operation::kNever;
    for (std::size_t i = next_[steps_.size()]; i != steps_.size(); i = next_[i]) {
      const Step& step = steps_[i];
      if (step.operation->start > end_min) break;
      if (step.optional && step.operation->end < now_) continue;
      if (!step.optional) end_min = std::min(end_min, step.operation->end);
      candidates.push_back(i);
    }
    std::ranges::stable_sort(candidates, {}, [this](std::size_t i) {
      const Step& step = steps_[i];
      return std::tuple(step.optional, !step.pure, step.operation->end);
    });
    for (std::size_t i = 1; varied_ && i < candidates.size(); ++i) {
      if (random_() % 4 == 0) std::swap(candidates[i - 1], candidates[i]);
    }
    return candidates;
  }

  bool Explore() {
    const std::size_t mark = taken_.size();
    TakePure();
    if (required_ == 0) return true;
    if (visited_.insert(configuration_).second) {
      if (++configurations_ > configurations_max_) exhausted_ = true;
      for (std::size_t candidate : exhausted_ ? std::vector<std::size_t>() : Candidates()) {
        if (!Take(candidate)) continue;
        if (Explore()) return true;
        TakeBack();
        if (exhausted_) break;
      }
    }
    while (taken_.size() > mark) TakeBack();
    return false;
  }

  const std::uint64_t configurations_max_;
  const bool never_return_;
  const bool varied_;
  std::mt19937_64 random_;
  std::vector<Step> steps_;  // by start
  std::map<Item, ItemId> ids_;
  std::vector<Item> items_;
  std::map<std::pair<std::size_t, ItemId>, Hash> state_hashes_;
  // By how many steps that must still be taken an item, or a `v`, was found.
  std::map<std::pair<std::size_t, ItemId>, int> sightings_;
  std::map<std::pair<std::size_t, std::int64_t>, int> version_sightings_;

  // The configuration, and how it was come to.
  std::vector<ItemId> state_;  // by key
  std::vector<std::size_t> next_, previous_;
  std::size_t required_ = 0;                                     // steps that must still be taken
  std::int64_t now_ = std::numeric_limits<std::int64_t>::min();  // the latest start of those taken
  Hash configuration_ = 0;
  std::vector<Undo> taken_;

  std::vector<ItemId> after_;  // Take's own
  std::unordered_set<Hash, HashOfHash> visited_;
  std::uint64_t configurations_ = 0;
  bool exhausted_ = false;
};

// The window as if there were only the keys that `chosen` has a bit for. What explains all keys explains some.
Window Projection(const Window& window, const std::vector<std::string>& keys, unsigned chosen) {
  auto is_chosen = [&](const std::string& key) {
    return (chosen >> (std::ranges::lower_bound(keys, key) - keys.begin()) & 1) != 0;
  };
  Window projection{window.name, {}, {}};
  for (const auto& [key, item] : window.start) {
    if (std::ranges::binary_search(keys, key) && is_chosen(key)) projection.start[key] = item;
  }
  for (Operation operation : window.operations) {
    std::erase_if(operation.actions, [&](const Action& action) { return !is_chosen(action.key); });
    if (!operation.actions.empty()) projection.operations.push_back(std::move(operation));
  }
  return projection;
}

}  // namespace

SearchResult FindOrder(const Window& window, const SearchBounds& bounds) {
  SearchResult sum;
  for (unsigned variation = 0; variation < kVariations; ++variation) {
    const SearchResult quick = Search(window, std::min(bounds.quick, bounds.configurations_max), variation).Run();
    sum.configurations += quick.configurations;
    if (quick.verdict != Verdict::kUndecided || bounds.configurations_max <= bounds.quick) {
      return {quick.verdict, sum.configurations};
    }
  }
  // It may well be a violation, and those of one or two keys show with much less work where there are only those.
  std::set<std::string> names;
  for (const Operation& operation : window.operations) {
    for (const Action& action : operation.actions) names.insert(action.key);
  }
  const std::vector<std::string> keys(names.begin(), names.end());
  for (unsigned count = 1; count < keys.size() && keys.size() <= kProjectedKeysMax; ++count) {
    for (unsigned chosen = 1; chosen < 1u << keys.size(); ++chosen) {
      if (static_cast<unsigned>(std::popcount(chosen)) != count) continue;
      const SearchResult part = Search(Projection(window, keys, chosen), bounds.configurations_max / 8).Run();
      sum.configurations += part.configurations;
      if (part.verdict == Verdict::kViolation) return {Verdict::kViolation, sum.configurations};
    }
  }
  const SearchResult whole = Search(window, bounds.configurations_max).Run();
  return {whole.verdict, sum.configurations + whole.configurations};
}

}  // namespace insula::linearizability
