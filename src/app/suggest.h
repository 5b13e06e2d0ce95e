// "Did you mean …": the nearest of some known words.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace insula::app {

// Edits (insert, delete, replace) between two words.
inline std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
    }
  }
  return row[b.size()];
}

// The nearest of `known` if it is near enough to be meant; else empty.
template <class Words>
std::string Nearest(std::string_view word, const Words& known) {
  std::string best;
  std::size_t distance_min = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < distance_min) {
      distance_min = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

}  // namespace insula::app
