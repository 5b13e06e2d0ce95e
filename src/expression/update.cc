// Update: what it writes, and how it is applied.
//
// Every right-hand side reads the item as it was. Changes in place come first, in the order of the text; then
// elements set beyond the end of a list are appended, in the order of their indexes; then elements are removed,
// the last first. So all indexes mean positions in the item as it was, whatever the order of the clauses. Paths
// don't overlap, so no action's parent is another's target.
#include <algorithm>

#include "expression/ast.h"
#include "expression/expression.h"
#include "expression/path_names.h"
#include "expression/set_operations.h"
#include "expression/update_parser.h"

namespace insula::expression {
namespace {

Error InvalidPath() {
  return ValidationError("The document path provided in the update expression is invalid for update");
}
Error IncorrectType() { return ValidationError("An operand in the update expression has an incorrect data type"); }
Error TooDeep() {
  return ValidationError(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
      "limit");
}
Error LegacyTypeMismatch() { return ValidationError("Type mismatch for attribute to update"); }

// Computes right-hand sides against the old item. Values of the item and of the request are not copied before
// they are stored.
class SetEvaluator {
 public:
  explicit SetEvaluator(const AttributeMap& item) : item_(item) {}

  Result<AttributeValue> operator()(const SetValue& value) const {
    INSULA_ASSIGN(auto result, Evaluate(value));
    return std::move(result).Take();
  }

 private:
  // Either a value that lives elsewhere or one just computed.
  class Value {
   public:
    explicit Value(const AttributeValue* borrowed) : borrowed_(borrowed) {}
    explicit Value(AttributeValue computed) : computed_(std::move(computed)) {}
    const AttributeValue& get() const { return borrowed_ != nullptr ? *borrowed_ : computed_; }
    AttributeValue Take() && {
      if (borrowed_ != nullptr) return *borrowed_;
      return std::move(computed_);
    }

   private:
    const AttributeValue* borrowed_ = nullptr;
    AttributeValue computed_;
  };

  Result<Value> Evaluate(const SetValue& value) const {
    return std::visit([this](const auto& v) { return Evaluate(v); }, value);
  }
  Result<Value> Evaluate(const DocumentPath& path) const {
    const AttributeValue* found = FindValue(item_, path);
    if (found == nullptr) {
      return ValidationError("The provided expression refers to an attribute that does not exist in the item");
    }
    return Value(found);
  }
  Result<Value> Evaluate(const Constant& constant) const { return Value(constant.value.get()); }
  Result<Value> Evaluate(const std::unique_ptr<IfNotExistsNode>& node) const {
    if (const AttributeValue* found = FindValue(item_, node->path)) return Value(found);
    return Evaluate(node->otherwise);
  }
  Result<Value> Evaluate(const std::unique_ptr<ArithmeticNode>& node) const {
    INSULA_ASSIGN(const Value left, Evaluate(node->left));
    const auto* a = left.get().As<Number>();
    if (a == nullptr) return IncorrectType();
    INSULA_ASSIGN(const Value right, Evaluate(node->right));
    const auto* b = right.get().As<Number>();
    if (b == nullptr) return IncorrectType();
    INSULA_ASSIGN(const Number number, node->subtract ? Number::Subtract(*a, *b) : Number::Add(*a, *b));
    return Value(AttributeValue::N(number));
  }
  Result<Value> Evaluate(const std::unique_ptr<ListAppendNode>& node) const {
    INSULA_ASSIGN(Value first, Evaluate(node->first));
    if (first.get().As<AttributeList>() == nullptr) return IncorrectType();
    INSULA_ASSIGN(const Value second, Evaluate(node->second));
    const auto* more = second.get().As<AttributeList>();
    if (more == nullptr) return IncorrectType();
    AttributeValue list = std::move(first).Take();
    auto* elements = list.As<AttributeList>();
    elements->insert(elements->end(), more->begin(), more->end());
    return Value(std::move(list));
  }

