// What is counted per table: a row's value, and what one write changes of it.
//
//   counters := version(1) items bytes written sequence count(varint) index*     each a varint
//   index    := id items bytes                      version 1: no index has an excess
//             | id items bytes excess(zigzag)       version 2
//   collection := bytes(varint)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "base/result.h"

namespace insula::storage::rocks {

struct TableCounters {
  struct Index {
    std::uint16_t id = 0;
    std::int64_t items = 0;
    std::int64_t bytes = 0;
    std::int64_t vector_excess = 0;  // of its entries (index_row.h)
  };
  std::int64_t items = 0;
  std::int64_t bytes = 0;
  std::int64_t written_halves = 0;    // HalfUnits consumed by writes
  std::uint64_t change_sequence = 0;  // of the newest record in the change log
  std::vector<Index> indexes;

  Index& OfIndex(std::uint16_t id);  // made if absent
};

struct CountersDelta {
  std::int64_t items = 0;
  std::int64_t bytes = 0;
  std::int64_t written_halves = 0;
  boost::container::small_vector<TableCounters::Index, 2> indexes;

  void AddTo(TableCounters* counters) const;
};

void AppendCounters(const TableCounters& counters, std::string* out);
Result<TableCounters> CountersFrom(std::string_view bytes);

}  // namespace insula::storage::rocks
