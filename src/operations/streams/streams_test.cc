// DynamoDB Streams through the API, as a consumer sees it: the same under each partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "control/change_trimmer.h"
#include "control/shard_splitter.h"
#include "operations/testing/server.h"
#include "storage/change_log.h"
#include "tenancy/faces/stream_lanes.h"
#include "wire/json_reader.h"

namespace insula::operations {
namespace {

using testing::Await;
using ::testing::HasSubstr;
using testing::Invalid;
using testing::Must;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;
using ::testing::StartsWith;

// The first text under this name in an answer; empty if there is none.
std::string TextIn(const std::string& answer, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t at = answer.find(key);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + key.size();
  return answer.substr(begin, answer.find('"', begin) - begin);
}

std::vector<std::string> TextsIn(std::string_view answer, const std::string& name) {
  std::vector<std::string> texts;
  const std::string key = "\"" + name + "\":\"";
  for (std::size_t at = answer.find(key); at != std::string_view::npos; at = answer.find(key, at)) {
    at += key.size();
    texts.emplace_back(answer.substr(at, answer.find('"', at) - at));
  }
  return texts;
}

class Streams : public ::testing::TestWithParam<PartitionModel> {
 protected:
  Streams() : server(GetParam()) {}

  void ShardsOf(std::uint64_t changes) {
    ApiOptions options;
    options.changes_per_shard = changes;
    options.token_keys = keys.get();
    server.api = std::make_unique<Api>(
        Services{*server.world.catalog, *server.engine, server.meter, server.world.clock, options});
  }
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }
  std::string Settled(std::string_view operation, std::string_view body) {
    std::string answer = Call(operation, body);
    server.provisioner->WaitIdle();
    return answer;
  }
  // A table "Orders" of pk and sk with a stream; its ARN.
  std::string Make(std::string_view view = "NEW_AND_OLD_IMAGES", std::string_view table = "Orders") {
    const std::string answer = Settled("CreateTable", fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}},
                                {{"AttributeName":"sk","AttributeType":"N"}}],
        "KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}},{{"AttributeName":"sk","KeyType":"RANGE"}}],
        "StreamSpecification":{{"StreamEnabled":true,"StreamViewType":"{}"}}}})",
                                                                  table, view));
    EXPECT_THAT(answer, StartsWith("200 "));
    return TextIn(answer, "LatestStreamArn");
  }
  void Enable(std::string_view view) {
    EXPECT_THAT(Settled("UpdateTable", fmt::format(R"({{"TableName":"Orders","StreamSpecification":
        {{"StreamEnabled":true,"StreamViewType":"{}"}}}})",
                                                   view)),
                StartsWith("200 "));
  }
  void Disable() {
    EXPECT_THAT(Settled("UpdateTable", R"({"TableName":"Orders","StreamSpecification":{"StreamEnabled":false}})"),
                StartsWith("200 "));
  }
  void Put(std::string_view pk, int sk, std::string_view v = "x") {
    EXPECT_EQ(Call("PutItem", fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"{}"}},"sk":{{"N":"{}"}},
        "v":{{"S":"{}"}}}}}})",
                                          pk, sk, v)),
              "200 {}");
  }
  void Delete(std::string_view pk, int sk) {
    EXPECT_EQ(Call("DeleteItem",
                   fmt::format(R"({{"TableName":"Orders","Key":{{"pk":{{"S":"{}"}},"sk":{{"N":"{}"}}}}}})", pk, sk)),
              "200 {}");
  }
  std::string Describe(std::string_view arn, std::string_view more = "") {
    return Call("DescribeStream", fmt::format(R"({{"StreamArn":"{}"{}}})", arn, more));
  }
  std::vector<std::string> Shards(std::string_view arn) { return TextsIn(Describe(arn), "ShardId"); }
  std::string IteratorAnswer(std::string_view arn, std::string_view shard, std::string_view type,
                             std::string_view sequence = "") {
    const std::string more = sequence.empty() ? "" : fmt::format(R"(,"SequenceNumber":"{}")", sequence);
    return Call("GetShardIterator", fmt::format(R"({{"StreamArn":"{}","ShardId":"{}","ShardIteratorType":"{}"{}}})",
                                                arn, shard, type, more));
  }
  std::string Iterator(std::string_view arn, std::string_view shard, std::string_view type,
                       std::string_view sequence = "") {
    const std::string answer = IteratorAnswer(arn, shard, type, sequence);
    EXPECT_THAT(answer, StartsWith("200 "));
    return TextIn(answer, "ShardIterator");
  }
  std::string Get(std::string_view iterator, std::string_view more = "") {
    return Call("GetRecords", fmt::format(R"({{"ShardIterator":"{}"{}}})", iterator, more));
  }
  // All that a shard has from an iterator on: its records' answers, and the iterator that is left (none: closed).
  std::string Follow(std::string* iterator, std::string_view more = "") {
    std::string all;
    while (!iterator->empty()) {
      const std::string answer = Get(*iterator, more);
      EXPECT_THAT(answer, StartsWith("200 "));
      *iterator = TextIn(answer, "NextShardIterator");
      if (answer.find("eventID") == std::string::npos) break;
      all += answer;
    }
    return all;
  }
  // The sequence numbers of a whole stream, each of which must be there once; their count.
  std::set<std::string> AllOf(std::string_view arn, std::string_view more = "") {
    std::set<std::string> seen;
    for (const std::string& shard : Shards(arn)) {
      std::string iterator = Iterator(arn, shard, "TRIM_HORIZON");
      std::string last;
      for (const std::string& sequence : TextsIn(Follow(&iterator, more), "SequenceNumber")) {
        EXPECT_LT(last, sequence);
        last = sequence;
        EXPECT_TRUE(seen.insert(sequence).second) << "twice: " << sequence;
      }
    }
    return seen;
  }
  // The one record of a stream that has but one.
  std::string OnlyRecord(std::string_view arn) {
    for (const std::string& shard : Shards(arn)) {
      std::string answer = Get(Iterator(arn, shard, "TRIM_HORIZON"));
      if (answer.find("eventID") != std::string::npos) return answer;
    }
    return "none";
  }

  std::unique_ptr<access::TokenKeys> keys = access::TokenKeys::Drawn();
  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, Streams,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

