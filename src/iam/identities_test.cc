// Users, groups, roles, policies and instance profiles as IAM keeps them: what is refused, in which words, and that
// what is kept is there again after a restart and nowhere but in its scope.
#include "iam/identities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam/arn.h"
#include "iam/aws_policies.h"
#include "iam/quotas.h"
#include "iam/testing/iam_world.h"

namespace insula::iam {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kAllowAll;
using testing::kAllowRead;
using testing::kTrustRoot;

class IdentitiesTest : public testing::IamTest {};

template <class T>
std::vector<std::string> Names(const Page<T>& page) {
  std::vector<std::string> names;
  for (const auto& entity : page.items) names.push_back(entity->name);
  return names;
}

TEST_F(IdentitiesTest, IdsTellTheKindAndAreNotGivenTwice) {
  const UserPtr user = MakeUser("alice");
  EXPECT_TRUE(user->id.starts_with("AIDA"));
  EXPECT_EQ(user->id.size(), 21u);
  EXPECT_EQ(ArnOf(acme_.account, *user), "arn:aws:iam::111122223333:user/alice");
  EXPECT_EQ(user->created, clock_.Now());
  Must(iam().users.Delete(acme_, "alice"));
  EXPECT_NE(MakeUser("alice")->id, user->id);
}

TEST_F(IdentitiesTest, NamesIgnoreCase) {
  MakeUser("Alice");
  EXPECT_EQ(Said(iam().users.Create(acme_, {.name = "ALICE"})),
            "EntityAlreadyExists: User with name ALICE already exists.");
  EXPECT_EQ((*iam().users.Find(acme_, "aLICE"))->name, "Alice");
  EXPECT_EQ(Said(iam().users.Find(acme_, "bob")), "NoSuchEntity: The user with name bob cannot be found.");
  MakeGroup("readers");
  EXPECT_EQ(Said(iam().groups.Create(acme_, "Readers", "/")),
            "EntityAlreadyExists: Group with name Readers already exists.");
  EXPECT_EQ(Said(iam().groups.Find(acme_, "x")), "NoSuchEntity: The group with name x cannot be found.");
  MakeRole("app");
  EXPECT_EQ(Said(iam().roles.Create(acme_, {.name = "App", .trust = kTrustRoot})),
            "EntityAlreadyExists: Role with name App already exists.");
  EXPECT_EQ(Said(iam().roles.Find(acme_, "x")), "NoSuchEntity: The role with name x cannot be found.");
  MakePolicy("read");
  EXPECT_EQ(Said(iam().policies.Create(acme_, {.name = "Read", .document = kAllowRead})),
            "EntityAlreadyExists: A policy called Read already exists. Duplicate names are not allowed.");
  Must(iam().instance_profiles.Create(acme_, "web", "/", {}));
  EXPECT_EQ(Said(iam().instance_profiles.Create(acme_, "Web", "/", {})),
            "EntityAlreadyExists: Instance Profile Web already exists.");
  EXPECT_EQ(Said(iam().instance_profiles.Find(acme_, "x")), "NoSuchEntity: Instance Profile x cannot be found.");
}

TEST_F(IdentitiesTest, TwoServicesOfOneTenantHaveNothingInCommonButTheAccount) {
  const RolePtr mine = MakeRole("app");
  MakePolicy("read");
  EXPECT_EQ(Said(iam().roles.Find(acme_orders_, "app")), "NoSuchEntity: The role with name app cannot be found.");
  EXPECT_EQ(Said(iam().policies.Find(acme_orders_, PolicyArn("read"))),
            "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/read was not found.");
  const RolePtr theirs = Must(iam().roles.Create(acme_orders_, {.name = "app", .trust = kTrustRoot}));
  EXPECT_NE(theirs->id, mine->id);
  EXPECT_EQ(ArnOf(acme_orders_.account, *theirs), ArnOf(acme_.account, *mine));
  EXPECT_EQ(Said(iam().role_policies.Attach(acme_orders_, "app", PolicyArn("read"))),
            "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/read does not exist or is not attachable.");
  Must(iam().roles.Delete(acme_orders_, "app"));
  EXPECT_EQ((*iam().roles.Find(acme_, "app"))->id, mine->id);
}

TEST_F(IdentitiesTest, ARoleHasWhatAwsGivesIt) {
  const RolePtr role = Must(iam().roles.Create(acme_, {.name = "app",
                                                       .path = "/team/",
                                                       .trust = kTrustRoot,
                                                       .description = "for the app",
                                                       .session_seconds_max = 43200,
                                                       .boundary_arn = "arn:aws:iam::aws:policy/PowerUserAccess",
                                                       .tags = {{"Tenant", "acme"}, {"cost", ""}}}));
  EXPECT_EQ(ArnOf(acme_.account, *role), "arn:aws:iam::111122223333:role/team/app");
  EXPECT_EQ(role->trust.text, kTrustRoot);
  EXPECT_EQ(role->tags, (Tags{{"cost", ""}, {"Tenant", "acme"}}));
  const RolePtr updated = Must(iam().roles.Update(acme_, "app", "", std::nullopt));
  EXPECT_EQ(updated->description, "");
  EXPECT_EQ(updated->session_seconds_max, 43200);
  EXPECT_EQ(Must(iam().roles.Update(acme_, "app", std::nullopt, 3600))->session_seconds_max, 3600);
  EXPECT_EQ(updated->id, role->id);
}

TEST_F(IdentitiesTest, RequestsThatAreWrongAreRefusedInAwssWords) {
  const auto role = [&](NewRole request) { return Said(iam().roles.Create(acme_, std::move(request))); };
  EXPECT_EQ(role({.name = "a b", .trust = kTrustRoot}),
            "ValidationException: The specified value for roleName is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-");
  EXPECT_EQ(role({.name = "a", .trust = kTrustRoot, .session_seconds_max = 43201}),
            "ValidationException: 1 validation error detected: Value '43201' at 'maxSessionDuration' failed to satisfy "
            "constraint: Member must have value less than or equal to 43200");
  EXPECT_EQ(role({.name = "a", .trust = kTrustRoot, .tags = {{"k", "1"}, {"K", "2"}}}),
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  EXPECT_THAT(role({.name = "a", .trust = "{"}), HasSubstr("MalformedPolicyDocument: "));
  EXPECT_EQ(role({.name = "a", .trust = kTrustRoot, .boundary_arn = "arn:aws:iam::111122223333:policy/none"}),
            "NoSuchEntity: Scope ARN: arn:aws:iam::111122223333:policy/none does not exist or is not attachable.");
  EXPECT_EQ(role({.name = "a", .trust = kTrustRoot, .boundary_arn = "nonsense, as ARNs go"}),
            "ValidationException: Invalid ARN:  Could not be parsed!");
  EXPECT_EQ(Said(iam().roles.Update(acme_, "none", "", std::nullopt)),
            "NoSuchEntity: The role with name none cannot be found.");
  EXPECT_TRUE(iam().Of(acme_.scope)->empty());
}

TEST_F(IdentitiesTest, TrustPoliciesNameOnesOwnAccountAndThoseWhoAreThere) {
  const auto trusting = [](const std::string& principal) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" + principal +
           R"("},"Action":"sts:AssumeRole"}]})";
  };
  const auto said = [&](const std::string& principal) {
    return Said(iam().roles.Create(acme_, {.name = "trusting", .trust = trusting(principal)}));
  };
  EXPECT_THAT(said("arn:aws:iam::999988887777:root"),
              HasSubstr("MalformedPolicyDocument: Invalid principal in policy"));
  EXPECT_EQ(said("arn:aws:iam::111122223333:user/alice"),
            "MalformedPolicyDocument: Invalid principal in policy: "
            "\"AWS\":\"arn:aws:iam::111122223333:user/alice\"");
  const UserPtr alice = MakeUser("alice");
  EXPECT_EQ(said("arn:aws:iam::111122223333:user/alice"), "ok");
  Must(iam().roles.Delete(acme_, "trusting"));
  EXPECT_EQ(said("arn:aws:iam::111122223333:role/ops"),
            "MalformedPolicyDocument: Invalid principal in policy: "
            "\"AWS\":\"arn:aws:iam::111122223333:role/ops\"");
  // What the account has across its services may be trusted, too.
  Must(iam().roles.Create({AccountId(testing::kAccount), acme_.account}, {.name = "ops", .trust = kTrustRoot}));
  EXPECT_EQ(said("arn:aws:iam::111122223333:role/ops"), "ok");
}

