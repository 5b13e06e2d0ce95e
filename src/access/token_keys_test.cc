// Whoever follows a stream holds an iterator across a restart of the server, and across the rotation of the keys: the
// one that sealed it must come back, and must open nothing else.
#include "access/token_keys.h"

#include <gtest/gtest.h>

#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

constexpr TokenPurpose kPurposes[] = {TokenPurpose::kSession, TokenPurpose::kShardIterator, TokenPurpose::kNextToken};

class TokenKeysTest : public ::testing::Test {
 protected:
  std::unique_ptr<TokenKeys> Load(const Keyring& keyring) {
    Result<std::unique_ptr<TokenKeys>> keys = RunTask(TokenKeys::Load(records_, clock_, keyring));
    EXPECT_TRUE(keys.ok()) << keys.error().message();
    return keys.ok() ? *std::move(keys) : TokenKeys::Drawn();
  }
  std::unique_ptr<TokenKeys> Load() { return Load(keyring_); }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    const auto records = RunTask(records_.Load("secret"));
    for (const Record& record : *records) names.push_back(record.name);
    return names;
  }
  static std::string Sealed(const TokenKeys& keys, std::string_view plain = "place") {
    return keys.Seal(TokenPurpose::kNextToken, "whose", plain);
  }
  static std::string Opened(const TokenKeys& keys, std::string_view sealed, std::string_view associated = "whose") {
    const Result<std::string> plain = keys.Open(TokenPurpose::kNextToken, associated, sealed);
    return plain.ok() ? *plain : "refused";
  }

  MemoryRecordStore records_;
  ManualClock clock_;
  Keyring keyring_{MasterKey::Generate(), {}};
};

TEST_F(TokenKeysTest, AreMadeOnceAndAreNotReadable) {
  const std::string sealed = Sealed(*Load());
  EXPECT_EQ(Opened(*Load(), sealed), "place");
  EXPECT_EQ(Names(), std::vector<std::string>{"tokens/1"});
  EXPECT_EQ(Opened(*TokenKeys::Drawn(), sealed), "refused");
  const std::string record = RunTask(records_.Load("secret"))->front().value;
  for (const TokenPurpose purpose : kPurposes) {
    EXPECT_EQ(record.find(HexOf(Load()->Current(purpose)->sealing.view())), std::string::npos);
  }
}

TEST_F(TokenKeysTest, NothingOpensForAnotherPurposeOrWithOtherData) {
  const auto keys = Load();
  for (const TokenPurpose of : kPurposes) {
    const std::string sealed = keys->Seal(of, "whose", "place");
    for (const TokenPurpose as : kPurposes) EXPECT_EQ(keys->Open(as, "whose", sealed).ok(), of == as);
    EXPECT_FALSE(keys->Open(of, "else's", sealed).ok());
  }
}

TEST_F(TokenKeysTest, NoChangedTextOpens) {
  const auto keys = Load();
  const std::string sealed = Sealed(*keys);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(Opened(*keys, changed), "refused") << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) EXPECT_EQ(Opened(*keys, sealed.substr(0, size)), "refused");
  EXPECT_EQ(Opened(*keys, "\x81" + std::string(1, '\0') + sealed.substr(1)), "refused") << "a longer form of the 1";
  EXPECT_EQ(Opened(*keys, std::string(20, '\xff')), "refused");
}

TEST_F(TokenKeysTest, AFormerGenerationOpensUntilTheLongestSessionHasEnded) {
  const auto keys = Load();
  const std::string first = Sealed(*keys);
  EXPECT_EQ(*RunTask(keys->Rotate()), 2U);
  const std::string second = Sealed(*keys);
  EXPECT_NE(first.front(), second.front()) << "the newest seals";
  EXPECT_EQ(Opened(*keys, first), "place");
  EXPECT_EQ(Opened(*Load(), second), "place");

  clock_.Advance(TokenKeys::kFormerOpensFor - std::chrono::seconds(1));
  EXPECT_EQ(*RunTask(keys->Rotate()), 3U);
  EXPECT_EQ(Opened(*keys, first), "place");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(*RunTask(keys->Rotate()), 4U);
  EXPECT_EQ(Opened(*keys, first), "refused");
  EXPECT_EQ(Opened(*keys, second), "place");
  EXPECT_EQ(Names(), (std::vector<std::string>{"tokens/2", "tokens/3", "tokens/4"}));
  EXPECT_EQ(Opened(*Load(), second), "place");
}