  const AttributeMap& item_;
};

// Levels of a value: 1, and for a list or map one more than its deepest element.
std::size_t LevelsOf(const AttributeValue& value) {
  std::size_t deepest = 0;
  if (const auto* list = value.As<AttributeList>()) {
    for (const auto& element : *list) deepest = std::max(deepest, LevelsOf(element));
  } else if (const auto* map = value.As<AttributeMap>()) {
    for (const auto& [name, element] : *map) deepest = std::max(deepest, LevelsOf(element));
  }
  return deepest + 1;
}

// The map or list that holds the path's last element; nullptr where there is none.
AttributeValue* FindNestedParent(AttributeMap* item, const DocumentPath& path) {
  AttributeValue* value = item->Find(path.front().name());
  for (std::size_t i = 1; i + 1 < path.size() && value != nullptr; ++i) {
    if (path[i].is_index()) {
      auto* list = value->As<AttributeList>();
      value = list != nullptr && path[i].index() < list->size() ? &(*list)[path[i].index()] : nullptr;
    } else {
      auto* map = value->As<AttributeMap>();
      value = map != nullptr ? map->Find(path[i].name()) : nullptr;
    }
  }
  return value;
}

// Applies actions to the new item.
class Applier {
 public:
  Applier(const AttributeMap& old_item, AttributeMap* item, bool legacy)
      : old_item_(old_item), item_(item), legacy_(legacy) {}

  Result<void> Apply(const std::vector<UpdateAction>& actions) {
    // All right-hand sides come before any change of a path, as errors of the two do.
    std::vector<AttributeValue> values;
    const SetEvaluator evaluate(old_item_);
    for (const auto& action : actions) {
      if (const auto* set = std::get_if<SetAction>(&action)) {
        INSULA_ASSIGN(auto value, evaluate(set->value));
        values.push_back(std::move(value));
      }
    }
    auto next_value = values.begin();
    for (const auto& action : actions) {
      if (const auto* set = std::get_if<SetAction>(&action)) {
        INSULA_TRY(Store(set->path, std::move(*next_value++)));
      } else if (const auto* remove = std::get_if<RemoveAction>(&action)) {
        INSULA_TRY(Remove(remove->path));
      } else if (const auto* add = std::get_if<AddAction>(&action)) {
        INSULA_TRY(Add(add->path, *add->value));
      } else {
        const auto& deletion = std::get<DeleteAction>(action);
        INSULA_TRY(Delete(deletion.path, *deletion.value));
      }
    }
    return Finish();
  }

  // After Apply: the paths whose values the actions set or changed, as the text has them. DynamoDB looks them up in the
  // new item, so an element appended to a list shows only where its path is its position.
  std::vector<DocumentPath> PathsOfNewValues(const std::vector<UpdateAction>& actions) const {
    std::vector<DocumentPath> paths;
    for (const auto& action : actions) {
      const DocumentPath& path = PathOf(action);
      const bool removed = std::holds_alternative<RemoveAction>(action) ||
                           std::find(removed_.begin(), removed_.end(), &path) != removed_.end();
      if (!removed) paths.push_back(path);
    }
    return paths;
  }

 private:
  static constexpr std::size_t kLevelsMax = 32;  // of an item; a top-level scalar is at the first

  // Where a path's last element is or would be.
  struct Target {
    AttributeMap* map = nullptr;  // one of these two
    AttributeList* list = nullptr;
    AttributeValue* value = nullptr;  // nullptr if absent
  };

  Result<Target> Find(const DocumentPath& path) {
    Target target;
    if (path.size() == 1) {
      target.map = item_;
    } else {
      AttributeValue* parent = FindNestedParent(item_, path);
      if (parent == nullptr) return InvalidPath();
      if (path.back().is_index()) {
        target.list = parent->As<AttributeList>();
        if (target.list == nullptr) return InvalidPath();
        if (path.back().index() < target.list->size()) target.value = &(*target.list)[path.back().index()];
        return target;
      }
      target.map = parent->As<AttributeMap>();
      if (target.map == nullptr) return InvalidPath();
    }
    target.value = target.map->Find(path.back().name());
    return target;
  }

  Result<void> Store(const DocumentPath& path, AttributeValue value) {
    INSULA_ASSIGN(const Target target, Find(path));
    if (path.size() - 1 + LevelsOf(value) > kLevelsMax) return TooDeep();
    StoreAt(target, path, std::move(value));
    return {};
  }

  void StoreAt(const Target& target, const DocumentPath& path, AttributeValue value) {
    if (target.value != nullptr) {
      *target.value = std::move(value);
    } else if (target.map != nullptr) {
      target.map->Set(path.back().name(), std::move(value));
    } else {
      appended_.emplace_back(&path, std::move(value));
    }
  }

