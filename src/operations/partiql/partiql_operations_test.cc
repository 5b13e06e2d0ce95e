// PartiQL end to end in one process: statements in, JSON out, through catalog and embedded engine. The same under each
// partition model. Wording and precedence are DynamoDB's.
#include <gtest/gtest.h>

#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using testing::Invalid;
using testing::PartitionModel;
using testing::Server;

constexpr std::string_view kOneItem = R"(200 {"Items":[{"n":{"N":"1"},"pk":{"S":"a"}}]})";
constexpr std::string_view kNotFound = R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
                                       R"("message":"Requested resource not found"})";
constexpr std::string_view kConditionFailed =
    R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
    R"("message":"The conditional request failed"})";
constexpr std::string_view kDuplicate = R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#DuplicateItemException",)"
                                        R"("message":"Duplicate primary key exists in table"})";

// {"Statement":"…"} with what else the request has.
std::string Body(std::string_view statement, std::string_view more = "") {
  std::string body = R"({"Statement":")";
  for (char c : statement) {
    if (c == '"') body.push_back('\\');
    body.push_back(c);
  }
  return body + "\"" + (more.empty() ? "" : ",") + std::string(more) + "}";
}

class Partiql : public ::testing::TestWithParam<PartitionModel> {
 protected:
  Partiql() : server(GetParam()) {
    server.CreateTable("Hash", SchemaOf(AttributeType::kS));
    TableSchema indexed = SchemaOf(AttributeType::kS, {AttributeType::kS});
    IndexSchema some = GlobalIndex(0, "byA", "a");
    some.projection.type = ProjectionType::kKeysOnly;
    IndexSchema local = LocalIndex(0, "byB", "b");
    local.projection.type = ProjectionType::kKeysOnly;
    indexed.indexes = {some, local};
    server.CreateTable("Indexed", indexed);
  }
  std::string Run(std::string_view statement, std::string_view more = "") {
    return server.Call("ExecuteStatement", Body(statement, more));
  }
  std::string Batch(std::initializer_list<std::string> statements, std::string_view more = "") {
    return server.Call("BatchExecuteStatement",
                       fmt::format(R"({{"Statements":[{}]{}}})", fmt::join(statements, ","), more));
  }
  std::string Transaction(std::initializer_list<std::string> statements, std::string_view more = "") {
    return server.Call("ExecuteTransaction",
                       fmt::format(R"({{"TransactStatements":[{}]{}}})", fmt::join(statements, ","), more));
  }
  // {pk: a, sk: 1…3}, {pk: b, sk: 1…3}
  void FillIndexed() {
    for (std::string pk : {"a", "b"}) {
      for (std::string sk : {"1", "2", "3"}) {
        Run(fmt::format("INSERT INTO Indexed VALUE {{'pk': '{}', 'sk': '{}', 'a': 'x{}', 'b': 'y', 'v': {}}}", pk, sk,
                        sk, sk));
      }
    }
  }
  // "a1 a2": keys of the items, in order; the answer itself if it isn't 200.
  static std::string Keys(const std::string& answer) {
    if (!answer.starts_with("200")) return answer;
    std::string keys;
    std::size_t at = 0;
    while ((at = answer.find(R"({"pk":{"S":")", at)) != std::string::npos) {
      if (answer[at - 1] == ':') break;  // LastEvaluatedKey
      std::size_t sk = answer.find(R"("sk":{"S":")", at);
      if (!keys.empty()) keys += ' ';
      keys += answer[at + 12];
      keys += answer[sk + 11];
      at = sk;
    }
    return keys;
  }
  static std::string TokenOf(const std::string& answer) {
    std::size_t at = answer.find(R"("NextToken":")");
    if (at == std::string::npos) return "";
    return answer.substr(at + 13, answer.find('"', at + 13) - at - 13);
  }

  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, Partiql,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

TEST_P(Partiql, WritesAndReadsOneItem) {
  EXPECT_EQ(Run("INSERT INTO \"Hash\" VALUE {'pk': ?, 'n': ?}", R"("Parameters":[{"S":"a"},{"N":"1"}])"),
            R"(200 {"Items":[]})");
  EXPECT_EQ(Run("SELECT * FROM \"Hash\" WHERE pk = 'a'"), kOneItem);
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 'a' AND n = 1"), kOneItem);
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 'a' AND n = 2"), R"(200 {"Items":[]})");
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 'none'"), R"(200 {"Items":[]})");
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE n = 1"), kOneItem);
  EXPECT_EQ(Run("SELECT * FROM Hash"), kOneItem);
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 'a' AND pk = 'b'"), R"(200 {"Items":[]})");
}

TEST_P(Partiql, InsertIsNoUpsert) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 2}"), kDuplicate);
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 'a'"), kOneItem);
  EXPECT_EQ(Run("INSERT INTO Hash VALUE {'n': 2}"),
            Invalid("One or more parameter values were invalid: Missing the key pk in the item"));
}

