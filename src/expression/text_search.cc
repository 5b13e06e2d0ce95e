// The obvious search first: find the part's first byte, compare. It is the fastest on texts that people write, and
// quadratic on those made against it. Once it has compared more than it has passed, the two-way algorithm goes on
// from there (Crochemore and Perrin, "Two-way string-matching", 1991): at most two comparisons a byte, no memory.
#include "expression/text_search.h"

#include <algorithm>
#include <cstring>

namespace insula::expression {
namespace {

// How many compared bytes the obvious search is good for beyond those it has passed.
constexpr std::size_t kPatience = 256;

// Where the greatest suffix of a text begins in one order of bytes or the other, and its period.
struct Suffix {
  std::size_t begin = 0;
  std::size_t period = 1;
};

Suffix GreatestSuffix(std::string_view text, bool reversed) {
  Suffix best;
  std::size_t candidate = 1;  // where the suffix begins that is compared with the best one
  std::size_t matched = 0;
  while (candidate + matched < text.size()) {
    auto a = static_cast<unsigned char>(text[candidate + matched]);
    auto b = static_cast<unsigned char>(text[best.begin + matched]);
    if (reversed) std::swap(a, b);
    if (a < b) {
      candidate += matched + 1;
      matched = 0;
      best.period = candidate - best.begin;
    } else if (a == b) {
      if (++matched == best.period) {
        candidate += best.period;
        matched = 0;
      }
    } else {
      best.begin = candidate++;
      matched = 0;
      best.period = 1;
    }
  }
  return best;
}

bool TwoWay(std::string_view text, std::string_view part, std::size_t* looked) {
  const Suffix forward = GreatestSuffix(part, false);
  const Suffix backward = GreatestSuffix(part, true);
  const Suffix& split = forward.begin >= backward.begin ? forward : backward;
  const std::size_t cut = split.begin;  // compared from here to the right, then from here to the left
  const std::size_t size = part.size();
  *looked += 4 * size;
  const bool periodic = cut + split.period <= size && std::memcmp(part.data(), part.data() + split.period, cut) == 0;
  const std::size_t shift = periodic ? split.period : std::max(cut, size - cut) + 1;
  std::size_t known = 0;  // how much of the part's beginning is known to match, where it repeats itself
  for (std::size_t at = 0; at + size <= text.size();) {
    std::size_t i = std::max(cut, known);
    while (i < size && part[i] == text[at + i]) ++i;
    *looked += i - std::max(cut, known) + 1;
    if (i < size) {
      at += i - cut + 1;
      known = 0;
      continue;
    }
    i = cut;
    while (i > known && part[i - 1] == text[at + i - 1]) --i;
    *looked += cut - std::min(i, cut) + 1;
    if (i <= known) return true;
    at += shift;
    known = periodic ? size - shift : 0;
  }
  return false;
}

}  // namespace

bool ContainsPart(std::string_view text, std::string_view part, std::size_t* looked) {
  std::size_t ignored = 0;
  if (looked == nullptr) looked = &ignored;
  *looked = 0;
  if (part.empty()) return true;
  std::size_t compared = 0;
  for (std::size_t at = 0; at + part.size() <= text.size(); ++at) {
    const void* found = std::memchr(text.data() + at, part.front(), text.size() - part.size() + 1 - at);
    if (found == nullptr) {
      *looked += text.size() - at;
      return false;
    }
    const auto next = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    *looked += next - at + 1;
    at = next;
    // In steps, so that a comparison that goes far is known to have.
    std::size_t matched = 1;
    while (matched < part.size()) {
      const std::size_t step = std::min<std::size_t>(part.size() - matched, 32);
      compared += step;
      *looked += step;
      if (std::memcmp(text.data() + at + matched, part.data() + matched, step) != 0) break;
      matched += step;
    }
    if (matched >= part.size()) return true;
    if (compared > at + kPatience) return TwoWay(text.substr(at + 1), part, looked);
  }
  return false;
}

}  // namespace insula::expression
