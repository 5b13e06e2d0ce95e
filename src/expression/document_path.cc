#include "expression/document_path.h"

namespace insula::expression {

std::string ToString(const DocumentPath& path) {
  std::string out = "[";
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) out += ", ";
    if (path[i].is_index()) {
      out += '[';
      out += std::to_string(path[i].index());
      out += ']';
    } else {
      out += path[i].name();
    }
  }
  out += ']';
  return out;
}

const AttributeValue* FindValue(const AttributeMap& item, const DocumentPath& path) {
  const AttributeValue* value = item.Find(path.front().name());
  for (std::size_t i = 1; i < path.size() && value != nullptr; ++i) {
    if (path[i].is_index()) {
      const auto* list = value->As<AttributeList>();
      value = list != nullptr && path[i].index() < list->size() ? &(*list)[path[i].index()] : nullptr;
    } else {
      const auto* map = value->As<AttributeMap>();
      value = map != nullptr ? map->Find(path[i].name()) : nullptr;
    }
  }
  return value;
}

}  // namespace insula::expression
