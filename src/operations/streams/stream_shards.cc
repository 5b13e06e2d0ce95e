#include "operations/streams/stream_shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

namespace insula::operations {
namespace {

constexpr std::string_view kIdPrefix = "shardId-";
constexpr std::size_t kGenerationDigits = 20;
constexpr std::size_t kLaneDigits = 8;
constexpr std::size_t kSequenceDigits = 20;
constexpr std::uint64_t kSequenceMax = std::numeric_limits<std::uint64_t>::max() - 1;  // there is a next to each
constexpr std::uint32_t kNumbersPerLane = 4;
constexpr std::uint32_t kLaneNumberMax = (1U << 30) - 1;  // far more than any stream has

template <class Number>
std::optional<Number> ParseAll(std::string_view digits, int base) {
  Number number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::uint64_t ShardMap::Oldest() const {
  // Of a stream that has ended, the last shards stay even when all is trimmed.
  return std::min(extent_.kept, Newest());
}

std::uint64_t ShardMap::Newest() const { return std::max(extent_.first, extent_.last.value_or(extent_.next)); }

std::uint32_t ShardMap::LanesAt(std::uint64_t sequence) const {
  const auto splits = std::ranges::count_if(lanes_.splits, [&](std::uint64_t at) { return at <= sequence; });
  return lanes_.first << splits;
}

ShardMap::Span ShardMap::SpanOfLanes(std::uint32_t lanes) const {
  if (lanes < lanes_.first) return {1, 0};
  const auto splits = static_cast<std::size_t>(std::countr_zero(lanes) - std::countr_zero(lanes_.first));
  if (splits > lanes_.splits.size()) return {1, 0};
  Span span{1, kSequenceMax};
  if (splits > 0) span.first = lanes_.splits[splits - 1];
  if (splits < lanes_.splits.size()) span.last = lanes_.splits[splits] - 1;
  return span;
}

ShardMap::Span ShardMap::SpanOf(const Shard& shard) const {
  Span span = SpanOfLanes(shard.lanes);
  if (shard.generation > GenerationOf(kSequenceMax)) return {1, 0};
  const std::uint64_t before = shard.generation * changes_per_shard_;
  span.first = std::max(span.first, before + 1);
  span.last = std::min(span.last, before + std::min(changes_per_shard_, kSequenceMax - before));
  return span;
}

std::vector<Shard> ShardMap::Shards() const {
  std::vector<Shard> shards;
  const std::uint64_t newest = Newest();
  for (std::uint64_t sequence = Oldest(); sequence <= newest;) {
    Shard shard{GenerationOf(sequence), LanesAt(sequence), 0};
    for (; shard.lane < shard.lanes; ++shard.lane) shards.push_back(shard);
    sequence = SpanOf(shard).last + 1;
  }
  return shards;
}

bool ShardMap::Has(const Shard& shard) const {
  const Span span = SpanOf(shard);
  return span.first <= span.last && Oldest() <= span.last && span.first <= Newest();
}

bool ShardMap::HadEver(const Shard& shard) const {
  const Span span = SpanOf(shard);
  return span.first <= span.last && extent_.first <= span.last && span.first <= Newest();
}

std::uint64_t ShardMap::FirstOf(const Shard& shard) const { return std::max(extent_.first, SpanOf(shard).first); }

std::uint64_t ShardMap::LastOf(const Shard& shard) const {
  const std::uint64_t full = SpanOf(shard).last;
  return extent_.last ? std::min(full, *extent_.last) : full;
}

std::uint64_t ShardMap::ReadableUpTo(const Shard& shard) const {
  const std::uint64_t last = LastOf(shard);
  return lanes_.planned_split ? std::min(last, *lanes_.planned_split - 1) : last;
}

bool ShardMap::IsClosed(const Shard& shard) const { return extent_.next > LastOf(shard); }

std::optional<Shard> ShardMap::ParentOf(const Shard& shard) const {
  const std::uint64_t first = SpanOf(shard).first;
  if (first <= extent_.first) return std::nullopt;
  const std::uint32_t lanes = LanesAt(first - 1);
  return Shard{GenerationOf(first - 1), lanes, shard.lane / (shard.lanes / lanes)};
}

storage::HashRange HashesOf(const Shard& shard) {
  // Of one lane, all hashes: the width is 2^64 then, which is 0, and all arithmetic on it right.
  const std::uint64_t width = std::numeric_limits<std::uint64_t>::max() / shard.lanes + 1;
  const std::uint64_t first = shard.lane * width;
  return {first, first + (width - 1)};
}

//   lane-number := lane             of kUnkept lanes: before there were others, ids said no more
//                | 4 * lanes + lane
std::uint32_t LaneNumberOf(const Shard& shard) {
  return (shard.lanes == StreamLanes::kUnkept ? 0 : kNumbersPerLane * shard.lanes) + shard.lane;
}

std::optional<Shard> ShardOf(std::uint64_t generation, std::uint64_t lane_number) {
  Shard shard{generation, StreamLanes::kUnkept, 0};
  if (lane_number >= kNumbersPerLane) {
    if (lane_number > kLaneNumberMax) return std::nullopt;
    shard.lanes = std::bit_floor(static_cast<std::uint32_t>(lane_number)) / kNumbersPerLane;
    lane_number -= std::uint64_t{kNumbersPerLane} * shard.lanes;
    if (shard.lanes == StreamLanes::kUnkept) return std::nullopt;
  }
  if (lane_number >= shard.lanes) return std::nullopt;
  shard.lane = static_cast<std::uint32_t>(lane_number);
  return shard;
}

std::string ShardIdOf(const Shard& shard) {
  return fmt::format("{}{:0{}}-{:0{}x}", kIdPrefix, shard.generation, kGenerationDigits, LaneNumberOf(shard),
                     kLaneDigits);
}

std::optional<Shard> ShardFrom(std::string_view id) {
  if (id.size() != kIdPrefix.size() + kGenerationDigits + 1 + kLaneDigits || !id.starts_with(kIdPrefix)) {
    return std::nullopt;
  }
  const std::string_view numbers = id.substr(kIdPrefix.size());
  const auto generation = ParseAll<std::uint64_t>(numbers.substr(0, kGenerationDigits), 10);
  const auto lane_number = ParseAll<std::uint32_t>(numbers.substr(kGenerationDigits + 1), 16);
  if (!generation || !lane_number) return std::nullopt;
  const std::optional<Shard> shard = ShardOf(*generation, *lane_number);
  if (!shard || ShardIdOf(*shard) != id) return std::nullopt;
  return shard;
}

std::string SequenceNumberOf(std::uint64_t sequence) { return fmt::format("1{:0{}}", sequence, kSequenceDigits); }

std::optional<std::uint64_t> SequenceFrom(std::string_view number) {
  if (number.size() != 1 + kSequenceDigits || number.front() != '1') return std::nullopt;
  return ParseAll<std::uint64_t>(number.substr(1), 10);
}

}  // namespace insula::operations
