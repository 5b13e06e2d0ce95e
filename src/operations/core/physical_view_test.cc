// The operator's view of a pooled table, over two tenants of one service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/primary_key.h"
#include "operations/testing/server.h"
#include "wire/base64.h"

namespace insula::operations {
namespace {

using testing::Await;
using ::testing::HasSubstr;
using testing::Must;
using testing::PartitionModel;
using testing::Server;

class PooledTable : public ::testing::Test {
 protected:
  PooledTable() : server(PartitionModel::kIndex) {
    other = server.world.Tenant("prod", "shop", "zeta");
    for (const tenancy::Context* tenant : {&server.tenant, &other}) {
      server.CallAs(*tenant, "CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
          "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}],
          "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]})");
    }
    server.provisioner->WaitIdle();
    for (int i = 1; i <= 3; ++i) {
      Put(server.tenant, i, "acme");
      Put(other, i, "zeta");
    }
    for (const tenancy::AccountRecord& account : server.world.organization->Accounts()) {
      if (account.kind != tenancy::AccountKind::kShared) continue;
      accounts = Must(server.world.catalog->OperatorContextOf(account.id));
    }
  }
  void Put(const tenancy::Context& tenant, int sk, std::string_view of) {
    ASSERT_EQ(server.CallAs(tenant, "PutItem",
                            fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"p"}},"sk":{{"N":"{}"}},
                                            "of":{{"S":"{}"}}}}}})",
                                        sk, of)),
              "200 {}");
  }
  std::string Call(std::string_view operation, std::string_view rest) {
    return server.CallAs(accounts, operation,
                         fmt::format(R"({{"TableName":"prod.shop._pool.Orders"{}{}}})", rest.empty() ? "" : ",", rest));
  }
  // {"B": insula:key of (p, sk)}
  static std::string Key(int sk) {
    std::string bytes = EncodeKey({AttributeValue::S("p"), AttributeValue::N(sk)});
    std::string text;
    wire::AppendBase64(bytes, &text);
    return fmt::format(R"({{"B":"{}"}})", text);
  }
  // sk and owner of each item of the answer: "1acme 2acme".
  static std::string Items(const std::string& answer) {
    std::string items;
    for (std::size_t at = answer.find(R"("of":{"S":")"); at != std::string::npos;
         at = answer.find(R"("of":{"S":")", at + 1)) {
      std::size_t sk = answer.find(R"("sk":{"N":")", at) + 11;
      if (!items.empty()) items += ' ';
      items += answer.substr(sk, 1) + answer.substr(at + 11, 4);
    }
    return items;
  }

  Server server;
  tenancy::Context other = tenancy::testing::Nobody();
  tenancy::Context accounts = tenancy::testing::Nobody();
};

TEST_F(PooledTable, ShowsTenantAndKeyBesideTheItem) {
  EXPECT_EQ(Call("Query", fmt::format(R"("KeyConditionExpression":"#t = :t and #k = :k",
      "ExpressionAttributeNames":{{"#t":"insula:tenant","#k":"insula:key"}},
      "ExpressionAttributeValues":{{":t":{{"S":"acme"}},":k":{}}})",
                                      Key(2))),
            fmt::format(R"(200 {{"Count":1,"ScannedCount":1,"Items":[{{"insula:key":{},"insula:tenant":{{"S":"acme"}},)"
                        R"("of":{{"S":"acme"}},"pk":{{"S":"p"}},"sk":{{"N":"2"}}}}]}})",
                        Key(2)));
  EXPECT_THAT(server.CallAs(accounts, "ListTables", "{}"), HasSubstr("prod.shop._pool.Orders"));
  std::string described = server.CallAs(accounts, "DescribeTable", R"({"TableName":"prod.shop._pool.Orders"})");
  EXPECT_THAT(described, HasSubstr(R"("KeySchema":[{"AttributeName":"insula:tenant","KeyType":"HASH"},)"
                                   R"({"AttributeName":"insula:key","KeyType":"RANGE"}])"));
  EXPECT_THAT(described, HasSubstr(R"("ItemCount":6)"));
}

