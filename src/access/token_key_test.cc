// Whoever follows a stream holds an iterator across a restart of the server: the key that sealed it must come back.
#include "access/token_key.h"

#include <gtest/gtest.h>

#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

std::string Load(RecordStore& records, const Keyring& keyring) {
  Result<std::string> key = RunTask(LoadTokenKey(records, keyring));
  EXPECT_TRUE(key.ok());
  return key.ok() ? *key : "";
}

TEST(TokenKey, IsMadeOnceAndNotReadable) {
  MemoryRecordStore records;
  const Keyring keyring{MasterKey::Generate(), {}};
  const std::string key = Load(records, keyring);
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(Load(records, keyring), key);
  MemoryRecordStore others;
  EXPECT_NE(Load(others, keyring), key);
  const std::vector<Record> kept = *RunTask(records.Load("secret"));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].value.find(HexOf(key)), std::string::npos);
}

TEST(TokenKey, OutlivesTheRotationOfTheMasterKey) {
  MemoryRecordStore records;
  const MasterKey old = MasterKey::Generate();
  const MasterKey next = MasterKey::Generate();
  const std::string key = Load(records, {old, {}});
  EXPECT_EQ(Load(records, {next, {old}}), key);
  EXPECT_EQ(Load(records, {next, {}}), key) << "sealed anew";
  EXPECT_NE(Load(records, {MasterKey::Generate(), {}}), key) << "no key of the ring opens it";
}

TEST(TokenKey, DamageIsReported) {
  for (const char* damaged : {"", "{}", R"({"v":1})", R"({"v":2,"sealed":""})", R"({"v":1,"sealed":"x"})"}) {
    MemoryRecordStore records;
    ASSERT_TRUE(RunTask(records.Commit({{"secret", "tokens", damaged}})).ok());
    EXPECT_FALSE(RunTask(LoadTokenKey(records, {MasterKey::Generate(), {}})).ok()) << damaged;
  }
}

}  // namespace
}  // namespace insula::access
