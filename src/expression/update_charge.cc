#include "expression/update_charge.h"

#include <fmt/format.h>

#include "model/item_size.h"

namespace insula::expression {
namespace {

constexpr std::size_t kUpdate = 3;
constexpr std::size_t kWriting = 19;  // SET, ADD
constexpr std::size_t kRemoving = 1;  // REMOVE, DELETE
constexpr std::size_t kTargetElement = 4;
constexpr std::size_t kReadPath = 1;
constexpr std::size_t kReadElement = 14;
constexpr std::size_t kPlus = 34;
constexpr std::size_t kMinus = 37;
constexpr std::size_t kIfNotExists = 39;
constexpr std::size_t kListAppend = 37;

std::size_t BytesOf(const PathElement& element) {
  return element.is_index() ? fmt::formatted_size("{}", element.index()) : element.name().size();
}

std::size_t TargetCharge(const DocumentPath& path) {
  std::size_t charge = BytesOf(path.front());
  for (std::size_t i = 1; i < path.size(); ++i) charge += kTargetElement + BytesOf(path[i]);
  return charge;
}

// Of what SET assigns. What it reads or computes from the item is free.
struct ValueCharge {
  std::size_t operator()(const DocumentPath& path) const {
    std::size_t charge = kReadPath;
    for (const PathElement& element : path) charge += kReadElement + BytesOf(element);
    return charge;
  }
  std::size_t operator()(const Constant& constant) const { return insula::SizeOf(*constant); }
  std::size_t operator()(const std::unique_ptr<ArithmeticNode>& node) const {
    return (node->subtract ? kMinus : kPlus) + Of(node->left) + Of(node->right);
  }
  std::size_t operator()(const std::unique_ptr<IfNotExistsNode>& node) const {
    return kIfNotExists + (*this)(node->path) + Of(node->otherwise);
  }
  std::size_t operator()(const std::unique_ptr<ListAppendNode>& node) const {
    return kListAppend + Of(node->first) + Of(node->second);
  }
  std::size_t Of(const SetValue& value) const { return std::visit(*this, value); }
};

struct ActionCharge {
  std::size_t operator()(const SetAction& action) const {
    return kWriting + TargetCharge(action.path) + ValueCharge().Of(action.value);
  }
  std::size_t operator()(const AddAction& action) const {
    // Of a set only the members that are new count, which the expression alone doesn't tell.
    const std::size_t added = action.value->type() == AttributeType::kN ? insula::SizeOf(*action.value) : 0;
    return kWriting + TargetCharge(action.path) + added;
  }
  std::size_t operator()(const RemoveAction& action) const { return kRemoving + TargetCharge(action.path); }
  std::size_t operator()(const DeleteAction& action) const { return kRemoving + TargetCharge(action.path); }
};

}  // namespace

std::size_t ChargeOf(const UpdateNode& update) {
  std::size_t charge = kUpdate;
  for (const UpdateAction& action : update.actions) charge += std::visit(ActionCharge(), action);
  return charge;
}

}  // namespace insula::expression
