// The part of the engines' contract that is about the marks of writes (write_marks.h), for engines that have them.
// Joins like EngineContract.
#pragma once

#include "storage/engine_contract_test.h"
#include "storage/write_marks.h"

namespace insula::storage::testing {

template <class Engines>
class WriteMarksContract : public EngineContract<Engines> {
 protected:
  static WriteRequest Marked(const TableRef& table, AttributeMap item, WriteMark mark) {
    WriteRequest request = PutOf(table, std::move(item));
    request.mark = mark;
    return request;
  }
  std::vector<std::uint64_t> Find(const TableRef& table, std::uint64_t job) {
    return Must(this->loop_.Run(this->engine_->write_marks()->Find(table, job)));
  }
  void Forget(const TableRef& table, std::uint64_t job) {
    Must(this->loop_.Run(this->engine_->write_marks()->Forget(table, job)));
  }
  using Numbers = std::vector<std::uint64_t>;
};

TYPED_TEST_SUITE_P(WriteMarksContract);

TYPED_TEST_P(WriteMarksContract, AreThereWithTheWriteThatLeftThem) {
  const TableRef table = MakeTable(1, HashSchema());
  const TableRef other = MakeTable(2, HashSchema());
  EXPECT_EQ(this->Find(table, 7), typename TestFixture::Numbers());
  this->Write(this->Marked(table, {{"pk", S("a")}}, {7, 300}));
  this->Write(this->Marked(table, {{"pk", S("b")}}, {7, 2}));
  this->Write(this->Marked(table, {{"pk", S("b")}}, {7, 3}));  // changes nothing
  this->Write(this->Marked(table, {{"pk", S("c")}}, {8, 9}));
  this->Write(this->Marked(other, {{"pk", S("c")}}, {7, 9}));
  this->Put(table, {{"pk", S("d")}});
  EXPECT_EQ(this->Find(table, 7), (typename TestFixture::Numbers{2, 3, 300}));
  this->Reopen();
  EXPECT_EQ(this->Find(table, 7), (typename TestFixture::Numbers{2, 3, 300}));
  EXPECT_EQ(this->Find(table, 8), (typename TestFixture::Numbers{9}));
  EXPECT_EQ(this->Find(other, 7), (typename TestFixture::Numbers{9}));
  // They are no items.
  EXPECT_EQ(this->ReadAll({.table = table}).size(), 4u);
  EXPECT_EQ(this->Stats(table).item_count, 4u);
}

TYPED_TEST_P(WriteMarksContract, ThoseOfOneJobAreForgotten) {
  const TableRef table = MakeTable(1, HashSchema());
  std::vector<WriteRequest> batch;
  for (std::uint64_t i = 0; i < 5'000; ++i)
    batch.push_back(this->Marked(table, {{"pk", S(std::to_string(i))}}, {7, i}));
  for (auto& result : this->loop_.Run(this->engine_->BatchWrite(std::move(batch)))) Must(std::move(result));
  this->Write(this->Marked(table, {{"pk", S("1")}}, {8, 1}));
  EXPECT_EQ(this->Find(table, 7).size(), 5'000u);
  this->Forget(table, 7);
  this->Forget(table, 7);
  EXPECT_EQ(this->Find(table, 7), typename TestFixture::Numbers());
  EXPECT_EQ(this->Find(table, 8), (typename TestFixture::Numbers{1}));
  EXPECT_EQ(this->Stats(table).item_count, 5'000u);
}

TYPED_TEST_P(WriteMarksContract, AWriteThatIsNotMadeLeavesNone) {
  const TableRef table = MakeTable(1, HashSchema());
  WriteRequest request = this->Marked(table, {{"pk", S("a")}}, {7, 1});
  request.condition = ConditionOf("attribute_exists(pk)");
  EXPECT_FALSE(this->Write(std::move(request)).condition_met);
  EXPECT_EQ(this->Find(table, 7), typename TestFixture::Numbers());
}

TYPED_TEST_P(WriteMarksContract, GoWithTheirTable) {
  const TableRef table = MakeTable(1, HashSchema());
  this->Write(this->Marked(table, {{"pk", S("a")}}, {7, 1}));
  Must(this->loop_.Run(this->engine_->DropTable(table)));
  const auto found = this->loop_.Run(this->engine_->write_marks()->Find(table, 7));
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(RefusalOf(found.error()), Refusal::kTableGone);
}

REGISTER_TYPED_TEST_SUITE_P(WriteMarksContract, AreThereWithTheWriteThatLeftThem, ThoseOfOneJobAreForgotten,
                            AWriteThatIsNotMadeLeavesNone, GoWithTheirTable);

}  // namespace insula::storage::testing
