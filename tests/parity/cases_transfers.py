"""Exports and imports, as they are asked for and told of."""
from harness import ANY, case, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "


def arn_of(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]["TableArn"]


def with_past(t):
    """The name and the ARN of a table whose past is kept."""
    name = t.new_table()
    t.must("UpdateContinuousBackups", dict(TableName=name, PointInTimeRecoverySpecification=dict(
        PointInTimeRecoveryEnabled=True)))
    return name, arn_of(t, name)


def ended(t, operation, what, arn):
    def look():
        description = t.must(operation, {f"{what}Arn": arn})[
            "ImportTableDescription" if what == "Import" else "ExportDescription"]
        return description if description[f"{what}Status"] != "IN_PROGRESS" else None
    return t.until(f"the {what}", look)


@case(ACK + "EXPORT-001, EXPORT-002")
def which_table_is_exported(t):
    name = t.table()
    arn = arn_of(t, name)

    def refused(arn, message, error="ValidationException"):
        t.refuses("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports"), message, error)
    refused(name, INVALID + "tableArn is not a valid ARN")
    refused(arn + "/index/i", "Invalid Request: Table ARN is invalid.")
    elsewhere = arn.replace(":us-east-1:", ":eu-west-1:")
    refused(elsewhere, f"Table not found: {elsewhere}", "TableNotFoundException")
    refused(arn + "-none", f"Table not found: {arn}-none", "TableNotFoundException")
    refused(arn, f"Point in time recovery is not enabled for table '{name}'", "PointInTimeRecoveryUnavailableException")


@case(ACK + "EXPORT-003, EXPORT-004, EXPORT-001, EXPORT-005")
def what_goes_with_which_kind_of_export(t):
    name, arn = with_past(t)
    made = int(t.must("DescribeTable", dict(TableName=name))["Table"]["CreationDateTime"])

    def refused(message, error="ValidationException", **parameters):
        t.refuses("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports", **parameters), message, error)

    def incremental(**specification):
        return dict(ExportType="INCREMENTAL_EXPORT", IncrementalExportSpecification=specification)
    refused("Invalid Request: Export Type expected to be Incremental Export when incremental export specification is provided",
            IncrementalExportSpecification=dict(ExportFromTime=made))
    refused("Invalid Request: When Export Type is Full Export , Incremental Export Specification should not be provided",
            ExportType="FULL_EXPORT", IncrementalExportSpecification=dict(ExportFromTime=made))
    refused("Invalid Request: Incremental Export Specification expected when export type is set as Incremental Export",
            ExportType="INCREMENTAL_EXPORT")
    refused("Invalid Request: ExportFromTime must be provided in IncrementalExportSpecification",
            **incremental(ExportViewType="NEW_IMAGE"))
    wrong = "InvalidExportTimeException"
    refused("Incremental export period from time cannot be less than the table creation time : 2001-09-09T01:46:40Z", wrong,
            **incremental(ExportFromTime=1000000000))
    refused("Incremental export period to time cannot be greater than the current time : 2286-11-20T17:46:40Z", wrong,
            **incremental(ExportFromTime=made + 1, ExportToTime=10000000000))
    refused("Difference between export period from time and export period to time is less than 15 minutes", wrong,
            **incremental(ExportFromTime=made + 1))
    for time in (1000000000, 10000000000):
        refused("Export Time is invalid", wrong, ExportTime=time)
    for more in ({}, dict(S3SseAlgorithm="AES256")):
        refused("Invalid Request: KMS Key Id is not supported for this encryption type", S3SseKmsKeyId="alias/aws/s3", **more)


