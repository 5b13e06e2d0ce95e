#include "storage/rocks/vector_search.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <queue>
#include <utility>

#include <rocksdb/snapshot.h>

#include "model/vector_value.h"
#include "storage/refusal.h"
#include "storage/rocks/index_row.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/vector_code.h"
#include "storage/rocks/vector_row.h"
#include "storage/rocks/walk.h"

namespace insula::storage::rocks {
namespace {

// How often the walk looks at the time, in rows and in compared items.
constexpr std::uint64_t kRowsPerLook = 64;
constexpr std::uint64_t kComparedPerLook = 4;
constexpr std::size_t kSiftMin = 1024;
// Candidates that a search holds at a time, a hundred bytes each. Where there are more (vectors that are all alike are
// all as promising), those so far are compared before the walk goes on.
constexpr std::size_t kCandidatesMax = 8192;

// The k-th least of the values it was told; infinite until there are as many.
class KthLeast {
 public:
  explicit KthLeast(std::size_t k) : k_(k) {}

  double value() const { return least_.size() < k_ ? std::numeric_limits<double>::infinity() : least_.top(); }
  void Add(double value) {
    if (least_.size() == k_) {
      if (value >= least_.top()) return;
      least_.pop();
    }
    least_.push(value);
  }

 private:
  const std::size_t k_;
  std::priority_queue<double> least_;
};

struct Candidate {
  double lower = 0;         // its distance is no less
  std::uint64_t place = 0;  // in the order of the index
  std::string row_key;      // the item's
};

class SearchWalk {
 public:
  SearchWalk(Store* store, const VectorSearchRequest& request, const IndexSchema* index)
      : store_(store),
        index_(*index),
        top_k_(request.top_k),
        query_(request.vector, index->vector.distance),
        filter_(request.filters),
        snapshot_(store->db()),
        bound_(top_k_) {
    AppendIndexPrefix(request.table, index->id, &bounds_.lower);
    std::vector<AttributeValue> hash;
    if (request.partition) hash.push_back(*request.partition);
    AppendIndexHash(hash, &bounds_.lower);
    bounds_.upper = SuccessorOf(bounds_.lower);
  }

  Result<Pause> Go(Tier tier) {
    const auto started = std::chrono::steady_clock::now();
    const auto late = [&] {
      return tier == Tier::kMemory && std::chrono::steady_clock::now() - started > kWalkSliceMax;
    };
    for (;;) {
      Result<Pause> pause = Pause::kDone;
      switch (step_) {
        case Step::kWalk:
          pause = WalkCodes(tier, late);
          if (!pause.ok() || *pause != Pause::kDone) return pause;
          Sift();
          std::ranges::sort(candidates_, {}, [](const Candidate& c) { return std::pair(c.lower, c.place); });
          compared_ = 0;
          step_ = Step::kCompare;
          break;
        case Step::kCompare:
          pause = Compare(tier, late);
          if (!pause.ok() || *pause != Pause::kDone) return pause;
          candidates_.clear();
          sift_at_ = kSiftMin;
          step_ = walked_ ? Step::kFetch : Step::kWalk;
          if (walked_) std::ranges::sort_heap(best_, {}, &Found::order);
          break;
        case Step::kFetch:
          return Fetch(tier, late);
      }
    }
  }

  VectorSearchResult TakeResult() { return std::move(result_); }

 private:
  enum class Step { kWalk, kCompare, kFetch };

  struct Found {
    double distance = 0;
    std::uint64_t place = 0;
    std::string row_key;  // the item itself is fetched when it is known to be among the nearest
    std::pair<double, std::uint64_t> order() const { return {distance, place}; }
  };

  template <class Late>
  Result<Pause> WalkCodes(Tier tier, const Late& late) {
    if (!rows_ || tier != tier_) Open(tier);
    std::uint64_t looked = 0;
    for (; rows_->Valid(); rows_->Next()) {
      if (++looked % kRowsPerLook == 0 && late()) return Pause::kYield;
      if (candidates_.size() >= kCandidatesMax) return Pause::kDone;  // goes on after they are compared
      Take();
    }
    if (rows_->status().IsIncomplete()) return Pause::kCold;
    if (!rows_->status().ok()) return ErrorFrom(rows_->status(), "searching vectors");
    walked_ = true;
    rows_.reset();
    return Pause::kDone;
  }

  void Open(Tier tier) {
    if (!last_row_key_.empty()) bounds_.lower = last_row_key_ + '\0';
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_.snapshot();
    rows_.emplace(*store_, store_->items(), tier, bounds_, options);
    rows_->SeekToLower();
    tier_ = tier;
  }