TEST_F(IdentitiesTest, WhoIsTrustedIsWhoHadTheNameThen) {
  const UserPtr alice = MakeUser("alice");
  const std::string trust =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:user/alice"]},)"
      R"("Action":"sts:AssumeRole"}]})";
  Must(iam().roles.Create(acme_, {.name = "app", .trust = trust}));
  Must(iam().users.Rename(acme_, "alice", "bob", "/x/"));
  EXPECT_THAT((*iam().roles.Find(acme_, "app"))->trust.text, HasSubstr("\"arn:aws:iam::111122223333:user/x/bob\""));
  Must(iam().users.Delete(acme_, "bob"));
  EXPECT_THAT((*iam().roles.Find(acme_, "app"))->trust.text, HasSubstr("\"AWS\":[\"" + alice->id + "\"]"));
  Reopen();
  EXPECT_THAT((*iam().roles.Find(acme_, "app"))->trust.document->NamedPrincipals(), ElementsAre(alice->id));
}

TEST_F(IdentitiesTest, ANameIsGivenToAnother) {
  const UserPtr alice = MakeUser("alice");
  MakeUser("bob");
  EXPECT_EQ(Said(iam().users.Rename(acme_, "alice", "BOB", std::nullopt)),
            "EntityAlreadyExists: User with name BOB already exists.");
  Must(iam().users.Rename(acme_, "alice", "ALICE", "/x/"));
  const UserPtr renamed = *iam().users.Find(acme_, "alice");
  EXPECT_EQ(ArnOf(acme_.account, *renamed), "arn:aws:iam::111122223333:user/x/ALICE");
  EXPECT_EQ(renamed->id, alice->id);
  MakeGroup("g");
  Must(iam().groups.Rename(acme_, "g", "h", std::nullopt));
  EXPECT_EQ(Said(iam().groups.Find(acme_, "g")), "NoSuchEntity: The group with name g cannot be found.");
  EXPECT_EQ(Said(iam().groups.Rename(acme_, "g", "h", std::nullopt)),
            "NoSuchEntity: The group with name g cannot be found.");
}