std::string StreamError(std::string_view name, std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#{}","message":"{}"}})", name, message);
}

TEST_P(Streams, DescribeStreamShowsWhatAConsumerNeeds) {
  const std::string arn = Make();
  const std::string described = Describe(arn);
  EXPECT_THAT(described, StartsWith(fmt::format(R"(200 {{"StreamDescription":{{"StreamArn":"{}","StreamLabel":"{}",)",
                                                arn, arn.substr(arn.rfind('/') + 1))));
  EXPECT_THAT(described, HasSubstr(R"("StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES")"));
  EXPECT_THAT(described, HasSubstr(R"("TableName":"Orders","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},)"
                                   R"({"AttributeName":"sk","KeyType":"RANGE"}])"));
  EXPECT_THAT(described, HasSubstr(R"({"ShardId":"shardId-00000000000000000000-00000004","SequenceNumberRange":)"
                                   R"({"StartingSequenceNumber":"100000000000000000001"}})"));
  EXPECT_EQ(Shards(arn).size(), 1U) << "of a table that isn't busy";
  EXPECT_EQ(Call("ListStreams", R"({"TableName":"Orders"})"),
            fmt::format(R"(200 {{"Streams":[{{"StreamArn":"{}","TableName":"Orders","StreamLabel":"{}"}}]}})", arn,
                        arn.substr(arn.rfind('/') + 1)));
}

TEST_P(Streams, ARecordIsWrittenAsDynamoDBWritesIt) {
  const std::string arn = Make();
  Put("a", 1, "first");
  const std::string answer = OnlyRecord(arn);
  EXPECT_THAT(answer, HasSubstr(R"("eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb",)"
                                R"("awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1700000000,)"
                                R"("Keys":{"pk":{"S":"a"},"sk":{"N":"1"}},)"
                                R"("NewImage":{"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"first"}},)"
                                R"("SequenceNumber":"100000000000000000001","SizeBytes":20,)"
                                R"("StreamViewType":"NEW_AND_OLD_IMAGES"}})"));
  EXPECT_EQ(TextIn(answer, "eventID").size(), 32U);
  EXPECT_EQ(TextIn(OnlyRecord(arn), "eventID"), TextIn(answer, "eventID")) << "the same whenever it is read";
  EXPECT_THAT(answer, Not(HasSubstr("OldImage")));
  EXPECT_THAT(answer, Not(HasSubstr("userIdentity")));
}

