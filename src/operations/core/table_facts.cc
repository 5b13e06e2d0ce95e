#include "operations/core/table_facts.h"

#include "policy/small_letters.h"

namespace insula::operations {

using policy::Fact;
using policy::KeyName;

namespace {

// The operations whose single item actions policies are asked about, which they may be told apart from by.
bool IsTransaction(std::string_view operation) {
  return operation == "TransactGetItems" || operation == "TransactWriteItems" || operation == "ExecuteTransaction";
}

// Whether the request may give the resource tags, or takes some away.
bool HasTags(std::string_view operation) { return operation == "CreateTable" || operation == "TagResource"; }

}  // namespace

TableFacts::TableFacts(const Call& call, const tenancy::Table* table, const Intent& intent)
    : CallerFacts(call.caller, call.services.options.region), call_(call), table_(table), intent_(intent) {}

const NamedItems* TableFacts::Named() const {
  if (named_) return &*named_;
  if (table_ == nullptr || intent_.items == nullptr) return nullptr;
  const TableSchema& schema = *table_->definition.schema;
  const IndexSchema* index = intent_.index.empty() ? nullptr : schema.FindIndex(intent_.index);
  named_.emplace(index == nullptr ? schema.key : index->key, intent_.index);
  intent_.items->NameIn(&*named_);
  named_->Finish();
  return &*named_;
}

Fact TableFacts::KeyValues(std::size_t part) const {
  const NamedItems* named = Named();
  return named == nullptr ? Fact() : Fact::Set(named->KeyValues(part));
}

Fact TableFacts::Parameter(std::string_view name) const {
  if (call_.input().shape().FindField(name) == nullptr) return {};
  return Fact::TextOrAbsent(call_.input().String(name).value_or(""));
}

Fact TableFacts::Select() const {
  if (const Fact given = Parameter("Select"); !given.absent()) return given;
  const NamedItems* named = Named();
  if (named == nullptr || named->selected() == NamedItems::Selected::kNothing) return {};
  if (named->selected() == NamedItems::Selected::kSpecific) return Fact::Text("SPECIFIC_ATTRIBUTES");
  return Fact::Text(intent_.index.empty() ? "ALL_ATTRIBUTES" : "ALL_PROJECTED_ATTRIBUTES");
}

Fact TableFacts::ReturnValues() const {
  const NamedItems* named = Named();
  if (named != nullptr && !named->return_values().empty()) return Fact::Text(named->return_values());
  return Parameter("ReturnValues");
}

Fact TableFacts::RequestTag(std::string_view small_key) const {
  if (!HasTags(call_.operation)) return {};
  const auto tags = call_.input().Structures("Tags");
  if (!tags) return {};
  for (const wire::StructureView& tag : *tags) {
    if (policy::EqualInSmallLetters(tag.String("Key").value_or(""), small_key)) {
      return Fact::Text(tag.String("Value").value_or(""));
    }
  }
  return {};
}

Fact TableFacts::TagKeys() const {
  tag_keys_.clear();
  if (HasTags(call_.operation)) {
    if (const auto tags = call_.input().Structures("Tags")) {
      for (const wire::StructureView& tag : *tags) tag_keys_.emplace_back(tag.String("Key").value_or(""));
    }
  } else if (call_.operation == "UntagResource") {
    tag_keys_ = call_.input().Strings("TagKeys").value_or(std::vector<std::string>());
  }
  tag_key_views_.assign(tag_keys_.begin(), tag_keys_.end());
  return Fact::Set(tag_key_views_);
}

Fact TableFacts::ResourceTag(std::string_view small_key) const {
  if (table_ == nullptr) return {};
  for (const auto& [key, value] : table_->definition.tags) {
    if (policy::EqualInSmallLetters(key, small_key)) return Fact::Text(value);
  }
  return {};
}

Fact TableFacts::FindOwn(KeyName name, std::string_view detail) const {
  switch (name) {
    case KeyName::kLeadingKeys:
    case KeyName::kFirstPartitionKeyValues:
      return KeyValues(0);
    case KeyName::kSecondPartitionKeyValues:
      return KeyValues(1);
    case KeyName::kThirdPartitionKeyValues:
      return KeyValues(2);
    case KeyName::kFourthPartitionKeyValues:
      return KeyValues(3);
    case KeyName::kAttributes: {
      const NamedItems* named = Named();
      return named == nullptr ? Fact() : Fact::Set(named->Attributes());
    }
    case KeyName::kFullTableScan: {
      const NamedItems* named = intent_.action == "PartiQLSelect" ? Named() : nullptr;
      return named == nullptr ? Fact() : Fact::Flag(named->is_all());
    }
    case KeyName::kSelect:
      return Select();
    case KeyName::kReturnValues:
      return ReturnValues();
    case KeyName::kReturnConsumedCapacity:
      return Parameter("ReturnConsumedCapacity");
    case KeyName::kEnclosingOperation:
      return IsTransaction(call_.operation) ? Fact::Text(call_.operation) : Fact();
    case KeyName::kRequestTag:
      return RequestTag(detail);
    case KeyName::kTagKeys:
      return TagKeys();
    case KeyName::kResourceTag:
      return ResourceTag(detail);
    default:
      return {};
  }
}

}  // namespace insula::operations
