// What users and sessions may do by themselves: all their policies, in effect with the next request after a change.
#include "iam/principal_grants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam/testing/iam_world.h"

namespace insula::iam {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kAllowAll;
using testing::kAllowRead;
using testing::kTrustRoot;
using ::testing::UnorderedElementsAre;

class PrincipalGrantsTest : public testing::IamTest {
 protected:
  policy::GrantsPtr Of(const UserPtr& user) { return iam().grants.OfUser(user->id, acme_.account); }

  access::Session SessionOf(const std::string& principal_id, access::SessionKind kind) {
    access::Session session;
    session.kind = kind;
    session.principal_id = principal_id;
    session.account = acme_.account;
    session.name = "alice";
    session.scope = acme_.scope;
    session.issued = clock_.Now();
    return session;
  }

  static std::vector<std::string> Names(const policy::PolicyList& policies) {
    std::vector<std::string> names;
    for (const policy::NamedPolicy& policy : policies) names.push_back(policy.name);
    return names;
  }
};

TEST_F(PrincipalGrantsTest, AUserHasItsOwnPoliciesAndItsGroups) {
  const UserPtr user = Must(iam().users.Create(acme_, {.name = "alice", .path = "/x/", .tags = {{"Team", "red"}}}));
  MakeGroup("readers");
  const std::string read = MakePolicy("read");
  Must(iam().user_policies.Put(acme_, "alice", "inline", kAllowRead));
  Must(iam().user_policies.Attach(acme_, "alice", "arn:aws:iam::aws:policy/AWSDenyAll"));
  Must(iam().group_policies.Put(acme_, "readers", "of-group", kAllowRead));
  Must(iam().group_policies.Attach(acme_, "readers", read));
  Must(iam().groups.AddUser(acme_, "readers", "alice"));
  const policy::GrantsPtr grants = Of(user);
  ASSERT_NE(grants, nullptr);
  EXPECT_THAT(Names(grants->identity),
              UnorderedElementsAre("inline", "of-group", "arn:aws:iam::aws:policy/AWSDenyAll", read));
  EXPECT_EQ(grants->boundary, std::nullopt);
  EXPECT_EQ(grants->session, std::nullopt);
  EXPECT_EQ(grants->principal.type, policy::PrincipalType::kUser);
  EXPECT_EQ(grants->principal.arn, "arn:aws:iam::111122223333:user/x/alice");
  EXPECT_EQ(grants->principal.userid, user->id);
  EXPECT_EQ(grants->principal.username, "alice");
  EXPECT_EQ(grants->principal.tags.Find("team").text(), "red");
  EXPECT_EQ(grants->principal.token_issued, std::nullopt);
}

TEST_F(PrincipalGrantsTest, NothingIsMadeAgainUntilSomethingChanges) {
  const UserPtr user = MakeUser("alice");
  const policy::GrantsPtr grants = Of(user);
  EXPECT_EQ(Of(user), grants);
  Must(iam().roles.Create(acme_orders_, {.name = "elsewhere", .trust = kTrustRoot}));
  EXPECT_EQ(Of(user), grants);
}

// Each change that may matter to a user counts when it is asked for next, and a restart doesn't change what there is.
TEST_F(PrincipalGrantsTest, EveryChangeCountsWithTheNextRequest) {
  const UserPtr user = MakeUser("alice");
  MakeGroup("readers");
  const std::string arn = MakePolicy("read");
  const auto identity = [&] { return Names(Of(user)->identity); };
  EXPECT_THAT(identity(), IsEmpty());
  Must(iam().user_policies.Put(acme_, "alice", "inline", kAllowRead));
  EXPECT_THAT(identity(), ElementsAre("inline"));
  Must(iam().user_policies.Delete(acme_, "alice", "inline"));
  EXPECT_THAT(identity(), IsEmpty());
  Must(iam().group_policies.Attach(acme_, "readers", arn));
  EXPECT_THAT(identity(), IsEmpty());
  Must(iam().groups.AddUser(acme_, "readers", "alice"));
  EXPECT_THAT(identity(), ElementsAre(arn));
  const policy::DocumentPtr first = Of(user)->identity[0].document;
  Must(iam().policies.CreateVersion(acme_, arn, kAllowAll, false));
  EXPECT_EQ(Of(user)->identity[0].document, first);
  Must(iam().policies.SetDefaultVersion(acme_, arn, "v2"));
  EXPECT_NE(Of(user)->identity[0].document, first);
  Reopen();
  EXPECT_THAT(identity(), ElementsAre(arn));
  Must(iam().groups.RemoveUser(acme_, "readers", "alice"));
  EXPECT_THAT(identity(), IsEmpty());
  Must(iam().user_boundaries.Put(acme_, "alice", arn));
  EXPECT_EQ(Of(user)->boundary->name, arn);
  Must(iam().user_boundaries.Delete(acme_, "alice"));
  EXPECT_EQ(Of(user)->boundary, std::nullopt);
  Must(iam().user_tags.Put(acme_, "alice", {{"a", "b"}}));
  EXPECT_EQ(Of(user)->principal.tags.size(), 1u);
  Must(iam().users.Rename(acme_, "alice", "bob", std::nullopt));
  EXPECT_EQ(Of(user)->principal.username, "bob");
  Must(iam().users.Delete(acme_, "bob"));
  EXPECT_EQ(Of(user), nullptr);
  MakeUser("bob");
  EXPECT_EQ(Of(user), nullptr);
}

TEST_F(PrincipalGrantsTest, ARolesSessionHasTheRolesPoliciesAndItsOwn) {
  const std::string arn = MakePolicy("read");
  const RolePtr role = Must(iam().roles.Create(acme_, {.name = "app",
                                                       .path = "/x/",
                                                       .trust = kTrustRoot,
                                                       .boundary_arn = arn,
                                                       .tags = {{"Team", "red"}, {"Env", "p"}}}));
  Must(iam().role_policies.Put(acme_, "app", "inline", kAllowRead));
  access::Session session = SessionOf(role->id, access::SessionKind::kAssumedRole);
  session.tags = {{"TEAM", "blue", true}};
  session.policy = kAllowAll;
  session.policy_arns = {arn, "arn:aws:iam::aws:policy/AWSDenyAll", "arn:aws:iam::111122223333:policy/gone"};
  session.source_identity = "carol";
  const policy::GrantsPtr grants = iam().grants.OfSession(session);
  ASSERT_NE(grants, nullptr);
  EXPECT_EQ(iam().grants.OfSession(session), grants);
  const policy::Principal& principal = grants->principal;
  EXPECT_EQ(principal.type, policy::PrincipalType::kAssumedRole);
  EXPECT_EQ(principal.arn, "arn:aws:sts::111122223333:assumed-role/app/alice");
  EXPECT_EQ(principal.source_arn, "arn:aws:iam::111122223333:role/x/app");
  EXPECT_EQ(principal.unique_id, role->id);
  EXPECT_EQ(principal.userid, role->id + ":alice");
  EXPECT_EQ(principal.source_identity, "carol");
  EXPECT_EQ(principal.token_issued, clock_.Now());
  EXPECT_EQ(principal.tags.Find("team").text(), "blue");
  EXPECT_EQ(principal.tags.Find("env").text(), "p");
  EXPECT_THAT(Names(grants->identity), ElementsAre("inline"));
  EXPECT_EQ(grants->boundary->name, arn);
  ASSERT_TRUE(grants->session.has_value());
  EXPECT_THAT(Names(*grants->session), ElementsAre("session policy", arn, "arn:aws:iam::aws:policy/AWSDenyAll"));

  Must(iam().role_policies.Delete(acme_, "app", "inline"));
  EXPECT_THAT(iam().grants.OfSession(session)->identity, IsEmpty());
  Must(iam().roles.Delete(acme_, "app"));
  EXPECT_EQ(iam().grants.OfSession(session), nullptr);
  // Another role of the old one's name is another role.
  MakeRole("app");
  EXPECT_EQ(iam().grants.OfSession(session), nullptr);
}

TEST_F(PrincipalGrantsTest, ManagedSessionPoliciesThatAreAllGoneAllowNothing) {
  access::Session session = SessionOf(MakeRole("app")->id, access::SessionKind::kAssumedRole);
  session.policy_arns = {"arn:aws:iam::111122223333:policy/gone"};
  ASSERT_TRUE(iam().grants.OfSession(session)->session.has_value());
  EXPECT_THAT(*iam().grants.OfSession(session)->session, IsEmpty());
}

TEST_F(PrincipalGrantsTest, AUsersSessionsAreTheUserOrSomebodyOfItsMaking) {
  const UserPtr user = MakeUser("bob");
  Must(iam().user_policies.Put(acme_, "bob", "inline", kAllowRead));
  const auto own = iam().grants.OfSession(SessionOf(user->id, access::SessionKind::kSessionToken));
  EXPECT_EQ(own->principal.type, policy::PrincipalType::kUser);
  EXPECT_EQ(own->principal.arn, "arn:aws:iam::111122223333:user/bob");
  EXPECT_EQ(own->session, std::nullopt);
  access::Session federated = SessionOf(user->id, access::SessionKind::kFederatedUser);
  federated.tags = {{"k", "v", false}};
  const auto theirs = iam().grants.OfSession(federated);
  EXPECT_EQ(theirs->principal.type, policy::PrincipalType::kFederatedUser);
  EXPECT_EQ(theirs->principal.arn, "arn:aws:sts::111122223333:federated-user/alice");
  EXPECT_EQ(theirs->principal.source_arn, "arn:aws:iam::111122223333:user/bob");
  EXPECT_EQ(theirs->principal.userid, "111122223333:alice");
  EXPECT_EQ(theirs->principal.tags.Find("k").text(), "v");
  EXPECT_THAT(Names(theirs->identity), ElementsAre("inline"));
  // Without policies of its own it may do nothing, whatever the user may.
  EXPECT_THAT(theirs->session.value(), IsEmpty());
}

TEST_F(PrincipalGrantsTest, AContextsOwnKeyHasSessionsAsItsRoot) {
  const auto root = iam().grants.OfSession(SessionOf("", access::SessionKind::kSessionToken));
  EXPECT_EQ(root->principal.type, policy::PrincipalType::kRoot);
  EXPECT_EQ(root->principal.arn, "arn:aws:iam::111122223333:root");
  EXPECT_THAT(root->identity, IsEmpty());
  access::Session federated = SessionOf("", access::SessionKind::kFederatedUser);
  federated.policy = kAllowRead;
  const auto theirs = iam().grants.OfSession(federated);
  EXPECT_EQ(theirs->principal.type, policy::PrincipalType::kFederatedUser);
  EXPECT_EQ(theirs->principal.source_arn, "arn:aws:iam::111122223333:root");
  EXPECT_THAT(Names(theirs->identity), ElementsAre("arn:aws:iam::aws:policy/AdministratorAccess"));
  EXPECT_THAT(Names(theirs->session.value()), ElementsAre("session policy"));
}

class CountedOrganization : public OrganizationGrants {
 public:
  void AddTo(const AccountId& account, policy::Grants* grants) const override {
    grants->principal.organization = "o-" + account.value() + "-" + std::to_string(at);
  }
  std::uint64_t revision() const override { return at; }
  std::uint64_t at = 1;
};

TEST_F(PrincipalGrantsTest, TheOrganizationAddsWhatIsItsBusiness) {
  CountedOrganization organization;
  auto store = Must(EntityStore::Open(records_, clock_));
  const PrincipalGrants grants(*store, &organization);
  const access::Session session = SessionOf("", access::SessionKind::kSessionToken);
  EXPECT_EQ(grants.OfSession(session)->principal.organization, "o-111122223333-1");
  organization.at = 2;
  EXPECT_EQ(grants.OfSession(session)->principal.organization, "o-111122223333-2");
}

}  // namespace
}  // namespace insula::iam
