// Access keys: what is kept, what is sealed, and that every change counts at once and after a restart.
#include "access/credential_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "access/credential_record.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

ContextPrincipal Acme() {
  ContextPrincipal principal;
  principal.names = {EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
  return principal;
}

class CredentialStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    store_.reset();
    auto opened = RunTask(CredentialStore::Open(records_, clock_, Keyring{master_, {}}));
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = std::move(*opened);
  }

  CreatedKey Create(Owner owner) {
    NewAccessKey request{std::move(owner), std::nullopt, ""};
    auto created = RunTask(store_->Create(std::move(request)));
    EXPECT_TRUE(created.ok());
    return std::move(*created);
  }

  MemoryRecordStore records_;
  ManualClock clock_;
  MasterKey master_ = MasterKey::Generate();
  std::unique_ptr<CredentialStore> store_;
};

TEST_F(CredentialStoreTest, KeysLookLikeAwss) {
  const CreatedKey created = Create(Acme());
  EXPECT_EQ(created.key.id.size(), 20u);
  EXPECT_TRUE(created.key.id.starts_with("AKIA"));
  EXPECT_EQ(created.secret.view().size(), 40u);
  EXPECT_NE(Create(Acme()).key.id, created.key.id);
}

TEST_F(CredentialStoreTest, AKeySurvivesARestart) {
  NewAccessKey request{Acme(), clock_.Now() + std::chrono::hours(1), "quotes \" and \\ and\nlines"};
  const auto created = RunTask(store_->Create(request));
  ASSERT_TRUE(created.ok());
  Reopen();
  const CredentialPtr found = store_->Find(created->key.id);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->secret.view(), created->secret.view());
  EXPECT_EQ(std::get<ContextPrincipal>(found->key.owner).names, Acme().names);
  EXPECT_EQ(found->key.expires, request.expires);
  EXPECT_EQ(found->key.created, clock_.Now());
  EXPECT_EQ(found->key.description, request.description);
}

TEST_F(CredentialStoreTest, AnOperatorsKeySurvivesARestart) {
  const CreatedKey created = Create(OperatorPrincipal{AccountId("123456789012"), true});
  Reopen();
  const auto owner = std::get<OperatorPrincipal>(store_->Find(created.key.id)->key.owner);
  EXPECT_EQ(owner.account.value(), "123456789012");
  EXPECT_TRUE(owner.admin);
}