TEST_P(Partiql, UpdateNeedsTheItem) {
  EXPECT_EQ(Run("UPDATE Hash SET n = 1 WHERE pk = 'a'"), kConditionFailed);
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 'a'"), R"(200 {"Items":[]})");
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(Run("UPDATE Hash SET n = n + 1 WHERE pk = 'a' AND n = 1"), R"(200 {"Items":[]})");
  EXPECT_EQ(Run("UPDATE Hash SET n = n + 1 WHERE pk = 'a' AND n = 1"), kConditionFailed);
  EXPECT_EQ(
      Run("UPDATE Hash SET n = n + 1 WHERE pk = 'a' AND n = 1", R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD")"),
      R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
      R"("Message":"The conditional request failed","Item":{"n":{"N":"2"},"pk":{"S":"a"}}})");
}

TEST_P(Partiql, DeleteOfNothingIsFine) {
  EXPECT_EQ(Run("DELETE FROM Hash WHERE pk = 'a' AND n = 1 RETURNING ALL OLD *"), R"(200 {"Items":[]})");
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(Run("DELETE FROM Hash WHERE pk = 'a' AND n = 2"), kConditionFailed);
  EXPECT_EQ(Run("DELETE FROM Hash WHERE pk = 'a' AND n = 1 RETURNING ALL OLD *"), kOneItem);
  EXPECT_EQ(Run("SELECT * FROM Hash"), R"(200 {"Items":[]})");
}

TEST_P(Partiql, ReturningShowsEachSide) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(Run("UPDATE Hash SET m = 5 WHERE pk = 'a' RETURNING ALL OLD *"), kOneItem);
  EXPECT_EQ(Run("UPDATE Hash SET m = 6 WHERE pk = 'a' RETURNING MODIFIED OLD *"), R"(200 {"Items":[{"m":{"N":"5"}}]})");
  EXPECT_EQ(Run("UPDATE Hash SET m = 7 WHERE pk = 'a' RETURNING MODIFIED NEW *"), R"(200 {"Items":[{"m":{"N":"7"}}]})");
  EXPECT_EQ(Run("UPDATE Hash REMOVE m WHERE pk = 'a' RETURNING MODIFIED NEW *"), R"(200 {"Items":[]})");
  EXPECT_EQ(Run("UPDATE Hash REMOVE m WHERE pk = 'a' RETURNING ALL NEW *"), kOneItem);
  EXPECT_EQ(Run("DELETE FROM Hash WHERE pk = 'a' RETURNING MODIFIED OLD *"),
            Invalid("Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE "
                    "statements."));
}

