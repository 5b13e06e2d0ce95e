// How much memory an operation may take for what it reads, before anybody knows how long its answer gets.
#pragma once

#include <cstddef>
#include <string_view>

namespace insula::operations {

// To be asked for before it begins; 0 for operations that read little, and for unknown ones.
std::size_t ReadMemoryOf(std::string_view operation);

}  // namespace insula::operations