TEST_F(PooledTable, AQueryReadsOneTenantAndAScanAll) {
  auto query = [&](std::string_view condition, std::string_view rest = "", std::string_view values = "") {
    return Items(Call("Query", fmt::format(R"("KeyConditionExpression":"#t = :t{}",
        "ExpressionAttributeNames":{{"#t":"insula:tenant"{}}},
        "ExpressionAttributeValues":{{":t":{{"S":"zeta"}}{}}}{}{})",
                                           condition, condition.empty() ? "" : R"(,"#k":"insula:key")", values,
                                           rest.empty() ? "" : ",", rest)));
  };
  EXPECT_EQ(query(""), "1zeta 2zeta 3zeta");
  EXPECT_EQ(query("", R"("ScanIndexForward":false)"), "3zeta 2zeta 1zeta");
  const std::string two = fmt::format(R"(,":k":{})", Key(2));
  EXPECT_EQ(query(" and #k > :k", "", two), "3zeta");
  EXPECT_EQ(query(" and #k >= :k", "", two), "2zeta 3zeta");
  EXPECT_EQ(query(" and #k < :k", "", two), "1zeta");
  EXPECT_EQ(query(" and #k <= :k", R"("ScanIndexForward":false)", two), "2zeta 1zeta");
  EXPECT_EQ(query(" and #k between :k and :l", "", fmt::format(R"({},":l":{})", two, Key(3))), "2zeta 3zeta");
  EXPECT_EQ(query(" and begins_with(#k, :k)", "", two), "2zeta");
  EXPECT_EQ(Items(Call("Scan", "")), "1acme 2acme 3acme 1zeta 2zeta 3zeta");
  EXPECT_EQ(Items(Call("Scan", R"("FilterExpression":"sk = :n","ExpressionAttributeValues":{":n":{"N":"3"}})")),
            "3acme 3zeta");
}

TEST_F(PooledTable, PagesGoOverFromOneTenantToTheNext) {
  std::string seen, start;
  for (int page = 0; page < 10; ++page) {
    std::string answer =
        Call("Scan", fmt::format(R"("Limit":2{})", start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start));
    seen += "[" + Items(answer) + "]";
    std::size_t at = answer.find(R"("LastEvaluatedKey":)");
    if (at == std::string::npos) break;
    start = answer.substr(at + 19, answer.size() - at - 20);
  }
  EXPECT_EQ(seen, "[1acme 2acme][3acme 1zeta][2zeta 3zeta][]");

  std::string parts;
  for (int segment = 0; segment < 4; ++segment) {
    std::string items = Items(Call("Scan", fmt::format(R"("TotalSegments":4,"Segment":{})", segment)));
    if (!items.empty()) parts += items + ' ';
  }
  EXPECT_THAT(parts, ::testing::AnyOf("1acme 2acme 3acme 1zeta 2zeta 3zeta ", "1zeta 2zeta 3zeta 1acme 2acme 3acme "));
}

TEST_F(PooledTable, IsReadOnly) {
  EXPECT_THAT(Call("PutItem", R"("Item":{"insula:tenant":{"S":"acme"},"insula:key":{"B":"AAAA"}})"),
              HasSubstr("AccessDeniedException"));
  EXPECT_THAT(Call("DeleteTable", ""), HasSubstr("AccessDeniedException"));
  EXPECT_THAT(Call("UpdateTable", R"("DeletionProtectionEnabled":true)"), HasSubstr("AccessDeniedException"));
}

TEST_F(PooledTable, GetItemGoesByPhysicalKey) {
  auto get = [&](std::string_view tenant, const std::string& key) {
    return Call("GetItem", fmt::format(R"("Key":{{"insula:tenant":{{"S":"{}"}},"insula:key":{}}})", tenant, key));
  };
  EXPECT_EQ(Items(get("zeta", Key(1))), "1zeta");
  EXPECT_EQ(get("zeta", Key(9)), "200 {}");
  EXPECT_EQ(get("none", Key(1)), "200 {}");
  EXPECT_EQ(get("zeta", R"({"B":"AAAA"})"), "200 {}");
}

}  // namespace
}  // namespace insula::operations
