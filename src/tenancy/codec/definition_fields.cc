#include "tenancy/codec/definition_fields.h"

#include "records/field_writer.h"

namespace insula::tenancy {

using records::FieldWriter;

bool SameDefinition(const TableDefinition& a, const TableDefinition& b) {
  const auto text = [](const TableDefinition& definition) {
    FieldWriter writer;
    Fields(writer, definition);
    return writer.Take();
  };
  return text(a) == text(b);
}

}  // namespace insula::tenancy