TEST_P(Streams, TheViewSaysWhichImagesThereAre) {
  const std::string old_image = R"("OldImage":{"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"old"}})";
  const std::string new_image = R"("NewImage":{"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"new"}})";
  const std::map<std::string, std::pair<bool, bool>> views = {{"KEYS_ONLY", {false, false}},
                                                              {"NEW_IMAGE", {false, true}},
                                                              {"OLD_IMAGE", {true, false}},
                                                              {"NEW_AND_OLD_IMAGES", {true, true}}};
  Settled("CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]})");
  for (const auto& [view, images] : views) {
    Put("a", 1, "old");
    Enable(view);
    Put("a", 1, "new");
    const std::string arn = TextIn(Call("DescribeTable", R"({"TableName":"Orders"})"), "LatestStreamArn");
    const std::string answer = OnlyRecord(arn);
    EXPECT_THAT(answer, HasSubstr(R"("eventName":"MODIFY")")) << view;
    EXPECT_THAT(answer, HasSubstr(fmt::format(R"("StreamViewType":"{}")", view)));
    EXPECT_EQ(answer.find(old_image) != std::string::npos, images.first) << answer;
    EXPECT_EQ(answer.find(new_image) != std::string::npos, images.second) << answer;
    EXPECT_EQ(answer.find("Image\":") != std::string::npos, images.first || images.second) << answer;
    Disable();
    server.world.clock.Advance(std::chrono::seconds(1));
  }
}

TEST_P(Streams, RemovalsAreToldAndByWhom) {
  const std::string arn = Make("KEYS_ONLY");
  Put("a", 1);
  std::string iterator;
  for (const std::string& shard : Shards(arn)) {
    std::string candidate = Iterator(arn, shard, "TRIM_HORIZON");
    if (!Follow(&candidate).empty()) iterator = candidate;
  }
  ASSERT_FALSE(iterator.empty());
  Delete("a", 1);
  Delete("a", 1);  // there is nothing left to remove
  std::string answer = Get(iterator);
  EXPECT_EQ(TextsIn(answer, "eventName"), std::vector<std::string>{"REMOVE"});
  EXPECT_THAT(answer, Not(HasSubstr("userIdentity")));
  iterator = TextIn(answer, "NextShardIterator");

  Put("a", 1);
  const tenancy::TablePtr table = Must(server.world.catalog->Find(server.tenant, "Orders"));
  storage::WriteRequest expired{.table = table->ref};
  expired.kind = storage::WriteKind::kDelete;
  expired.key = {AttributeValue::S("a"), AttributeValue::N(1)};
  expired.by_time_to_live = true;
  Must(Await(server.engine->Write(std::move(expired))));
  answer = Get(iterator);
  EXPECT_EQ(TextsIn(answer, "eventName"), (std::vector<std::string>{"INSERT", "REMOVE"}));
  EXPECT_THAT(answer, HasSubstr(R"("userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"})"));
}

TEST_P(Streams, EveryChangeIsInOneShardAndItsItemsAreInOrder) {
  const std::string arn = Make("NEW_IMAGE");
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 40; ++i) Put("p" + std::to_string(i), 1, "v" + std::to_string(round));
  }
  EXPECT_EQ(AllOf(arn).size(), 120U);
  EXPECT_EQ(AllOf(arn, R"(,"Limit":7)").size(), 120U);
  int shards_used = 0;
  for (const std::string& shard : Shards(arn)) {
    std::string iterator = Iterator(arn, shard, "TRIM_HORIZON");
    const std::string records = Follow(&iterator);
    if (records.empty()) continue;
    ++shards_used;
    std::map<std::string, std::string> newest;
    const std::vector<std::string> texts = TextsIn(records, "S");  // pk of the keys, pk and v of the image
    ASSERT_EQ(texts.size() % 3, 0U);
    for (std::size_t i = 0; i < texts.size(); i += 3) {
      EXPECT_LT(newest[texts[i]], texts[i + 2]);
      newest[texts[i]] = texts[i + 2];
    }
  }
  EXPECT_EQ(shards_used, 1);
}