@case(ACK + "EXPORT-009, EXPORT-010, EXPORT-016, EXPORT-017, EXPORT-020")
def what_is_told_of_exports(t):
    name, arn = with_past(t)
    asked = dict(TableArn=arn, S3Bucket="exports", ClientToken="first", ExportType="FULL_EXPORT")
    begun = t.must("ExportTableToPointInTime", asked)["ExportDescription"]
    t.same("ExportType", None, begun.get("ExportType"))
    t.same("S3SseAlgorithm", "AES256", begun["S3SseAlgorithm"])
    t.same("ExportFormat", "DYNAMODB_JSON", begun["ExportFormat"])
    t.refuses("ExportTableToPointInTime", dict(asked, S3Prefix="other"),
              "Export conflict: Duplicate request detected with conflicting parameters", "ExportConflictException")
    description = ended(t, "DescribeExport", "Export", begun["ExportArn"])
    t.same("ExportType once it has ended", None, description.get("ExportType"))
    summaries = t.must("ListExports", dict(TableArn=arn))["ExportSummaries"]
    t.same("summaries", [dict(ExportArn=begun["ExportArn"], ExportStatus="COMPLETED", ExportType="FULL_EXPORT")], summaries)
    t.must("DeleteTable", dict(TableName=name))
    t.until("the table's end", lambda: t.ask("DescribeTable", dict(TableName=name))[0] != 200)
    t.same("after DeleteTable", [], t.must("ListExports", dict(TableArn=arn))["ExportSummaries"])
    t.must("CreateTable", dict(TableName=name, **schema()))
    t.same("after it was made again", [], t.must("ListExports", dict(TableArn=arn))["ExportSummaries"])
    t.shows("DescribeExport", dict(ExportArn=begun["ExportArn"]), ExportDescription=ANY)


@case(ACK + "EXPORT-006, IMPORT-010")
def exports_and_imports_that_are_not_there(t):
    table = arn_of(t, t.table())
    export, other = f"{table}/export/01791506414432-3f2e5aa4", f"{table}/import/01791506414432-3f2e5aa4"
    t.refuses("DescribeExport", dict(ExportArn=export), f"Export not found: Export not found: {export}",
              "ExportNotFoundException")
    for arn in (table, other, "x" * 40):
        t.refuses("DescribeExport", dict(ExportArn=arn), "Invalid Export ARN")
    for arn in (table, export, "x" * 40):
        t.refuses("DescribeImport", dict(ImportArn=arn), "Invalid Import ARN")
    elsewhere = export.replace(":us-east-1:", ":eu-west-1:")
    t.refuses("DescribeExport", dict(ExportArn=elsewhere), "Export not found: Invalid export arn", "ExportNotFoundException")
    for arn in (other, other.replace(":us-east-1:", ":eu-west-1:")):
        t.same("DescribeImport", "ImportNotFoundException",
               t.ask("DescribeImport", dict(ImportArn=arn))[1]["__type"].split("#")[-1])


@case(ACK + "EXPORT-006: a token is its own list's")
def a_token_of_another_list(t):
    _, arn = with_past(t)
    for _ in range(2):
        t.must("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports"))
    token = t.must("ListExports", dict(MaxResults=1))["NextToken"]
    t.refuses("ListImports", dict(NextToken=token), f"Invalid Request: Provided nextToken is invalid: {token}")
    t.refuses("ListExports", dict(NextToken="nonsense"), "Invalid Request: Provided nextToken is invalid: nonsense")
    t.must("ListExports", dict(MaxResults=5, NextToken=token))


def importing(name, prefix="none/", **more):
    return dict(dict(S3BucketSource=dict(S3Bucket="exports", S3KeyPrefix=prefix), InputFormat="DYNAMODB_JSON",
                     TableCreationParameters=dict(TableName=name, **schema())), **more)


@case(ACK + "IMPORT-009")
def how_an_import_is_asked_for(t):
    t.refuses("ImportTable", importing("Never", InputFormatOptions=dict(Csv=dict(Delimiter=","))),
              "Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.")
    t.refuses("ImportTable", importing("Never", InputCompressionType="BZIP2"),
              "1 validation error detected: Value 'BZIP2' at 'inputCompressionType' failed to satisfy constraint: Member must "
              "satisfy enum value set: [ZSTD, NONE, GZIP]")
    _, answer = t.ask("ImportTable", importing("Never", InputFormat="CSV", InputFormatOptions=dict(Csv=dict(Delimiter=";;"))))
    said = ("2 validation errors detected: Value ';;' at 'inputFormatOptions.csv.delimiter' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [,;")
    t.same("the pattern comes first", said, answer["message"][:len(said)])


