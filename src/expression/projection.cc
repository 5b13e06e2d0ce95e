// ProjectionList: the paths in order, so that those with a common prefix are neighbours and become one list or map.
#include <algorithm>
#include <span>

#include "expression/expression.h"
#include "expression/parser_base.h"
#include "expression/path_names.h"

namespace insula::expression {
namespace {

class ProjectionParser : public ParserBase {
 public:
  ProjectionParser(std::string_view text, Placeholders& placeholders)
      : ParserBase(text, placeholders, "ProjectionExpression") {}

  Result<std::vector<DocumentPath>> Parse(std::string_view text) {
    if (auto message = CheckText(text)) return MakeError(*message);
    std::vector<DocumentPath> paths;
    if (!ParsePaths(&paths)) return MakeError(*fatal_);
    for (const FirstError* error : {&reserved_, &path_, &undefined_name_}) {
      if (error->has_value()) return MakeError(*error->get());
    }
    std::vector<const DocumentPath*> pointers;
    pointers.reserve(paths.size());
    for (const auto& path : paths) pointers.push_back(&path);
    if (auto message = CheckPathsDisjoint(pointers)) return MakeError(*message);
    return paths;
  }

 private:
  bool IsKeyword(std::string_view) const override { return false; }

  bool ParsePaths(std::vector<DocumentPath>* paths) {
    while (true) {
      paths->emplace_back();
      if (!ParsePath(&paths->back())) return false;
      if (tokens_.kind() != TokenKind::kComma) break;
      tokens_.Advance();
    }
    return tokens_.at_end() || SyntaxError();
  }
};

// The paths of `paths` that go on with the same element at `depth` as the first one.
std::span<const DocumentPath> NextGroup(std::span<const DocumentPath> paths, std::size_t depth) {
  std::size_t count = 1;
  while (count < paths.size() && paths[count][depth] == paths[0][depth]) ++count;
  return paths.first(count);
}

AttributeMap ProjectMap(const AttributeMap& map, std::span<const DocumentPath> paths, std::size_t depth);

// What `paths` keep of `value`, which is at their elements before `depth`; nullopt if nothing.
std::optional<AttributeValue> Project(const AttributeValue& value, std::span<const DocumentPath> paths,
                                      std::size_t depth) {
  if (paths.front().size() == depth) return value;
  if (!paths.front()[depth].is_index()) {
    const auto* map = value.As<AttributeMap>();
    if (map == nullptr) return std::nullopt;
    AttributeMap kept = ProjectMap(*map, paths, depth);
    if (kept.empty()) return std::nullopt;
    return AttributeValue::M(std::move(kept));
  }
  const auto* list = value.As<AttributeList>();
  if (list == nullptr) return std::nullopt;
  AttributeList kept;
  while (!paths.empty()) {
    const auto group = NextGroup(paths, depth);
    paths = paths.subspan(group.size());
    const std::uint32_t index = group.front()[depth].index();
    if (index >= list->size()) break;
    if (auto element = Project((*list)[index], group, depth + 1)) kept.push_back(std::move(*element));
  }
  if (kept.empty()) return std::nullopt;
  return AttributeValue::L(std::move(kept));
}

AttributeMap ProjectMap(const AttributeMap& map, std::span<const DocumentPath> paths, std::size_t depth) {
  AttributeMap kept;
  while (!paths.empty()) {
    const auto group = NextGroup(paths, depth);
    paths = paths.subspan(group.size());
    const std::string& name = group.front()[depth].name();
    const AttributeValue* value = map.Find(name);
    if (value == nullptr) continue;
    if (auto projected = Project(*value, group, depth + 1)) kept.Set(name, std::move(*projected));
  }
  return kept;
}

}  // namespace

ProjectionList::ProjectionList(std::vector<DocumentPath> paths) : paths_(std::move(paths)) {
  std::sort(paths_.begin(), paths_.end());
  paths_.erase(std::unique(paths_.begin(), paths_.end()), paths_.end());
  PathNames names;
  for (const auto& path : paths_) names.Add(path);
  names.Finish(&attributes_, &nested_attributes_);
}

Result<ProjectionList> ProjectionList::Parse(std::string_view text, Placeholders& placeholders) {
  INSULA_ASSIGN(auto paths, ProjectionParser(text, placeholders).Parse(text));
  return ProjectionList(std::move(paths));
}

ProjectionList ProjectionList::OfNames(const std::vector<std::string>& top_level_names) {
  std::vector<DocumentPath> paths;
  paths.reserve(top_level_names.size());
  for (const auto& name : top_level_names) paths.push_back(DocumentPath{PathElement(name)});
  return ProjectionList(std::move(paths));
}

AttributeMap ProjectionList::Apply(const AttributeMap& item) const {
  if (paths_.empty()) return {};
  return ProjectMap(item, paths_, 0);
}

EncodedItem ProjectionList::Apply(const EncodedItem& item) const {
  if (nested_attributes_.empty()) return item.Select(attributes_);
  return EncodedItem::From(Apply(item.Decode(attributes_)));
}

}  // namespace insula::expression
