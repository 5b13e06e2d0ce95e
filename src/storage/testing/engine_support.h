// What tests of engines share: a loop to run coroutines on, and short ways to say tables, items and requests.
#pragma once

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include "expression/expression.h"
#include "storage/engine.h"
#include "storage/refusal.h"
#include "tenancy/identity/table_ref_maker.h"

namespace insula::storage::testing {

// Runs coroutines on the calling thread's event loop.
class Loop {
 public:
  template <class T>
  T Run(Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(loop_, Keep(std::move(task), &result), Rethrow);
    loop_.restart();
    loop_.run();
    return std::move(result).value();
  }
  // All at once, interleaved; results in order.
  template <class T>
  std::vector<T> RunAll(std::vector<Task<T>> tasks) {
    std::vector<std::optional<T>> results(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      boost::asio::co_spawn(loop_, Keep(std::move(tasks[i]), &results[i]), Rethrow);
    }
    loop_.restart();
    loop_.run();
    std::vector<T> out;
    for (auto& result : results) out.push_back(std::move(result).value());
    return out;
  }

 private:
  template <class T>
  static Task<void> Keep(Task<T> task, std::optional<T>* result) {
    result->emplace(co_await std::move(task));
  }
  static void Rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  }
  boost::asio::io_context loop_{1};
};

// The value of a result that must be one.
template <class T>
T Must(Result<T> result) {
  if (!result.ok()) {
    ADD_FAILURE() << TraitsOf(result.error().code()).name << ": " << result.error().message();
    std::abort();
  }
  return std::move(result).value();
}
inline void Must(Result<void> result) {
  ASSERT_TRUE(result.ok()) << TraitsOf(result.error().code()).name << ": " << result.error().message();
}

inline AttributeValue S(std::string text) { return AttributeValue::S(std::move(text)); }
inline AttributeValue N(std::int64_t number) { return AttributeValue::N(number); }
inline AttributeValue B(std::string bytes) { return AttributeValue::B(std::move(bytes)); }

inline TableRef MakeTable(std::uint64_t incarnation, TableSchema schema, StoreId store = StoreId(0),
                          std::uint32_t tenant = 7) {
  return tenancy::TableRefMaker::Make(store, TableNumber(11), TenantNumber(tenant), Incarnation(incarnation), "t",
                                      std::nullopt, std::make_shared<const TableSchema>(std::move(schema)));
}
inline TableSchema HashSchema() {
  TableSchema schema;
  schema.key.hash = {{"pk", AttributeType::kS}};
  return schema;
}
// A table that no test is about: creating it makes its store.
inline TableRef AnyTableIn(StoreId store) { return MakeTable(1'000'000, HashSchema(), store); }
inline TableSchema RangeSchema(AttributeType range = AttributeType::kS) {
  TableSchema schema = HashSchema();
  schema.key.range = {{"sk", range}};
  return schema;
}
inline IndexSchema MakeIndex(std::uint16_t id, std::string name, KeySchema key, IndexKind kind = IndexKind::kGlobal) {
  IndexSchema index;
  index.id = id;
  index.name = std::move(name);
  index.kind = kind;
  index.key = std::move(key);
  return index;
}

inline std::shared_ptr<const expression::Condition> ConditionOf(
    std::string text, std::map<std::string, AttributeValue, std::less<>> values = {}) {
  expression::Placeholders placeholders({}, std::move(values));
  return std::make_shared<const expression::Condition>(
      Must(expression::Condition::Parse(text, placeholders, "ConditionExpression")));
}
inline std::shared_ptr<const expression::Update> UpdateOf(
    std::string text, std::map<std::string, AttributeValue, std::less<>> values = {}) {
  expression::Placeholders placeholders({}, std::move(values));
  return std::make_shared<const expression::Update>(Must(expression::Update::Parse(text, placeholders)));
}

inline WriteRequest PutOf(const TableRef& table, AttributeMap item) {
  WriteRequest request{.table = table};
  request.key = KeyOf(item, table.schema().key);
  request.item = std::move(item);
  return request;
}
inline WriteRequest DeleteOf(const TableRef& table, PrimaryKey key) {
  WriteRequest request{.table = table};
  request.kind = WriteKind::kDelete;
  request.key = std::move(key);
  return request;
}
inline WriteRequest UpdateOfItem(const TableRef& table, PrimaryKey key,
                                 std::shared_ptr<const expression::Update> update) {
  WriteRequest request{.table = table};
  request.kind = WriteKind::kUpdate;
  request.key = std::move(key);
  request.update = std::move(update);
  return request;
}
inline GetRequest GetOf(const TableRef& table, PrimaryKey key) {
  GetRequest request{.table = table};
  request.key = std::move(key);
  return request;
}
inline std::string KeyName(int i) { return "key-" + std::to_string(i); }
inline PrimaryKey Key(AttributeValue hash) { return {std::move(hash), std::nullopt}; }
inline PrimaryKey Key(AttributeValue hash, AttributeValue range) { return {std::move(hash), std::move(range)}; }

inline std::optional<AttributeMap> Tree(const MaybeItem& item) {
  if (!item) return std::nullopt;
  return item->Decode();
}

}  // namespace insula::storage::testing
