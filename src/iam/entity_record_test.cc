// The bytes of every kind of record: directories of former programs are read by this one, so they stay what they are.
#include "iam/entity_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam/held_policies.h"
#include "iam/testing/iam_world.h"

namespace insula::iam {
namespace {

using testing::kAllowRead;
using testing::kTrustRoot;

WallTime At(std::int64_t microseconds) { return WallTime(std::chrono::microseconds(microseconds)); }

PolicyText Compiled(const char* text, policy::DocumentKind kind) {
  auto policy = CompilePolicy(text, kind);
  EXPECT_TRUE(policy.ok());
  return *std::move(policy);
}

template <class T>
T Named(const char* id) {
  T entity;
  entity.id = id;
  entity.name = "Name";
  entity.path = "/a/b/";
  entity.created = At(5);
  return entity;
}

HeldPolicies SomePolicies() {
  HeldPolicies held;
  held.inline_policies["in line"] = Compiled(kAllowRead, policy::DocumentKind::kIdentity);
  held.attached = {"ANPAX", "ANPAY"};
  return held;
}

const std::string kPolicies =
    R"("inline":{"in line":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",)"
    R"(\"Action\":\"dynamodb:GetItem\",\"Resource\":\"*\"}]}"},"attached":["ANPAX","ANPAY"])";
const std::string kTags = R"("tags":[{"key":"K","value":"v"}])";

struct Golden {
  std::string name;
  AnyEntity entity;
  std::string text;
};

// Every member is set, each to something of its own; then none that needn't be.
std::vector<Golden> AllKinds() {
  auto user = Named<User>("AIDAX");
  user.policies = SomePolicies();
  user.boundary = "ANPAB";
  user.groups = {"AGPAX"};
  user.tags = {{"K", "v"}};
  auto group = Named<Group>("AGPAX");
  group.policies = SomePolicies();
  auto role = Named<Role>("AROAX");
  role.trust = Compiled(kTrustRoot, policy::DocumentKind::kTrust);
  role.description = "what \"for\"";
  role.session_seconds_max = 7200;
  role.policies = SomePolicies();
  role.boundary = "ANPAB";
  role.tags = {{"K", "v"}};
  role.last_used = At(6);
  role.last_used_region = "us-east-1";
  auto managed = Named<ManagedPolicy>("ANPAX");
  managed.description = "";
  managed.updated = At(7);
  managed.default_version = 2;
  managed.last_version = 3;
  managed.versions.push_back({2, At(8), Compiled(kAllowRead, policy::DocumentKind::kIdentity)});
  managed.tags = {{"K", "v"}};
  auto profile = Named<InstanceProfile>("AIPAX");
  profile.role = "AROAX";
  profile.tags = {{"K", "v"}};
  const std::string common = R"({"v":1,"name":"Name","path":"/a/b/","created":5)";
  const std::string read =
      R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"dynamodb:GetItem\",)"
      R"(\"Resource\":\"*\"}]}")";
  const std::string trust =
      R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":)"
      R"(\"arn:aws:iam::111122223333:root\"},\"Action\":\"sts:AssumeRole\"}]}")";
  auto bare_role = Named<Role>("AROAY");
  bare_role.trust = Compiled(kTrustRoot, policy::DocumentKind::kTrust);
  return {
      {"user", std::make_shared<const User>(user),
       common + R"(,"boundary":"ANPAB","groups":["AGPAX"],)" + kPolicies + "," + kTags + "}"},
      {"user with nothing", std::make_shared<const User>(Named<User>("AIDAY")), common + "}"},
      {"group", std::make_shared<const Group>(group), common + "," + kPolicies + "}"},
      {"role", std::make_shared<const Role>(role),
       common + R"(,"trust":)" + trust +
           R"(,"description":"what \"for\"","session_seconds_max":7200,"boundary":"ANPAB","last_used":6,)" +
           R"("last_used_region":"us-east-1",)" + kPolicies + "," + kTags + "}"},
      {"role with nothing", std::make_shared<const Role>(bare_role),
       common + R"(,"trust":)" + trust + R"(,"session_seconds_max":3600})"},
      {"policy", std::make_shared<const ManagedPolicy>(managed),
       common + R"(,"description":"","updated":7,"default_version":2,"last_version":3,"versions":[{"number":2,)" +
           R"("created":8,"document":)" + read + "}]," + kTags + "}"},
      {"profile", std::make_shared<const InstanceProfile>(profile), common + R"(,"role":"AROAX",)" + kTags + "}"},
  };
}

TEST(EntityRecordTest, StaysAsItIsStored) {
  const access::Scope scope = testing::Tenant("catalog", "acme");
  for (const Golden& golden : AllKinds()) {
    const RecordChange change = PutRecord(scope, golden.entity);
    EXPECT_EQ(change.value, golden.text) << golden.name;
    const auto read = ReadEntityRecord({change.kind, change.name, golden.text});
    ASSERT_TRUE(read.ok()) << golden.name << ": " << read.error().message();
    EXPECT_EQ(read->scope, scope);
    EXPECT_EQ(PutRecord(scope, read->entity).value, golden.text) << golden.name;
  }
}

TEST(EntityRecordTest, NamesHoldTheScopeAndTheId) {
  const AnyEntity group = std::make_shared<const Group>(Named<Group>("AGPAX"));
  const ContextNames service{EnvironmentName("prod"), ServiceName("catalog"), std::nullopt};
  for (const auto& [scope, name] : std::vector<std::pair<access::Scope, std::string>>{
           {testing::Tenant("catalog", "acme"), "t/prod/catalog/acme/AGPAX"},
           {service, "s/prod/catalog/AGPAX"},
           {AccountId("111122223333"), "o/111122223333/AGPAX"}}) {
    const RecordChange change = PutRecord(scope, group);
    EXPECT_EQ(change.kind, "iam-group");
    EXPECT_EQ(change.name, name);
    EXPECT_EQ(RemoveRecord(scope, group).name, name);
    const auto read = ReadEntityRecord({change.kind, change.name, *change.value});
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->scope, scope);
    EXPECT_EQ(std::get<GroupPtr>(read->entity)->id, "AGPAX");
  }
}

TEST(EntityRecordTest, DamageAndLaterVersionsAreToldApart) {
  const auto code = [](const char* kind, const char* name, const char* text) {
    return ReadEntityRecord({kind, name, text}).error().code();
  };
  const char* name = "t/prod/catalog/acme/AROAX";
  EXPECT_EQ(code("iam-role", name, "nonsense"), ErrorCode::kCorruption);
  EXPECT_EQ(code("iam-role", name, "{}"), ErrorCode::kCorruption);
  EXPECT_EQ(code("iam-role", name, R"({"v":2})"), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code("iam-role", name, R"({"v":1,"name":"a","path":"/","created":1,"trust":"{","session_seconds_max":1})"),
            ErrorCode::kCorruption);
  EXPECT_EQ(code("iam-group", "AGPAX", R"({"v":1,"name":"a","path":"/","created":1})"), ErrorCode::kCorruption);
  EXPECT_EQ(code("iam-group", "x/prod/AGPAX", R"({"v":1,"name":"a","path":"/","created":1})"), ErrorCode::kCorruption);
  EXPECT_EQ(code("iam-policy", name,
                 R"({"v":1,"name":"a","path":"/","created":1,"updated":1,"default_version":1,"last_version":1,)"
                 R"("versions":[]})"),
            ErrorCode::kCorruption);
}

}  // namespace
}  // namespace insula::iam
