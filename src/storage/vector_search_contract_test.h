// What every engine's vector search must give: the answer of comparing with all vectors, always as of now.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "model/vector_value.h"
#include "storage/engine_contract_test.h"
#include "storage/vector_search.h"

namespace insula::storage::testing {

template <class Engines>
class VectorSearchContract : public EngineContract<Engines> {
 protected:
  using Vector = std::vector<float>;

  static AttributeValue ListOf(const Vector& vector) {
    AttributeList list;
    for (const float x : vector) {
      char text[64];
      std::snprintf(text, sizeof text, "%.9g", static_cast<double>(x));
      list.push_back(AttributeValue::N(Must(Number::Parse(text))));
    }
    return AttributeValue::L(std::move(list));
  }

  static IndexSchema VectorIndex(std::uint16_t id, std::uint32_t dimensions,
                                 DistanceFunction distance = DistanceFunction::kCosine) {
    IndexSchema index;
    index.id = id;
    index.name = "vector" + std::to_string(id);
    index.kind = IndexKind::kVector;
    index.vector = {"v", dimensions, distance, {}};
    return index;
  }

  static TableRef MakeVectorTable(IndexSchema index, TableSchema schema = HashSchema()) {
    schema.indexes = {std::move(index)};
    return MakeTable(1, std::move(schema));
  }

  void PutVector(const TableRef& table, const std::string& pk, const Vector& vector, AttributeMap more = {}) {
    more.Set("pk", S(pk));
    more.Set("v", ListOf(vector));
    this->Put(table, std::move(more));
  }

  VectorSearchResult Search(VectorSearchRequest request) {
    return Must(this->loop_.Run(this->engine_->vector_search()->Search(std::move(request))));
  }
  // The keys of the nearest, the most similar first.
  std::vector<std::string> Nearest(const TableRef& table, Vector vector, std::size_t top_k,
                                   std::optional<AttributeValue> partition = std::nullopt,
                                   std::vector<std::optional<AttributeValue>> filters = {}) {
    VectorSearchRequest request{.table = table,
                                .index = table.schema().indexes.front().id,
                                .partition = std::move(partition),
                                .filters = std::move(filters),
                                .vector = std::move(vector),
                                .top_k = top_k};
    std::vector<std::string> keys;
    for (const VectorMatch& match : Search(std::move(request)).matches) {
      keys.push_back(*match.item.Find("pk")->template As<std::string>());
    }
    return keys;
  }