TEST_P(Partiql, WhatIsRefused) {
  EXPECT_EQ(Run("SELECT * FROM None WHERE pk = 'a'"), kNotFound);
  EXPECT_EQ(Run("INSERT INTO None VALUE {'pk': 'a'}"), kNotFound);
  EXPECT_EQ(Run("SELECT * FROM \"\" WHERE pk = 'a'"), Invalid("Path component cannot be an empty string"));
  EXPECT_EQ(Run("UPDATE Hash SET n = 1 WHERE n = 1"),
            Invalid("Where clause does not contain a mandatory equality on all key attributes"));
  EXPECT_EQ(Run("DELETE FROM Indexed WHERE pk = 'a'"),
            Invalid("Where clause does not contain a mandatory equality on all key attributes"));
  EXPECT_EQ(Run("UPDATE Hash SET n = 1 WHERE pk = 'a' AND pk = 'b'"),
            Invalid("Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported"));
  EXPECT_EQ(Run("UPDATE Hash SET pk = 'b' WHERE pk = 'a'"),
            Invalid("One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of "
                    "the key"));
  EXPECT_EQ(Run("SELECT * FROM Hash WHERE pk = 1"),
            Invalid("Key attribute's data type should match its data type in table's schema: Key pk"));
  EXPECT_EQ(Run("EXISTS(SELECT * FROM Hash WHERE pk = 'a' AND n = 1)"),
            Invalid("EXISTS can only be used in ExecuteTransaction write requests."));
  // Parameters are looked at before the text, and the text's length before both.
  EXPECT_EQ(Run("UPDATE Hash SET WHERE", R"("Parameters":[{"SS":["a","a"]}])"),
            Invalid("One or more parameter values were invalid: Input collection [a, a] contains duplicates."));
  EXPECT_EQ(Run("SELECTT"), Invalid("Unsupported operation: Expression"));
  std::string fits = "SELECT * FROM Hash WHERE pk = 'a'" + std::string(8192 - 33, ' ');
  EXPECT_EQ(Run(fits), R"(200 {"Items":[]})");
  EXPECT_NE(Run(fits + " ").find("Member must have length less than or equal to 8192"), std::string::npos);
  EXPECT_NE(Run("SELECT * FROM Hash", R"("Limit":0)").find("Member must have value greater than or equal to 1"),
            std::string::npos);
}

TEST_P(Partiql, ColumnsNameWhatTheyShow) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'm': {'k': [1, 'two'], 's': 'x'}, 'n': 3}");
  EXPECT_EQ(Run("SELECT n, pk FROM Hash WHERE pk = 'a'"), R"(200 {"Items":[{"n":{"N":"3"},"pk":{"S":"a"}}]})");
  EXPECT_EQ(Run("SELECT m.s, m.k[1] FROM Hash WHERE pk = 'a'"),
            R"(200 {"Items":[{"k[1]":{"S":"two"},"s":{"S":"x"}}]})");
  EXPECT_EQ(Run("SELECT nothing FROM Hash WHERE pk = 'a'"), R"(200 {"Items":[{}]})");
}

TEST_P(Partiql, ReadsByConditionsOnKeys) {
  FillIndexed();
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed WHERE pk = 'a'")), "a1 a2 a3");
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed WHERE pk = 'a' AND sk >= '2'")), "a2 a3");
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed WHERE pk = 'a' AND begins_with(sk, '3')")), "a3");
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed WHERE pk = 'a' AND sk <> '2'")), "a1 a3");
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed WHERE pk = 'a' AND sk IN ['1', '3']")), "a1 a3");
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed WHERE pk = 'a' AND sk = '2' AND v = 2")), "a2");
  // A query costs what it reads of one partition, a scan all there is.
  EXPECT_NE(Run("SELECT pk FROM Indexed WHERE pk = 'a'", R"("ReturnConsumedCapacity":"TOTAL","ConsistentRead":true)")
                .find(R"("ConsumedCapacity":{"TableName":"Indexed","CapacityUnits":1.0})"),
            std::string::npos);
}

TEST_P(Partiql, OrderIsThatOfKeys) {
  FillIndexed();
  auto select = [&](const std::string& rest) { return Keys(Run("SELECT pk, sk FROM Indexed " + rest)); };
  EXPECT_EQ(select("WHERE pk = 'a' ORDER BY sk DESC"), "a3 a2 a1");
  EXPECT_EQ(select("WHERE pk = 'a' ORDER BY sk"), "a1 a2 a3");
  EXPECT_EQ(select("WHERE pk = 'a' ORDER BY pk ASC"), "a3 a2 a1");
  EXPECT_EQ(select("WHERE pk IN ['a', 'b'] ORDER BY pk DESC, sk ASC"), "b1 b2 b3 a1 a2 a3");
  EXPECT_EQ(select("WHERE pk = 'a' AND sk IN ['1', '3', '2'] ORDER BY sk DESC"), "a3 a2 a1");
  EXPECT_EQ(select("ORDER BY sk"), Invalid("Must have WHERE clause in the statement when using ORDER BY clause."));
  EXPECT_EQ(select("WHERE pk = 'a' ORDER BY v"),
            Invalid("Attribute v in ORDER BY clause must be part of the primary key"));
  EXPECT_EQ(select("WHERE pk > 'a' ORDER BY sk"),
            Invalid("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY "
                    "clause."));
  EXPECT_EQ(select("WHERE pk IN ['a', 'b'] ORDER BY sk"),
            Invalid("Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE "
                    "clause."));
}

