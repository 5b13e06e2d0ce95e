// A key, of a table or an index, as the sketches keep it: self-delimiting values one behind the other, so that the key
// of a partition is a prefix of the keys of its items.
//
//   key   := value*                     the hash attributes', then the range attributes', in the order of the schema
//   value := type(1) length(2) scalar   type 0 S, 1 N, 2 B; scalar as AppendOrderedScalar writes it
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/attribute_value.h"

namespace insula::metering {

// `value` is an S, N or B that a key can have.
void AppendContributorValue(const AttributeValue& value, std::string* out);

// The values again; nullopt for bytes that are no such key.
std::optional<std::vector<AttributeValue>> ContributorValues(std::string_view key);

}  // namespace insula::metering
