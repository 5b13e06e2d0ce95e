// How many and how large: AWS's default quotas, here per scope.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
#pragma once

#include <cstddef>
#include <cstdint>

namespace insula::iam {

inline constexpr std::size_t kUsersMax = 5000;
inline constexpr std::size_t kGroupsMax = 300;
inline constexpr std::size_t kRolesMax = 1000;
inline constexpr std::size_t kPoliciesMax = 1500;
inline constexpr std::size_t kInstanceProfilesMax = 1000;
inline constexpr std::size_t kGroupsPerUserMax = 10;
inline constexpr std::size_t kAccessKeysPerUserMax = 2;
inline constexpr std::size_t kAttachedPoliciesMax = 10;  // to a user, a group or a role
inline constexpr std::size_t kPolicyVersionsMax = 5;
inline constexpr std::size_t kTagsMax = 50;

// Characters without white space. The inline policies of a user, a group or a role count together.
inline constexpr std::size_t kUserPolicySizeMax = 2048;
inline constexpr std::size_t kGroupPolicySizeMax = 5120;
inline constexpr std::size_t kRolePolicySizeMax = 10240;
inline constexpr std::size_t kManagedPolicySizeMax = 6144;
inline constexpr std::size_t kTrustPolicySizeMax = 2048;

// Our own, since AWS doesn't count white space and somebody has to: bytes of policies' texts as they were put, of one
// user, group, role or managed policy with all its versions, and of a whole scope.
inline constexpr std::size_t kEntityTextBytesMax = std::size_t{256} << 10;
inline constexpr std::size_t kTextBytesMax = std::size_t{16} << 20;

// What a request may hold, in characters.
inline constexpr std::size_t kUserNameMax = 64;
inline constexpr std::size_t kRoleNameMax = 64;
inline constexpr std::size_t kNameMax = 128;  // of groups, policies and instance profiles
inline constexpr std::size_t kPathMax = 512;
inline constexpr std::size_t kDescriptionMax = 1000;
inline constexpr std::size_t kPolicyDocumentMax = 131072;
inline constexpr std::size_t kTagKeyMax = 128;
inline constexpr std::size_t kTagValueMax = 256;
inline constexpr std::int64_t kSessionSecondsMin = 3600;
inline constexpr std::int64_t kSessionSecondsMax = 43200;

}  // namespace insula::iam