TEST_P(Partiql, TokensContinueTheirOwnStatement) {
  FillIndexed();
  const std::string select = "SELECT pk, sk FROM Indexed WHERE pk IN ['a', 'b'] ORDER BY pk DESC";
  std::string first = Run(select, R"("Limit":2)");
  EXPECT_EQ(Keys(first), "b3 b2");
  std::string token = TokenOf(first);
  ASSERT_NE(token, "");
  std::string second = Run(select, R"("Limit":2,"NextToken":")" + token + "\"");
  EXPECT_EQ(Keys(second), "b1 a3");
  std::string rest = Run(select, R"("NextToken":")" + TokenOf(second) + "\"");
  EXPECT_EQ(Keys(rest), "a2 a1");
  EXPECT_EQ(TokenOf(rest), "");

  const std::string foreign = Invalid("NextToken does not match request");
  EXPECT_EQ(Run("SELECT pk, sk FROM Indexed WHERE pk IN ['a', 'b'] ORDER BY pk", R"("NextToken":")" + token + "\""),
            foreign);
  EXPECT_EQ(Run("INSERT INTO Hash VALUE {'pk': 'q'}", R"("NextToken":")" + token + "\""), foreign);
  EXPECT_EQ(Run(select, R"("NextToken":"nonsense")"), Invalid("Invalid NextToken"));
  // Another tenant's request is another request, though its table and statement are the same.
  tenancy::Context other = server.world.Tenant("prod", "shop", "other");
  server.provisioner->WaitIdle();
  std::string as_other = server.CallAs(other, "ExecuteStatement", Body(select, R"("NextToken":")" + token + "\""));
  EXPECT_TRUE(as_other == foreign || as_other == kNotFound) << as_other;
}

TEST_P(Partiql, IndexesAreReadAsTheyAre) {
  FillIndexed();
  EXPECT_EQ(Run("SELECT * FROM Indexed.byA WHERE a = 'x1' AND pk = 'a'"),
            R"(200 {"Items":[{"a":{"S":"x1"},"pk":{"S":"a"},"sk":{"S":"1"}}]})");
  EXPECT_EQ(Keys(Run("SELECT pk, sk FROM Indexed.byB WHERE pk = 'a' AND b = 'y'")), "a1 a2 a3");
  // A local index reaches into the table for columns, a global one can't.
  EXPECT_EQ(Run("SELECT v FROM Indexed.byB WHERE pk = 'a' AND b = 'y'"),
            R"(200 {"Items":[{"v":{"N":"1"}},{"v":{"N":"2"}},{"v":{"N":"3"}}]})");
  EXPECT_EQ(Run("SELECT v FROM Indexed.byA WHERE a = 'x1'"),
            Invalid("One or more parameter values were invalid: Global secondary index byA does not project [v]"));
  // A filter on what the index doesn't have is refused by key, and matches nothing in a scan.
  EXPECT_EQ(Run("SELECT pk FROM Indexed.byA WHERE a = 'x1' AND v = 1"),
            Invalid("One or more parameter values were invalid: Secondary index byA does not project one or more "
                    "filter attributes: [v]"));
  EXPECT_EQ(Run("SELECT pk FROM Indexed.byA WHERE v = 1"), R"(200 {"Items":[]})");
  EXPECT_EQ(Run("SELECT * FROM Indexed.none WHERE pk = 'a'"), Invalid("The table does not have the specified index"));
  EXPECT_EQ(Run("SELECT * FROM Indexed.byA WHERE a = 'x1'", R"("ConsistentRead":true)"),
            Invalid("Strongly consistent read is not supported on Global Secondary Indexes"));
  EXPECT_EQ(Run("DELETE FROM Indexed.byA WHERE a = 'x1'"), Invalid("This operation is not supported on an index"));
}