  Result<void> Remove(const DocumentPath& path) {
    INSULA_ASSIGN(const Target target, Find(path));
    RemoveAt(target, path);
    return {};
  }

  void RemoveAt(const Target& target, const DocumentPath& path) {
    if (target.value == nullptr) return;
    if (target.map != nullptr) {
      target.map->Erase(path.back().name());
    } else {
      removed_.push_back(&path);
    }
  }

  Result<void> Add(const DocumentPath& path, const AttributeValue& operand) {
    INSULA_ASSIGN(const Target target, Find(path));
    if (target.value == nullptr) {
      if (path.size() - 1 + LevelsOf(operand) > kLevelsMax) return TooDeep();
      StoreAt(target, path, operand);
      return {};
    }
    if (target.value->type() != operand.type()) return legacy_ ? LegacyTypeMismatch() : IncorrectType();
    if (const auto* number = operand.As<Number>()) {
      INSULA_ASSIGN(const Number sum, Number::Add(*target.value->As<Number>(), *number));
      *target.value = AttributeValue::N(sum);
    } else if (const auto* list = operand.As<AttributeList>()) {
      auto* elements = target.value->As<AttributeList>();
      elements->insert(elements->end(), list->begin(), list->end());
    } else {
      AddElements(target.value, operand);
    }
    return {};
  }

  Result<void> Delete(const DocumentPath& path, const AttributeValue& operand) {
    INSULA_ASSIGN(const Target target, Find(path));
    if (target.value == nullptr) return {};
    if (target.value->type() != operand.type()) return legacy_ ? LegacyTypeMismatch() : IncorrectType();
    if (!DeleteElements(target.value, operand)) RemoveAt(target, path);
    return {};
  }

  Result<void> Finish() {
    std::sort(appended_.begin(), appended_.end(), [](const auto& a, const auto& b) { return *a.first < *b.first; });
    for (auto& [path, value] : appended_) {
      auto* list = FindNestedParent(item_, *path)->As<AttributeList>();
      list->push_back(std::move(value));
    }
    std::sort(removed_.begin(), removed_.end(), [](const auto* a, const auto* b) { return *b < *a; });
    for (const DocumentPath* path : removed_) {
      auto* list = FindNestedParent(item_, *path)->As<AttributeList>();
      list->erase(list->begin() + path->back().index());
    }
    return {};
  }

  const AttributeMap& old_item_;
  AttributeMap* item_;
  bool legacy_;
  std::vector<std::pair<const DocumentPath*, AttributeValue>> appended_;
  std::vector<const DocumentPath*> removed_;
};

}  // namespace

Update::Update(std::unique_ptr<const UpdateNode> root) : root_(std::move(root)) {
  PathNames names;
  for (const auto& action : root_->actions) {
    names.Add(PathOf(action));
    if (const auto* set = std::get_if<SetAction>(&action)) {
      VisitPaths(set->value, [&](const DocumentPath& path) { names.AddNested(path); });
    }
  }
  names.Finish(&attributes_, &nested_attributes_);
}
Update::Update(UpdateNode root) : Update(std::make_unique<const UpdateNode>(std::move(root))) {}
Update::Update(Update&&) noexcept = default;
Update& Update::operator=(Update&&) noexcept = default;
Update::~Update() = default;

Result<Update> Update::Parse(std::string_view text, Placeholders& placeholders) {
  INSULA_ASSIGN(auto root, ParseUpdate(text, placeholders));
  return Update(std::move(root));
}

Result<Update::Outcome> Update::Apply(const AttributeMap& item, Report report) const {
  Outcome outcome;
  outcome.item = item;
  Applier applier(item, &outcome.item, root_->legacy);
  INSULA_TRY(applier.Apply(root_->actions));
  if (report == Report::kUpdatedOld || report == Report::kBoth) {
    std::vector<DocumentPath> paths;
    paths.reserve(root_->actions.size());
    for (const auto& action : root_->actions) paths.push_back(PathOf(action));
    outcome.updated_old = ProjectionList(std::move(paths)).Apply(item);
  }
  if (report == Report::kUpdatedNew || report == Report::kBoth) {
    outcome.updated_new = ProjectionList(applier.PathsOfNewValues(root_->actions)).Apply(outcome.item);
  }
  return outcome;
}

}  // namespace insula::expression
