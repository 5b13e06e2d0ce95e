// How requests and answers name users, groups and roles where they do the same with each.
#pragma once

#include <string_view>

#include "api/iam/call.h"

namespace insula::api::iam_service {

template <class T>
struct HolderKind;

template <>
struct HolderKind<iam::User> {
  static constexpr std::string_view kParameter = "UserName";
  static constexpr std::size_t kLengthMax = iam::kNameMax;
  static iam::HeldPolicyFace<iam::User>& Policies(Call& call) { return call.iam.user_policies; }
  static iam::TagFace<iam::User>& Tags(Call& call) { return call.iam.user_tags; }
};
template <>
struct HolderKind<iam::Group> {
  static constexpr std::string_view kParameter = "GroupName";
  static constexpr std::size_t kLengthMax = iam::kNameMax;
  static iam::HeldPolicyFace<iam::Group>& Policies(Call& call) { return call.iam.group_policies; }
};
template <>
struct HolderKind<iam::Role> {
  static constexpr std::string_view kParameter = "RoleName";
  static constexpr std::size_t kLengthMax = iam::kRoleNameMax;
  static iam::HeldPolicyFace<iam::Role>& Policies(Call& call) { return call.iam.role_policies; }
  static iam::TagFace<iam::Role>& Tags(Call& call) { return call.iam.role_tags; }
};
template <>
struct HolderKind<iam::InstanceProfile> {
  static constexpr std::string_view kParameter = "InstanceProfileName";
  static constexpr std::size_t kLengthMax = iam::kNameMax;
  static iam::TagFace<iam::InstanceProfile>& Tags(Call& call) { return call.iam.instance_profile_tags; }
};

template <class T>
std::string HolderName(Call& call) {
  return call.Name(HolderKind<T>::kParameter, HolderKind<T>::kLengthMax);
}

}  // namespace insula::api::iam_service
