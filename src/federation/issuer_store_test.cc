// Issuers: what is kept of them, and that every change counts at once and after a restart.
#include "federation/issuer_store.h"

#include <gtest/gtest.h>

#include "base/run_task.h"
#include "base/testing/memory_record_store.h"
#include "federation/issuer_record.h"

namespace insula::federation {
namespace {

Issuer Login() {
  Issuer issuer;
  issuer.url = "https://login.example.com/saas";
  issuer.audiences = {"saas-web"};
  issuer.tenant_claim = "tenant";
  issuer.tenants = std::vector<TenantId>{TenantId("acme")};
  issuer.algorithms = {SignatureAlgorithm::kRS256, SignatureAlgorithm::kES256};
  issuer.keys = "https://login.example.com/keys";
  return issuer;
}

class IssuerStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() { store_ = std::move(*RunTask(IssuerStore::Open(records_, clock_))); }

  MemoryRecordStore records_;
  ManualClock clock_;
  std::unique_ptr<IssuerStore> store_;
};

TEST_F(IssuerStoreTest, ChangesCountAtOnceAndAfterARestart) {
  const Issuer issuer = Login();
  EXPECT_EQ(store_->Find(issuer.url), nullptr);
  ASSERT_TRUE(RunTask(store_->Create(issuer)).ok());
  EXPECT_EQ(RunTask(store_->Create(issuer)).error().code(), ErrorCode::kAlreadyExists);
  const WallTime created = clock_.Now();
  for (int i = 0; i < 2; ++i) {
    const IssuerPtr found = store_->Find(issuer.url);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->audiences, issuer.audiences);
    EXPECT_EQ(found->tenants, issuer.tenants);
    EXPECT_EQ(found->algorithms, issuer.algorithms);
    EXPECT_EQ(found->created, created);
    Reopen();
  }
  clock_.Advance(std::chrono::hours(1));
  const IssuerStore::Change change = [](Issuer& it) -> Result<void> {
    it.tenants.reset();
    it.url = "https://another.example.com";
    return {};
  };
  ASSERT_TRUE(RunTask(store_->Update(issuer.url, change)).ok());
  EXPECT_FALSE(store_->Find(issuer.url)->tenants.has_value());
  EXPECT_EQ(store_->Find(issuer.url)->audiences, issuer.audiences);
  EXPECT_EQ(store_->List().size(), 1U) << "an issuer is its URL";
  EXPECT_EQ(store_->Find(issuer.url)->created, created);
  ASSERT_TRUE(RunTask(store_->Delete(issuer.url)).ok());
  EXPECT_EQ(store_->Find(issuer.url), nullptr);
  EXPECT_EQ(RunTask(store_->Delete(issuer.url)).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(RunTask(store_->Update(issuer.url, change)).error().code(), ErrorCode::kNotFound);
  Reopen();
  EXPECT_TRUE(store_->List().empty());
}

TEST_F(IssuerStoreTest, WhatIsNotDurableHasNoEffect) {
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  EXPECT_FALSE(RunTask(store_->Create(Login())).ok());
  EXPECT_TRUE(store_->List().empty());
  records_.Heal();
  ASSERT_TRUE(RunTask(store_->Create(Login())).ok());
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  EXPECT_FALSE(RunTask(store_->Delete(Login().url)).ok());
  EXPECT_EQ(store_->List().size(), 1U);
  records_.Heal();
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  const IssuerStore::Change unsettle = [](Issuer& it) -> Result<void> {
    it.tenants.reset();
    return {};
  };
  EXPECT_FALSE(RunTask(store_->Update(Login().url, unsettle)).ok());
  EXPECT_TRUE(store_->Find(Login().url)->tenants.has_value());
}

TEST_F(IssuerStoreTest, AChangeThatIsRefusedChangesNothing) {
  ASSERT_TRUE(RunTask(store_->Create(Login())).ok());
  const auto refused = [&](IssuerStore::Change change) {
    return RunTask(store_->Update(Login().url, std::move(change))).error().code();
  };
  EXPECT_EQ(refused([](Issuer& it) -> Result<void> {
              it.audiences.clear();
              return {};
            }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](Issuer& it) -> Result<void> {
              it.tenants.reset();
              return Error(ErrorCode::kNotFound, "no such tenant");
            }),
            ErrorCode::kNotFound);
  EXPECT_EQ(store_->Find(Login().url)->audiences, Login().audiences);
  EXPECT_EQ(store_->Find(Login().url)->tenants, Login().tenants);
}

TEST_F(IssuerStoreTest, WhatIsNoIssuerIsRefused) {
  const auto refused = [&](auto change) {
    Issuer issuer = Login();
    change(issuer);
    const auto created = RunTask(store_->Create(issuer));
    return !created.ok() && created.error().code() == ErrorCode::kInvalidArgument;
  };
  for (const char* url : {"", "login.example.com", "ftp://x", "https://", "https://x?y", "https://x#y", "https://u@x",
                          "https://x y", "https://x\n"}) {
    EXPECT_TRUE(refused([&](Issuer& it) { it.url = url; })) << url;
  }
  EXPECT_TRUE(refused([](Issuer& it) { it.url = "https://" + std::string(250, 'x'); }));
  EXPECT_TRUE(refused([](Issuer& it) { it.audiences.clear(); }));
  EXPECT_TRUE(refused([](Issuer& it) { it.audiences = {""}; }));
  EXPECT_TRUE(refused([](Issuer& it) { it.audiences.assign(101, "x"); }));
  EXPECT_TRUE(refused([](Issuer& it) { it.tenant_claim = std::string(256, 'x'); }));
  EXPECT_TRUE(refused([](Issuer& it) { it.tenants->assign(10'001, TenantId("x")); }));
  EXPECT_TRUE(refused([](Issuer& it) { it.algorithms.clear(); }));
  EXPECT_TRUE(refused([](Issuer& it) { it.keys = "file:relative"; }));
  EXPECT_TRUE(refused([](Issuer& it) { it.keys = "ftp://x"; }));
  EXPECT_FALSE(refused([](Issuer& it) { it.keys = "file:/etc/insula/keys.json"; }));
}

TEST(IssuerRecord, StaysAsItIsStored) {
  Issuer issuer = Login();
  issuer.created = WallTime(std::chrono::microseconds(5));
  const std::string text =
      R"({"v":1,"audiences":["saas-web"],"environment_claim":"","service_claim":"","tenant_claim":"tenant",)"
      R"("tenants":["acme"],"algorithms":["RS256","ES256"],"keys":"https://login.example.com/keys","created":5})";
  EXPECT_EQ(WriteIssuerRecord(issuer), text);
  const Result<Issuer> read = ReadIssuerRecord(issuer.url, text);
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->url, issuer.url);
  EXPECT_EQ(WriteIssuerRecord(*read), text);
  const auto code = [](std::string_view damaged) { return ReadIssuerRecord("x", damaged).error().code(); };
  EXPECT_EQ(code("x"), ErrorCode::kCorruption);
  EXPECT_EQ(code("{}"), ErrorCode::kCorruption);
  EXPECT_EQ(code(R"({"v":2})"), ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace insula::federation
