// Random changes in two scopes, with a failing disk and restarts in between, against an oracle that knows names and
// relations and nothing else. A failure prints its seed; INSULA_SEED repeats it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "iam/arn.h"
#include "iam/testing/iam_world.h"

namespace insula::iam {
namespace {

using testing::kAllowRead;
using testing::kTrustRoot;

using NameSet = std::set<std::string>;

struct OracleUser {
  NameSet groups, attached, inline_policies;
  std::string boundary;
};
struct OracleGroup {
  NameSet attached, inline_policies;
};
struct Oracle {
  std::map<std::string, OracleUser> users;
  std::map<std::string, OracleGroup> groups;
  std::map<std::string, NameSet> policies;  // and their versions
};

class RandomChangesTest : public testing::IamTest {
 protected:
  void SetUp() override {
    IamTest::SetUp();
    const char* given = std::getenv("INSULA_SEED");
    seed_ = given != nullptr ? std::strtoul(given, nullptr, 10) : std::random_device{}();
    random_.seed(seed_);
  }

  std::size_t Below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  std::string Name(const char* kind) { return kind + std::to_string(Below(4)); }

  // What there is, as the oracle has it.
  Oracle Seen(const Realm& realm) {
    Oracle seen;
    const SnapshotPtr now = iam().Of(realm.scope);
    const auto held = [&](const HeldPolicies& policies, NameSet* attached, NameSet* inline_policies) {
      for (const std::string& id : policies.attached) attached->insert(now->PolicyWithId(id)->name);
      for (const auto& [name, policy] : policies.inline_policies) inline_policies->insert(name);
    };
    for (const UserPtr& user : now->users.ByName()) {
      OracleUser& one = seen.users[user->name];
      held(user->policies, &one.attached, &one.inline_policies);
      for (const std::string& id : user->groups) one.groups.insert(now->groups.WithId(id)->name);
      if (user->boundary) one.boundary = now->PolicyWithId(*user->boundary)->name;
    }
    for (const GroupPtr& group : now->groups.ByName()) {
      OracleGroup& one = seen.groups[group->name];
      held(group->policies, &one.attached, &one.inline_policies);
    }
    for (const ManagedPolicyPtr& policy : now->policies.ByName()) {
      for (const PolicyVersion& version : policy->versions) {
        seen.policies[policy->name].insert(std::to_string(version.number));
      }
    }
    return seen;
  }

  // The policies that a user has, by the oracle.
  static std::multiset<std::string> GrantedBy(const Oracle& oracle, const std::string& user) {
    const OracleUser& one = oracle.users.at(user);
    std::multiset<std::string> granted(one.inline_policies.begin(), one.inline_policies.end());
    for (const std::string& name : one.attached) granted.insert(PolicyArn(name));
    for (const std::string& group : one.groups) {
      const OracleGroup& of = oracle.groups.at(group);
      granted.insert(of.inline_policies.begin(), of.inline_policies.end());
      for (const std::string& name : of.attached) granted.insert(PolicyArn(name));
    }
    return granted;
  }

  void Compare(const Realm& realm, const Oracle& oracle) {
    const Oracle seen = Seen(realm);
    ASSERT_EQ(Keys(seen.users), Keys(oracle.users));
    ASSERT_EQ(Keys(seen.groups), Keys(oracle.groups));
    ASSERT_EQ(seen.policies, oracle.policies);
    for (const auto& [name, user] : oracle.users) {
      ASSERT_EQ(seen.users.at(name).groups, user.groups) << name;
      ASSERT_EQ(seen.users.at(name).boundary, user.boundary) << name;
      const UserPtr found = *iam().users.Find(realm, name);
      const policy::GrantsPtr grants = iam().grants.OfUser(found->id, realm.account);
      ASSERT_NE(grants, nullptr);
      std::multiset<std::string> granted;
      for (const policy::NamedPolicy& policy : grants->identity) granted.insert(policy.name);
      ASSERT_EQ(granted, GrantedBy(oracle, name)) << name;
      ASSERT_EQ(grants->boundary.has_value(), !user.boundary.empty()) << name;
    }
  }

  template <class T>
  static NameSet Keys(const std::map<std::string, T>& map) {
    NameSet keys;
    for (const auto& [key, value] : map) keys.insert(key);
    return keys;
  }

  static bool IsUsed(const Oracle& oracle, const std::string& policy) {
    for (const auto& [name, user] : oracle.users) {
      if (user.attached.contains(policy) || user.boundary == policy) return true;
    }
    for (const auto& [name, group] : oracle.groups) {
      if (group.attached.contains(policy)) return true;
    }
    return false;
  }

  // One change of what there is, and what the oracle makes of it: whether it has to succeed, and `next` if it does.
  struct Step {
    Task<Result<void>> task;
    bool succeeds;
  };

