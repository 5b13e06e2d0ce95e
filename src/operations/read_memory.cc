#include "operations/read_memory.h"

#include <array>

namespace insula::operations {
namespace {

constexpr std::size_t kPage = 2 * 1024 * 1024;   // of items, as stored and as JSON
constexpr std::size_t kBatch = 4 * 1024 * 1024;  // part of what a batch reads at most; the rest counts once it is there

struct Reader {
  std::string_view operation;
  std::size_t bytes;
};
constexpr std::array kReaders = {
    Reader{"BatchExecuteStatement", kBatch},
    Reader{"BatchGetItem", kBatch},
    Reader{"ExecuteStatement", kPage},
    Reader{"ExecuteTransaction", kBatch},
    Reader{"GetRecords", kPage},
    Reader{"Query", kPage},
    Reader{"Scan", kPage},
    Reader{"SearchVectors", kPage},
    Reader{"TransactGetItems", kBatch},
};

}  // namespace

std::size_t ReadMemoryOf(std::string_view operation) {
  for (const Reader& reader : kReaders) {
    if (reader.operation == operation) return reader.bytes;
  }
  return 0;
}

}  // namespace insula::operations
