// Lists in parts, as IAM's Marker and MaxItems have them.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "iam/ignoring_case.h"

namespace insula::iam {

inline constexpr std::size_t kPageItemsDefault = 100;
inline constexpr std::size_t kPageItemsMax = 1000;

struct PageRequest {
  std::optional<std::string> marker;  // of the page before; any text is one
  std::size_t max_items = kPageItemsDefault;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> marker;  // of the page after; none: this is the last one
};

// In order of `key(item)`, whatever its case. A marker is the key of the last item before it, so that pages go on where
// they were though items come and go.
template <class T, class Key>
Page<T> PageOf(std::vector<T> items, const PageRequest& request, Key key) {
  const auto less = [&](const T& a, const T& b) { return LessIgnoringCase(key(a), key(b)); };
  std::sort(items.begin(), items.end(), less);
  auto first = items.begin();
  if (request.marker) {
    first = std::find_if(first, items.end(), [&](const T& a) { return LessIgnoringCase(*request.marker, key(a)); });
  }
  const auto left = static_cast<std::size_t>(items.end() - first);
  const auto last = first + static_cast<std::ptrdiff_t>(std::min(left, request.max_items));
  Page<T> page;
  page.items.assign(std::make_move_iterator(first), std::make_move_iterator(last));
  if (last != items.end()) page.marker = std::string(key(page.items.back()));
  return page;
}

}  // namespace insula::iam
