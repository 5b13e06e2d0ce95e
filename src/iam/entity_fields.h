// The fields of every entity's record (records/field_codec.h), in the order in which they are written. Internal to
// entity_record.cc.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "iam/entities.h"
#include "records/field_codec.h"

namespace insula::iam {

using records::Fielded;

// Documents are stored as their texts and compiled when they are read.
using Texts = std::map<std::string, std::string>;

Texts TextsOf(const HeldPolicies& held) {
  Texts texts;
  for (const auto& [name, policy] : held.inline_policies) texts.emplace(name, policy.text);
  return texts;
}

template <class Codec>
void PolicyFields(Codec& codec, Fielded<Codec, HeldPolicies> held) {
  Texts texts;
  if constexpr (!Codec::kReads) texts = TextsOf(held);
  codec.FieldIf(!texts.empty(), "inline", texts);
  codec.FieldIf(!held.attached.empty(), "attached", held.attached);
  if constexpr (Codec::kReads) {
    for (auto& [name, text] : texts) held.inline_policies[name].text = std::move(text);
  }
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Tag> tag) {
  codec.Field("key", tag.key);
  codec.Field("value", tag.value);
}

template <class Codec>
void EntityFields(Codec& codec, Fielded<Codec, Entity> entity) {
  codec.Field("name", entity.name);
  codec.Field("path", entity.path);
  codec.Field("created", entity.created);
}

template <class Codec>
void TagFields(Codec& codec, Fielded<Codec, Tags> tags) {
  codec.FieldIf(!tags.empty(), "tags", tags);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, User> user) {
  EntityFields(codec, user);
  codec.Field("boundary", user.boundary);
  codec.FieldIf(!user.groups.empty(), "groups", user.groups);
  PolicyFields(codec, user.policies);
  TagFields(codec, user.tags);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Group> group) {
  EntityFields(codec, group);
  PolicyFields(codec, group.policies);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Role> role) {
  EntityFields(codec, role);
  codec.Field("trust", role.trust.text);
  codec.Field("description", role.description);
  codec.Field("session_seconds_max", role.session_seconds_max);
  codec.Field("boundary", role.boundary);
  codec.Field("last_used", role.last_used);
  codec.FieldIf(!role.last_used_region.empty(), "last_used_region", role.last_used_region);
  PolicyFields(codec, role.policies);
  TagFields(codec, role.tags);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, PolicyVersion> version) {
  codec.Field("number", version.number);
  codec.Field("created", version.created);
  codec.Field("document", version.policy.text);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ManagedPolicy> policy) {
  EntityFields(codec, policy);
  codec.Field("description", policy.description);
  codec.Field("updated", policy.updated);
  codec.Field("default_version", policy.default_version);
  codec.Field("last_version", policy.last_version);
  codec.Field("versions", policy.versions);
  TagFields(codec, policy.tags);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, InstanceProfile> profile) {
  EntityFields(codec, profile);
  codec.Field("role", profile.role);
  TagFields(codec, profile.tags);
}

}  // namespace insula::iam