  template <class T>
  static Task<Result<void>> Done(Task<Result<T>> task) {
    INSULA_CO_TRY(co_await std::move(task));
    co_return Result<void>();
  }

  Step Draw(const Realm& realm, const Oracle& now, Oracle* next) {
    const std::string user = Name("u"), group = Name("g"), policy = Name("p"), arn = PolicyArn(policy);
    const bool has_user = now.users.contains(user), has_group = now.groups.contains(group);
    const bool has_policy = now.policies.contains(policy);
    switch (Below(14)) {
      case 0:
        if (!has_user) next->users[user];
        return {Done(iam().users.Create(realm, {.name = user})), !has_user};
      case 1:
        if (!has_group) next->groups[group];
        return {Done(iam().groups.Create(realm, group, "/")), !has_group};
      case 2:
        if (!has_policy) next->policies[policy] = {"1"};
        return {Done(iam().policies.Create(realm, {.name = policy, .document = kAllowRead})), !has_policy};
      case 3: {
        const bool free = has_user && now.users.at(user).groups.empty() && now.users.at(user).attached.empty() &&
                          now.users.at(user).inline_policies.empty();
        if (free) next->users.erase(user);
        return {iam().users.Delete(realm, user), free};
      }
      case 4: {
        bool free = has_group && now.groups.at(group).attached.empty() && now.groups.at(group).inline_policies.empty();
        for (const auto& [name, one] : now.users) free = free && !one.groups.contains(group);
        if (free) next->groups.erase(group);
        return {iam().groups.Delete(realm, group), free};
      }
      case 5: {
        const bool free = has_policy && now.policies.at(policy).size() == 1 && !IsUsed(now, policy);
        if (free) next->policies.erase(policy);
        return {iam().policies.Delete(realm, arn), free};
      }
      case 6:
        if (has_user && has_group) next->users[user].groups.insert(group);
        return {iam().groups.AddUser(realm, group, user), has_user && has_group};
      case 7: {
        const bool member = has_user && now.users.at(user).groups.contains(group);
        if (member) next->users[user].groups.erase(group);
        return {iam().groups.RemoveUser(realm, group, user), member};
      }
      case 8:
        if (has_user && has_policy) next->users[user].attached.insert(policy);
        return {iam().user_policies.Attach(realm, user, arn), has_user && has_policy};
      case 9: {
        const bool attached = has_user && now.users.at(user).attached.contains(policy);
        if (attached) next->users[user].attached.erase(policy);
        return {iam().user_policies.Detach(realm, user, arn), attached};
      }
      case 10:
        if (has_group && has_policy) next->groups[group].attached.insert(policy);
        return {iam().group_policies.Attach(realm, group, arn), has_group && has_policy};
      case 11: {
        const bool put = Below(2) == 0;
        const bool there = has_group && now.groups.at(group).inline_policies.contains("in");
        if (has_group && put) next->groups[group].inline_policies.insert("in");
        if (!put) {
          if (there) next->groups[group].inline_policies.erase("in");
          return {iam().group_policies.Delete(realm, group, "in"), there};
        }
        return {iam().group_policies.Put(realm, group, "in", kAllowRead), has_group};
      }
      case 12: {
        const bool put = Below(2) == 0;
        if (!put) {
          if (has_user) next->users[user].boundary.clear();
          return {iam().user_boundaries.Delete(realm, user), has_user};
        }
        if (has_user && has_policy) next->users[user].boundary = policy;
        return {iam().user_boundaries.Put(realm, user, arn), has_user && has_policy};
      }
      default: {
        const bool attached = has_group && now.groups.at(group).attached.contains(policy);
        if (attached) next->groups[group].attached.erase(policy);
        return {iam().group_policies.Detach(realm, group, arn), attached};
      }
    }
  }

  unsigned long seed_ = 0;
  std::mt19937_64 random_;
};

TEST_F(RandomChangesTest, WhatIsThereIsWhatWasMade) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  std::array<Realm, 2> realms{acme_, acme_orders_};
  std::array<Oracle, 2> oracles;
  for (int i = 0; i < 4000; ++i) {
    const std::size_t which = Below(2);
    Oracle next = oracles[which];
    const bool disk_fails = Below(20) == 0;
    if (disk_fails) records_.FailFrom(1, MemoryRecordStore::Failure::kBefore);
    Step step = Draw(realms[which], oracles[which], &next);
    const Result<void> result = RunTask(std::move(step.task));
    records_.Heal();
    if (disk_fails) {
      ASSERT_FALSE(result.ok());
    } else {
      ASSERT_EQ(result.ok(), step.succeeds) << "step " << i << ": " << Said(result);
      oracles[which] = std::move(next);
    }
    if (Below(100) == 0) Reopen();
    if (i % 10 == 0) {
      Compare(realms[0], oracles[0]);
      Compare(realms[1], oracles[1]);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace insula::iam
