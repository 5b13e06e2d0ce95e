// The input shapes of DynamoDB's operations, for DecodeRequest (request.h).
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
#pragma once

#include "wire/shape.h"

namespace insula::wire::shapes {

const Shape& BatchExecuteStatement();
const Shape& BatchGetItem();
const Shape& BatchWriteItem();
const Shape& CreateTable();
const Shape& DeleteItem();
const Shape& DeleteTable();
const Shape& DescribeContinuousBackups();
const Shape& DescribeEndpoints();
const Shape& DescribeLimits();
const Shape& DescribeTable();
const Shape& DescribeTimeToLive();
const Shape& ExecuteStatement();
const Shape& ExecuteTransaction();
const Shape& GetItem();
const Shape& ListTables();
const Shape& ListTagsOfResource();
const Shape& PutItem();
const Shape& Query();
const Shape& Scan();
const Shape& TagResource();
const Shape& TransactGetItems();
const Shape& TransactWriteItems();
const Shape& UntagResource();
const Shape& UpdateItem();
const Shape& UpdateTable();
const Shape& UpdateTimeToLive();

}  // namespace insula::wire::shapes
