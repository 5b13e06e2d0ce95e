// Update: what it writes, and how it is applied.
//
// Every right-hand side reads the item as it was. Changes in place come first, in the order of the text; then names are
// taken out of maps and put into them; then elements set beyond the end of a list are appended, in the order of their
// indexes; then elements are removed. So all indexes mean positions in the item as it was, whatever the order of the
// clauses. Paths don't overlap, so no action's parent is another's target.
#include <algorithm>
#include <map>

#include "expression/ast.h"
#include "expression/expression.h"
#include "expression/path_names.h"
#include "expression/set_operations.h"
#include "expression/update_charge.h"
#include "expression/update_parser.h"
#include "model/item_size.h"

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

// What a SET stores.
struct Assigned {
  AttributeValue value;
  std::size_t levels = 1;
};

// Computes right-hand sides against the old item. Values of the item and of the request are copied once, when the whole
// of a right-hand side is known, and only as long as an item has room for them: a text of a few kilobytes can ask for
// hundreds of copies of the largest list there is.
class SetEvaluator {
 public:
  explicit SetEvaluator(const AttributeMap& item) : item_(item) {}

  Result<Assigned> operator()(const SetValue& value) {
    INSULA_ASSIGN(const Value result, Evaluate(value));
    Assigned assigned;
    if (const auto* number = std::get_if<Number>(&result)) {
      assigned.value = AttributeValue::N(*number);
      return assigned;
    }
    if (const auto* borrowed = std::get_if<const AttributeValue*>(&result)) {
      const Measures& measures = MeasuresOf(**borrowed);
      assigned.levels = measures.levels;
      if (HasRoomFor(measures.bytes)) assigned.value = **borrowed;
      return assigned;
    }
    const Pieces& pieces = std::get<Pieces>(result);
    std::size_t bytes = 0;
    std::size_t elements = 0;
    for (const AttributeValue* piece : pieces) {
      const Measures& measures = MeasuresOf(*piece);
      bytes += measures.bytes;
      elements += piece->As<AttributeList>()->size();
      assigned.levels = std::max(assigned.levels, measures.levels);
    }
    AttributeList list;
    if (HasRoomFor(bytes - (pieces.size() - 1) * kContainerOverhead)) {
      list.reserve(elements);
      for (const AttributeValue* piece : pieces) {
        const auto& more = *piece->As<AttributeList>();
        list.insert(list.end(), more.begin(), more.end());
      }
    }
    assigned.value = AttributeValue::L(std::move(list));
    return assigned;
  }

  // Whether the right-hand sides are more than an item may have; some were then not copied.
  bool too_large() const { return too_large_; }

 private:
  // A value that lives elsewhere; a number just computed; or lists that live elsewhere, one behind the other.
  using Pieces = std::vector<const AttributeValue*>;
  using Value = std::variant<const AttributeValue*, Number, Pieces>;

  struct Measures {
    std::size_t bytes = 0;
    std::size_t levels = 0;
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
    const Number* a = AsNumber(left);
    if (a == nullptr) return IncorrectType();
    INSULA_ASSIGN(const Value right, Evaluate(node->right));
    const Number* b = AsNumber(right);
    if (b == nullptr) return IncorrectType();
    INSULA_ASSIGN(const Number number, node->subtract ? Number::Subtract(*a, *b) : Number::Add(*a, *b));
    return Value(number);
  }
  Result<Value> Evaluate(const std::unique_ptr<ListAppendNode>& node) const {
    Pieces pieces;
    INSULA_TRY(AppendTo(&pieces, *node));
    return Value(std::move(pieces));
  }
  Result<void> AppendTo(Pieces* pieces, const ListAppendNode& node) const {
    INSULA_TRY(AppendTo(pieces, node.first));
    return AppendTo(pieces, node.second);
  }
  Result<void> AppendTo(Pieces* pieces, const SetValue& operand) const {
    if (const auto* nested = std::get_if<std::unique_ptr<ListAppendNode>>(&operand)) return AppendTo(pieces, **nested);
    INSULA_ASSIGN(const Value value, Evaluate(operand));
    if (const auto* more = std::get_if<Pieces>(&value)) {
      pieces->insert(pieces->end(), more->begin(), more->end());
      return {};
    }
    const auto* borrowed = std::get_if<const AttributeValue*>(&value);
    if (borrowed == nullptr || (*borrowed)->As<AttributeList>() == nullptr) return IncorrectType();
    pieces->push_back(*borrowed);
    return {};
  }

  static const Number* AsNumber(const Value& value) {
    if (const auto* number = std::get_if<Number>(&value)) return number;
    const auto* borrowed = std::get_if<const AttributeValue*>(&value);
    return borrowed != nullptr ? (*borrowed)->As<Number>() : nullptr;
  }

  // Once for each value, however often the text names it.
  const Measures& MeasuresOf(const AttributeValue& value) {
    const auto [known, is_new] = measures_.try_emplace(&value);
    if (is_new) known->second = {insula::SizeOf(value), LevelsOf(value)};
    return known->second;
  }

  bool HasRoomFor(std::size_t bytes) {
    bytes_ += bytes;
    too_large_ = too_large_ || bytes_ > kItemSizeMax;
    return !too_large_;
  }