  std::mt19937 random_{7};
  Vector AnyVector(std::size_t dimensions) {
    std::normal_distribution<float> numbers;
    Vector vector(dimensions);
    for (float& x : vector) x = numbers(random_);
    return vector;
  }
};

TYPED_TEST_SUITE_P(VectorSearchContract);

TYPED_TEST_P(VectorSearchContract, FindsWhatComparingWithAllOfThemFinds) {
  std::uint64_t incarnation = 1;
  for (const DistanceFunction function :
       {DistanceFunction::kCosine, DistanceFunction::kDotProduct, DistanceFunction::kEuclidean}) {
    for (const std::uint32_t dimensions : {1u, 3u, 64u, 385u}) {
      TableSchema schema = HashSchema();
      schema.indexes = {this->VectorIndex(1, dimensions, function)};
      const TableRef table = MakeTable(incarnation++, schema);
      std::map<std::string, std::vector<float>> vectors;
      for (int i = 0; i < 200; ++i) {
        const std::string key = std::to_string(i);
        vectors[key] = this->AnyVector(dimensions);
        this->PutVector(table, key, vectors[key]);
      }
      for (const std::size_t top_k : {1u, 10u, 300u}) {
        const std::vector<float> wanted = this->AnyVector(dimensions);
        std::vector<double> expected;
        for (const auto& [key, vector] : vectors) {
          expected.push_back(DistanceBetween(function, wanted, vector));
        }
        std::sort(expected.begin(), expected.end());
        expected.resize(std::min(expected.size(), top_k));
        const VectorSearchResult result = this->Search({.table = table, .index = 1, .vector = wanted, .top_k = top_k});
        EXPECT_EQ(result.examined, 200u);
        std::vector<double> found;
        for (const VectorMatch& match : result.matches) {
          found.push_back(match.distance);
          const auto& vector = vectors.at(*match.item.Find("pk")->template As<std::string>());
          EXPECT_EQ(match.distance, DistanceBetween(function, wanted, vector));
        }
        EXPECT_EQ(found, expected) << NameOf(function) << " " << dimensions;
      }
    }
  }
}

TYPED_TEST_P(VectorSearchContract, EqualVectorsComeInTheOrderOfTheTable) {
  // All of them are candidates: many are more than a search holds at a time.
  std::uint64_t incarnation = 1;
  for (const int count : {50, 9'000}) {
    TableSchema schema = HashSchema();
    schema.indexes = {this->VectorIndex(1, 2, DistanceFunction::kEuclidean)};
    const TableRef table = MakeTable(incarnation++, schema);
    for (int i = 0; i < count; ++i) this->PutVector(table, std::to_string(i), {1, 2});
    std::vector<std::string> order;
    for (const AttributeMap& item : this->ReadAll(PageRequest{.table = table})) {
      order.push_back(*item.Find("pk")->template As<std::string>());
    }
    order.resize(std::min<std::size_t>(order.size(), 100));
    EXPECT_EQ(this->Nearest(table, {1, 2}, 100), order);
    order.resize(7);
    EXPECT_EQ(this->Nearest(table, {1, 2}, 7), order);
    this->PutVector(table, "nearer", {1, 2.25});
    order.insert(order.begin(), "nearer");
    EXPECT_EQ(this->Nearest(table, {1, 2.25}, 8), order);
  }
}

TYPED_TEST_P(VectorSearchContract, FollowsEveryKindOfWrite) {
  const TableRef table = this->MakeVectorTable(this->VectorIndex(1, 2, DistanceFunction::kEuclidean));
  using Keys = std::vector<std::string>;
  this->PutVector(table, "a", {0, 0});
  this->PutVector(table, "b", {1, 0});
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), (Keys{"a", "b"}));
  this->PutVector(table, "a", {5, 0});
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), (Keys{"b", "a"}));
  this->Write(UpdateOfItem(table, Key(S("a")), UpdateOf("SET v = :v", {{":v", this->ListOf({0.5, 0})}})));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), (Keys{"a", "b"}));
  this->Write(UpdateOfItem(table, Key(S("a")), UpdateOf("REMOVE v")));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), (Keys{"b"}));
  this->Write(DeleteOf(table, Key(S("b"))));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), Keys{});
  EXPECT_EQ(this->Stats(table).indexes.front().item_count, 0u);
  EXPECT_EQ(this->Stats(table).indexes.front().size_bytes, 0u);

  WriteRequest refused = PutOf(table, {{"pk", S("c")}, {"v", this->ListOf({0, 0})}});
  refused.condition = ConditionOf("attribute_exists(pk)");
  EXPECT_FALSE(this->Write(refused).condition_met);
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), Keys{});
  TransactWriteRequest both{.writes = {PutOf(table, {{"pk", S("c")}, {"v", this->ListOf({0, 0})}}),
                                       PutOf(table, {{"pk", S("d")}, {"v", this->ListOf({0, 1})}})},
                            .token = {}};
  Must(this->loop_.Run(this->engine_->TransactWrite(std::move(both))));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9), (Keys{"c", "d"}));
  this->Reopen();
  EXPECT_EQ(this->Nearest(table, {0, 1}, 9), (Keys{"d", "c"}));
}

TYPED_TEST_P(VectorSearchContract, KeepsPartitionsApartAndFilters) {
  IndexSchema index = this->VectorIndex(1, 2, DistanceFunction::kEuclidean);
  index.key.hash = {{"group", AttributeType::kS}};
  index.vector.filters = {{"color", AttributeType::kS}, {"size", AttributeType::kN}};
  const TableRef table = this->MakeVectorTable(index);
  using Keys = std::vector<std::string>;
  this->PutVector(table, "a", {0, 0}, {{"group", S("x")}, {"color", S("red")}, {"size", N(1)}});
  this->PutVector(table, "b", {1, 0}, {{"group", S("x")}, {"color", S("red")}, {"size", N(2)}});
  this->PutVector(table, "c", {2, 0}, {{"group", S("x")}, {"color", S("blue")}});
  this->PutVector(table, "d", {3, 0}, {{"group", S("y")}, {"color", S("red")}, {"size", N(1)}});
  this->PutVector(table, "e", {0, 0}, {{"color", S("red")}, {"size", N(1)}});  // of no group: in no partition
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("x")), (Keys{"a", "b", "c"}));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("y")), (Keys{"d"}));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("z")), Keys{});
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("x"), {S("red"), std::nullopt}), (Keys{"a", "b"}));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("x"), {std::nullopt, N(2)}), (Keys{"b"}));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("x"), {S("blue"), N(2)}), Keys{});
  EXPECT_EQ(this->Search({.table = table,
                          .index = 1,
                          .partition = S("x"),
                          .filters = {S("red"), std::nullopt},
                          .vector = {0, 0},
                          .top_k = 1})
                .examined,
            2u);
  // A filter that changes takes the entry with it.
  this->Write(UpdateOfItem(table, Key(S("c")), UpdateOf("SET color = :c", {{":c", S("red")}})));
  EXPECT_EQ(this->Nearest(table, {0, 0}, 9, S("x"), {S("red"), std::nullopt}), (Keys{"a", "b", "c"}));
}