TEST_F(IdentitiesTest, WhatIsInUseIsNotDeleted) {
  const std::string policy = MakePolicy("read");
  MakeUser("alice");
  MakeGroup("readers");
  MakeRole("app");
  Must(iam().user_policies.Attach(acme_, "alice", policy));
  EXPECT_EQ(Said(iam().users.Delete(acme_, "alice")),
            "DeleteConflict: Cannot delete entity, must detach all policies first.");
  EXPECT_EQ(Said(iam().policies.Delete(acme_, policy)), "DeleteConflict: Cannot delete a policy attached to entities.");
  Must(iam().user_policies.Detach(acme_, "alice", policy));
  EXPECT_EQ(Said(iam().user_policies.Detach(acme_, "alice", policy)),
            "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/read was not found.");
  Must(iam().user_policies.Put(acme_, "alice", "in", kAllowRead));
  EXPECT_EQ(Said(iam().users.Delete(acme_, "alice")),
            "DeleteConflict: Cannot delete entity, must delete policies first.");
  Must(iam().user_policies.Delete(acme_, "alice", "in"));
  Must(iam().groups.AddUser(acme_, "readers", "alice"));
  EXPECT_EQ(Said(iam().groups.Delete(acme_, "readers")),
            "DeleteConflict: Cannot delete entity, must remove users from group first.");
  EXPECT_EQ(Said(iam().users.Delete(acme_, "alice")),
            "DeleteConflict: Cannot delete entity, must remove users from group first.");
  Must(iam().groups.RemoveUser(acme_, "readers", "alice"));
  const access::CreatedKey key = Must(iam().access_keys.Create(acme_, "alice"));
  EXPECT_EQ(Said(iam().users.Delete(acme_, "alice")),
            "DeleteConflict: Cannot delete entity, must delete access keys first.");
  Must(iam().access_keys.Delete(acme_, "alice", key.key.id));
  Must(iam().users.Delete(acme_, "alice"));
  Must(iam().groups.Delete(acme_, "readers"));

  Must(iam().instance_profiles.Create(acme_, "web", "/", {}));
  Must(iam().instance_profiles.AddRole(acme_, "web", "app"));
  EXPECT_EQ(Said(iam().roles.Delete(acme_, "app")),
            "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.");
  EXPECT_EQ(Said(iam().instance_profiles.Delete(acme_, "web")),
            "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.");
  Must(iam().instance_profiles.RemoveRole(acme_, "web", "app"));
  Must(iam().instance_profiles.Delete(acme_, "web"));
  Must(iam().role_boundaries.Put(acme_, "app", policy));
  EXPECT_EQ(Said(iam().policies.Delete(acme_, policy)), "DeleteConflict: Cannot delete a policy attached to entities.");
  Must(iam().role_boundaries.Delete(acme_, "app"));
  Must(iam().roles.Delete(acme_, "app"));
  Must(iam().policies.Delete(acme_, policy));
  EXPECT_TRUE(iam().Of(acme_.scope)->empty());
}

