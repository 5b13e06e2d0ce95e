// One request in flight, as every operation gets it. api.cc decodes and checks the body by its operation's shape and
// calls the operation's function, which validates what shapes can't say, opens its tables (table_handle.h), asks the
// engine through them and writes the answer.
//
// DynamoDB's order of precedence, which every operation follows: types (SerializationException), constraints ("N
// validation errors detected"), parameters that exclude each other, attribute values in the order of the text, limits,
// legacy parameters, placeholders, expressions, unused placeholders; then the table (ResourceNotFoundException), the
// key against its schema, and at last what the items themselves show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/compute_pool.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "base/task.h"
#include "model/encoded_item.h"
#include "operations/core/caller.h"
#include "operations/core/services.h"
#include "wire/request.h"
#include "wire/shape.h"

namespace insula::operations {

// Lives in Api::Handle's frame, so it outlives the operation's coroutine: functions take it by reference.
struct Call {
  const Services& services;
  const Caller& caller;
  std::string_view operation;  // "PutItem"
  wire::Request request;
  MemoryCharge* memory = nullptr;  // what the request holds; none: not counted

  const tenancy::Context& context() const { return caller.context; }
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

 private:
  Result<void> Hold(std::size_t stored_bytes) const;
};

// What the answer to several items is made of.
inline std::size_t StoredBytes(std::span<const EncodedItem> items) {
  std::size_t bytes = 0;
  for (const EncodedItem& item : items) bytes += item.bytes().size();
  return bytes;
}

// The two APIs that share a port: their targets are "DynamoDB_20120810.…" and "DynamoDBStreams_20120810.…".
enum class ApiService : std::uint8_t { kDynamoDb, kDynamoDbStreams };

// Gives the body of the answer, as JSON.
using OperationFunction = Task<Result<std::string>> (*)(Call& call);

struct Operation {
  std::string_view name;
  const wire::Shape& (*shape)();
  OperationFunction function;
  ApiService service = ApiService::kDynamoDb;
};

}  // namespace insula::operations
