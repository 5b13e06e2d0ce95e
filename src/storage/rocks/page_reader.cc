#include "storage/rocks/page_reader.h"

#include <chrono>
#include <optional>

#include <rocksdb/snapshot.h>

#include "base/compute_pool.h"
#include "storage/refusal.h"
#include "storage/rocks/index_row.h"
#include "storage/rocks/page_range.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/walk.h"

namespace insula::storage::rocks {
namespace {

// How often a walk looks at the time: after so much work, as a filter's is counted. A row is some of it by itself.
constexpr std::size_t kWorkPerLook = std::size_t{64} * 1024;
constexpr std::size_t kRowWork = 2 * 1024;

// Walks the rows, on whichever thread calls it; keeps its place across calls.
class PageWalk {
 public:
  PageWalk(Store* store, const PageRequest* request, const IndexSchema* index, std::vector<std::string> key_names,
           PageRange range)
      : store_(store),
        request_(*request),
        index_(index),
        key_names_(std::move(key_names)),
        range_(std::move(range)),
        snapshot_(store->db()) {}

  // The first failure, or why it paused.
  Result<Pause> Go(Tier tier) {
    if (range_.empty()) return Pause::kDone;
    if (!rows_ || tier != tier_) Open(tier);
    const auto started = std::chrono::steady_clock::now();
    for (; rows_->Valid(); request_.forward ? rows_->Next() : rows_->Prev()) {
      if (work_ > kWorkPerLook) {
        work_ = 0;
        const auto slice_max = tier == Tier::kMemory ? kWalkSliceMax : kDiskSliceMax;
        if (std::chrono::steady_clock::now() - started > slice_max) return Pause::kYield;
      }
      INSULA_ASSIGN(const bool cold, Take());
      if (cold) return Cold();
      if (full_) return Pause::kDone;
    }
    if (rows_->status().IsIncomplete()) return Cold();
    if (!rows_->status().ok()) return ErrorFrom(rows_->status(), "reading a page");
    return Pause::kDone;
  }

  Page TakePage() { return std::move(page_); }

 private:
  void Open(Tier tier) {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_.snapshot();
    rows_.emplace(*store_, store_->items(), tier, RowBounds{range_.lower, range_.upper}, options);
    request_.forward ? rows_->SeekToLower() : rows_->SeekToLast();
    tier_ = tier;
  }

  // The rows not yet taken become the range.
  Pause Cold() {
    if (!last_row_key_.empty()) {
      if (request_.forward) {
        range_.lower = last_row_key_ + '\0';
      } else {
        range_.upper = last_row_key_;
      }
    }
    return Pause::kCold;
  }

  // Whether a row of so many bytes is looked at here: not where its filter would keep an event loop from others.
  bool MayTake(std::size_t bytes) {
    const std::size_t filtering = request_.filter ? request_.filter->WorkOn(bytes) : 0;
    if (filtering > expression::kConditionWorkPerTurnMax && tier_ == Tier::kMemory && !ComputePool::OnPoolThread()) {
      return false;
    }
    work_ += kRowWork + bytes + filtering;
    return true;
  }

  // Counts and keeps the current row. True, with nothing done, if it is for a thread that may wait.
  Result<bool> Take() {
    if (!MayTake(rows_->value().size())) return true;
    EncodedItem item = EncodedItem::FromBytes(rows_->value().ToString());
    const std::size_t size = item.size();
    const bool fetches = request_.fetch_from_table && index_ != nullptr;
    if (fetches) {
      const std::string row_key = ItemRowKeyFrom(rows_->key().ToStringView(), *index_);
      const rocksdb::Status status = ReadRow(*store_, tier_, snapshot_.snapshot(), row_key, &fetched_);
      if (status.IsIncomplete() || (status.ok() && !MayTake(fetched_.size()))) return true;
      if (!status.ok()) return ErrorFrom(status, "reading the item behind an index entry");
    }
    ++page_.scanned_count;
    page_.bytes += size;
    if (fetches) {
      page_.fetched_bytes.push_back(EncodedItem::SizeOfBytes(fetched_.ToStringView()));
      fetched_sum_ += page_.fetched_bytes.back();
    }
    // Small entries may be of large items, which the page is of then.
    full_ = (request_.limit && page_.scanned_count >= *request_.limit) ||
            std::max<std::uint64_t>(page_.bytes, fetched_sum_) >= request_.bytes_max;
    if (full_) page_.last_evaluated_key = item.Decode(key_names_);
    if (fetches) item = EncodedItem::FromBytes(fetched_.ToString());
    const rocksdb::Slice row_key = rows_->key();
    last_row_key_.assign(row_key.data(), row_key.size());
    if (!request_.filter || request_.filter->Evaluate(item)) {
      ++page_.count;
      if (!request_.count_only) page_.items.push_back(std::move(item));
    }
    return false;
  }

  Store* const store_;
  const PageRequest& request_;
  const IndexSchema* const index_;
  const std::vector<std::string> key_names_;
  PageRange range_;
  rocksdb::ManagedSnapshot snapshot_;

  Tier tier_ = Tier::kMemory;
  std::optional<Rows> rows_;
  rocksdb::PinnableSlice fetched_;
  std::string last_row_key_;
  std::size_t work_ = 0;  // since the last look at the time
  std::uint64_t fetched_sum_ = 0;
  bool full_ = false;
  Page page_;
};

}  // namespace

Task<Result<Page>> ReadPageFrom(EngineParts* parts, PageRequest request) {
  const TableSchema& schema = request.table.schema();
  const IndexSchema* index = nullptr;
  if (request.index) {
    index = schema.FindIndex(*request.index);
    if (!index) co_return Refused(Refusal::kNoSuchIndex);
    if (index->backfilling) co_return IndexIncomplete(index->name);
  }
  INSULA_CO_ASSIGN(PageRange range, PageRangeOf(request, schema, index));
  StoreLease lease = parts->stores.TryAcquire(request.table.store());
  if (!lease) {
    INSULA_CO_ASSIGN(lease, co_await AcquireStore(parts, request.table.store()));
  }
  PageWalk walk(&*lease, &request, index, KeyNames(schema, index), std::move(range));
  INSULA_CO_TRY(co_await WalkToEnd(parts->stores.readers(), &walk));
  co_return walk.TakePage();
}

}  // namespace insula::storage::rocks
