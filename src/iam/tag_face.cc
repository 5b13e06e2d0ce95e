#include "iam/tag_face.h"

#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/tags.h"

namespace insula::iam {

template <class T>
Task<Result<void>> TagFace<T>::Put(Realm realm, std::string key, Tags tags) {
  Constraints constraints;
  constraints.TagList(tags);
  INSULA_CO_TRY(constraints.Verdict());
  INSULA_CO_TRY(CheckTagKeys(tags));
  auto edit = [tags](const Snapshot&, T& entity) -> Result<void> {
    INSULA_ASSIGN(entity.tags, TagsWith(entity.tags, tags));
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, std::move(realm), std::move(key), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Task<Result<void>> TagFace<T>::Remove(Realm realm, std::string key, std::vector<std::string> tag_keys) {
  Constraints constraints;
  constraints.TagKeys(tag_keys);
  INSULA_CO_TRY(constraints.Verdict());
  auto edit = [tag_keys](const Snapshot&, T& entity) -> Result<void> {
    entity.tags = TagsWithout(entity.tags, tag_keys);
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, std::move(realm), std::move(key), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Result<Page<Tag>> TagFace<T>::List(const Realm& realm, std::string_view key, const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const auto entity, Find<T>(*now, realm, key));
  return PageOf(entity->tags, page, [](const Tag& tag) -> const std::string& { return tag.key; });
}

template class TagFace<User>;
template class TagFace<Role>;
template class TagFace<ManagedPolicy>;
template class TagFace<InstanceProfile>;

}  // namespace insula::iam
