// The part of a window that can't be ordered which is worth reading.
#pragma once

#include "search.h"

namespace insula::linearizability {

// Of a window that FindOrder() calls a violation: the shortest beginning of it that is one, without the keys, reads
// and refusals that aren't needed for it. What has no answer by the end of that beginning counts as unknown.
// The result is a violation, too, and so is every window that it is a part of.
Window Shrink(const Window& window, const SearchBounds& bounds = {});

}  // namespace insula::linearizability