TYPED_TEST_P(VectorSearchContract, BackfillTakesWhatHasAVectorOfItsDimensions) {
  TableSchema schema = HashSchema();
  const TableRef before = MakeTable(1, schema);
  for (int i = 0; i < 300; ++i) this->PutVector(before, std::to_string(i), this->AnyVector(3));
  this->PutVector(before, "short", {1, 2});
  this->Put(before, {{"pk", S("text")}, {"v", S("no vector")}});
  this->Put(before, {{"pk", S("none")}});
  this->Put(before, {{"pk", S("mixed")}, {"v", AttributeValue::L({N(1), S("2"), N(3)})}});
  schema.epoch = 1;
  schema.indexes = {this->VectorIndex(4, 3)};
  schema.indexes.front().backfilling = true;
  const TableRef filling = MakeTable(1, schema);
  Must(this->loop_.Run(this->engine_->SetSchema(filling)));
  Must(this->loop_.Run(this->engine_->BackfillIndex(filling, 4)));
  schema.epoch = 2;
  schema.indexes.front().backfilling = false;
  const TableRef table = MakeTable(1, schema);
  Must(this->loop_.Run(this->engine_->SetSchema(table)));
  EXPECT_EQ(this->Nearest(table, {1, 1, 1}, 1000).size(), 300u);
  EXPECT_EQ(this->Stats(table).indexes.front().item_count, 300u);
}

TYPED_TEST_P(VectorSearchContract, CountsFloatsAndWhatIsProjected) {
  IndexSchema index = this->VectorIndex(1, 2);
  index.key.hash = {{"part", AttributeType::kS}};
  index.projection = {ProjectionType::kInclude, {"kept"}};
  const TableRef table = this->MakeVectorTable(index);
  const AttributeMap item{{"pk", S("a")},
                          {"v", this->ListOf({1.25, 2})},
                          {"part", S("g")},
                          {"kept", S(std::string(2000, 'x'))},
                          {"spare", S("y")}};
  const std::uint64_t size = (2 + 1) + (1 + 2 * sizeof(float)) + (4 + 1) + (4 + 2000);
  using Bytes = std::vector<std::pair<std::uint16_t, std::uint64_t>>;
  WriteOutcome outcome = this->Put(table, item);
  EXPECT_EQ(outcome.usage.vector_indexes, (Bytes{{1, size}}));
  EXPECT_TRUE(outcome.usage.indexes.empty());
  EXPECT_EQ(this->Stats(table).indexes.front().size_bytes, size);
  EXPECT_EQ(this->Stats(table).indexes.front().vector_excess_bytes, 10 - 8)
      << "3 + (1 + 3) + (1 + 2) bytes in the item";
  EXPECT_EQ(this->Stats(table).written, outcome.usage.table);

  // What isn't projected costs the index nothing; what is, does, though it isn't searched by. Another partition is
  // another entry.
  const auto set = [&](const std::string& update, const AttributeValue& value) {
    return this->Write(UpdateOfItem(table, Key(S("a")), UpdateOf(update, {{":n", value}}))).usage.vector_indexes;
  };
  EXPECT_EQ(set("SET spare = :n", S("z")), Bytes{});
  EXPECT_EQ(set("SET v = :n", this->ListOf({1.25, 2})), Bytes{});
  EXPECT_EQ(set("SET kept = :n", S(std::string(2000, 'z'))), (Bytes{{1, size}}));
  EXPECT_EQ(set("SET part = :n", S("h")), (Bytes{{1, 2 * size}}));
  EXPECT_EQ(set("SET kept = :n", S("short")), (Bytes{{1, size}}));
  EXPECT_EQ(this->Stats(table).indexes.front().size_bytes, size - 1995);
  // The least that an entry costs.
  EXPECT_EQ(this->Write(DeleteOf(table, Key(S("a")))).usage.vector_indexes, (Bytes{{1, kVectorWriteMin}}));
  EXPECT_EQ(this->Stats(table).indexes.front().vector_excess_bytes, 0);
}

TYPED_TEST_P(VectorSearchContract, AnIndexThatIsNotThereIsSaidSo) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kS}}, {}})};
  const TableRef table = MakeTable(1, schema);
  for (const std::uint16_t index : {1, 2}) {
    const auto result = this->loop_.Run(
        this->engine_->vector_search()->Search({.table = table, .index = index, .vector = {1}, .top_k = 1}));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(RefusalOf(result.error()), Refusal::kNoSuchIndex);
  }
}

REGISTER_TYPED_TEST_SUITE_P(VectorSearchContract, FindsWhatComparingWithAllOfThemFinds,
                            EqualVectorsComeInTheOrderOfTheTable, FollowsEveryKindOfWrite,
                            KeepsPartitionsApartAndFilters, BackfillTakesWhatHasAVectorOfItsDimensions,
                            CountsFloatsAndWhatIsProjected, AnIndexThatIsNotThereIsSaidSo);

}  // namespace insula::storage::testing