@case(ACK + "IMPORT-012, IMPORT-003")
def an_import_of_nothing(t):
    _, arn = with_past(t)
    begun = t.must("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports"))["ExportDescription"]
    ended(t, "DescribeExport", "Export", begun["ExportArn"])  # the bucket is there
    name = t.unique("imported")
    begun = t.must("ImportTable", importing(name))["ImportTableDescription"]
    t.same("S3BucketOwner", arn.split(":")[4], begun["S3BucketSource"].get("S3BucketOwner"))
    description = ended(t, "DescribeImport", "Import", begun["ImportArn"])
    t.same("how it ended", ("COMPLETED", None, 0), (description["ImportStatus"], description.get("FailureCode"),
                                                    description["ProcessedItemCount"]))
    t.until("the table", lambda: t.must("DescribeTable", dict(TableName=name))["Table"]["TableStatus"] == "ACTIVE")
    no_bucket = importing(t.unique("imported"))
    no_bucket["S3BucketSource"]["S3Bucket"] = "no-such-bucket"
    begun = t.must("ImportTable", no_bucket)["ImportTableDescription"]
    description = ended(t, "DescribeImport", "Import", begun["ImportArn"])
    t.same("of no bucket", ("FAILED", "S3NoSuchBucket"), (description["ImportStatus"], description["FailureCode"]))
    name = no_bucket["TableCreationParameters"]["TableName"]
    t.same("its table's ARN", True, description["TableArn"].endswith(f"table/{name}"))

    def gone():
        status, answer = t.ask("DescribeTable", dict(TableName=name))
        return (status, answer.get("message")) == (400, f"Requested resource not found: Table: {name} not found")
    t.until("its table's end", gone)


def exported(t):
    """The prefix of the data of an export of three items, the ended export, and its table."""
    name, arn = with_past(t)
    for number in range(3):
        t.must("PutItem", dict(TableName=name, Item={"pk": {"S": str(number)}}))
    begun = t.must("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports"))["ExportDescription"]
    told = ended(t, "DescribeExport", "Export", begun["ExportArn"])
    return "AWSDynamoDB/" + begun["ExportArn"].split("/")[-1], told, name


@case(ACK + "IMPORT-020, IMPORT-005, IMPORT-008, IMPORT-013, EXPORT-020")
def an_export_is_imported(t):
    prefix, export, source = exported(t)

    def imported(prefix, **more):
        name = t.unique("imported")
        begun = t.must("ImportTable", importing(name, prefix, **more))["ImportTableDescription"]
        told = ended(t, "DescribeImport", "Import", begun["ImportArn"])
        return name, (told["ImportStatus"], told.get("FailureCode"), told["ImportedItemCount"]), told
    name, found, told = imported(prefix + "/data/", InputCompressionType="GZIP")
    t.same("of its data", ("COMPLETED", None, 3), found)
    t.until("the table", lambda: t.must("DescribeTable", dict(TableName=name))["Table"]["TableStatus"] == "ACTIVE")
    t.same("whether it tells of the import", False, any("mport" in member for member in
                                                       t.must("DescribeTable", dict(TableName=name))["Table"]))
    for operation, more in (("TagResource", dict(ResourceArn=told["TableArn"], Tags=[dict(Key="k", Value="v")])),
                            ("UpdateTimeToLive", dict(TableName=name, TimeToLiveSpecification=dict(
                                Enabled=True, AttributeName="ttl"))),
                            ("UpdateTable", dict(TableName=name, DeletionProtectionEnabled=False))):
        t.must_be_answered(operation, more)
    t.must("DeleteTable", dict(TableName=name))
    t.until("its end", lambda: t.ask("DescribeTable", dict(TableName=name))[0] == 400)
    t.same("of the import", "COMPLETED",
           t.must("DescribeImport", dict(ImportArn=told["ImportArn"]))["ImportTableDescription"]["ImportStatus"])
    t.same("imports of the table", [told["ImportArn"]], [each["ImportArn"] for each in t.must(
        "ListImports", dict(TableArn=told["TableArn"]))["ImportSummaryList"]])
    _, found, told = imported(prefix + "/data/")
    t.same("of data taken for plain", ("FAILED", "ItemValidationError", 0), found)
    said = "Some of the items failed validation checks and were not imported. "  # then where there is more, which is elsewhere
    t.same("why", said, told["FailureMessage"][:len(said)])
    t.must("DeleteTable", dict(TableName=source))
    t.until("its end", lambda: t.ask("DescribeTable", dict(TableName=source))[0] == 400)
    t.same("of the export", "COMPLETED",
           t.must("DescribeExport", dict(ExportArn=export["ExportArn"]))["ExportDescription"]["ExportStatus"])
    t.answers("ListExports", dict(TableArn=export["TableArn"]), dict(ExportSummaries=[]))


