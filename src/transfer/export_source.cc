#include "transfer/export_source.h"

namespace insula::transfer {

Task<Result<ItemPage>> ExportSource::Read(std::uint64_t cursor) {
  storage::PageRequest request{.table = table_};
  request.consistent_read = true;
  request.exclusive_start_key = std::exchange(start_, std::nullopt);
  INSULA_CO_ASSIGN(storage::Page page, co_await engine_.ReadPage(std::move(request)));
  start_ = std::move(page.last_evaluated_key);
  co_return ItemPage{std::move(page.items), cursor + 1, start_.has_value()};
}

}  // namespace insula::transfer