TEST_F(IdentitiesTest, InlinePoliciesCountTogether) {
  MakeUser("alice");
  MakeRole("app");
  const auto sized = [](std::size_t size) {
    std::string document =
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":"dynamodb:"}]})";
    return document.insert(document.size() - 4, std::string(size - document.size(), 'x'));
  };
  Must(iam().user_policies.Put(acme_, "alice", "one", sized(1024)));
  Must(iam().user_policies.Put(acme_, "alice", "two", sized(1024)));
  EXPECT_EQ(Said(iam().user_policies.Put(acme_, "alice", "three", sized(100))),
            "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user alice");
  EXPECT_EQ(Said(iam().user_policies.Put(acme_, "alice", "two", sized(1025))),
            "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user alice");
  Must(iam().user_policies.Put(acme_, "alice", "two", sized(1000) + "  \n\t" + std::string(5000, ' ')));
  EXPECT_EQ(Said(iam().role_policies.Put(acme_, "app", "one", sized(10241))),
            "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role app");
  Must(iam().role_policies.Put(acme_, "app", "one", sized(10240)));
  // Blanks don't count for AWS's sizes, but they are kept.
  EXPECT_EQ(Said(iam().role_policies.Put(acme_, "app", "one", kAllowRead + std::string(130800, ' '))), "ok");
  EXPECT_EQ(Said(iam().role_policies.Put(acme_, "app", "two", kAllowRead + std::string(130800, ' '))), "ok");
  EXPECT_EQ(Said(iam().role_policies.Put(acme_, "app", "three", kAllowRead + std::string(300, ' '))),
            "LimitExceeded: Cannot exceed quota for PolicyTextPerEntity: 262144");
  EXPECT_EQ(Said(iam().role_policies.Get(acme_, "app", "three")),
            "NoSuchEntity: The role policy with name three cannot be found.");
  EXPECT_THAT(iam().user_policies.List(acme_, "alice", {})->items, ElementsAre("one", "two"));
  EXPECT_EQ(iam().user_policies.Get(acme_, "alice", "one")->text, sized(1024));
  EXPECT_EQ(Said(iam().user_policies.Delete(acme_, "alice", "none")),
            "NoSuchEntity: The user policy with name none cannot be found.");
}

TEST_F(IdentitiesTest, ManagedPoliciesAndTrustHaveTheirSizes) {
  const auto padded = [](std::string document, std::string_view after, std::size_t size) {
    return document.insert(document.find(after) + after.size(), std::string(size - document.size(), 'x'));
  };
  EXPECT_EQ(Said(iam().policies.Create(acme_, {.name = "a", .document = padded(kAllowRead, "dynamodb:", 6145)})),
            "LimitExceeded: Cannot exceed quota for PolicySize: 6144");
  EXPECT_EQ(Said(iam().policies.Create(acme_, {.name = "a", .document = padded(kAllowRead, "dynamodb:", 6144)})), "ok");
  const std::string trust =
      R"({"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":"111122223333"},)"
      R"("Action":"sts:AssumeRole"}]})";
  EXPECT_EQ(Said(iam().roles.Create(acme_, {.name = "r", .trust = padded(trust, "\"Sid\":\"", 2049)})),
            "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048");
  EXPECT_EQ(Said(iam().roles.Create(acme_, {.name = "r", .trust = padded(trust, "\"Sid\":\"", 2048)})), "ok");
}

