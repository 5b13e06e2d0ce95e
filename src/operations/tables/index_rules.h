// What key schemas and secondary indexes must satisfy, in DynamoDB's order and words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

inline constexpr std::size_t kLocalIndexesMax = 5;
inline constexpr std::size_t kGlobalIndexesMax = 20;
inline constexpr std::size_t kKeyAttributesOfAKindMax = 4;   // hash or range attributes of a global index
inline constexpr std::size_t kProjectedAttributesMax = 100;  // user-named ones over all indexes of a table

// nullptr: `name` isn't defined.
const KeyAttribute* FindDefinition(std::span<const KeyAttribute> definitions, const std::string& name);

// The table's own keys against the definitions. ValidationException.
Result<void> CheckTableKeys(const CreateTableInput& input);
// Both lists of indexes, the definitions that nobody uses, and the number of attributes. ValidationException.
Result<void> CheckIndexes(const CreateTableInput& input, BillingMode mode);

// Of one index, table-independent; `definitions` are those that may be referred to. ValidationException.
Result<void> CheckIndexKeys(const IndexInput& index, IndexKind kind, std::span<const KeyAttribute> definitions);
Result<void> CheckIndexProjection(const std::optional<ProjectionType>& type,
                                  const std::optional<std::vector<std::string>>& non_key_attributes);
// "One or more parameter values were invalid: Duplicate index name: …"; else it is added to `seen`.
Result<void> CheckIndexName(const std::string& name, std::set<std::string>* seen);
// "One or more parameter values were invalid: …" beyond kProjectedAttributesMax over all of `indexes`.
Result<void> CheckProjectedAttributes(std::span<const IndexSchema> indexes);

// Preconditions: checked by the above.
KeySchema KeySchemaOf(std::span<const KeyElement> keys, std::span<const KeyAttribute> definitions);
IndexSchema IndexSchemaOf(const IndexInput& index, IndexKind kind, std::span<const KeyAttribute> definitions);

}  // namespace insula::operations
