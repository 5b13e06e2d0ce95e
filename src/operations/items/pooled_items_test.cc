// What an operator reads of a shared table: items of all tenants under (insula:tenant, insula:key), and no way to
// write.
#include <gtest/gtest.h>

#include "model/primary_key.h"
#include "operations/testing/schemas.h"
#include "operations/testing/server.h"
#include "wire/attribute_value_json.h"
#include "wire/base64.h"

namespace insula::operations {
namespace {

using testing::Must;
using testing::Server;

class PooledItems : public ::testing::Test {
 protected:
  PooledItems() {
    server.CreateTable("Music", SchemaOf(AttributeType::kS));
    server.Call("PutItem", R"({"TableName":"Music","Item":{"pk":{"S":"a"},"v":{"N":"1"}}})");
    for (const tenancy::AccountRecord& account : server.world.organization->Accounts()) {
      if (account.kind != tenancy::AccountKind::kShared) continue;
      operators = Must(server.world.catalog->OperatorContextOf(account.id));
    }
  }
  // {"insula:tenant":…,"insula:key":…}
  static std::string Key(std::string_view tenant, std::string pk) {
    std::string key;
    wire::AppendBase64(EncodeKey({AttributeValue::S(std::move(pk)), std::nullopt}), &key);
    return fmt::format(R"({{"insula:tenant":{{"S":"{}"}},"insula:key":{{"B":"{}"}}}})", tenant, key);
  }
  static std::string Item(std::string pk) {
    std::string key;
    wire::AppendBase64(EncodeKey({AttributeValue::S(pk), std::nullopt}), &key);
    return fmt::format(
        R"({{"insula:key":{{"B":"{}"}},"insula:tenant":{{"S":"acme"}},"pk":{{"S":"{}"}},"v":{{"N":"1"}}}})", key, pk);
  }
  std::string Call(std::string_view operation, std::string_view body) {
    return server.CallAs(*operators, operation, body);
  }

  Server server;
  std::optional<tenancy::Context> operators;
};

TEST_F(PooledItems, AreReadByTenantAndKey) {
  EXPECT_EQ(Call("GetItem", fmt::format(R"({{"TableName":"prod.shop._pool.Music","Key":{}}})", Key("acme", "a"))),
            "200 {\"Item\":" + Item("a") + "}");
  EXPECT_EQ(Call("GetItem", fmt::format(R"({{"TableName":"prod.shop._pool.Music","Key":{}}})", Key("nobody", "a"))),
            "200 {}");
  EXPECT_EQ(Call("BatchGetItem", fmt::format(R"({{"RequestItems":{{"prod.shop._pool.Music":{{"Keys":[{},{},{}]}}}}}})",
                                             Key("nobody", "a"), Key("acme", "a"), Key("acme", "b"))),
            R"(200 {"Responses":{"prod.shop._pool.Music":[)" + Item("a") + R"(]},"UnprocessedKeys":{}})");
  EXPECT_EQ(Call("TransactGetItems",
                 fmt::format(R"({{"TransactItems":[{{"Get":{{"TableName":"prod.shop._pool.Music","Key":{}}}}},
                                 {{"Get":{{"TableName":"prod.shop._pool.Music","Key":{}}}}}]}})",
                             Key("nobody", "a"), Key("acme", "a"))),
            R"(200 {"Responses":[{},{"Item":)" + Item("a") + "}]}");
}

TEST_F(PooledItems, AreNotWritten) {
  std::string denied = "400 {\"__type\":\"com.amazon.coral.service#AccessDeniedException\"";
  std::string key = Key("acme", "a");
  EXPECT_TRUE(Call("PutItem", R"({"TableName":"prod.shop._pool.Music","Item":)" + key + "}").starts_with(denied));
  EXPECT_TRUE(Call("DeleteItem", R"({"TableName":"prod.shop._pool.Music","Key":)" + key + "}").starts_with(denied));
  EXPECT_TRUE(Call("UpdateItem", R"({"TableName":"prod.shop._pool.Music","Key":)" + key + "}").starts_with(denied));
  EXPECT_TRUE(
      Call("BatchWriteItem", R"({"RequestItems":{"prod.shop._pool.Music":[{"DeleteRequest":{"Key":)" + key + "}}]}}")
          .starts_with(denied));
  EXPECT_TRUE(Call("TransactWriteItems",
                   R"({"TransactItems":[{"Delete":{"TableName":"prod.shop._pool.Music","Key":)" + key + "}}]}")
                  .starts_with(denied));
}

TEST_F(PooledItems, ConditionChecksAreNoWayInEither) {
  EXPECT_TRUE(Call("TransactWriteItems", R"j({"TransactItems":[{"ConditionCheck":{"TableName":"prod.shop._pool.Music",
                   "ConditionExpression":"attribute_exists(pk)","Key":)j" +
                                             Key("acme", "a") + "}}]}")
                  .starts_with("400 {\"__type\":\"com.amazon.coral.service#AccessDeniedException\""));
}

}  // namespace
}  // namespace insula::operations