TEST_F(IdentitiesTest, AttachedPoliciesAreAtMostTen) {
  MakeRole("app");
  for (int i = 0; i < 10; ++i) Must(iam().role_policies.Attach(acme_, "app", MakePolicy("p" + std::to_string(i))));
  Must(iam().role_policies.Attach(acme_, "app", PolicyArn("p3")));  // it is attached already
  EXPECT_EQ(Said(iam().role_policies.Attach(acme_, "app", "arn:aws:iam::aws:policy/AdministratorAccess")),
            "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10");
  EXPECT_EQ(Said(iam().role_policies.Attach(acme_, "app", "arn:aws:iam::aws:policy/None")),
            "NoSuchEntity: Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.");
  EXPECT_EQ(Said(iam().role_policies.Attach(acme_, "app", "arn:aws:iam::999988887777:policy/p1")),
            "NoSuchEntity: Policy arn:aws:iam::999988887777:policy/p1 does not exist or is not attachable.");
  EXPECT_EQ(Said(iam().role_policies.Attach(acme_, "app", "p1")),
            "ValidationException: Invalid ARN:  Could not be parsed!");
  EXPECT_EQ(iam().policies.Find(acme_, PolicyArn("p3"))->attachments, 1u);
  EXPECT_EQ(iam().policies.Holders(acme_, PolicyArn("p3"), false)->roles.size(), 1u);
}

TEST_F(IdentitiesTest, AwsPoliciesAreThereAndNobodysToChange) {
  const std::string arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess";
  const auto found = iam().policies.Find(acme_, arn);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->policy->id, "ANPAINUGF2JSOSUY76KYA");
  EXPECT_EQ(ArnOf(acme_.account, *found->policy), arn);
  EXPECT_TRUE(iam().policies.FindVersion(acme_, arn, "v15").ok());
  EXPECT_EQ(Said(iam().policies.Delete(acme_, arn)).substr(0, 22), "AccessDeniedException:");
  EXPECT_EQ(Said(iam().policies.CreateVersion(acme_, arn, kAllowAll, true)).substr(0, 22), "AccessDeniedException:");
  EXPECT_EQ(Said(iam().policy_tags.Put(acme_, arn, {{"a", "b"}})).substr(0, 22), "AccessDeniedException:");
  // One of the scope's own may have the name of one of AWS's: the ARN tells them apart.
  MakePolicy("AmazonDynamoDBFullAccess");
  MakeRole("app");
  Must(iam().role_policies.Attach(acme_, "app", arn));
  Must(iam().role_policies.Attach(acme_, "app", PolicyArn("AmazonDynamoDBFullAccess")));
  const auto attached = iam().role_policies.ListAttached(acme_, "app", "/", {});
  EXPECT_EQ(attached->items.size(), 2u);
  EXPECT_NE(attached->items[0]->is_aws, attached->items[1]->is_aws);
  EXPECT_GE(AwsPolicies().size(), 12u);
}

TEST_F(IdentitiesTest, APolicyHasUpToFiveVersionsOfWhichOneIsTheDefault) {
  const std::string arn = MakePolicy("read");
  for (int i = 2; i <= 5; ++i) {
    clock_.Advance(std::chrono::seconds(1));
    EXPECT_EQ(Must(iam().policies.CreateVersion(acme_, arn, kAllowAll, i == 3)).number, i);
  }
  EXPECT_EQ(Said(iam().policies.CreateVersion(acme_, arn, kAllowAll, true)),
            "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must "
            "delete an existing version.");
  const ManagedPolicyPtr policy = iam().policies.Find(acme_, arn)->policy;
  EXPECT_EQ(policy->default_version, 3);
  EXPECT_EQ(policy->Default().policy.text, kAllowAll);
  EXPECT_EQ(policy->updated, clock_.Now());
  EXPECT_EQ(Said(iam().policies.DeleteVersion(acme_, arn, "v3")),
            "DeleteConflict: Cannot delete the default version of a policy.");
  EXPECT_THAT(Said(iam().policies.Delete(acme_, arn)),
              HasSubstr("DeleteConflict: This policy has more than one version."));
  for (const char* version : {"v1", "v4", "v5"}) Must(iam().policies.DeleteVersion(acme_, arn, version));
  // A number isn't given twice.
  EXPECT_EQ(Must(iam().policies.CreateVersion(acme_, arn, kAllowAll, false)).number, 6);
  Must(iam().policies.SetDefaultVersion(acme_, arn, "v6"));
  for (const char* version : {"v1", "v01", "6", "v6x", "v", "v99999999999999999999"}) {
    EXPECT_EQ(Said(iam().policies.FindVersion(acme_, arn, version)),
              "NoSuchEntity: Policy " + arn + " version " + version + " does not exist or is not attachable.");
    EXPECT_EQ(Said(iam().policies.SetDefaultVersion(acme_, arn, version)),
              "NoSuchEntity: Policy " + arn + " version " + version + " does not exist or is not attachable.");
  }
  Must(iam().policies.DeleteVersion(acme_, arn, "v2"));
  Must(iam().policies.DeleteVersion(acme_, arn, "v3"));
  Must(iam().policies.Delete(acme_, arn));
}

