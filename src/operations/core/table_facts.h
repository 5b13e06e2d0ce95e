// What policies may ask about a request on a table.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operations/core/call.h"
#include "operations/core/caller_facts.h"
#include "operations/core/intent.h"
#include "operations/core/named_items.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

// For one request and one table. What it is made of outlives it.
class TableFacts : public CallerFacts {
 public:
  // `table`: nullptr where there is none of that name: then nothing is known of the items, as of a table's own tags.
  TableFacts(const Call& call, const tenancy::Table* table, const Intent& intent);

 protected:
  policy::Fact FindOwn(policy::KeyName name, std::string_view detail) const override;

 private:
  const NamedItems* Named() const;  // nullptr: nothing is known
  policy::Fact KeyValues(std::size_t part) const;
  policy::Fact Parameter(std::string_view name) const;
  policy::Fact Select() const;        // as the parameter would say it, also where there is none
  policy::Fact ReturnValues() const;  // the same
  policy::Fact RequestTag(std::string_view small_key) const;
  policy::Fact TagKeys() const;
  policy::Fact ResourceTag(std::string_view small_key) const;

  const Call& call_;
  const tenancy::Table* table_;
  const Intent& intent_;
  mutable std::optional<NamedItems> named_;
  mutable std::vector<std::string> tag_keys_;
  mutable std::vector<std::string_view> tag_key_views_;
};

}  // namespace insula::operations
