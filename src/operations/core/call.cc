#include "operations/core/call.h"

namespace insula::operations {

Task<Result<void>> Call::KeepWhatCanBeAnswered(std::vector<std::optional<storage::MaybeItem>>* read) const {
  std::size_t stored = 0;
  for (const auto& item : *read) stored += item && *item ? (*item)->bytes().size() : 0;
  if (stored <= kUnmeasuredBytesMax) co_return Result<void>{};
  auto keep = [this, read]() -> Result<void> {
    std::size_t kept = 0, bytes = 0, json = 0;
    for (std::size_t i = 0; i < read->size(); ++i) {
      std::optional<storage::MaybeItem>& item = (*read)[i];
      if (!item || !*item) continue;
      bytes += (*item)->bytes().size();
      json += wire::JsonSizeOf(**item);
      if (items->CoverAnswer(bytes, json)) {
        ++kept;
        continue;
      }
      if (kept == 0) return ServerBusy();
      for (; i < read->size(); ++i) (*read)[i].reset();
    }
    return {};
  };
  if (!IsLong(stored)) co_return keep();
  co_return co_await services.compute->Call(keep);
}

}  // namespace insula::operations