TEST_F(IdentitiesTest, TagsAreMergedWhateverTheirCase) {
  MakeRole("app");
  Must(iam().role_tags.Put(acme_, "app", {{"b", "1"}, {"A", "2"}}));
  Must(iam().role_tags.Put(acme_, "app", {{"B", "3"}, {"c", ""}}));
  EXPECT_THAT(iam().role_tags.List(acme_, "app", {})->items, ElementsAre(Tag{"A", "2"}, Tag{"B", "3"}, Tag{"c", ""}));
  Must(iam().role_tags.Remove(acme_, "app", {"a", "none"}));
  EXPECT_EQ(Said(iam().role_tags.Put(acme_, "none", {{"k", "1"}, {"K", "2"}})),
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  EXPECT_EQ((*iam().roles.Find(acme_, "app"))->tags, (Tags{{"B", "3"}, {"c", ""}}));
  Tags many;
  for (int i = 0; i < 49; ++i) many.push_back({"k" + std::to_string(i), ""});
  EXPECT_EQ(Said(iam().role_tags.Put(acme_, "app", many)),
            "LimitExceeded: Cannot exceed quota for TagsPerResource: 50");
  many.pop_back();
  Must(iam().role_tags.Put(acme_, "app", many));
  Must(iam().role_tags.Put(acme_, "app", {{"K7", "again"}}));  // in the place of one that is there
  const std::string arn = MakePolicy("read");
  Must(iam().policy_tags.Put(acme_, arn, {{"x", "y"}}));
  EXPECT_EQ(iam().policies.Find(acme_, arn)->policy->tags, (Tags{{"x", "y"}}));
}

TEST_F(IdentitiesTest, UsersHaveTwoAccessKeys) {
  MakeUser("alice");
  MakeUser("bob");
  const access::CreatedKey one = Must(iam().access_keys.Create(acme_, "alice"));
  const access::CreatedKey two = Must(iam().access_keys.Create(acme_, "alice"));
  EXPECT_EQ(Said(iam().access_keys.Create(acme_, "alice")),
            "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
  EXPECT_EQ(Said(iam().access_keys.Create(acme_, "none")), "NoSuchEntity: The user with name none cannot be found.");
  EXPECT_EQ(Said(iam().access_keys.Delete(acme_, "bob", one.key.id)),
            "NoSuchEntity: The Access Key with id " + one.key.id + " cannot be found.");
  Must(iam().access_keys.SetStatus(acme_, "alice", two.key.id, access::KeyStatus::kInactive));
  Reopen();
  const auto keys = iam().access_keys.List(acme_, "alice", {});
  ASSERT_EQ(keys->items.size(), 2u);
  const auto& owner = std::get<access::UserPrincipal>(keys->items[0].owner);
  EXPECT_EQ(owner.user_id, (*iam().users.Find(acme_, "alice"))->id);
  EXPECT_EQ(owner.scope, acme_.scope);
  EXPECT_EQ((*iam().access_keys.OwnerOf(acme_, one.key.id))->name, "alice");
  EXPECT_EQ(Said(iam().access_keys.OwnerOf(acme_orders_, one.key.id)),
            "NoSuchEntity: The Access Key with id " + one.key.id + " cannot be found.");
  EXPECT_EQ(Said(iam().access_keys.Create(acme_, "alice")),
            "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
  Must(iam().access_keys.Delete(acme_, "alice", one.key.id));
  EXPECT_EQ(Said(iam().access_keys.Create(acme_, "alice")), "ok");
}

TEST_F(IdentitiesTest, AKeyThatTheOperatorDeletedIsNobodys) {
  MakeUser("alice");
  const access::CreatedKey key = Must(iam().access_keys.Create(acme_, "alice"));
  Must(credentials().Delete(key.key.id));
  EXPECT_THAT(iam().access_keys.List(acme_, "alice", {})->items, IsEmpty());
  EXPECT_EQ(Said(iam().access_keys.Delete(acme_, "alice", key.key.id)),
            "NoSuchEntity: The Access Key with id " + key.key.id + " cannot be found.");
  Must(iam().users.Delete(acme_, "alice"));
}

TEST_F(IdentitiesTest, UsersAreInUpToTenGroups) {
  MakeUser("alice");
  for (int i = 0; i < 11; ++i) MakeGroup("g" + std::to_string(i));
  for (int i = 0; i < 10; ++i) Must(iam().groups.AddUser(acme_, "g" + std::to_string(i), "alice"));
  Must(iam().groups.AddUser(acme_, "g1", "alice"));  // a member already
  EXPECT_EQ(Said(iam().groups.AddUser(acme_, "g10", "alice")),
            "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10");
  EXPECT_EQ(Said(iam().groups.AddUser(acme_, "none", "alice")),
            "NoSuchEntity: The group with name none cannot be found.");
  EXPECT_THAT(Names(*iam().groups.Members(acme_, "g1", {})), ElementsAre("alice"));
  EXPECT_THAT(Names(*iam().groups.Members(acme_, "g10", {})), IsEmpty());
  EXPECT_EQ(iam().groups.Of(acme_, "alice", {})->items.size(), 10u);
}

TEST_F(IdentitiesTest, ListsComeInPagesOfOnePath) {
  for (const char* name : {"b", "A", "d", "C"}) MakeUser(name);
  Must(iam().users.Create(acme_, {.name = "e", .path = "/x/"}));
  const Page<UserPtr> first = iam().users.List(acme_, "/", {.marker = {}, .max_items = 2});
  EXPECT_THAT(Names(first), ElementsAre("A", "b"));
  ASSERT_TRUE(first.marker.has_value());
  Must(iam().users.Delete(acme_, "b"));  // what the marker names may go
  MakeUser("bb");
  const Page<UserPtr> second = iam().users.List(acme_, "/", {.marker = first.marker, .max_items = 2});
  EXPECT_THAT(Names(second), ElementsAre("bb", "C"));
  const Page<UserPtr> third = iam().users.List(acme_, "/", {.marker = second.marker, .max_items = 2});
  EXPECT_THAT(Names(third), ElementsAre("d", "e"));
  EXPECT_EQ(third.marker, std::nullopt);
  EXPECT_THAT(Names(iam().users.List(acme_, "/x", {})), ElementsAre("e"));
  EXPECT_THAT(Names(iam().users.List(acme_, "/", {.marker = "zzz", .max_items = 2})), IsEmpty());
}

TEST_F(IdentitiesTest, PoliciesAreListedByWhoseTheyAreAndWhoHasThem) {
  MakePolicy("mine");
  MakePolicy("bound");
  MakeRole("app");
  Must(iam().role_policies.Attach(acme_, "app", PolicyArn("mine")));
  Must(iam().role_boundaries.Put(acme_, "app", PolicyArn("bound")));
  const auto names = [&](PolicyFilter filter) {
    std::vector<std::string> listed;
    for (const PolicyUse& use : iam().policies.List(acme_, filter, {.marker = {}, .max_items = 1000}).items) {
      listed.push_back(use.policy->name);
    }
    return listed;
  };
  EXPECT_THAT(names({.aws = false}), ElementsAre("bound", "mine"));
  EXPECT_THAT(names({.aws = true, .local = true, .only_attached = true}), ElementsAre("mine"));
  EXPECT_THAT(names({.only_attached = true, .as_permissions = false, .as_boundary = true}), ElementsAre("bound"));
  EXPECT_EQ(names({.local = false}).size(), AwsPolicies().size());
  EXPECT_THAT(names({.aws = true, .local = false, .path_prefix = "/service-role/"}),
              ElementsAre("AWSLambdaBasicExecutionRole", "AWSLambdaDynamoDBExecutionRole"));
  EXPECT_THAT(names({.aws = false, .path_prefix = "/x/"}), IsEmpty());
}

TEST_F(IdentitiesTest, AnInstanceProfileHasOneRole) {
  MakeRole("app");
  MakeRole("other");
  Must(iam().instance_profiles.Create(acme_, "web", "/", {{"k", "v"}}));
  EXPECT_EQ(iam().instance_profiles.Find(acme_, "web")->role, nullptr);
  Must(iam().instance_profiles.AddRole(acme_, "web", "app"));
  EXPECT_EQ(Said(iam().instance_profiles.AddRole(acme_, "web", "other")),
            "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
  EXPECT_EQ(iam().instance_profiles.Find(acme_, "web")->role->name, "app");
  EXPECT_EQ(iam().instance_profiles.ForRole(acme_, "app", {})->items.size(), 1u);
  EXPECT_EQ(iam().instance_profiles.ForRole(acme_, "other", {})->items.size(), 0u);
  EXPECT_EQ(Said(iam().instance_profiles.RemoveRole(acme_, "web", "other")),
            "NoSuchEntity: The role with name other cannot be found.");
}

TEST_F(IdentitiesTest, UseIsRememberedByTheHour) {
  const RolePtr role = MakeRole("app");
  Must(iam().roles.NoteUse(role->id, "us-east-1"));
  const WallTime first = clock_.Now();
  const std::size_t commits = records_.commits();
  clock_.Advance(std::chrono::minutes(59));
  Must(iam().roles.NoteUse(role->id, "eu-west-1"));
  EXPECT_EQ(records_.commits(), commits);
  EXPECT_EQ((*iam().roles.Find(acme_, "app"))->last_used, first);
  clock_.Advance(std::chrono::minutes(1));
  Must(iam().roles.NoteUse(role->id, "eu-west-1"));
  EXPECT_EQ((*iam().roles.Find(acme_, "app"))->last_used, clock_.Now());
  EXPECT_EQ((*iam().roles.Find(acme_, "app"))->last_used_region, "eu-west-1");
  Must(iam().roles.NoteUse("AROANONE", "eu-west-1"));
}

TEST_F(IdentitiesTest, WhatIsNotDurableHasNotHappened) {
  MakeUser("alice");
  const SnapshotPtr before = iam().Of(acme_.scope);
  records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
  EXPECT_EQ(Said(iam().users.Create(acme_, {.name = "bob"})), "IoException: The disk is gone");
  EXPECT_EQ(Said(iam().users.Delete(acme_, "alice")), "IoException: The disk is gone");
  EXPECT_EQ(Said(iam().user_policies.Put(acme_, "alice", "p", kAllowAll)), "IoException: The disk is gone");
  EXPECT_EQ(iam().Of(acme_.scope), before);
  records_.Heal();
  MakeUser("bob");
  Reopen();
  EXPECT_THAT(Names(iam().users.List(acme_, "/", {})), ElementsAre("alice", "bob"));
}

TEST_F(IdentitiesTest, ATenantThatGoesTakesAllItHasAlong) {
  const std::string policy = MakePolicy("read");
  for (int i = 0; i < 120; ++i) MakeUser("u" + std::to_string(i));
  MakeGroup("g");
  MakeRole("app");
  Must(iam().groups.AddUser(acme_, "g", "u1"));
  Must(iam().user_policies.Attach(acme_, "u1", policy));
  Must(iam().user_boundaries.Put(acme_, "u2", policy));
  Must(iam().instance_profiles.Create(acme_, "web", "/", {}));
  Must(iam().instance_profiles.AddRole(acme_, "web", "app"));
  const access::CreatedKey key = Must(iam().access_keys.Create(acme_, "u3"));
  Must(iam().roles.Create(acme_orders_, {.name = "app", .trust = kTrustRoot}));
  EXPECT_THAT(iam().Scopes(), ElementsAre(acme_.scope, acme_orders_.scope));

  records_.FailFrom(3, MemoryRecordStore::Failure::kBefore);
  EXPECT_EQ(Said(iam().DeleteScope(acme_.scope)), "IoException: The disk is gone");
  records_.Heal();
  Reopen();  // what is left can be read
  Must(iam().DeleteScope(acme_.scope));
  EXPECT_TRUE(iam().Of(acme_.scope)->empty());
  Reopen();
  EXPECT_TRUE(iam().Of(acme_.scope)->empty());
  EXPECT_THAT(iam().Scopes(), ElementsAre(acme_orders_.scope));
  EXPECT_EQ(records_.Get("access-key", key.key.id), std::nullopt);
}

TEST_F(IdentitiesTest, QuotasHold) {
  for (std::size_t i = 0; i < kGroupsMax; ++i) MakeGroup("g" + std::to_string(i));
  EXPECT_EQ(Said(iam().groups.Create(acme_, "one-more", "/")),
            "LimitExceeded: Cannot exceed quota for GroupsPerAccount: 300");
  for (std::size_t i = 0; i < kRolesMax; ++i) MakeRole("r" + std::to_string(i));
  EXPECT_EQ(Said(iam().roles.Create(acme_, {.name = "one-more", .trust = kTrustRoot})),
            "LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000");
}

}  // namespace
}  // namespace insula::iam