@case(ACK + "IMPORT-017, IMPORT-019, TABLE-444")
def an_import_is_asked_for_once(t):
    prefix, _, source = exported(t)
    name, token = t.unique("imported"), dict(ClientToken=t.unique("token"))
    request = importing(name, prefix + "/data/", InputCompressionType="GZIP", **token)
    first = t.must("ImportTable", request)["ImportTableDescription"]["ImportArn"]
    other = importing(t.unique("imported"), prefix + "/data/", InputCompressionType="GZIP", **token)
    t.refuses("ImportTable", other, "Import conflict: Duplicate request detected with conflicting parameters",
              "ImportConflictException")
    ended(t, "DescribeImport", "Import", first)
    t.refuses("ImportTable", importing(source, prefix), f"Table already exists: {source}", "ResourceInUseException")


@case(ACK + "EXPORT-009, EXPORT-010")
def an_export_is_asked_for_once(t):
    _, arn = with_past(t)
    _, other = with_past(t)
    request = dict(TableArn=arn, S3Bucket="exports", ClientToken=t.unique("token"))
    first = t.must("ExportTableToPointInTime", request)["ExportDescription"]["ExportArn"]
    t.same("again", first, t.must("ExportTableToPointInTime", request)["ExportDescription"]["ExportArn"])
    for more in (dict(S3Prefix="other"), dict(TableArn=other), dict(S3Bucket="elsewhere")):
        t.refuses("ExportTableToPointInTime", dict(request, **more),
                  "Export conflict: Duplicate request detected with conflicting parameters", "ExportConflictException")
    ended(t, "DescribeExport", "Export", first)
    t.same("once it is over", first, t.must("ExportTableToPointInTime", request)["ExportDescription"]["ExportArn"])
    without = dict(TableArn=arn, S3Bucket="exports")
    t.same("whether two without a token are two", True, len({
        t.must("ExportTableToPointInTime", without)["ExportDescription"]["ExportArn"] for _ in range(2)}) == 2)


@case(ACK + "EXPORT-008, EXPORT-022")
def an_export_of_some_items(t):
    name, arn = with_past(t)
    for number in range(3):
        t.must("PutItem", dict(TableName=name, Item={"pk": {"S": str(number)}}))
    t.refuses("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports", FilterSpecification={}),
              "Invalid Request: Invalid FilterSpecification: The specification can not be empty")
    for prefix in (None, "foo"):
        more = dict(S3Prefix=prefix) if prefix else {}
        begun = t.must("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports", **more))["ExportDescription"]
        t.same("the prefix, told", prefix, begun.get("S3Prefix"))
        told = ended(t, "DescribeExport", "Export", begun["ExportArn"])
        t.same("how many", 3, told["ItemCount"])
        id = begun["ExportArn"].split("/")[-1]
        t.same("its manifest", f"{prefix + '/' if prefix else ''}AWSDynamoDB/{id}/manifest-summary.json",
               told["ExportManifest"])


@case(ACK + "IMPORT-011, IMPORT-016")
def exports_are_listed_by_tens(t):
    _, arn = with_past(t)
    made = [t.must("ExportTableToPointInTime", dict(TableArn=arn, S3Bucket="exports"))["ExportDescription"]["ExportArn"]
            for _ in range(11)]
    first = t.must("ListExports", dict(TableArn=arn))
    second = t.must("ListExports", dict(TableArn=arn, NextToken=first["NextToken"]))
    t.same("pages", (10, 1, None), (len(first["ExportSummaries"]), len(second["ExportSummaries"]), second.get("NextToken")))
    t.same("the newest first", made[::-1], [each["ExportArn"] for each in first["ExportSummaries"] + second["ExportSummaries"]])
    for arn in made:
        ended(t, "DescribeExport", "Export", arn)
