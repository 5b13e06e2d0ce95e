// The engines' contract, for the embedded engine in memory and on disk.
#include <filesystem>
#include <memory>

#include "storage/backups_contract_test.h"
#include "storage/change_log_contract_test.h"
#include "storage/engine_contract_test.h"
#include "storage/expiry_contract_test.h"
#include "storage/item_memory_contract_test.h"
#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/testing/memory_engine.h"
#include "storage/vector_search_contract_test.h"
#include "storage/write_contract_test.h"
#include "storage/write_marks_contract_test.h"

namespace insula::storage::testing {
namespace {

class OnDisk {
 public:
  OnDisk() : directory_((std::filesystem::temp_directory_path() / "insula-engine-XXXXXX").string()) {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
  }
  ~OnDisk() { std::filesystem::remove_all(directory_); }
  std::unique_ptr<Engine> Open(Clock& clock) {
    rocks::RocksOptions options;
    options.directory = directory_;
    options.block_cache_bytes = 0;  // whatever was flushed is read from the disk
    return Must(rocks::RocksEngine::Open(std::move(options), clock));
  }

 private:
  std::string directory_;
};

using Engines = ::testing::Types<InMemory, OnDisk>;
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, EngineContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, WriteContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, ChangeLogContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, ExpiryContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, BackupsContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, ItemMemoryContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, VectorSearchContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, WriteMarksContract, Engines);

}  // namespace
}  // namespace insula::storage::testing
