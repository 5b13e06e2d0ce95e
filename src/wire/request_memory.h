// How much memory a request's body comes to, before it is looked into.
#pragma once

#include <cstddef>
#include <string_view>

namespace insula::wire {

// At most what parsing `body`, and holding its attribute values and its encoded items, takes beside the text itself.
// Counts the characters that make JSON's structure, since a million of the smallest values take more than one long
// string of the same size: from four times the text to forty-four times. A few GB a second.
std::size_t RequestMemoryOf(std::string_view body);

}  // namespace insula::wire
