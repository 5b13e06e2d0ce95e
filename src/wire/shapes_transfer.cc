// Exports and imports.
#include <algorithm>

#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

constexpr std::int64_t kPrefixMax = 1024;
constexpr std::int64_t kTransfersPageMax = 25;

bool IsWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool IsBucket(std::string_view text) {
  const auto ends = [](char c) { return IsWord(c) && c != '_'; };
  return text.size() >= 2 && ends(text.front()) && ends(text.back()) &&
         std::ranges::all_of(text, [](char c) { return IsWord(c) || c == '.' || c == '-'; });
}
bool IsAccount(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool IsClientToken(std::string_view text) { return !text.empty() && text.find('$') == std::string_view::npos; }
bool IsDelimiter(std::string_view text) {
  return text.size() == 1 && std::string_view(",;:|\t ").find(text.front()) != std::string_view::npos;
}

Shape Bucket() {
  return String({NotNull(), MaxLength(255), Pattern("^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$", IsBucket)});
}
Shape BucketOwner() { return String({Pattern("[0-9]{12}", IsAccount)}); }
Shape Prefix() { return String({MaxLength(kPrefixMax)}); }
Shape ClientToken() { return String({Pattern("^[^\\$]+$", IsClientToken)}); }
Shape Arn(std::vector<Constraint> constraints = {}) {
  constraints.push_back(MinLength(1));
  constraints.push_back(MaxLength(1024));
  return String(std::move(constraints));
}
Shape TransferArn() { return String({NotNull(), MinLength(37), MaxLength(1024)}); }

// CreateTable's parameters under another name; what an import doesn't know of them is left alone (import_table.cc).
Shape TableCreationParameters() {
  Shape shape = CreateTable();
  shape.class_name = "TableCreationParameters";
  shape.constraints = {NotNull()};
  for (const char* without :
       {"LocalSecondaryIndexes", "StreamSpecification", "Tags", "TableClass", "DeletionProtectionEnabled",
        "WarmThroughput", "ResourcePolicy", "GlobalTableSourceArn", "GlobalTableSettingsReplicationMode"}) {
    std::erase_if(shape.fields, [&](const Field& field) { return field.name == without; });
  }
  for (Field& field : shape.fields) {
    if (field.name == "TableName") field.shape = TableName();
  }
  return shape;
}

}  // namespace

const Shape& FilterSpecification() {
  static const Shape shape =
      WithOlderValues(Structure("FilterSpecification", {
                                                           {"FilterExpression", String()},
                                                           {"ProjectionExpression", String()},
                                                           {"KeyConditionExpression", String()},
                                                           {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                                           {"ExpressionAttributeValues", Attributes()},
                                                       }));
  return shape;
}

const Shape& ExportTableToPointInTime() {
  static const Shape shape =
      Structure("ExportTableToPointInTimeInput",
                {
                    {"TableArn", Arn({NotNull()})},
                    {"ExportTime", Timestamp()},
                    {"ClientToken", ClientToken()},
                    {"S3Bucket", Bucket()},
                    {"S3BucketOwner", BucketOwner()},
                    {"S3Prefix", Prefix()},
                    {"S3SseAlgorithm", String({Enum({"AES256", "KMS"})})},
                    {"S3SseKmsKeyId", String({MinLength(1), MaxLength(2048)})},
                    {"ExportFormat", String({Enum({"DYNAMODB_JSON", "ION"})})},
                    {"ExportType", String({Enum({"FULL_EXPORT", "INCREMENTAL_EXPORT"})})},
                    {"IncrementalExportSpecification",
                     Structure("IncrementalExportSpecification",
                               {
                                   {"ExportFromTime", Timestamp()},
                                   {"ExportToTime", Timestamp()},
                                   {"ExportViewType", String({Enum({"NEW_IMAGE", "NEW_AND_OLD_IMAGES"})})},
                               })},
                    {"FilterSpecification", FilterSpecification()},
                });
  return shape;
}

const Shape& ImportTable() {
  static const Shape shape = Structure(
      "ImportTableInput",
      {
          {"ClientToken", ClientToken()},
          {"S3BucketSource",
           Structure("S3BucketSource",
                     {{"S3BucketOwner", BucketOwner()}, {"S3Bucket", Bucket()}, {"S3KeyPrefix", Prefix()}},
                     {NotNull()})},
          {"InputFormat", String({NotNull(), Enum({"DYNAMODB_JSON", "ION", "CSV"})})},
          {"InputFormatOptions",
           Structure(
               "InputFormatOptions",
               {{"Csv",
                 Structure(
                     "CsvOptions",
                     {
                         {"Delimiter", String({Pattern("[,;:|\\t ]", IsDelimiter), MinLength(1), MaxLength(1)})},
                         {"HeaderList", List(String({MinLength(1), MaxLength(65536)}), {MinLength(1), MaxLength(255)})},
                     })}})},
          {"InputCompressionType", String({Enum({"ZSTD", "NONE", "GZIP"})})},
          {"TableCreationParameters", TableCreationParameters()},
      });
  return shape;
}

const Shape& DescribeExport() {
  static const Shape shape = Structure("DescribeExportInput", {{"ExportArn", TransferArn()}});
  return shape;
}

const Shape& DescribeImport() {
  static const Shape shape = Structure("DescribeImportInput", {{"ImportArn", TransferArn()}});
  return shape;
}

const Shape& ListExports() {
  static const Shape shape =
      Structure("ListExportsInput", {
                                        {"TableArn", Arn()},
                                        {"MaxResults", Integer({MinValue(1), MaxValue(kTransfersPageMax)})},
                                        {"NextToken", String()},
                                    });
  return shape;
}

const Shape& ListImports() {
  static const Shape shape =
      Structure("ListImportsInput", {
                                        {"TableArn", Arn()},
                                        {"PageSize", Integer({MinValue(1), MaxValue(kTransfersPageMax)})},
                                        {"NextToken", String()},
                                    });
  return shape;
}

}  // namespace insula::wire::shapes