TEST_F(TokenKeysTest, ARotationThatIsNotKeptHasNoEffect) {
  const auto keys = Load();
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  EXPECT_FALSE(RunTask(keys->Rotate()).ok());
  records_.Heal();
  EXPECT_EQ(Opened(*Load(), Sealed(*keys)), "place");
  EXPECT_EQ(*RunTask(keys->Rotate()), 2U);
}

TEST_F(TokenKeysTest, OutliveTheRotationOfTheMasterKey) {
  const MasterKey next = MasterKey::Generate();
  const auto keys = Load();
  ASSERT_TRUE(RunTask(keys->Rotate()).ok());
  const std::string sealed = Sealed(*keys);
  EXPECT_EQ(Opened(*Load({next, {keyring_.current}}), sealed), "place");
  EXPECT_EQ(Opened(*Load({next, {}}), sealed), "place") << "sealed anew";
  const auto others = Load({MasterKey::Generate(), {}});
  EXPECT_EQ(Opened(*others, sealed), "refused") << "no key of the ring opens them";
  EXPECT_EQ(others->Current(TokenPurpose::kSession)->generation, 3U) << "no number means two keys";
}

// An organization as the first version left it: one root, which sealed with no generation before it.
TEST_F(TokenKeysTest, WhatTheFirstVersionSealedOpens) {
  const std::string root(32, 'r');
  const std::string sealed_root = SealSecret(keyring_.current, "secret/tokens", root);
  ASSERT_TRUE(RunTask(records_.Commit({{"secret", "tokens", R"({"v":1,"sealed":")" + sealed_root + "\"}"}})).ok());
  const std::string old = AesGcmSeal(root, "whose", "place");
  const auto keys = Load();
  EXPECT_EQ(Opened(*keys, old), "place");
  EXPECT_EQ(keys->Open(TokenPurpose::kShardIterator, "whose", old).value(), "place");
  EXPECT_FALSE(keys->Open(TokenPurpose::kSession, "whose", old).ok()) << "there were none";
  EXPECT_EQ(Opened(*keys, old, "else's"), "refused");
  EXPECT_EQ(Opened(*keys, Sealed(*keys)), "place");

  const Keyring next{MasterKey::Generate(), {keyring_.current}};
  EXPECT_EQ(Opened(*Load(next), old), "place");
  const auto again = Load({next.current, {}});
  EXPECT_EQ(Opened(*again, old), "place") << "sealed anew";
  EXPECT_EQ(Names(), std::vector<std::string>{"tokens"});
  ASSERT_TRUE(RunTask(again->Rotate()).ok());
  EXPECT_EQ(Opened(*again, old), "place");
  clock_.Advance(TokenKeys::kFormerOpensFor);
  ASSERT_TRUE(RunTask(again->Rotate()).ok());
  EXPECT_EQ(Opened(*again, old), "refused");
}

TEST_F(TokenKeysTest, DamageIsReported) {
  const std::string good = SealSecret(keyring_.current, "secret/tokens/2", std::string(32, 'r'));
  const std::pair<const char*, std::string> cases[] = {
      {"tokens", ""},
      {"tokens", "{}"},
      {"tokens", R"({"v":1})"},
      {"tokens", R"({"v":3,"sealed":""})"},
      {"tokens", R"({"v":1,"sealed":"x"})"},
      {"tokens/2", R"({"v":1,"sealed":")" + good + "\"}"},
      {"tokens/2", R"({"v":2,"generation":3,"made":0,"sealed":")" + good + "\"}"},
      {"tokens/2", R"({"v":2,"generation":2,"sealed":")" + good + "\"}"},
  };
  for (const auto& [name, value] : cases) {
    MemoryRecordStore records;
    ASSERT_TRUE(RunTask(records.Commit({{"secret", name, value}})).ok());
    EXPECT_FALSE(RunTask(TokenKeys::Load(records, clock_, keyring_)).ok()) << value;
  }
  MemoryRecordStore records;
  const std::string whole = R"({"v":2,"generation":2,"made":0,"sealed":")" + good + "\"}";
  ASSERT_TRUE(RunTask(records.Commit({{"secret", "tokens/2", whole}, {"secret", "other", "x"}})).ok());
  EXPECT_TRUE(RunTask(TokenKeys::Load(records, clock_, keyring_)).ok());
}

}  // namespace
}  // namespace insula::access
