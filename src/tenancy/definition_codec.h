// A table definition as a member of a catalog record. Internal to the room.
#pragma once

#include "model/table_definition.h"
#include "tenancy/json_fields.h"

namespace insula::tenancy {

void WriteDefinition(const TableDefinition& definition, JsonOut* out);  // one object
TableDefinition ReadDefinition(JsonIn in);                              // failures are in the reader's status

// Whether both say the same in every member.
bool SameDefinition(const TableDefinition& a, const TableDefinition& b);

}  // namespace insula::tenancy
