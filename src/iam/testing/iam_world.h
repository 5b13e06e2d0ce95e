// IAM over records in memory, with a clock that stands still, and contexts to be among: what the room's tests share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "access/credential_store.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"
#include "iam/identities.h"

namespace insula::iam::testing {

inline constexpr const char* kAccount = "111122223333";
inline constexpr const char* kAllowAll =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
inline constexpr const char* kAllowRead =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}]})";
inline constexpr const char* kTrustRoot =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},)"
    R"("Action":"sts:AssumeRole"}]})";

inline access::Scope Tenant(const std::string& service, const std::string& tenant) {
  return ContextNames{EnvironmentName("prod"), ServiceName(service), TenantId(tenant)};
}

class IamTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  // As after a restart.
  void Reopen() {
    iam_.reset();
    credentials_.reset();
    auto credentials = RunTask(access::CredentialStore::Open(records_, clock_, access::Keyring{master_, {}}));
    ASSERT_TRUE(credentials.ok()) << credentials.error().message();
    credentials_ = *std::move(credentials);
    auto opened = RunTask(Identities::Open(&records_, credentials_.get(), &clock_, nullptr));
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    iam_ = *std::move(opened);
  }

  Identities& iam() { return *iam_; }
  access::CredentialStore& credentials() { return *credentials_; }

  UserPtr MakeUser(const std::string& name) { return Must(iam().users.Create(acme_, NewUser{.name = name})); }
  GroupPtr MakeGroup(const std::string& name) { return Must(iam().groups.Create(acme_, name, "/")); }
  RolePtr MakeRole(const std::string& name) {
    return Must(iam().roles.Create(acme_, NewRole{.name = name, .trust = kTrustRoot}));
  }
  std::string MakePolicy(const std::string& name, const std::string& document = kAllowRead) {
    Must(iam().policies.Create(acme_, NewPolicy{.name = name, .document = document}));
    return PolicyArn(name);
  }
  static std::string PolicyArn(const std::string& name) {
    return std::string("arn:aws:iam::111122223333:policy/") + name;
  }

  template <class T>
  static T Must(Task<Result<T>> task) {
    Result<T> result = RunTask(std::move(task));
    EXPECT_TRUE(result.ok()) << result.error().message();
    return *std::move(result);
  }
  static void Must(Task<Result<void>> task) {
    const Result<void> result = RunTask(std::move(task));
    EXPECT_TRUE(result.ok()) << result.error().message();
  }
  // "NoSuchEntity: The role with name x cannot be found.", or "ok".
  template <class T>
  static std::string Said(const Result<T>& result) {
    if (result.ok()) return "ok";
    return std::string(TraitsOf(result.error().code()).name) + ": " + result.error().message();
  }
  template <class T>
  static std::string Said(Task<Result<T>> task) {
    return Said(RunTask(std::move(task)));
  }

  MemoryRecordStore records_;
  ManualClock clock_;
  access::MasterKey master_ = access::MasterKey::Generate();
  Realm acme_{Tenant("catalog", "acme"), AccountId(kAccount)};
  Realm acme_orders_{Tenant("orders", "acme"), AccountId(kAccount)};  // the same tenant's, of another service

 private:
  std::unique_ptr<access::CredentialStore> credentials_;
  std::unique_ptr<Identities> iam_;
};

}  // namespace insula::iam::testing
