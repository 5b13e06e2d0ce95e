#include "wire/request.h"

#include <unordered_map>

#include "base/check.h"
#include "base/seeded_hash.h"
#include "wire/base64.h"
#include "wire/coerce.h"

namespace insula::wire {

const Shape& StructureView::ShapeOf(std::string_view field, Kind kind) const {
  const Field* found = shape_->FindField(field);
  INSULA_CHECK(found != nullptr && found->shape.kind == kind);
  return found->shape;
}

JsonValue StructureView::Json(std::string_view field) const {
  INSULA_CHECK(shape_->FindField(field) != nullptr);
  return json_.is_null() ? JsonValue() : json_.Member(field);
}

std::optional<std::string_view> StructureView::String(std::string_view field) const {
  ShapeOf(field, Kind::kString);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  return json.string();
}

std::optional<bool> StructureView::Boolean(std::string_view field) const {
  ShapeOf(field, Kind::kBoolean);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  return BooleanFrom(json);
}

std::optional<std::int64_t> StructureView::Integer(std::string_view field) const {
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  return json.integer();
}

std::optional<double> StructureView::Number(std::string_view field) const {
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  return json.decimal();
}

std::optional<std::string> StructureView::Blob(std::string_view field) const {
  ShapeOf(field, Kind::kBlob);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  return DecodeBase64(json.string());
}

std::optional<StructureView> StructureView::Structure(std::string_view field) const {
  const Shape& shape = ShapeOf(field, Kind::kStructure);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  return StructureView(json, &shape);
}

std::optional<std::vector<StructureView>> StructureView::Structures(std::string_view field) const {
  const Shape& shape = ShapeOf(field, Kind::kList);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  std::vector<StructureView> views;
  for (JsonValue element : json.elements()) views.emplace_back(element, &shape.element.front());
  return views;
}

std::optional<std::vector<std::string>> StructureView::Strings(std::string_view field) const {
  ShapeOf(field, Kind::kList);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  std::vector<std::string> strings;
  for (JsonValue element : json.elements()) strings.emplace_back(element.is_null() ? "" : element.string());
  return strings;
}

std::optional<std::vector<std::pair<std::string_view, StructureView>>> StructureView::StructureMap(
    std::string_view field) const {
  const Shape& shape = ShapeOf(field, Kind::kMap);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  std::vector<std::pair<std::string_view, StructureView>> views;
  std::unordered_map<std::string_view, std::size_t, SeededTextHash> places;
  for (auto [key, value] : json.members()) {
    const StructureView view(value, &shape.element.front());
    const auto [known, is_new] = places.try_emplace(key, views.size());
    if (is_new) {
      views.emplace_back(key, view);
    } else {
      views[known->second].second = view;
    }
  }
  return views;
}

std::optional<std::map<std::string, std::string, std::less<>>> StructureView::StringMap(std::string_view field) const {
  ShapeOf(field, Kind::kMap);
  const JsonValue json = Json(field);
  if (json.is_null()) return std::nullopt;
  std::map<std::string, std::string, std::less<>> strings;
  for (auto [key, value] : json.members()) {
    strings.insert_or_assign(std::string(key), value.is_null() ? "" : std::string(value.string()));
  }
  return strings;
}

Result<Request> DecodeRequest(std::string_view body, const Shape& shape) {
  INSULA_ASSIGN(JsonDocument document, JsonDocument::Parse(body));
  if (document.root().type() != JsonType::kObject) return Error(ErrorCode::kSerialization, "");
  INSULA_TRY(CheckTypes(document.root(), shape));
  if (shape.strict) INSULA_TRY(CheckStrictly(body, document.root(), shape));
  Result<void> checked = CheckConstraints(document.root(), shape);
  if (checked.ok()) return Request(std::move(document), &shape);
  if (!shape.when_deep.empty() && NestsDeeply(document.root())) {
    INSULA_TRY(CheckConstraints(document.root(), shape.when_deep[0]));
    return Request(std::move(document), &shape.when_deep[0]);
  }
  return std::move(checked).error();
}

}  // namespace insula::wire
