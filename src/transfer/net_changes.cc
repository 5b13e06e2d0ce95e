#include "transfer/net_changes.h"

#include <map>
#include <utility>

namespace insula::transfer {
namespace {

constexpr std::size_t kEntryOverhead = 256;

std::size_t BytesOf(const storage::MaybeItem& item) { return item ? item->bytes().size() : 0; }

// Keys from the one that `key` encodes on have hashes from its first eight bytes on.
storage::HashRange HashesFrom(const std::string& key) {
  storage::HashRange range;
  for (std::size_t i = 0; i < 8 && i < key.size(); ++i) {
    range.first |= std::uint64_t{static_cast<unsigned char>(key[i])} << (56 - 8 * i);
  }
  return range;
}

// Keys in order, of which the greatest make room for smaller ones.
class Bounded {
 public:
  Bounded(std::string first, std::size_t bytes_max) : first_(std::move(first)), bytes_max_(bytes_max) {}

  void Take(storage::Change change) {
    std::string key = EncodeKey(change.key);
    if (key < first_ || (!next_.empty() && key >= next_)) return;
    auto [place, fresh] = changes_.try_emplace(std::move(key));
    NetChange& net = place->second;
    if (fresh) {
      net.key = std::move(change.key);
      net.before = std::move(change.old_item);
      bytes_ += place->first.size() + BytesOf(net.before) + kEntryOverhead;
    }
    bytes_ -= BytesOf(net.after);
    net.after = std::move(change.new_item);
    net.at = change.committed_at;
    bytes_ += BytesOf(net.after);
    while (bytes_ > bytes_max_ && changes_.size() > 1) {
      const auto last = std::prev(changes_.end());
      bytes_ -= last->first.size() + BytesOf(last->second.before) + BytesOf(last->second.after) + kEntryOverhead;
      next_ = last->first;
      changes_.erase(last);
    }
  }

  NetChanges Finish() {
    NetChanges result;
    result.next_key = std::move(next_);
    for (auto& [key, net] : changes_) {
      if (net.before || net.after) result.changes.push_back(std::move(net));
    }
    return result;
  }

 private:
  const std::string first_;
  const std::size_t bytes_max_;
  std::map<std::string, NetChange> changes_;
  std::size_t bytes_ = 0;
  std::string next_;  // the smallest key that had to go
};

}  // namespace

Task<Result<NetChanges>> CollectNetChanges(storage::ChangeLog& log, ChangeWindow window, std::string first_key,
                                           std::size_t bytes_max) {
  const storage::HashRange hashes = HashesFrom(first_key);
  Bounded bounded(std::move(first_key), bytes_max);
  std::uint64_t after = window.after;
  while (after < window.up_to) {
    storage::ChangesRequest request{.table = window.table};
    request.after = after;
    request.up_to = window.up_to;
    request.hashes = hashes;
    INSULA_CO_ASSIGN(storage::ChangePage page, co_await log.Read(std::move(request)));
    for (storage::Change& change : page.changes) bounded.Take(std::move(change));
    after = page.read_up_to;
    if (!page.more) break;
  }
  co_return bounded.Finish();
}

}  // namespace insula::transfer
