// The path every operation takes: api.cc decodes and checks the body by its operation's shape, then calls the
// operation's function with a Call; the function validates what shapes can't say, resolves tables, asks the engine,
// meters, and writes the answer. One file per operation; they are listed in item_operations.cc, table_operations.cc,
// stream_operations.cc and unoffered_operations.cc.
//
// DynamoDB's order of precedence, which every operation follows: types (SerializationException), constraints ("N
// validation errors detected"), parameters that exclude each other, attribute values in the order of the text, limits,
// legacy parameters, placeholders, expressions, unused placeholders; then the table (ResourceNotFoundException), the
// key against its schema, and at last what the items themselves show.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/compute_pool.h"
#include "base/error.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "base/task.h"
#include "model/encoded_item.h"
#include "model/item_size.h"
#include "operations/api.h"
#include "tenancy/catalog.h"
#include "tenancy/context.h"
#include "wire/request.h"
#include "wire/shape.h"

namespace insula::operations {

// One request in flight. Lives in Api::Handle's frame, so it outlives the operation's coroutine: functions take it by
// reference.
struct Call {
  const Services& services;
  const tenancy::Context& context;
  std::string_view operation;  // "PutItem"
  wire::Request request;
  MemoryCharge* memory = nullptr;  // what the request holds; none: not counted

  wire::StructureView input() const { return request.root(); }

  // Whether an answer from so many stored bytes takes too long to write for the event loop: then
  // `co_await call.services.compute->Call(…)` writes it.
  bool IsLong(std::size_t stored_bytes) const {
    return services.compute != nullptr && stored_bytes > kBytesPerTurnMax && !ComputePool::OnPoolThread();
  }
  // write() here, or in the pool where that takes long. It may refer to what the caller holds, which waits.
  // ServiceUnavailable where there is no memory for what was read and the answer.
  template <class Write>
  Task<Result<std::string>> Answer(std::size_t stored_bytes, Write write) const {
    INSULA_CO_TRY(Hold(stored_bytes));
    if (!IsLong(stored_bytes)) co_return write();
    auto work = [&write] { return Result<std::string>(write()); };
    co_return co_await services.compute->Call(work);
  }

  // Record what the answer reports as consumed, under the table's logical name.
  void MeterRead(const tenancy::Table& table, HalfUnits cost) const;
  void MeterWrite(const tenancy::Table& table, HalfUnits cost) const;

 private:
  Result<void> Hold(std::size_t stored_bytes) const;
  UsageCells* CellsOf(const tenancy::Table& table) const;
};

// What the answer to several items is made of.
inline std::size_t StoredBytes(std::span<const EncodedItem> items) {
  std::size_t bytes = 0;
  for (const EncodedItem& item : items) bytes += item.bytes().size();
  return bytes;
}

// Gives the body of the answer, as JSON.
using OperationFunction = Task<Result<std::string>> (*)(Call& call);

struct Operation {
  std::string_view name;
  const wire::Shape& (*shape)();
  OperationFunction function;
  ApiService service = ApiService::kDynamoDb;
};

// nullptr: unknown.
const Operation* FindOperation(std::string_view name);

// The parts of the table of operations.
std::span<const Operation> ItemOperations();       // item_operations.cc
std::span<const Operation> TableOperations();      // table_operations.cc
std::span<const Operation> StreamOperations();     // stream_operations.cc
std::span<const Operation> UnofferedOperations();  // unoffered_operations.cc

// What an operation means to do with a table.
enum class Access : std::uint8_t { kRead, kWrite };

// The table of an item operation, by name or ARN: ResourceNotFoundException while it is being created or deleted, as
// for an unknown one; AccessDeniedException for a write to a read-only table, in IAM's words.
// `action` names the permission where it isn't the operation's own (the parts of a transaction).
Result<tenancy::TablePtr> FindTable(const Call& call, std::string_view name_or_arn, Access access,
                                    std::string_view action = {});

// AccessDeniedException as IAM words it: "User: … is not authorized to perform: dynamodb:PutItem on resource: …".
Error NotAuthorized(const Call& call, std::string_view arn, std::string_view action = {});

}  // namespace insula::operations
