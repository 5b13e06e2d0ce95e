// Who is next, where the work of several owners waits for few places: owners take turns, so that however much one of
// them has brought, another's waits for one round and not for all of it.
#pragma once

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
};

// First whoever has least in hand; among equals, whoever has waited longest for a turn. The items of one owner keep
// their order. Half of the places are for owners who have nothing in hand: a few with much to do leave room for
// newcomers. `Owner` is ordered. Not safe from several threads.
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

  // The next that may begin now, and whose it is. It is in hand until Done(owner).
  std::optional<std::pair<Owner, Item>> Take() {
    if (line_.empty()) return std::nullopt;
    const auto first = line_.begin();
    const auto at = first->second;
    Queue& queue = at->second;
    const bool may_begin = queue.in_hand == 0 ? in_hand_ < places_.all
                                              : queue.in_hand < places_.of_one && in_hand_ < (places_.all + 1) / 2;
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
