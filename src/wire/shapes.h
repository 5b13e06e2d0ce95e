// The input shapes of DynamoDB's operations, for DecodeRequest (request.h).
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
#pragma once

#include "wire/shape.h"

namespace insula::wire::shapes {

const Shape& BatchExecuteStatement();
const Shape& BatchGetItem();
const Shape& BatchWriteItem();
const Shape& CancelBulkOperation();
const Shape& CreateGlobalTable();
const Shape& CreateTable();
const Shape& DeleteItem();
const Shape& DeleteResourcePolicy();
const Shape& DeleteTable();
const Shape& DescribeBulkOperation();
const Shape& DescribeContinuousBackups();
const Shape& DescribeContributorInsights();
const Shape& DescribeEndpoints();
const Shape& DescribeExport();
const Shape& DescribeGlobalTable();
const Shape& DescribeGlobalTableSettings();
const Shape& DescribeImport();
const Shape& DescribeKinesisStreamingDestination();
const Shape& DescribeLimits();
const Shape& DescribeStream();
const Shape& DescribeTable();
const Shape& DescribeTableReplicaAutoScaling();
const Shape& DescribeTimeToLive();
const Shape& DisableKinesisStreamingDestination();
const Shape& EnableKinesisStreamingDestination();
const Shape& ExecuteStatement();
const Shape& ExecuteTransaction();
const Shape& ExportTableToPointInTime();
const Shape& GetItem();
const Shape& GetRecords();
const Shape& GetResourcePolicy();
const Shape& GetShardIterator();
const Shape& ImportTable();
const Shape& ListBulkOperations();
const Shape& ListContributorInsights();
const Shape& ListExports();
const Shape& ListGlobalTables();
const Shape& ListImports();
const Shape& ListStreams();
const Shape& ListTables();
const Shape& ListTagsOfResource();
const Shape& PutItem();
const Shape& PutResourcePolicy();
const Shape& Query();
const Shape& Scan();
const Shape& SearchVectors();
const Shape& StartBulkPutItems();
const Shape& TagResource();
const Shape& TransactGetItems();
const Shape& TransactWriteItems();
const Shape& UntagResource();
const Shape& UpdateContributorInsights();
const Shape& UpdateGlobalTable();
const Shape& UpdateGlobalTableSettings();
const Shape& UpdateItem();
const Shape& UpdateKinesisStreamingDestination();
const Shape& UpdateTable();
const Shape& UpdateTableReplicaAutoScaling();
const Shape& UpdateTimeToLive();

// A part of ExportTableToPointInTime's.
const Shape& FilterSpecification();

}  // namespace insula::wire::shapes
