// Where a table's change log stood when the engine took up a new schema.
#pragma once

#include <cstdint>

namespace insula::tenancy {

// As the sequence that the next change gets.
struct ChangeMarks {
  std::uint64_t before = 1;  // the engine took up a new schema
  std::uint64_t after = 1;   // nobody followed the former one any more
};

}  // namespace insula::tenancy
