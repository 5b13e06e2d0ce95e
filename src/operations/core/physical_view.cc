#include "operations/core/physical_view.h"

#include <string>
#include <utility>
#include <vector>

#include "operations/core/physical_page.h"

namespace insula::operations {
namespace {

Result<std::vector<tenancy::PooledPart>> PartsOf(const Call& call, const tenancy::Table& table) {
  const auto* context = std::get_if<tenancy::OperatorContext>(&call.context());
  INSULA_CHECK(context != nullptr);
  return call.services.catalog.PartsOf(*context, table.definition.name);
}

Task<Result<storage::Page>> Fail(Error error) { co_return std::move(error); }

}  // namespace

Task<Result<storage::Page>> ReadFiltered(const Call& call, storage::PageRequest request) {
  // What a filter may do to a row of this size in a fraction of a turn is done between the loop's other work.
  constexpr std::size_t kRowBytes = std::size_t{16} * 1024;
  const bool is_long =
      request.filter != nullptr && request.filter->WorkOn(kRowBytes) > expression::kConditionWorkPerTurnMax / 4;
  Task<Result<storage::Page>> reading = call.services.engine.ReadPage(std::move(request));
  if (!is_long || call.services.compute == nullptr) return reading;
  return call.services.compute->Run(std::move(reading));
}

Task<Result<storage::Page>> ReadPhysicalPage(const Call& call, tenancy::TablePtr table, storage::PageRequest request) {
  Result<std::vector<tenancy::PooledPart>> parts = PartsOf(call, *table);
  if (!parts.ok()) return Fail(std::move(parts).error());
  return ComposePage(call.services.engine, std::move(parts).value(), std::move(request), call.services.compute);
}

Task<Result<storage::MaybeItem>> GetPhysicalItem(const Call& call, tenancy::TablePtr table, PrimaryKey key,
                                                 bool consistent) {
  INSULA_CO_ASSIGN(PhysicalPlace place, PlaceOf(call, *table, std::move(key), consistent));
  if (!place.request) co_return storage::MaybeItem();
  storage::GetRequest request = *place.request;
  Result<storage::MaybeItem> item = co_await call.services.engine.Get(std::move(request));
  if (!item.ok()) co_return std::move(item).error();
  const std::size_t bytes = *item ? (*item)->bytes().size() : 0;
  auto show = [&] { return place.Shown(std::move(item).value()); };
  co_return co_await ComputeWhereItFits(call.services.compute, bytes, show);
}

storage::MaybeItem PhysicalPlace::Shown(storage::MaybeItem item) const {
  if (!part || !item) return item;
  return PooledItem(*part, item->Decode()).encoded();
}

Result<PhysicalPlace> PlaceOf(const Call& call, const tenancy::Table& table, PrimaryKey key, bool consistent) {
  if (!table.pooled) return PhysicalPlace{storage::GetRequest{table.ref, std::move(key), consistent}, std::nullopt};
  INSULA_ASSIGN(std::vector<tenancy::PooledPart> parts, PartsOf(call, table));
  for (tenancy::PooledPart& part : parts) {
    if (part.tenant.value() != *key.hash.As<std::string>()) continue;
    Result<PrimaryKey> own = DecodeKey(key.range->As<Binary>()->bytes, part.table->definition.schema->key);
    if (!own.ok()) break;
    storage::GetRequest request{part.table->ref, std::move(own).value(), consistent};
    return PhysicalPlace{std::move(request), std::move(part)};
  }
  return PhysicalPlace{};
}

Task<Result<storage::TableStats>> PhysicalStats(const Call& call, tenancy::TablePtr table) {
  INSULA_CO_ASSIGN(std::vector<tenancy::PooledPart> parts, PartsOf(call, *table));
  storage::TableStats sum;
  for (const tenancy::PooledPart& part : parts) {
    if (!IsSettled(part.table->definition.status)) continue;
    Result<storage::TableStats> stats = co_await call.services.engine.Stats(part.table->ref);
    if (!stats.ok()) co_return std::move(stats).error();
    sum.item_count += stats->item_count;
    sum.size_bytes += stats->size_bytes;
    sum.written += stats->written;
  }
  co_return sum;
}

}  // namespace insula::operations
