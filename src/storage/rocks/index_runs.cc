#include "storage/rocks/index_runs.h"

#include <algorithm>

#include <fmt/format.h>

#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kRunsPerMerge = 128;  // each an open file and a block in memory
constexpr std::size_t kOutputBytes = 64u << 20;
constexpr std::size_t kStepBytes = 16u << 20;

}  // namespace

std::string IndexRunPath(const std::string& directory, std::uint16_t index, std::uint64_t run) {
  return fmt::format("{}/run-{}-{}.sst", directory, index, run);
}

void IndexRun::Add(std::string key, std::string value) {
  bytes_ += key.size() + value.size() + sizeof(entries_[0]);
  entries_.emplace_back(std::move(key), std::move(value));
}

Result<void> IndexRun::Write(const rocksdb::Options& options, const std::string& path) {
  std::sort(entries_.begin(), entries_.end());
  IngestFile file(options, path);
  for (const auto& [key, value] : entries_) INSULA_TRY(file.Put(key, value));
  INSULA_TRY(file.Finish());
  return {};
}

// The rows of several sorted files as one sequence.
class IndexMerge::Inputs {
 public:
  Result<void> Open(const rocksdb::Options& options, const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      Input& input = inputs_.emplace_back();
      input.path = path;
      input.reader = std::make_unique<rocksdb::SstFileReader>(options);
      const rocksdb::Status status = input.reader->Open(path);
      if (!status.ok()) return ErrorFrom(status, "reading " + path);
      rocksdb::ReadOptions read;
      read.fill_cache = false;
      input.rows.emplace(std::unique_ptr<rocksdb::Iterator>(input.reader->NewIterator(read)));
      input.rows->SeekToFirst();
    }
    for (Input& input : inputs_) INSULA_TRY(Push(&input));
    return {};
  }
  bool valid() const { return !heap_.empty(); }
  std::string_view key() const { return heap_.front()->rows->key().ToStringView(); }
  std::string_view value() const { return heap_.front()->rows->value().ToStringView(); }
  Result<void> Next() {
    std::pop_heap(heap_.begin(), heap_.end(), After);
    Input* input = heap_.back();
    heap_.pop_back();
    input->rows->Next();
    return Push(input);
  }

 private:
  struct Input {
    std::string path;
    std::unique_ptr<rocksdb::SstFileReader> reader;
    std::optional<Rows> rows;
  };
  static bool After(const Input* a, const Input* b) { return a->rows->key().compare(b->rows->key()) > 0; }
  Result<void> Push(Input* input) {
    if (!input->rows->Valid()) {
      if (!input->rows->status().ok()) return ErrorFrom(input->rows->status(), "reading " + input->path);
      return {};
    }
    heap_.push_back(input);
    std::push_heap(heap_.begin(), heap_.end(), After);
    return {};
  }

  std::deque<Input> inputs_;
  std::vector<Input*> heap_;  // the least key first
};

IndexMerge::IndexMerge(const rocksdb::Options& options, Store* store, std::string directory, std::uint16_t index,
                       std::uint64_t runs)
    : options_(options), store_(store), directory_(std::move(directory)), index_(index) {
  for (std::uint64_t run = 0; run < runs; ++run) {
    std::string path = IndexRunPath(directory_, index, run);
    // No item of that part of the table had an entry.
    if (options_.env->FileExists(path).ok()) runs_.push_back(std::move(path));
  }
}

IndexMerge::~IndexMerge() = default;

std::string IndexMerge::NextOutputPath() { return fmt::format("{}/merged-{}-{}.sst", directory_, index_, outputs_++); }

Result<bool> IndexMerge::Step() {
  if (!inputs_) {
    if (runs_.empty()) return false;
    last_pass_ = runs_.size() <= kRunsPerMerge;
    const auto count = static_cast<std::ptrdiff_t>(std::min(runs_.size(), kRunsPerMerge));
    inputs_ = std::make_unique<Inputs>();
    INSULA_TRY(inputs_->Open(options_, {runs_.begin(), runs_.begin() + count}));
    runs_.erase(runs_.begin(), runs_.begin() + count);
    output_ = std::make_unique<IngestFile>(options_, NextOutputPath());
  }
  for (std::size_t bytes = 0; inputs_->valid() && bytes < kStepBytes;) {
    bytes += inputs_->key().size() + inputs_->value().size();
    INSULA_TRY(output_->Put(inputs_->key(), inputs_->value()));
    INSULA_TRY(inputs_->Next());
  }
  const bool ended = !inputs_->valid();
  if (ended || (last_pass_ && output_->bytes() >= kOutputBytes)) {
    INSULA_ASSIGN(const bool any, output_->Finish());
    if (any && last_pass_) INSULA_TRY(Ingest(store_, {output_->path()}));
    if (any && !last_pass_) runs_.push_back(output_->path());
    output_ = std::make_unique<IngestFile>(options_, NextOutputPath());
  }
  if (ended) inputs_.reset();
  return !ended || !runs_.empty();
}

}  // namespace insula::storage::rocks
