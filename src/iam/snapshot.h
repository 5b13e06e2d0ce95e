// All entities of one scope at one time. What is here doesn't change: a reader takes the snapshot there is, and a
// change makes another, which shares with it what is the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "iam/entities.h"
#include "iam/ignoring_case.h"

namespace insula::iam {

// The entities of one kind, by name (whatever its case) and by id.
template <class T>
class Table {
 public:
  using Ptr = std::shared_ptr<const T>;

  Ptr Named(std::string_view name) const {  // null: there is none
    const auto found = LowerByName(by_name_, name);
    return found != by_name_.end() && SameIgnoringCase((*found)->name, name) ? *found : nullptr;
  }
  Ptr WithId(std::string_view id) const {
    const auto found = LowerById(by_id_, id);
    return found != by_id_.end() && (*found)->id == id ? *found : nullptr;
  }
  const std::vector<Ptr>& ByName() const { return by_name_; }
  std::size_t size() const { return by_name_.size(); }

  // In the place of the one with its id, which may have had another name. No other one has its name.
  void Put(Ptr entity) {
    Remove(*entity);
    by_name_.insert(LowerByName(by_name_, entity->name), entity);
    by_id_.insert(LowerById(by_id_, entity->id), entity);
  }
  void Remove(const T& entity) {
    const Ptr old = WithId(entity.id);
    if (old == nullptr) return;
    by_name_.erase(LowerByName(by_name_, old->name));
    by_id_.erase(LowerById(by_id_, old->id));
  }

 private:
  static auto LowerByName(const std::vector<Ptr>& all, std::string_view name) {
    return std::lower_bound(all.begin(), all.end(), name,
                            [](const Ptr& a, std::string_view b) { return LessIgnoringCase(a->name, b); });
  }
  static auto LowerById(const std::vector<Ptr>& all, std::string_view id) {
    return std::lower_bound(all.begin(), all.end(), id, [](const Ptr& a, std::string_view b) { return a->id < b; });
  }

  std::vector<Ptr> by_name_;
  std::vector<Ptr> by_id_;
};

using AnyEntity = std::variant<UserPtr, GroupPtr, RolePtr, ManagedPolicyPtr, InstanceProfilePtr>;

class Snapshot {
 public:
  Table<User> users;
  Table<Group> groups;
  Table<Role> roles;
  Table<ManagedPolicy> policies;  // without AWS's own
  Table<InstanceProfile> profiles;

  // In the place of the one with its id, if there is one.
  void Put(const AnyEntity& entity);
  void Remove(const AnyEntity& entity);
  bool empty() const { return users.size() + groups.size() + roles.size() + policies.size() + profiles.size() == 0; }

  // One of the scope's, or one of AWS's own; null: there is none.
  ManagedPolicyPtr PolicyWithId(std::string_view id) const;

  std::size_t text_bytes() const { return text_bytes_; }  // of all policies' texts

  std::uint64_t revision = 0;  // higher with every change

 private:
  Table<User>& TableOf(const User&) { return users; }
  Table<Group>& TableOf(const Group&) { return groups; }
  Table<Role>& TableOf(const Role&) { return roles; }
  Table<ManagedPolicy>& TableOf(const ManagedPolicy&) { return policies; }
  Table<InstanceProfile>& TableOf(const InstanceProfile&) { return profiles; }

  std::size_t text_bytes_ = 0;
};

// Of all policies' texts that the entity holds.
std::size_t TextBytesOf(const AnyEntity& entity);

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace insula::iam
