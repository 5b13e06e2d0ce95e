#include "operations/core/unoffered.h"

namespace insula::operations {

Error GlobalTablesNotOffered() {
  return ValidationError(
      "Global tables are not offered here: a table has no replicas in other regions. To keep a copy elsewhere, follow "
      "the table's stream");
}

Error KinesisDestinationsNotOffered() {
  return ValidationError(
      "Kinesis streaming destinations are not offered here. Read the table's changes from its stream (DynamoDB "
      "Streams) instead");
}

Error ResourcePoliciesNotOffered() {
  return ValidationError(
      "Resource-based policies are not offered here: one would be kept but not enforced. Who may reach a table follows "
      "from the access keys that are issued for its tenant and its service");
}

Error IonNotOffered() {
  return ValidationError("Amazon Ion is not offered here: use DYNAMODB_JSON (imports also take CSV)");
}

}  // namespace insula::operations