TEST_P(Partiql, WritesAreMetered) {
  Run("SELECT * FROM Hash");
  server.meter.Take("Hash");
  EXPECT_EQ(Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}", R"("ReturnConsumedCapacity":"TOTAL")"),
            R"(200 {"Items":[],"ConsumedCapacity":{"TableName":"Hash","CapacityUnits":1.0}})");
  Run("SELECT * FROM Hash WHERE pk = 'a'", R"("ConsistentRead":true)");
  EXPECT_EQ(server.meter.Take("Hash"), "1/1");
}

// nubo-db/dynoxide, tests/batch_statement_member_fields.rs: a member that is invalid names no table.
TEST_P(Partiql, BatchesReadByKey) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(
      Batch({Body("SELECT n FROM Hash WHERE pk = 'a'"), Body("SELECT * FROM Hash WHERE pk = 'b'"),
             Body("SELECT * FROM None WHERE pk = 'b'"), Body("SELECT * FROM Hash WHERE n = 1"),
             Body("SELECT * FROM Hash WHERE pk IN ['c'] AND n = 1"), Body("SLECT")},
            R"(,"ReturnConsumedCapacity":"TOTAL")"),
      R"(200 {"Responses":[{"Item":{"n":{"N":"1"}},"TableName":"Hash"},{"TableName":"Hash"},)"
      R"({"Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"}},)"
      R"({"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify )"
      R"(the primary key in the where clause."}},)"
      R"({"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify )"
      R"(the primary key in the where clause."}},)"
      R"({"Error":{"Code":"ValidationError","Message":"Unsupported operation: Expression"}}],)"
      R"("ConsumedCapacity":[{"TableName":"Hash","CapacityUnits":1.0}]})");
}

TEST_P(Partiql, BatchesWriteEachByItself) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(
      Batch({Body("INSERT INTO Hash VALUE {'pk': 'a'}"), Body("INSERT INTO Hash VALUE {'pk': 'b'}"),
             Body("UPDATE Hash SET n = 1 WHERE pk = 'c'"),
             Body("DELETE FROM Hash WHERE pk = 'd' RETURNING ALL OLD *")}),
      R"(200 {"Responses":[)"
      R"({"Error":{"Code":"DuplicateItem","Message":"Duplicate primary key exists in table"},"TableName":"Hash"},)"
      R"({"TableName":"Hash"},)"
      R"({"Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"},"TableName":"Hash"},)"
      R"({"TableName":"Hash"}]})");
  EXPECT_EQ(Batch({Body("UPDATE Hash SET n = 2 WHERE pk = 'a' AND n = 7",
                        R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD")"),
                   Body("DELETE FROM Hash WHERE pk = 'b' RETURNING ALL OLD *")}),
            R"(200 {"Responses":[{"Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request failed",)"
            R"("Item":{"n":{"N":"1"},"pk":{"S":"a"}}},"TableName":"Hash"},)"
            R"({"Item":{"pk":{"S":"b"}},"TableName":"Hash"}]})");
  EXPECT_EQ(Batch({Body("SELECT * FROM Hash WHERE pk = 'a'"), Body("DELETE FROM Hash WHERE pk = 'b'")}),
            Invalid("Read and write requests together in the same batch is not supported."));
  EXPECT_EQ(Batch({Body("DELETE FROM Hash WHERE pk = 'b'"), Body("DELETE FROM Hash WHERE pk = 'b'")}),
            Invalid("Provided list of item keys contains duplicates"));
  EXPECT_NE(Batch({}).find("Member must have length greater than or equal to 1"), std::string::npos);
}

TEST_P(Partiql, TransactionsAreAllOrNothing) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  EXPECT_EQ(Transaction({Body("INSERT INTO Hash VALUE {'pk': 'b'}"), Body("UPDATE Hash SET n = 2 WHERE pk = 'a'"),
                         Body("EXISTS(SELECT * FROM Hash WHERE pk = 'c' AND n IS MISSING)")}),
            R"(200 {"Responses":[]})");
  EXPECT_EQ(
      Transaction({Body("INSERT INTO Hash VALUE {'pk': 'a'}"), Body("INSERT INTO Hash VALUE {'pk': 'd'}"),
                   Body("EXISTS(SELECT * FROM Hash WHERE pk = 'c' AND n = 1)")}),
      R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction )"
      R"(cancelled, please refer cancellation reasons for specific reasons [DuplicateItem, None, )"
      R"(ConditionalCheckFailed]","CancellationReasons":[{"Code":"DuplicateItem","Message":"Duplicate primary key )"
      R"(exists in table"},{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional request )"
      R"(failed"}]})");
  EXPECT_EQ(Transaction({Body("SELECT n FROM Hash WHERE pk = 'a'"), Body("SELECT * FROM Hash WHERE pk = 'd'")},
                        R"(,"ReturnConsumedCapacity":"TOTAL")"),
            R"(200 {"Responses":[{"Item":{"n":{"N":"2"}}},{}],"ConsumedCapacity":[{"TableName":"Hash",)"
            R"("CapacityUnits":4.0,"ReadCapacityUnits":4.0}]})");
}

