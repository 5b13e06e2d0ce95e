// TagRole, UntagRole, ListRoleTags, and the same of users, managed policies and instance profiles.
#include <array>

#include "api/iam/holder_kinds.h"
#include "api/iam/operations.h"

namespace insula::api::iam_service {
namespace {

template <class T>
Result<void> AuthorizeTagging(const Call& call, const std::string& name, AskedOfIam asked) {
  if constexpr (std::is_same_v<T, iam::ManagedPolicy>) {
    return call.AuthorizeOnPolicy(name, std::move(asked));
  } else {
    return call.AuthorizeOn<T>(name, std::move(asked));
  }
}

template <class T>
std::string TaggedKey(Call& call) {
  if constexpr (std::is_same_v<T, iam::ManagedPolicy>) {
    return call.Arn("PolicyArn");
  } else {
    return HolderName<T>(call);
  }
}

template <class T>
iam::TagFace<T>& TagFaceOf(Call& call) {
  if constexpr (std::is_same_v<T, iam::ManagedPolicy>) {
    return call.iam.policy_tags;
  } else {
    return HolderKind<T>::Tags(call);
  }
}

template <class T>
Task<Result<void>> TagOne(Call& call) {
  const std::string key = TaggedKey<T>(call);
  iam::Tags tags = call.Tags();
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked = AskedOfIam::Tagging(tags);
  INSULA_CO_TRY(AuthorizeTagging<T>(call, key, std::move(asked)));
  co_return co_await TagFaceOf<T>(call).Put(call.realm, key, std::move(tags));
}

template <class T>
Task<Result<void>> UntagOne(Call& call) {
  const std::string key = TaggedKey<T>(call);
  std::vector<std::string> tag_keys = call.TagKeys();
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked;
  asked.tag_keys = tag_keys;
  INSULA_CO_TRY(AuthorizeTagging<T>(call, key, std::move(asked)));
  co_return co_await TagFaceOf<T>(call).Remove(call.realm, key, std::move(tag_keys));
}

template <class T>
Task<Result<void>> ListTagsOf(Call& call) {
  const std::string key = TaggedKey<T>(call);
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(AuthorizeTagging<T>(call, key, {}));
  INSULA_CO_ASSIGN(const auto page, TagFaceOf<T>(call).List(call.realm, key, request));
  query::Element tags = call.result().Add("Tags");
  for (const iam::Tag& tag : page.items) {
    query::Element member = tags.Add("member");
    member.Text("Key", tag.key);
    member.Text("Value", tag.value);
  }
  call.EndPage(page.marker);
  co_return Result<void>();
}

}  // namespace

Operations TagOperations() {
  static constexpr std::array kOperations = {
      Operation{"TagUser", TagOne<iam::User>},
      Operation{"TagRole", TagOne<iam::Role>},
      Operation{"TagPolicy", TagOne<iam::ManagedPolicy>},
      Operation{"TagInstanceProfile", TagOne<iam::InstanceProfile>},
      Operation{"UntagUser", UntagOne<iam::User>},
      Operation{"UntagRole", UntagOne<iam::Role>},
      Operation{"UntagPolicy", UntagOne<iam::ManagedPolicy>},
      Operation{"UntagInstanceProfile", UntagOne<iam::InstanceProfile>},
      Operation{"ListUserTags", ListTagsOf<iam::User>},
      Operation{"ListRoleTags", ListTagsOf<iam::Role>},
      Operation{"ListPolicyTags", ListTagsOf<iam::ManagedPolicy>},
      Operation{"ListInstanceProfileTags", ListTagsOf<iam::InstanceProfile>},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