  void Take() {
    const rocksdb::Slice key = rows_->key();
    const std::string_view value = rows_->value().ToStringView();
    last_row_key_.assign(key.data(), key.size());
    ++place_;
    if (!filter_.Admits(value.substr(kVectorCodeHeader + query_.dimensions()))) return;
    ++result_.examined;
    const DistanceBounds bounds = query_.BoundsOf(value);
    if (bounds.lower > bound_.value()) return;
    // Of equal distances the first in the index counts, and those compared were before this one.
    if (best_.size() == top_k_ && bounds.lower >= best_.front().distance) return;
    bound_.Add(bounds.upper);
    candidates_.push_back({bounds.lower, place_, ItemRowKeyFrom(key.ToStringView(), index_)});
    if (candidates_.size() >= sift_at_) Sift();
  }

  // Leaves out whatever has since turned out to be too far away.
  void Sift() {
    std::erase_if(candidates_, [this](const Candidate& candidate) { return candidate.lower > bound_.value(); });
    sift_at_ = std::clamp(2 * candidates_.size(), kSiftMin, kCandidatesMax);
  }

  template <class Late>
  Result<Pause> Compare(Tier tier, const Late& late) {
    std::uint64_t looked = 0;
    for (; compared_ < candidates_.size(); ++compared_) {
      const Candidate& candidate = candidates_[compared_];
      const bool full = best_.size() == top_k_;
      if (full && candidate.lower > best_.front().distance) break;  // as all after it
      if (++looked % kComparedPerLook == 0 && late()) return Pause::kYield;
      const rocksdb::Status status = ReadRow(*store_, tier, snapshot_.snapshot(), candidate.row_key, &row_);
      if (status.IsIncomplete()) return Pause::kCold;
      if (!status.ok()) return ErrorFrom(status, "reading the item behind a vector");
      const EncodedItem item = EncodedItem::FromBytes(row_.ToString());
      const double distance = query_.DistanceTo(VectorFromEncoded(item.FindEncoded(index_.vector.attribute)));
      best_.push_back({distance, candidate.place, candidate.row_key});
      std::ranges::push_heap(best_, {}, &Found::order);
      if (!full) continue;
      std::ranges::pop_heap(best_, {}, &Found::order);
      best_.pop_back();
    }
    return Pause::kDone;
  }

  template <class Late>
  Result<Pause> Fetch(Tier tier, const Late& late) {
    while (result_.matches.size() < best_.size()) {
      if (result_.matches.size() % kComparedPerLook == kComparedPerLook - 1 && late()) return Pause::kYield;
      const Found& found = best_[result_.matches.size()];
      const rocksdb::Status status = ReadRow(*store_, tier, snapshot_.snapshot(), found.row_key, &row_);
      if (status.IsIncomplete()) return Pause::kCold;
      if (!status.ok()) return ErrorFrom(status, "reading the item behind a vector");
      result_.matches.push_back({EncodedItem::FromBytes(row_.ToString()), found.distance});
    }
    return Pause::kDone;
  }

  Store* const store_;
  const IndexSchema& index_;
  const std::size_t top_k_;
  const VectorQuery query_;
  const VectorFilter filter_;
  rocksdb::ManagedSnapshot snapshot_;

  // The walk over the codes.
  Tier tier_ = Tier::kMemory;
  RowBounds bounds_;
  std::optional<Rows> rows_;
  std::string last_row_key_;
  std::uint64_t place_ = 0;
  KthLeast bound_;  // of the distances' upper bounds
  std::vector<Candidate> candidates_;
  std::size_t sift_at_ = kSiftMin;
  bool walked_ = false;  // to its end
  Step step_ = Step::kWalk;

  // The comparison of candidates, the most promising first.
  std::size_t compared_ = 0;
  rocksdb::PinnableSlice row_;
  std::vector<Found> best_;  // a heap, the farthest first; in order once all are compared

  VectorSearchResult result_;
};

}  // namespace

Task<Result<VectorSearchResult>> RocksVectorSearch::Search(VectorSearchRequest request) {
  const IndexSchema* index = request.table.schema().FindIndex(request.index);
  if (index == nullptr || !index->is_vector()) co_return Refused(Refusal::kNoSuchIndex);
  StoreLease lease = parts_->stores.TryAcquire(request.table.store());
  if (!lease) {
    INSULA_CO_ASSIGN(lease, co_await AcquireStore(parts_, request.table.store()));
  }
  SearchWalk walk(&*lease, request, index);
  INSULA_CO_TRY(co_await WalkToEnd(parts_->stores.readers(), &walk));
  co_return walk.TakeResult();
}

}  // namespace insula::storage::rocks
