// Who is next, where the work of several owners waits for few places: owners take turns, so that however much one of
// them has brought, another's waits for one round and not for all of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/check.h"

namespace insula {

struct TurnPlaces {
  std::size_t all = 1;     // in hand at a time
  std::size_t of_one = 1;  // of them one owner's
  // Half of them are for owners who have nothing in hand.
  bool half_for_newcomers = true;
};

// First whoever has least in hand; among equals, whoever has waited longest for a turn. The items of one owner keep
// their order. Places for newcomers: a few owners with much to do leave room for others. `Owner` is ordered. Not safe
// from several threads.
template <class Owner, class Item>
class Turns {
 public:
  explicit Turns(TurnPlaces places) : places_(places) {}

  void Push(const Owner& owner, Item item) {
    const auto at = owners_.try_emplace(owner).first;
    Queue& queue = at->second;
    queue.items.push_back(std::move(item));
    ++waiting_;
    if (queue.items.size() == 1) GetInLine(at);
  }

  // Of the owner's items that wait, the first that `is_it` becomes the owner's next.
  template <class Predicate>
  void PutFirst(const Owner& owner, const Predicate& is_it) {
    const auto at = owners_.find(owner);
    if (at == owners_.end()) return;
    std::deque<Item>& items = at->second.items;
    const auto found = std::find_if(items.begin(), items.end(), is_it);
    if (found != items.end()) std::rotate(items.begin(), found, std::next(found));
  }

  // The next that may begin now, and whose it is. It is in hand until Done(owner).
  std::optional<std::pair<Owner, Item>> Take() {
    if (line_.empty()) return std::nullopt;
    const auto first = line_.begin();
    const auto at = first->second;
    Queue& queue = at->second;
    const std::size_t places = queue.in_hand > 0 && places_.half_for_newcomers ? (places_.all + 1) / 2 : places_.all;
    const bool may_begin = in_hand_ < places && (queue.in_hand == 0 || queue.in_hand < places_.of_one);
    if (!may_begin) return std::nullopt;  // and who comes later in the line may less
    line_.erase(first);
    std::pair<Owner, Item> taken(at->first, std::move(queue.items.front()));
    queue.items.pop_front();
    --waiting_;
    ++queue.in_hand;
    ++in_hand_;
    if (!queue.items.empty()) GetInLine(at);
    return taken;
  }

  void Done(const Owner& owner) {
    const auto at = owners_.find(owner);
    INSULA_CHECK(at != owners_.end() && at->second.in_hand > 0);
    Queue& queue = at->second;
    if (!queue.items.empty()) line_.erase(queue.place);
    --queue.in_hand;
    --in_hand_;
    if (!queue.items.empty()) {
      queue.place.first = queue.in_hand;  // its turn came when it came
      line_.emplace(queue.place, at);
    } else if (queue.in_hand == 0) {
      owners_.erase(at);
    }
  }

  std::size_t waiting() const { return waiting_; }
  std::size_t in_hand() const { return in_hand_; }

  // Forgets all that waits.
  void Clear() {
    line_.clear();
    waiting_ = 0;
    for (auto at = owners_.begin(); at != owners_.end();) {
      at->second.items.clear();
      at = at->second.in_hand == 0 ? owners_.erase(at) : std::next(at);
    }
  }

 private:
  using Place = std::pair<std::size_t, std::uint64_t>;  // how much its owner has in hand, since when it has waited
  struct Queue {
    std::deque<Item> items;
    std::size_t in_hand = 0;
    Place place;  // in line_, while there are items
  };
  using Owners = std::map<Owner, Queue>;

  void GetInLine(typename Owners::iterator at) {
    at->second.place = {at->second.in_hand, ++now_};
    line_.emplace(at->second.place, at);
  }

  const TurnPlaces places_;
  Owners owners_;  // that have anything waiting or in hand
  std::map<Place, typename Owners::iterator> line_;
  std::uint64_t now_ = 0;  // counts turns
  std::size_t waiting_ = 0, in_hand_ = 0;
};

}  // namespace insula
