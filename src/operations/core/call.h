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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/compute_pool.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "base/task.h"
#include "model/encoded_item.h"
#include "operations/core/caller.h"
#include "operations/core/services.h"
#include "storage/engine.h"
#include "storage/item_memory.h"
#include "wire/attribute_value_json.h"
#include "wire/request.h"
#include "wire/shape.h"

namespace insula::operations {

// Lives in Api::Handle's frame, so it outlives the operation's coroutine: functions take it by reference.
struct Call {
  const Services& services;
  const Caller& caller;
  std::string_view operation;  // "PutItem"
  wire::Request request;
  storage::ItemMemory* items;  // what the request holds of items

  const tenancy::Context& context() const { return caller.context; }
  wire::StructureView input() const { return request.root(); }

  // Whether an answer from so many stored bytes takes too long to write for the event loop: then
  // `co_await call.services.compute->Call(…)` writes it.
  bool IsLong(std::size_t stored_bytes) const {
    return services.compute != nullptr && stored_bytes > kBytesPerTurnMax && !ComputePool::OnPoolThread();
  }
  // write() here, or in the pool where that takes long. It may refer to what the caller holds, which waits.
  // `each_item` calls what it is given with each stored item of the answer, as often as it is asked to; `beside` is
  // what else the answer has in bytes. ServiceUnavailable where there is no memory for the items and the answer.
  template <class EachItem, class Write>
  Task<Result<std::string>> Answer(EachItem each_item, Write write, std::size_t beside = 0) const {
    const std::size_t stored = StoredBytes(each_item) + beside;
    if (!items->CoverAnswer(stored)) co_return ServerBusy();  // before it waits for its turn in the pool
    auto work = [&]() -> Result<std::string> {
      if (stored > kUnmeasuredBytesMax && !items->CoverAnswer(stored, JsonBytes(each_item))) return ServerBusy();
      return write();
    };
    if (!IsLong(stored)) co_return work();
    co_return co_await services.compute->Call(work);
  }

  // Lets go of the items from the first one on that memory has no room for as JSON, which is up to fourteen times as
  // long as what is stored: for an answer that can say that they weren't read. ServiceUnavailable if that is the first
  // one.
  Task<Result<void>> KeepWhatCanBeAnswered(std::vector<std::optional<storage::MaybeItem>>* read) const;

 private:
  template <class EachItem>
  static std::size_t StoredBytes(const EachItem& each_item) {
    std::size_t bytes = 0;
    each_item([&bytes](const EncodedItem& item) { bytes += item.bytes().size(); });
    return bytes;
  }
  // A stored byte becomes up to fourteen of JSON.
  template <class EachItem>
  static std::size_t JsonBytes(const EachItem& each_item) {
    std::size_t bytes = 0;
    each_item([&bytes](const EncodedItem& item) { bytes += wire::JsonSizeOf(item); });
    return bytes;
  }

  // Whatever they hold, they are within what was asked for before the operation began (read_memory.h).
  static constexpr std::size_t kUnmeasuredBytesMax = std::size_t{200} * 1024;
};

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