TEST_P(Partiql, TransactionsAreIdempotentByToken) {
  Run("INSERT INTO Hash VALUE {'pk': 'a', 'n': 1}");
  auto add = [&](std::string_view amount) {
    return Transaction(
        {Body("UPDATE Hash SET n = n + ? WHERE pk = 'a'", fmt::format(R"("Parameters":[{{"N":"{}"}}])", amount))},
        R"(,"ClientRequestToken":"once")");
  };
  EXPECT_EQ(add("1"), R"(200 {"Responses":[]})");
  EXPECT_EQ(add("1"), R"(200 {"Responses":[]})");
  EXPECT_NE(add("2").find("IdempotentParameterMismatchException"), std::string::npos);
  EXPECT_EQ(Run("SELECT n FROM Hash WHERE pk = 'a'"), R"(200 {"Items":[{"n":{"N":"2"}}]})");
}

TEST_P(Partiql, WhatTransactionsRefuse) {
  const std::string in_first = "Validation failed in TransactStatements[0]: ";
  auto one = [&](std::string_view statement) { return Transaction({Body(statement)}); };
  EXPECT_EQ(one("SELECT * FROM Hash WHERE n = 1"),
            Invalid(in_first + "Select statements within ExecuteTransaction must specify the primary key in the where "
                               "clause."));
  EXPECT_EQ(one("SELECT * FROM Hash WHERE pk = 'a' AND n = 1"),
            Invalid(in_first + "Select statements within ExecuteTransaction must specify the primary key in the where "
                               "clause."));
  EXPECT_EQ(one("SELECT * FROM Indexed.byA WHERE a = 'x'"),
            Invalid(in_first + "Reads on indices are not supported within transactions."));
  EXPECT_EQ(one("UPDATE Hash SET n = 1 WHERE pk = 'a' RETURNING ALL NEW *"),
            Invalid(in_first + "RETURNING clause is not supported in ExecuteTransaction."));
  EXPECT_EQ(one("EXISTS(SELECT * FROM Hash WHERE pk = 'a')"),
            Invalid(in_first + "EXISTS() must contain a single item read with additional condition"));
  EXPECT_EQ(Transaction({Body("SELECT * FROM Hash WHERE pk = 'a'"), Body("DELETE FROM Hash WHERE pk = 'b'")}),
            Invalid("ExecuteTransaction API does not support both read and write operations in the same request."));
  EXPECT_EQ(Transaction({Body("DELETE FROM Hash WHERE pk = 'b'"), Body("DELETE FROM Hash WHERE pk = 'b'")}),
            Invalid("Transaction request cannot include multiple operations on one item"));
  EXPECT_EQ(
      Transaction({Body("DELETE FROM Hash WHERE pk = 'b'"), Body("DELETE FROM None WHERE pk = 'b'"),
                   Body("DELETE FROM Hash WHERE pk = 1"), Body("DELETE FROM Hash WHERE n = 1")}),
      R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction )"
      R"(cancelled, please refer cancellation reasons for specific reasons [None, ResourceNotFound, )"
      R"(ValidationError, ValidationError]","CancellationReasons":[{"Code":"None"},{"Code":"ResourceNotFound",)"
      R"("Message":"Requested resource not found"},{"Code":"ValidationError","Message":"The provided key element )"
      R"(does not match the schema"},{"Code":"ValidationError","Message":"The provided key element does not match )"
      R"(the schema"}]})");
}

}  // namespace
}  // namespace insula::operations