  const AttributeMap& item_;
  std::map<const AttributeValue*, Measures> measures_;
  std::size_t bytes_ = 0;
  bool too_large_ = false;
};

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
    std::vector<Assigned> values;
    SetEvaluator evaluate(old_item_);
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
    Finish();
    if (evaluate.too_large()) return ValidationError(kUpdatedItemTooLarge);
    return {};
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

  Result<void> Store(const DocumentPath& path, Assigned assigned) {
    INSULA_ASSIGN(const Target target, Find(path));
    if (path.size() - 1 + assigned.levels > kLevelsMax) return TooDeep();
    StoreAt(target, path, std::move(assigned.value));
    return {};
  }

  void StoreAt(const Target& target, const DocumentPath& path, AttributeValue value) {
    if (target.value != nullptr) {
      *target.value = std::move(value);
    } else if (target.map != nullptr) {
      inserted_.emplace_back(&path, std::move(value));
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
      erased_.push_back(&path);
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

  // Whether two paths end in one map or list.
  static bool SameParent(const DocumentPath& a, const DocumentPath& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end() - 1, b.begin());
  }

  // Calls change(parent's path's example, begin, end) for each run of `paths` that ends in one map or list; the longest
  // paths first, so that indexes on the way to a parent still mean what they meant. `path_of` finds an entry's path.
  template <class Entry, class PathOfEntry, class Change>
  static void ForEachParent(std::vector<Entry>* entries, PathOfEntry path_of, Change change) {
    std::sort(entries->begin(), entries->end(), [&](const Entry& a, const Entry& b) {
      const DocumentPath& x = *path_of(a);
      const DocumentPath& y = *path_of(b);
      return x.size() != y.size() ? x.size() > y.size() : x < y;
    });
    for (auto begin = entries->begin(); begin != entries->end();) {
      auto end = begin + 1;
      while (end != entries->end() && SameParent(*path_of(*begin), *path_of(*end))) ++end;
      change(*path_of(*begin), begin, end);
      begin = end;
    }
  }

  AttributeMap* MapOf(const DocumentPath& path) {
    return path.size() == 1 ? item_ : FindNestedParent(item_, path)->As<AttributeMap>();
  }

  // Each map and list is gone through once, whatever the number of changes in it.
  void Finish() {
    const auto itself = [](const DocumentPath* path) { return path; };
    const auto first = [](const auto& entry) { return entry.first; };
    ForEachParent(&erased_, itself, [this](const DocumentPath& path, auto begin, auto end) {
      std::vector<std::string_view> names;
      for (auto erased = begin; erased != end; ++erased) names.push_back((*erased)->back().name());
      MapOf(path)->EraseAll(names);
    });
    ForEachParent(&inserted_, first, [this](const DocumentPath& path, auto begin, auto end) {
      std::vector<AttributeMap::Entry> entries;
      for (auto set = begin; set != end; ++set) entries.emplace_back(set->first->back().name(), std::move(set->second));
      MapOf(path)->SetAll(std::move(entries));
    });
    ForEachParent(&appended_, first, [this](const DocumentPath& path, auto begin, auto end) {
      auto* list = FindNestedParent(item_, path)->As<AttributeList>();
      for (auto appended = begin; appended != end; ++appended) list->push_back(std::move(appended->second));
    });
    ForEachParent(&removed_, itself, [this](const DocumentPath& path, auto begin, auto end) {
      auto* list = FindNestedParent(item_, path)->As<AttributeList>();
      std::uint32_t index = 0;
      std::erase_if(*list, [&](const AttributeValue&) {
        const bool removed = begin != end && (*begin)->back().index() == index++;
        if (removed) ++begin;
        return removed;
      });
    });
  }

  const AttributeMap& old_item_;
  AttributeMap* item_;
  bool legacy_;
  std::vector<std::pair<const DocumentPath*, AttributeValue>> inserted_;  // names that a map didn't have
  std::vector<const DocumentPath*> erased_;                               // names that a map had
  std::vector<std::pair<const DocumentPath*, AttributeValue>> appended_;  // beyond the end of a list
  std::vector<const DocumentPath*> removed_;                              // elements of lists
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

std::size_t Update::Charge() const { return ChargeOf(*root_); }

bool Update::MakesItem() const {
  return root_->actions.empty() || std::ranges::any_of(root_->actions, [](const UpdateAction& action) {
           return std::holds_alternative<SetAction>(action) || std::holds_alternative<AddAction>(action);
         });
}

// Both projections look the same paths up, DynamoDB's way: in the item as it was, and in the item as it is. So of a
// list UPDATED_NEW shows what is at the index now, be it an element that moved in where another was removed.
Result<Update::Outcome> Update::Apply(const AttributeMap& item, Report report) const {
  Outcome outcome;
  outcome.item = item;
  Applier applier(item, &outcome.item, root_->legacy);
  INSULA_TRY(applier.Apply(root_->actions));
  if (report == Report::kNone) return outcome;
  std::vector<DocumentPath> paths;
  paths.reserve(root_->actions.size());
  for (const auto& action : root_->actions) paths.push_back(PathOf(action));
  const ProjectionList named(std::move(paths));
  if (report != Report::kUpdatedNew) outcome.updated_old = named.Apply(item);
  if (report != Report::kUpdatedOld) outcome.updated_new = named.Apply(outcome.item);
  return outcome;
}

}  // namespace insula::expression