TEST_F(CredentialStoreTest, StatusAndDeletionCountAtOnceAndAfterARestart) {
  const std::string id = Create(Acme()).key.id;
  ASSERT_TRUE(RunTask(store_->SetStatus(id, KeyStatus::kInactive)).ok());
  EXPECT_EQ(store_->Find(id), nullptr);
  EXPECT_EQ(store_->Describe(id)->status, KeyStatus::kInactive);
  Reopen();
  EXPECT_EQ(store_->Find(id), nullptr);
  ASSERT_TRUE(RunTask(store_->SetStatus(id, KeyStatus::kActive)).ok());
  EXPECT_NE(store_->Find(id), nullptr);
  ASSERT_TRUE(RunTask(store_->Delete(id)).ok());
  EXPECT_EQ(store_->Find(id), nullptr);
  Reopen();
  EXPECT_EQ(store_->Find(id), nullptr);
  EXPECT_EQ(RunTask(store_->Delete(id)).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(RunTask(store_->SetStatus(id, KeyStatus::kActive)).error().code(), ErrorCode::kNotFound);
}

TEST_F(CredentialStoreTest, WhatIsNotDurableHasNoEffect) {
  const std::string id = Create(Acme()).key.id;
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  EXPECT_FALSE(RunTask(store_->SetStatus(id, KeyStatus::kInactive)).ok());
  EXPECT_NE(store_->Find(id), nullptr);
  EXPECT_FALSE(RunTask(store_->Delete(id)).ok());
  EXPECT_NE(store_->Find(id), nullptr);
  NewAccessKey request{Acme(), std::nullopt, ""};
  EXPECT_FALSE(RunTask(store_->Create(request)).ok());
  EXPECT_EQ(store_->List({}).size(), 1u);
}

TEST_F(CredentialStoreTest, OwnersThatAreNoContextAreRefused) {
  ContextPrincipal no_service = Acme();
  no_service.names.service = ServiceName();
  ContextPrincipal acting_tenant = Acme();
  acting_tenant.may_act_for_tenants = true;
  const UserPrincipal no_id{Acme().names, ""};
  const UserPrincipal no_account{AccountId(), "AIDACKCEVSQ6C2EXAMPLE"};
  const UserPrincipal of_no_service{no_service.names, "AIDACKCEVSQ6C2EXAMPLE"};
  for (const Owner& owner :
       std::vector<Owner>{no_service, acting_tenant, OperatorPrincipal{}, no_id, no_account, of_no_service}) {
    NewAccessKey request{owner, std::nullopt, ""};
    EXPECT_EQ(RunTask(store_->Create(request)).error().code(), ErrorCode::kInvalidArgument);
  }
  NewAccessKey wordy{Acme(), std::nullopt, std::string(257, 'x')};
  EXPECT_EQ(RunTask(store_->Create(wordy)).error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(CredentialStoreTest, ImportTakesTheCallersIdOnce) {
  NewAccessKey request{Acme(), std::nullopt, ""};
  ASSERT_TRUE(RunTask(store_->Import(request, "AKIAIOSFODNN7EXAMPLE", "secret")).ok());
  EXPECT_EQ(store_->Find("AKIAIOSFODNN7EXAMPLE")->secret.view(), "secret");
  EXPECT_EQ(RunTask(store_->Import(request, "AKIAIOSFODNN7EXAMPLE", "other")).error().code(),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(RunTask(store_->Import(request, "short", "secret")).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(RunTask(store_->Import(request, "AKIA/IOSFODNN7EXAMPLE", "secret")).error().code(),
            ErrorCode::kInvalidArgument);
}

TEST_F(CredentialStoreTest, ListFiltersByContextAndAccount) {
  Create(Acme());
  ContextPrincipal other = Acme();
  other.names.tenant = TenantId("globex");
  Create(other);
  Create(OperatorPrincipal{AccountId("123456789012"), false});
  EXPECT_EQ(store_->List({}).size(), 3u);
  EXPECT_EQ(store_->List({.environment = "prod", .service = "", .tenant = "", .account = ""}).size(), 2u);
  EXPECT_EQ(store_->List({.environment = "prod", .service = "catalog", .tenant = "acme", .account = ""}).size(), 1u);
  EXPECT_EQ(store_->List({.environment = "dev", .service = "", .tenant = "", .account = ""}).size(), 0u);
  EXPECT_EQ(store_->List({.environment = "", .service = "", .tenant = "", .account = "123456789012"}).size(), 1u);
}

TEST_F(CredentialStoreTest, ListFiltersByUser) {
  const UserPrincipal ann{Acme().names, "AIDAANN"};
  const UserPrincipal bob{AccountId("123456789012"), "AIDABOB"};
  Create(Acme());
  Create(OperatorPrincipal{AccountId("123456789012"), false});
  const CreatedKey key = Create(ann);
  clock_.Advance(std::chrono::seconds(1));
  Create(ann);
  Create(bob);
  const auto keys_of = [&](std::string user) {
    KeyFilter filter;
    filter.user_id = std::move(user);
    return store_->List(filter);
  };
  EXPECT_EQ(keys_of("AIDAANN").size(), 2u);
  EXPECT_EQ(keys_of("AIDAANN").front().id, key.key.id);
  EXPECT_EQ(keys_of("AIDABOB").size(), 1u);
  EXPECT_EQ(keys_of("AIDACARL").size(), 0u);
  KeyFilter acme;
  acme.tenant = "acme";
  EXPECT_EQ(store_->List(acme).size(), 3u) << "a context's users are in it";
  Reopen();
  EXPECT_EQ(keys_of("AIDAANN").size(), 2u);
  ASSERT_TRUE(RunTask(store_->SetStatus(key.key.id, KeyStatus::kInactive)).ok());
  ASSERT_EQ(keys_of("AIDAANN").size(), 2u);
  EXPECT_EQ(keys_of("AIDAANN").front().status, KeyStatus::kInactive);
  ASSERT_TRUE(RunTask(store_->Delete(key.key.id)).ok());
  EXPECT_EQ(keys_of("AIDAANN").size(), 1u);
}

TEST_F(CredentialStoreTest, SecretsAtRestAreSealedUnderTheirId) {
  const CreatedKey one = Create(Acme());
  const CreatedKey two = Create(Acme());
  const std::string kind(kAccessKeyKind);
  EXPECT_EQ(records_.Get(kind, one.key.id)->find(one.secret.view()), std::string::npos);
  // A secret moved to another key's record doesn't open there.
  std::vector<RecordChange> swap{{kind, one.key.id, records_.Get(kind, two.key.id)}};
  ASSERT_TRUE(RunTask(records_.Commit(swap)).ok());
  EXPECT_EQ(RunTask(CredentialStore::Open(records_, clock_, Keyring{master_, {}})).error().code(),
            ErrorCode::kCorruption);
}

TEST_F(CredentialStoreTest, RotationSealsEverySecretAgain) {
  std::vector<CreatedKey> keys;
  for (int i = 0; i < 230; ++i) keys.push_back(Create(Acme()));
  const MasterKey next = MasterKey::Generate();
  EXPECT_EQ(*RunTask(store_->Rotate(next)), keys.size());
  EXPECT_EQ(RunTask(CredentialStore::Open(records_, clock_, Keyring{master_, {}})).error().code(),
            ErrorCode::kFailedPrecondition);
  const auto reopened = RunTask(CredentialStore::Open(records_, clock_, Keyring{next, {}}));
  ASSERT_TRUE(reopened.ok());
  for (const CreatedKey& key : keys) EXPECT_EQ((*reopened)->Find(key.key.id)->secret.view(), key.secret.view());
}

TEST_F(CredentialStoreTest, AHalfDoneRotationOpensWithBothKeys) {
  const CreatedKey old_key = Create(Acme());
  const MasterKey next = MasterKey::Generate();
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  EXPECT_FALSE(RunTask(store_->Rotate(next)).ok());
  records_.Heal();
  const CreatedKey new_key = Create(Acme());
  const auto reopened = RunTask(CredentialStore::Open(records_, clock_, Keyring{next, {master_}}));
  ASSERT_TRUE(reopened.ok());
  EXPECT_NE((*reopened)->Find(old_key.key.id), nullptr);
  EXPECT_NE((*reopened)->Find(new_key.key.id), nullptr);
}

// Directories of former programs are read by this one: what is stored doesn't change.
TEST(AccessKeyRecordTest, StaysAsItIsStored) {
  AccessKeyRecord record;
  record.key.id = "id";
  record.key.owner = ContextPrincipal{.names = {EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")},
                                      .may_act_for_tenants = true};
  record.key.created = WallTime(std::chrono::microseconds(5));
  record.key.expires = WallTime(std::chrono::microseconds(6));
  record.key.description = "a \"quoted\" one\n";
  record.sealed_secret = "1.F.00";
  const std::string context =
      R"({"v":1,"owner":{"kind":"context","environment":"prod","service":"catalog","tenant":"acme","may_act":true},)"
      R"("status":"active","created":5,"expires":6,"description":"a \"quoted\" one\u000a","secret":"1.F.00"})";
  EXPECT_EQ(WriteAccessKeyRecord(record), context);
  record.key.owner = OperatorPrincipal{.account = AccountId("123456789012"), .admin = true};
  record.key.status = KeyStatus::kInactive;
  record.key.expires.reset();
  record.key.description.clear();
  const std::string operators =
      R"({"v":1,"owner":{"kind":"operator","account":"123456789012","admin":true},"status":"inactive","created":5,)"
      R"("secret":"1.F.00"})";
  EXPECT_EQ(WriteAccessKeyRecord(record), operators);
  record.key.status = KeyStatus::kActive;
  record.key.owner = UserPrincipal{AccountId("123456789012"), "AIDABOB"};
  const std::string users =
      R"({"v":1,"owner":{"kind":"user","user":"AIDABOB","account":"123456789012"},"status":"active","created":5,)"
      R"("secret":"1.F.00"})";
  EXPECT_EQ(WriteAccessKeyRecord(record), users);
  record.key.owner = UserPrincipal{Acme().names, "AIDAANN"};
  const std::string of_context =
      R"({"v":1,"owner":{"kind":"user","user":"AIDAANN","environment":"prod","service":"catalog","tenant":"acme"},)"
      R"("status":"active","created":5,"secret":"1.F.00"})";
  EXPECT_EQ(WriteAccessKeyRecord(record), of_context);
  for (const std::string& text : {context, operators, users, of_context}) {
    const auto read = ReadAccessKeyRecord("id", text);
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(WriteAccessKeyRecord(*read), text);
  }
}

TEST(AccessKeyRecordTest, DamageAndLaterVersionsAreToldApart) {
  const auto code = [](std::string_view text) { return ReadAccessKeyRecord("id", text).error().code(); };
  EXPECT_EQ(code("nonsense"), ErrorCode::kCorruption);
  EXPECT_EQ(code("{}"), ErrorCode::kCorruption);
  EXPECT_EQ(code(R"({"v":2})"), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(R"({"v":1,"owner":{"kind":"robot"},"status":"active","created":1,"secret":"s"})"),
            ErrorCode::kCorruption);
  EXPECT_EQ(code(R"({"v":1,"owner":{"kind":"operator","account":"1"},"status":"odd","created":1,"secret":"s"})"),
            ErrorCode::kCorruption);
}

class MasterKeyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "master_key_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_;
};

TEST_F(MasterKeyTest, ComesFromAFileTheEnvironmentOrACommand) {
  const auto path = directory_ / "key";
  const auto created = CreateMasterKeyFile(path);
  ASSERT_TRUE(created.ok());
  EXPECT_EQ(LoadMasterKey("file:" + path.string())->fingerprint(), created->fingerprint());
  EXPECT_EQ(LoadMasterKey("command:cat " + path.string())->fingerprint(), created->fingerprint());
  ::setenv("INSULA_TEST_MASTER_KEY", created->Text().c_str(), 1);
  EXPECT_EQ(LoadMasterKey("env:INSULA_TEST_MASTER_KEY")->fingerprint(), created->fingerprint());
  EXPECT_EQ(CreateMasterKeyFile(path).error().code(), ErrorCode::kAlreadyExists);
}

TEST_F(MasterKeyTest, SourcesThatGiveNoneSaySo) {
  EXPECT_EQ(LoadMasterKey("file:" + (directory_ / "none").string()).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(LoadMasterKey("env:INSULA_TEST_NO_SUCH_VARIABLE").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(LoadMasterKey("command:exit 3").error().message(), "the master key command ended with status 3");
  EXPECT_EQ(LoadMasterKey("command:echo hello").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(LoadMasterKey("vault").error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(MasterKeyTest, WarnsOfAKeyBesideItsData) {
  const auto path = directory_ / "data" / "key";
  std::filesystem::create_directories(path.parent_path());
  ASSERT_TRUE(CreateMasterKeyFile(path).ok());
  EXPECT_EQ(MasterKeyWarnings("file:" + path.string(), directory_ / "data").size(), 1u);
  EXPECT_EQ(MasterKeyWarnings("file:" + path.string(), directory_ / "elsewhere").size(), 0u);
  EXPECT_EQ(MasterKeyWarnings("env:KEY", directory_ / "data").size(), 0u);
  std::filesystem::permissions(path, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(MasterKeyWarnings("file:" + path.string(), directory_ / "elsewhere").size(), 1u);
}

}  // namespace
}  // namespace insula::access
