// Fields and constraints that the shapes of several operations share. For shapes_*.cc alone.
#pragma once

#include "wire/shape.h"

namespace insula::wire::parts {

// Enumerations and constraints in the order in which DynamoDB's messages list them.
Shape TableName();           // data operations: violations are reported among the others, absence as null
Shape NewerTableName();      // the same behind the newer front end
Shape TableNameParameter();  // table operations: absence is "The parameter 'TableName' is required …"
Shape IndexName(std::vector<Constraint> first = {});
Shape ReturnConsumedCapacity();
Shape ReturnItemCollectionMetrics();
Shape ReturnValues(Constraint::Place place);
Shape ReturnValuesOnConditionCheckFailure();
Shape ConditionalOperator();
Shape ConditionalOperator(Constraint::Place place);  // behind the newer front end
Shape Select();
Shape Attributes(std::vector<Constraint> constraints = {});  // a map of attribute values: an item or a key
Shape ExpressionAttributeNames();
Shape Expected();
Shape Conditions();  // KeyConditions, QueryFilter, ScanFilter
Shape AttributesToGet();
Shape BillingMode();
Shape TableClass();
Shape RegionName(std::vector<Constraint> constraints = {});
Shape Tags(std::vector<Constraint> constraints = {});

}  // namespace insula::wire::parts