TEST_P(Streams, LatestBeginsAfterWhatWasAcknowledged) {
  const std::string arn = Make();
  Put("a", 1);
  std::vector<std::string> iterators;
  for (const std::string& shard : Shards(arn)) iterators.push_back(Iterator(arn, shard, "LATEST"));
  for (const std::string& iterator : iterators) EXPECT_THAT(Get(iterator), StartsWith(R"(200 {"Records":[],)"));
  EXPECT_EQ(Call("TransactWriteItems", R"({"TransactItems":[
      {"Put":{"TableName":"Orders","Item":{"pk":{"S":"t"},"sk":{"N":"1"}}}},
      {"Put":{"TableName":"Orders","Item":{"pk":{"S":"t"},"sk":{"N":"2"}}}},
      {"Delete":{"TableName":"Orders","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}}]})"),
            "200 {}");
  std::set<std::string> sequences;
  for (std::string iterator : iterators) {
    for (std::string& sequence : TextsIn(Follow(&iterator), "SequenceNumber")) sequences.insert(std::move(sequence));
  }
  EXPECT_EQ(sequences,
            (std::set<std::string>{"100000000000000000002", "100000000000000000003", "100000000000000000004"}));
}

TEST_P(Streams, ASequenceNumberIsAPlaceToGoOnFrom) {
  const std::string arn = Make();
  for (int i = 1; i <= 4; ++i) Put("same", i);
  std::string shard;
  std::vector<std::string> sequences;
  for (const std::string& candidate : Shards(arn)) {
    std::string iterator = Iterator(arn, candidate, "TRIM_HORIZON");
    const std::string records = Follow(&iterator);
    if (records.empty()) continue;
    shard = candidate;
    sequences = TextsIn(records, "SequenceNumber");
  }
  ASSERT_EQ(sequences.size(), 4U);
  const auto from = [&](std::string_view type, const std::string& sequence) {
    std::string iterator = Iterator(arn, shard, type, sequence);
    return TextsIn(Follow(&iterator), "SequenceNumber");
  };
  EXPECT_EQ(from("AT_SEQUENCE_NUMBER", sequences[1]),
            (std::vector<std::string>{sequences[1], sequences[2], sequences[3]}));
  EXPECT_EQ(from("AFTER_SEQUENCE_NUMBER", sequences[1]), (std::vector<std::string>{sequences[2], sequences[3]}));
  EXPECT_TRUE(from("AFTER_SEQUENCE_NUMBER", sequences[3]).empty());

  EXPECT_TRUE(from("AT_SEQUENCE_NUMBER", "100000000000000000005").empty()) << "that the next one gets";
  const std::string refused = Invalid("Invalid SequenceNumber: it is not one of the shard's");
  for (const char* other : {"100000000000000000000", "000000000000000000001", "1000000000000000000001",
                            "10000000000000000000x", "199999999999999999999", "100000000000000000006"}) {
    EXPECT_EQ(IteratorAnswer(arn, shard, "AT_SEQUENCE_NUMBER", other), refused) << other;
  }
  EXPECT_EQ(IteratorAnswer(arn, shard, "AT_SEQUENCE_NUMBER"),
            Invalid("SequenceNumber must be specified for ShardIteratorType AT_SEQUENCE_NUMBER"));
  EXPECT_EQ(IteratorAnswer(arn, shard, "LATEST", sequences[0]),
            Invalid("SequenceNumber must not be specified for ShardIteratorType LATEST"));
}

TEST_P(Streams, ShardsRollOverAndNothingIsLostBetweenThem) {
  ShardsOf(10);
  const std::string arn = Make("KEYS_ONLY");
  std::vector<std::string> first = Shards(arn);
  ASSERT_EQ(first.size(), 1U);
  std::string iterator = Iterator(arn, first[0], "TRIM_HORIZON");
  for (int i = 0; i < 35; ++i) Put("p" + std::to_string(i), i);

  EXPECT_EQ(AllOf(arn).size(), 35U);
  (void)Follow(&iterator);
  EXPECT_TRUE(iterator.empty()) << "the shard is closed, and was read to its end";
  const std::string described = Describe(arn);
  EXPECT_EQ(TextsIn(described, "ShardId").size(), 4U);
  EXPECT_EQ(TextsIn(described, "ParentShardId").size(), 3U);
  EXPECT_EQ(TextsIn(described, "EndingSequenceNumber").size(), 3U);
  EXPECT_THAT(described, HasSubstr(R"({"ShardId":"shardId-00000000000000000001-00000004","SequenceNumberRange":)"
                                   R"({"StartingSequenceNumber":"100000000000000000011",)"
                                   R"("EndingSequenceNumber":"100000000000000000020"},)"
                                   R"("ParentShardId":"shardId-00000000000000000000-00000004"})"));
  EXPECT_EQ(TextsIn(Describe(arn, fmt::format(R"(,"ShardFilter":{{"Type":"CHILD_SHARDS","ShardId":"{}"}})", first[0])),
                    "ShardId"),
            std::vector<std::string>{"shardId-00000000000000000001-00000004"});

  // In pages.
  std::vector<std::string> paged;
  for (std::string start;;) {
    const std::string page =
        Describe(arn, R"(,"Limit":3)" + (start.empty() ? "" : fmt::format(R"(,"ExclusiveStartShardId":"{}")", start)));
    for (std::string& id : TextsIn(page, "ShardId")) paged.push_back(std::move(id));
    start = TextIn(page, "LastEvaluatedShardId");
    if (start.empty()) break;
  }
  EXPECT_EQ(paged, Shards(arn));
  // Of a closed shard the latest is its end.
  iterator = Iterator(arn, first[0], "LATEST");
  EXPECT_EQ(Get(iterator), R"(200 {"Records":[]})");
}

// DynamoDB's shards of a busy table: a parent with its EndingSequenceNumber, and two children that name it.
TEST_P(Streams, ABusyTablesShardIsSplitAndEveryChangeIsInOneOfThem) {
  const std::string arn = Make("KEYS_ONLY");
  control::ShardSplitterOptions options;
  options.changes_per_second_max = 5;
  options.ahead = std::chrono::milliseconds(0);
  options.changes_ahead_min = 4;
  control::ShardSplitter splitter(*server.world.catalog, *server.engine, options);
  int put = 0;
  const auto put_some = [&](int count) {
    for (int i = 0; i < count; ++i, ++put) Put("p" + std::to_string(put), put);
  };
  constexpr std::chrono::milliseconds kSecond{1000};
  EXPECT_EQ(Await(splitter.Round(kSecond, {})), 0U);
  put_some(5);
  EXPECT_EQ(Await(splitter.Round(kSecond, {})), 0U);
  EXPECT_EQ(Shards(arn).size(), 1U) << "one shard takes so many";
  std::string iterator = Iterator(arn, Shards(arn)[0], "TRIM_HORIZON");
  put_some(6);
  EXPECT_EQ(Await(splitter.Round(kSecond, {})), 0U);
  put_some(3);
  EXPECT_EQ(Shards(arn).size(), 1U) << "the split is planned ahead";
  put_some(1);
  const std::string described = Describe(arn);
  const std::string parent = "shardId-00000000000000000000-00000004";
  EXPECT_EQ(TextsIn(described, "ShardId"), (std::vector<std::string>{parent, "shardId-00000000000000000000-00000008",
                                                                     "shardId-00000000000000000000-00000009"}));
  EXPECT_EQ(TextsIn(described, "EndingSequenceNumber"), std::vector<std::string>{"100000000000000000015"});
  EXPECT_EQ(TextsIn(described, "ParentShardId"), (std::vector<std::string>{parent, parent}));
  // Twice as many shards are busy with twice as many changes only.
  EXPECT_EQ(Await(splitter.Round(kSecond, {})), 0U);
  put_some(10);
  EXPECT_EQ(Await(splitter.Round(kSecond, {})), 0U);
  put_some(20);
  EXPECT_EQ(Shards(arn).size(), 3U);
  EXPECT_EQ(TextsIn(Follow(&iterator), "SequenceNumber").size(), 15U);
  EXPECT_TRUE(iterator.empty()) << "the parent's end";
  EXPECT_EQ(AllOf(arn).size(), static_cast<std::size_t>(put));
}

TEST_P(Streams, WhatIsBeyondAPlannedSplitIsReadOnceItIsCertainWhoseItIs) {
  const std::string arn = Make("KEYS_ONLY");
  for (int i = 0; i < 10; ++i) Put("p", i);
  tenancy::StreamLaneChanges lanes(*server.world.catalog);
  std::string iterator = Iterator(arn, Shards(arn)[0], "TRIM_HORIZON");
  Must(Await(lanes.PlanSplit(lanes.All().front(), 6)));
  EXPECT_EQ(TextsIn(Follow(&iterator), "SequenceNumber").size(), 5U);
  EXPECT_FALSE(iterator.empty());
  // The log was there before the plan was made: whoever follows the stream may have been, too.
  control::ShardSplitter splitter(*server.world.catalog, *server.engine);
  EXPECT_EQ(Await(splitter.Round(std::chrono::milliseconds(0), {})), 0U);
  EXPECT_EQ(Shards(arn).size(), 1U);
  EXPECT_EQ(TextsIn(Follow(&iterator), "SequenceNumber").size(), 5U);
  // And what was planned for streams that have ended since is nothing.
  const auto stale = lanes.All().front();
  Disable();
  EXPECT_EQ(Must(Await(lanes.PlanSplit(stale, 100))), nullptr);
}

// "An ExclusiveStartShardId that isn't there": an empty list, as DynamoDB has it.
TEST_P(Streams, AfterAShardThatTheStreamNeverHadThereIsNothing) {
  const std::string arn = Make();
  for (const char* shard : {"shardId-00000000000000000000-nobody-s", "shardId-00000000000000000000-00000008",
                            "shardId-00000000000000000007-00000004"}) {
    const std::string answer = Describe(arn, fmt::format(R"(,"ExclusiveStartShardId":"{}")", shard));
    EXPECT_THAT(answer, StartsWith("200 "));
    EXPECT_THAT(answer, HasSubstr(R"("Shards":[])")) << shard;
  }
}

TEST_P(Streams, ADisabledStreamCanBeReadForADayAndANewOneIsAnother) {
  const std::string first = Make();
  Put("a", 1);
  Disable();
  Put("b", 1);  // nobody's
  std::string described = Describe(first);
  EXPECT_THAT(described, HasSubstr(R"("StreamStatus":"DISABLED")"));
  EXPECT_EQ(TextsIn(described, "EndingSequenceNumber").size(), 1U);
  EXPECT_EQ(AllOf(first).size(), 1U);
  const std::string table = Call("DescribeTable", R"({"TableName":"Orders"})");
  EXPECT_THAT(table, HasSubstr(fmt::format(R"("LatestStreamArn":"{}")", first)));
  EXPECT_THAT(table, Not(HasSubstr("StreamSpecification")));

  server.world.clock.Advance(std::chrono::hours(1));
  Enable("KEYS_ONLY");
  Put("c", 1);
  const std::string second = TextIn(Call("DescribeTable", R"({"TableName":"Orders"})"), "LatestStreamArn");
  EXPECT_NE(second, first);
  EXPECT_EQ(TextsIn(Call("ListStreams", "{}"), "StreamArn"), (std::vector<std::string>{first, second}));
  EXPECT_EQ(AllOf(first).size(), 1U);
  EXPECT_EQ(AllOf(second).size(), 1U);
  EXPECT_THAT(OnlyRecord(first), HasSubstr(R"("Keys":{"pk":{"S":"a"})"));
  EXPECT_THAT(OnlyRecord(second), HasSubstr(R"("Keys":{"pk":{"S":"c"})"));
  for (const std::string& shard : Shards(first)) {
    std::string iterator = Iterator(first, shard, "TRIM_HORIZON");
    (void)Follow(&iterator);
    EXPECT_TRUE(iterator.empty());
  }

  server.world.clock.Advance(std::chrono::hours(23));
  EXPECT_EQ(Describe(first), StreamError("ResourceNotFoundException",
                                         fmt::format("Requested resource not found: Stream: {} not found", first)));
  EXPECT_EQ(TextsIn(Call("ListStreams", "{}"), "StreamArn"), std::vector<std::string>{second});
}

TEST_P(Streams, ADeletedTablesStreamCanBeReadForADay) {
  const std::string first = Make();
  Put("a", 1);
  std::vector<std::string> iterators;
  for (const std::string& shard : Shards(first)) iterators.push_back(Iterator(first, shard, "TRIM_HORIZON"));
  Settled("DeleteTable", R"({"TableName":"Orders"})");
  EXPECT_THAT(Describe(first), HasSubstr(R"("StreamStatus":"DISABLED")"));
  std::size_t records = 0;
  for (std::string& iterator : iterators) {
    records += TextsIn(Follow(&iterator), "eventID").size();
    EXPECT_TRUE(iterator.empty());
  }
  EXPECT_EQ(records, 1U);

  // The next table of that name has a stream of its own, and none of the former's changes.
  const std::string second = Make();
  EXPECT_NE(second, first);
  EXPECT_EQ(TextsIn(Call("ListStreams", R"({"TableName":"Orders"})"), "StreamArn").size(), 2U);
  EXPECT_EQ(AllOf(second).size(), 0U);
  EXPECT_EQ(AllOf(first).size(), 1U);

  server.world.clock.Advance(std::chrono::hours(25));
  control::ChangeTrimmer(*server.world.catalog, *server.engine).TrimAll();
  EXPECT_EQ(TextsIn(Call("ListStreams", "{}"), "StreamArn"), std::vector<std::string>{second});
  EXPECT_TRUE(Must(Await(server.world.store.Load("kept-log"))).empty());
}

TEST_P(Streams, WhatIsOlderThanADayIsTrimmed) {
  ShardsOf(10);
  const std::string arn = Make();
  for (int i = 0; i < 15; ++i) Put("p" + std::to_string(i), i);
  const std::vector<std::string> before = Shards(arn);
  std::vector<std::string> iterators;
  for (const std::string& shard : before) iterators.push_back(Iterator(arn, shard, "TRIM_HORIZON"));
  server.world.clock.Advance(std::chrono::hours(23));
  for (int i = 0; i < 10; ++i) Put("q" + std::to_string(i), i);
  std::vector<std::string> fresh;
  for (const std::string& shard : before) fresh.push_back(Iterator(arn, shard, "TRIM_HORIZON"));
  server.world.clock.Advance(std::chrono::minutes(10));
  control::ChangeTrimmer trimmer(*server.world.catalog, *server.engine);
  trimmer.TrimAll();
  EXPECT_EQ(AllOf(arn).size(), 25U) << "nothing is a day old";
  server.world.clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(
      Get(iterators[0]),
      StreamError("ExpiredIteratorException",
                  "The shard iterator has expired: an iterator can be used for 15 minutes after it was returned"));
  std::string horizon = Iterator(arn, before[0], "TRIM_HORIZON");
  trimmer.TrimAll();
  const std::string trimmed = StreamError("TrimmedDataAccessException",
                                          "The operation attempted to read past the oldest stream record in a shard");
  EXPECT_EQ(Get(horizon), trimmed);
  EXPECT_EQ(AllOf(arn).size(), 10U);
  EXPECT_EQ(IteratorAnswer(arn, before[1], "AT_SEQUENCE_NUMBER", "100000000000000000012"), trimmed);
  EXPECT_EQ(
      IteratorAnswer(arn, before[0], "TRIM_HORIZON"),
      StreamError("ResourceNotFoundException",
                  fmt::format("Requested resource not found: Shard: {} in Stream: {} not found", before[0], arn)));
  // Afterwards the count goes on, and a stream that nobody writes to any more empties.
  server.world.clock.Advance(std::chrono::hours(25));
  trimmer.TrimAll();
  EXPECT_EQ(AllOf(arn).size(), 0U);
  EXPECT_FALSE(Shards(arn).empty());
  Put("z", 1);
  EXPECT_EQ(AllOf(arn), std::set<std::string>{"100000000000000000026"});
}

TEST_P(Streams, PointInTimeKeepsTheLogAndTheStreamShowsADayOfIt) {
  const std::string arn = Make();
  Put("a", 1);
  Must(Await(server.world.catalog->UpdateTable(server.tenant, "Orders", [](TableDefinition& definition) {
    definition.point_in_time_days = 7;
    return Result<void>();
  })));
  server.provisioner->WaitIdle();
  server.world.clock.Advance(std::chrono::hours(30));
  Put("b", 1);
  control::ChangeTrimmer(*server.world.catalog, *server.engine).TrimAll();
  const tenancy::TablePtr table = Must(server.world.catalog->Find(server.tenant, "Orders"));
  EXPECT_EQ(Must(Await(server.engine->change_log()->Bounds(table->ref))).first, 1U);
  EXPECT_EQ(AllOf(arn), std::set<std::string>{"100000000000000000002"});
}

TEST_P(Streams, IteratorsAreOnesOwn) {
  const std::string arn = Make();
  Put("a", 1);
  const std::string shard = Shards(arn)[0];
  std::string iterator = Iterator(arn, shard, "TRIM_HORIZON");
  const tenancy::Context other = server.world.Tenant("prod", "shop", "globex");
  server.provisioner->WaitIdle();
  EXPECT_EQ(server.CallAs(other, "GetRecords", fmt::format(R"({{"ShardIterator":"{}"}})", iterator)),
            Invalid("Invalid ShardIterator"));
  EXPECT_THAT(server.CallAs(other, "DescribeStream", fmt::format(R"({{"StreamArn":"{}"}})", arn)),
              HasSubstr("AccessDeniedException"));
  EXPECT_THAT(
      server.CallAs(other, "GetShardIterator",
                    fmt::format(R"({{"StreamArn":"{}","ShardId":"{}","ShardIteratorType":"LATEST"}})", arn, shard)),
      HasSubstr(fmt::format("is not authorized to perform: dynamodb:GetShardIterator on resource: {}", arn)));
  EXPECT_EQ(server.CallAs(other, "ListStreams", "{}"), R"(200 {"Streams":[]})");
  for (std::size_t at : {std::size_t{0}, iterator.size() / 2, iterator.size() - 3}) {
    std::string forged = iterator;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    EXPECT_THAT(Get(forged), HasSubstr("ValidationException")) << at;
  }
  for (const char* none : {"x", "|1|", "|1|AAAA", "arn|1|not base64"}) {
    EXPECT_EQ(Get(none), Invalid("Invalid ShardIterator")) << none;
  }
  // Another process with the same key takes it up.
  ShardsOf(1'000'000);
  iterator = Iterator(arn, shard, "TRIM_HORIZON");
  ShardsOf(1'000'000);
  EXPECT_THAT(Get(iterator), StartsWith("200 "));
}

TEST_P(Streams, WhatIsAskedForWrongly) {
  const std::string arn = Make();
  const std::string unknown = arn.substr(0, arn.rfind('/')) + "/2000-01-01T00:00:00.000";
  EXPECT_EQ(Describe(unknown), StreamError("ResourceNotFoundException",
                                           fmt::format("Requested resource not found: Stream: {} not found", unknown)));
  const std::string no_arn = "no-arn-but-long-enough-for-the-length-check";
  EXPECT_EQ(Describe(no_arn), Invalid("Invalid StreamArn: " + no_arn));
  EXPECT_THAT(Describe("short"), HasSubstr("failed to satisfy constraint: Member must have length greater than or "
                                           "equal to 37"));
  EXPECT_EQ(IteratorAnswer(arn, "shardId-00000000000000000009-00000004", "LATEST"),
            StreamError("ResourceNotFoundException",
                        fmt::format("Requested resource not found: Shard: shardId-00000000000000000009-00000004 in "
                                    "Stream: {} not found",
                                    arn)));
  EXPECT_EQ(Get(Iterator(arn, Shards(arn)[0], "LATEST"), R"(,"Limit":1001)"),
            StreamError("LimitExceededException", "GetRecords was called with a Limit of more than 1000"));
  EXPECT_THAT(Call("ListStreams", R"({"Limit":101})"), HasSubstr("less than or equal to 100"));
  EXPECT_EQ(Call("ListStreams", R"({"TableName":"Nothing"})"), R"(200 {"Streams":[]})");
}

TEST_P(Streams, ListStreamsInPages) {
  std::vector<std::string> arns;
  for (const char* table : {"abc", "abc-d", "abc.e", "zzz"}) arns.push_back(Make("KEYS_ONLY", table));
  std::vector<std::string> listed;
  for (std::string start;;) {
    const std::string page =
        Call("ListStreams",
             R"({"Limit":1)" + (start.empty() ? "" : fmt::format(R"(,"ExclusiveStartStreamArn":"{}")", start)) + "}");
    for (std::string& arn : TextsIn(page, "StreamArn")) listed.push_back(std::move(arn));
    start = TextIn(page, "LastEvaluatedStreamArn");
    if (start.empty()) break;
  }
  EXPECT_EQ(listed, arns);
}

TEST(StreamsOfATemplate, AreEachTenantsOwn) {
  Server server(PartitionModel::kIndex);
  tenancy::testing::World& world = server.world;
  world.Service("prod", "catalog", PartitionModel::kIndex);
  TableDefinition definition = tenancy::testing::Definition("Music");
  world.Template("prod", "catalog", definition);
  const tenancy::Context acme = world.Tenant("prod", "catalog", "acme");
  server.provisioner->WaitIdle();
  auto schema = std::make_shared<TableSchema>(*definition.schema);
  schema->log_changes = true;
  definition.schema = schema;
  definition.stream.enabled = true;
  definition.stream.view = StreamViewType::kKeysOnly;
  world.clock.Advance(std::chrono::minutes(1));
  world.Template("prod", "catalog", definition);
  server.provisioner->WaitIdle();
  world.clock.Advance(std::chrono::minutes(1));
  const tenancy::Context globex = world.Tenant("prod", "catalog", "globex");
  server.provisioner->WaitIdle();
  const auto stream = [&](const tenancy::Context& tenant) {
    const std::string described = server.CallAs(tenant, "DescribeTable", R"({"TableName":"Music"})");
    const std::string arn = TextIn(described, "LatestStreamArn");
    const std::string of_stream = server.CallAs(tenant, "DescribeStream", fmt::format(R"({{"StreamArn":"{}"}})", arn));
    EXPECT_THAT(of_stream, HasSubstr(R"("StreamStatus":"ENABLED","StreamViewType":"KEYS_ONLY")")) << described;
    return TextIn(described, "LatestStreamLabel");
  };
  EXPECT_NE(stream(acme), stream(globex)) << "each is labelled with when it was enabled";

  // Another view is another stream; what was logged for the former stays its own.
  server.CallAs(acme, "PutItem", R"({"TableName":"Music","Item":{"pk":{"S":"a"}}})");
  definition.stream.view = StreamViewType::kNewImage;
  world.clock.Advance(std::chrono::minutes(1));
  world.Template("prod", "catalog", definition);
  server.provisioner->WaitIdle();
  const std::string listed = server.CallAs(acme, "ListStreams", "{}");
  const std::vector<std::string> arns = TextsIn(listed, "StreamArn");
  ASSERT_EQ(arns.size(), 2U) << listed;
  EXPECT_THAT(server.CallAs(acme, "DescribeStream", fmt::format(R"({{"StreamArn":"{}"}})", arns[0])),
              HasSubstr(R"("EndingSequenceNumber":"100000000000000000001")"));
  EXPECT_THAT(server.CallAs(acme, "DescribeStream", fmt::format(R"({{"StreamArn":"{}"}})", arns[1])),
              HasSubstr(R"("StartingSequenceNumber":"100000000000000000002"})"));
}

}  // namespace
}  // namespace insula::operations
