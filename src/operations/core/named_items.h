// The items and attributes that a request names, as far as policies may ask about them: dynamodb:LeadingKeys and its
// siblings, dynamodb:Attributes. They are worked out only once a policy asks.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/expression.h"
#include "model/attribute_value.h"
#include "model/table_schema.h"

namespace insula::operations {

class NamedItems {
 public:
  static constexpr std::size_t kPartitionKeysMax = 4;

  // `key`: of the table, or of the index that is read, of this name.
  explicit NamedItems(const KeySchema& key, std::string_view index_name = {}) : key_(key), index_name_(index_name) {}

  // A key, or the whole item of a put.
  void AddItem(const AttributeMap& attributes);
  // Of an update what it writes and what it reads.
  void AddUpdate(const expression::UpdateNode& update);
  void AddKeyCondition(const expression::KeyConditionExpression& condition);
  // What a condition, a filter, an update or a projection names.
  void AddAttributes(std::span<const std::string> names);
  // Items are read: as far as the projection says, or whole.
  void AddProjection(const std::optional<expression::ProjectionList>& projection);
  void Reads(bool specific_attributes) { selected_ = specific_attributes ? Selected::kSpecific : Selected::kWhole; }
  // Whole items may be answered as they were before a write, whatever the parameter ReturnValues says.
  void Returns(std::string_view return_values) { return_values_ = return_values; }
  // One of the values that an attribute may have, in all items that are meant.
  void AddKeyValue(std::string_view attribute, const AttributeValue& value);

  // Each item's value of the `part`th attribute of the partition key: texts, decimals, or base64 of bytes.
  std::span<const std::string_view> KeyValues(std::size_t part) const { return views_[part]; }
  std::span<const std::string_view> Attributes() const { return attribute_views_; }
  // Whether they are looked for in all of the table.
  bool is_all() const { return values_[0].empty(); }
  enum class Selected : std::uint8_t { kNothing, kSpecific, kWhole };
  Selected selected() const { return selected_; }
  std::string_view return_values() const { return return_values_; }  // empty: as the parameter says
  // Once everything is added, before any of it is asked for.
  void Finish();

 private:
  void AddKeyValue(std::size_t part, const AttributeValue& value);

  const KeySchema& key_;
  const std::string_view index_name_;
  std::array<std::vector<std::string>, kPartitionKeysMax> values_;
  std::vector<std::string> attributes_;
  Selected selected_ = Selected::kNothing;
  std::string_view return_values_;  // a literal
  std::array<std::vector<std::string_view>, kPartitionKeysMax> views_;
  std::vector<std::string_view> attribute_views_;
};

// Who knows what a request names. Lives as long as the opening of its table.
class ItemNamer {
 public:
  virtual ~ItemNamer() = default;
  virtual void NameIn(NamedItems* named) const = 0;
};

// ItemNamerOf([&](NamedItems* named) { named->AddItem(key); })
template <class Name>
class ItemNamerOf final : public ItemNamer {
 public:
  explicit ItemNamerOf(Name name) : name_(std::move(name)) {}
  void NameIn(NamedItems* named) const override { name_(named); }

 private:
  Name name_;
};

}  // namespace insula::operations
