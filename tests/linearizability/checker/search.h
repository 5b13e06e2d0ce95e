// Is there an order of a window's operations that explains every answer?
//
// Wing and Gong's search, depth first, with Lowe's memory of the configurations (set of operations done, state) that
// led nowhere. What keeps it short:
//  - An operation that changes nothing is taken the moment that it fits: whatever order there is, it may as well come
//    there. So only writes branch.
//  - Where every write leaves an item that can't come back (its own `v`, or a counter further on under the same `v`), a
//    write over an item that somebody still has to have seen is a dead end at once.
//  - What takes long is begun again in another order: a wrong choice early on is rarely made twice.
//  - What still does is looked at key by key, and pair by pair: what explains all keys explains some of them.
//  - What has no answer is tried last: it may also not have happened.
#pragma once

#include <cstdint>

#include "history.h"

namespace insula::linearizability {

enum class Verdict {
  kOrdered,    // there is such an order
  kViolation,  // there is none
  kUndecided,  // none was found within the bound
};

struct SearchResult {
  Verdict verdict = Verdict::kOrdered;
  std::uint64_t configurations = 0;  // looked at
};

struct SearchBounds {
  std::uint64_t configurations_max = 5'000'000;  // half a gigabyte of memory, and some ten seconds
  std::uint64_t quick = 20'000;  // so many in each of the first attempts, before keys are looked at on their own
};

// The window should be one of Independent()'s: others are right, but slow.
SearchResult FindOrder(const Window& window, const SearchBounds& bounds = {});

}  // namespace insula::linearizability
