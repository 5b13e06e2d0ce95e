#include "operations/streams/stream_shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace insula::operations {
namespace {

constexpr std::string_view kIdPrefix = "shardId-";
constexpr std::size_t kGenerationDigits = 20;
constexpr std::size_t kLaneDigits = 8;
constexpr std::size_t kSequenceDigits = 20;

template <class Number>
std::optional<Number> ParseAll(std::string_view digits, int base) {
  Number number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::uint64_t ShardMap::OldestGeneration() const {
  // Of a stream that has ended, the last one stays even when all is trimmed.
  return std::min(GenerationOf(extent_.kept), NewestGeneration());
}

std::uint64_t ShardMap::NewestGeneration() const {
  return GenerationOf(std::max(extent_.first, extent_.last.value_or(extent_.next)));
}

std::vector<Shard> ShardMap::Shards() const {
  std::vector<Shard> shards;
  const std::uint64_t newest = NewestGeneration();
  for (std::uint64_t generation = OldestGeneration(); generation <= newest; ++generation) {
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) shards.push_back({generation, lane});
  }
  return shards;
}

bool ShardMap::Has(const Shard& shard) const {
  return OldestGeneration() <= shard.generation && shard.generation <= NewestGeneration();
}

std::uint64_t ShardMap::FirstOf(const Shard& shard) const {
  return std::max(extent_.first, shard.generation * changes_per_shard_ + 1);
}

std::uint64_t ShardMap::LastOf(const Shard& shard) const {
  const std::uint64_t full = (shard.generation + 1) * changes_per_shard_;
  return extent_.last ? std::min(full, *extent_.last) : full;
}

bool ShardMap::IsClosed(const Shard& shard) const { return extent_.next > LastOf(shard); }

std::optional<Shard> ShardMap::ParentOf(const Shard& shard) const {
  if (shard.generation <= GenerationOf(extent_.first)) return std::nullopt;
  return Shard{shard.generation - 1, shard.lane};
}

storage::HashRange HashesOf(const Shard& shard) {
  constexpr std::uint64_t kWidth = std::numeric_limits<std::uint64_t>::max() / kLanes + 1;
  const std::uint64_t first = shard.lane * kWidth;
  return {first, first + (kWidth - 1)};
}

std::string ShardIdOf(const Shard& shard) {
  return fmt::format("{}{:0{}}-{:0{}x}", kIdPrefix, shard.generation, kGenerationDigits, shard.lane, kLaneDigits);
}

std::optional<Shard> ShardFrom(std::string_view id) {
  if (id.size() != kIdPrefix.size() + kGenerationDigits + 1 + kLaneDigits || !id.starts_with(kIdPrefix)) {
    return std::nullopt;
  }
  id.remove_prefix(kIdPrefix.size());
  const auto generation = ParseAll<std::uint64_t>(id.substr(0, kGenerationDigits), 10);
  const auto lane = ParseAll<std::uint32_t>(id.substr(kGenerationDigits + 1), 16);
  if (!generation || !lane || *lane >= kLanes) return std::nullopt;
  const Shard shard{*generation, *lane};
  if (ShardIdOf(shard).substr(kIdPrefix.size()) != id) return std::nullopt;
  return shard;
}

std::string SequenceNumberOf(std::uint64_t sequence) { return fmt::format("1{:0{}}", sequence, kSequenceDigits); }

std::optional<std::uint64_t> SequenceFrom(std::string_view number) {
  if (number.size() != 1 + kSequenceDigits || number.front() != '1') return std::nullopt;
  return ParseAll<std::uint64_t>(number.substr(1), 10);
}

}  // namespace insula::operations
