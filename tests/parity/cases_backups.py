"""Backups, restores, points in time."""
from harness import ANY, case, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "
UNITS = dict(ReadCapacityUnits=5, WriteCapacityUnits=5)
GI1 = dict(KeySchema=[dict(AttributeName="g", KeyType="HASH")], Projection=dict(ProjectionType="ALL"))
LI1 = dict(KeySchema=[dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="l", KeyType="RANGE")],
           Projection=dict(ProjectionType="KEYS_ONLY"))


def provisioned():
    """A provisioned table pk, sk with the global index gi1 over g and the local index li1 over l."""
    return dict(
        ProvisionedThroughput=UNITS,
        AttributeDefinitions=[dict(AttributeName=name, AttributeType="S") for name in ("g", "l", "pk", "sk")],
        KeySchema=[dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="sk", KeyType="RANGE")],
        GlobalSecondaryIndexes=[dict(IndexName="gi1", ProvisionedThroughput=UNITS, **GI1)],
        LocalSecondaryIndexes=[dict(IndexName="li1", **LI1)])


def described(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]


def backup_of(t, definition=None, **item):
    """The ARN of an AVAILABLE backup, and its table's name."""
    name = t.new_table(definition)
    if item:
        t.must("PutItem", dict(TableName=name, Item=item))
    arn = t.must("CreateBackup", dict(TableName=name, BackupName="backup"))["BackupDetails"]["BackupArn"]
    t.until("the backup", lambda: t.must("DescribeBackup", dict(BackupArn=arn))["BackupDescription"]["BackupDetails"]
            ["BackupStatus"] == "AVAILABLE")
    return arn, name


def restored(t, arn, **overrides):
    """The ACTIVE table that a restore makes, described."""
    name = t.unique("restored")
    t.must("RestoreTableFromBackup", dict(BackupArn=arn, TargetTableName=name, **overrides))
    t.until("the restore", lambda: described(t, name)["TableStatus"] == "ACTIVE")
    return described(t, name)


def names_of(indexes):
    return [index["IndexName"] for index in indexes or []]


@case(ACK + "TABLE-280, TABLE-279: matched by keys and projection, not by name")
def a_restore_may_rename_indexes(t):
    arn, _ = backup_of(t, provisioned(), pk={"S": "a"}, sk={"S": "b"}, g={"S": "c"}, l={"S": "d"})
    table = restored(t, arn,
                     GlobalSecondaryIndexOverride=[dict(IndexName="gi-new", ProvisionedThroughput=UNITS, **GI1)],
                     LocalSecondaryIndexOverride=[dict(IndexName="li-new", **LI1)])
    t.same("global indexes", ["gi-new"], names_of(table.get("GlobalSecondaryIndexes")))
    t.same("local indexes", ["li-new"], names_of(table.get("LocalSecondaryIndexes")))
    for index in ("gi-new", "li-new"):
        t.same(index, 1, t.must("Scan", dict(TableName=table["TableName"], IndexName=index))["Count"])
    table = restored(t, arn, GlobalSecondaryIndexOverride=[], LocalSecondaryIndexOverride=[])
    t.same("indexes", (None, None), (table.get("GlobalSecondaryIndexes"), table.get("LocalSecondaryIndexes")))


@case(ACK + "TABLE-280, TABLE-273, TABLE-442")
def what_a_restore_may_override(t):
    arn, _ = backup_of(t, provisioned())

    def refused(message, arn=arn, **overrides):
        t.refuses("RestoreTableFromBackup", dict(BackupArn=arn, TargetTableName="Never", **overrides),
                  "Invalid Request: " + message)
    for name, shape in (("gi1", dict(GI1, Projection=dict(ProjectionType="KEYS_ONLY"))),
                        ("gi1", dict(GI1, KeySchema=[dict(AttributeName="l", KeyType="HASH")])),
                        ("other", dict(GI1, KeySchema=[dict(AttributeName="z", KeyType="HASH")]))):
        refused(f"Index {name} does not match a secondary index that existed in the source table and cannot be created "
                "during the restore operation",
                GlobalSecondaryIndexOverride=[dict(IndexName=name, ProvisionedThroughput=UNITS, **shape)])
    refused("Must specify provisioned throughput for index gi1", GlobalSecondaryIndexOverride=[dict(IndexName="gi1", **GI1)])
    refused("Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST for index gi1",
            BillingModeOverride="PAY_PER_REQUEST",
            GlobalSecondaryIndexOverride=[dict(IndexName="gi1", ProvisionedThroughput=UNITS, **GI1)])
    refused("Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST",
            BillingModeOverride="PAY_PER_REQUEST", ProvisionedThroughputOverride=UNITS)
    refused("Cannot override MaxReadRequestUnits for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST",
            OnDemandThroughputOverride=dict(MaxReadRequestUnits=5))
    on_demand, _ = backup_of(t)
    refused("Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED", on_demand,
            ProvisionedThroughputOverride=UNITS)
    refused("Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED", on_demand,
            BillingModeOverride="PROVISIONED")
    refused("Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range", on_demand,
            OnDemandThroughputOverride=dict(MaxReadRequestUnits=0))


@case(ACK + "TABLE-215, TABLE-216")
def what_a_restored_table_is_without(t):
    name = t.new_table(schema(TableClass="STANDARD_INFREQUENT_ACCESS", SSESpecification=dict(Enabled=True),
                              OnDemandThroughput=dict(MaxReadRequestUnits=100, MaxWriteRequestUnits=50)))
    arn = t.must("CreateBackup", dict(TableName=name, BackupName="backup"))["BackupDetails"]["BackupArn"]
    table = restored(t, arn)
    t.same("TableClassSummary", None, table.get("TableClassSummary"))
    t.same("RestoreSummary", None, table.get("RestoreSummary"))
    t.same("SSEDescription", dict(Status="ENABLED", SSEType="KMS", KMSMasterKeyArn=ANY), table.get("SSEDescription"))
    t.same("OnDemandThroughput", dict(MaxReadRequestUnits=100, MaxWriteRequestUnits=50), table.get("OnDemandThroughput"))


@case(ACK + "TABLE-272, TABLE-100, TABLE-442")
def how_a_restore_in_time_is_asked_for(t):
    name = t.new_table()
    arn = described(t, name)["TableArn"]

    def refused(message, error="ValidationException", **parameters):
        t.refuses("RestoreTableToPointInTime", dict(TargetTableName="Never", **parameters), message, error)
    latest = dict(UseLatestRestorableTime=True)
    refused("Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName", SourceTableName=name,
            SourceTableArn=arn, **latest)
    refused("The parameter 'TableName' is required but was not present in the request", **latest)
    refused("Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore "
            "request. Please specify either RestoreDateTime time or UseLatestRestorableTime", SourceTableName=name,
            RestoreDateTime=1700000000, **latest)
    refused("Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both",
            SourceTableName=name)
    refused("This action is only supported by accounts that match the resource owner\u2019s account.",
            SourceTableArn=":".join(part if i != 4 else "999999999999" for i, part in enumerate(arn.split(":"))), **latest)
    refused(f"Point in time recovery is not enabled for table '{name}'", "PointInTimeRecoveryUnavailableException",
            SourceTableName=name, **latest)
    refused("Table not found: NoSuchTable", "TableNotFoundException", SourceTableName="NoSuchTable", **latest)
    t.must("UpdateContinuousBackups", dict(TableName=name, PointInTimeRecoverySpecification=dict(
        PointInTimeRecoveryEnabled=True)))
    answer = t.ask("RestoreTableToPointInTime", dict(SourceTableName=name, TargetTableName="Never", RestoreDateTime=0))[1]
    said = "RestoreDateTime '1970-01-01T00:00:00Z' must be within EarliestRestorableDateTime '"
    t.same("its message's beginning", said, answer.get("message", "")[:len(said)])
    t.same("its kind", "InvalidRestoreTimeException", answer["__type"].split("#")[-1])


@case(ACK + "TABLE-086, TABLE-442")
def points_in_time_begin_now(t):
    name = t.new_table()
    recovery = t.must("UpdateContinuousBackups", dict(TableName=name, PointInTimeRecoverySpecification=dict(
        PointInTimeRecoveryEnabled=True)))["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    t.same("what it tells", dict(PointInTimeRecoveryStatus="ENABLED", RecoveryPeriodInDays=35,
                                 EarliestRestorableDateTime=ANY, LatestRestorableDateTime=ANY), recovery)
    t.refuses("UpdateContinuousBackups", dict(TableName=name, PointInTimeRecoverySpecification=dict(
        PointInTimeRecoveryEnabled=False, RecoveryPeriodInDays=3)),
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")


@case(ACK + "BACKUP-014, BACKUP-012")
def how_backups_are_listed_and_named(t):
    t.refuses("ListBackups", dict(TimeRangeLowerBound=1700000001, TimeRangeUpperBound=1700000000),
              INVALID + "Time range lower bound must be less than or equal to upper bound")
    t.answers("ListBackups", dict(TimeRangeLowerBound=1700000000, TimeRangeUpperBound=1700000000), dict(BackupSummaries=[]))
    table = described(t, t.table())["TableArn"]
    for operation, more in (("DescribeBackup", {}), ("DeleteBackup", {}),
                            ("RestoreTableFromBackup", dict(TargetTableName="Never"))):
        for arn in (table, "x" * 48):
            t.refuses(operation, dict(BackupArn=arn, **more), "Invalid Backup ARN")


@case(ACK + "BACKUP-015")
def what_a_deleted_table_leaves_is_nobodys_to_delete(t):
    name = t.new_table()
    t.must("UpdateContinuousBackups", dict(TableName=name, PointInTimeRecoverySpecification=dict(
        PointInTimeRecoveryEnabled=True)))
    t.must("DeleteTable", dict(TableName=name))
    kept = t.until("the backup", lambda: t.must("ListBackups", dict(TableName=name, BackupType="SYSTEM"))["BackupSummaries"])
    t.same("how many", 1, len(kept))
    arn = kept[0]["BackupArn"]
    t.same("its name", name + "$DeletedTableBackup", kept[0]["BackupName"])
    t.same("its ARN's end", "-00000000", arn[-9:])
    status, answer = t.ask("DeleteBackup", dict(BackupArn=arn))
    said = f"Invalid Request: User is not allowed to delete the system backup with arn {arn}. It will automatically expire on "
    t.same("its refusal", ("ValidationException", said),
           (answer["__type"].split("#")[-1], answer["message"][:len(said)]))


# --- backups themselves ---

INDEXED_MEMBERS = {"IndexName", "KeySchema", "Projection"}


@case(ACK + "BACKUP-004, BACKUP-005, BACKUP-006, BACKUP-011, BACKUP-019")
def what_is_told_of_backups(t):
    name = t.new_table()
    made = [t.must("CreateBackup", dict(TableName=name, BackupName="same"))["BackupDetails"] for _ in range(3)]
    t.same("what making one tells", [{"BackupArn", "BackupCreationDateTime", "BackupName", "BackupSizeBytes", "BackupStatus",
                                      "BackupType"}] * 3, [set(details) for details in made])
    t.same("how many ARNs", 3, len({details["BackupArn"] for details in made}))
    for details in made:
        t.same("the time in its ARN", f"{round(details['BackupCreationDateTime'] * 1000):014}",
               details["BackupArn"].split("/")[-1].split("-")[0])
    arn = made[0]["BackupArn"]
    told = t.until("the backup", lambda: [each for each in [t.must("DescribeBackup", dict(BackupArn=arn))["BackupDescription"]]
                                          if each["BackupDetails"]["BackupStatus"] == "AVAILABLE"])[0]
    t.same("its parts", {"BackupDetails", "SourceTableDetails", "SourceTableFeatureDetails"}, set(told))
    t.same("features of a plain table", {}, told["SourceTableFeatureDetails"])
    t.same("its time", (made[0]["BackupCreationDateTime"], None),
           (told["BackupDetails"]["BackupCreationDateTime"], told["BackupDetails"].get("BackupExpiryDateTime")))
    summaries = t.must("ListBackups", dict(TableName=name))["BackupSummaries"]
    t.same("the list, in order", [details["BackupArn"] for details in made], [each["BackupArn"] for each in summaries])
    t.same("of each", {"TableName", "TableId", "TableArn", "BackupArn", "BackupName", "BackupCreationDateTime", "BackupStatus",
                       "BackupType"}, set(summaries[0]) - {"BackupSizeBytes"})
    for details in made:
        t.until("each", lambda: t.must("DescribeBackup", dict(BackupArn=details["BackupArn"]))["BackupDescription"][
            "BackupDetails"]["BackupStatus"] == "AVAILABLE")
    deleted = t.must("DeleteBackup", dict(BackupArn=arn))["BackupDescription"]
    t.same("what deleting one tells", ("DELETED", name), (deleted["BackupDetails"]["BackupStatus"],
                                                         deleted["SourceTableDetails"]["TableName"]))
    for operation in ("DescribeBackup", "DeleteBackup"):
        t.refuses(operation, dict(BackupArn=arn), f"Backup not found: {arn}", "BackupNotFoundException")
    t.same("those that are left", 2, len(t.must("ListBackups", dict(TableName=name))["BackupSummaries"]))


@case(ACK + "BACKUP-007, BACKUP-016, BACKUP-001")
def backups_outlive_their_tables(t):
    arn, name = backup_of(t, None, pk={"S": "a"})
    first = described(t, name)
    t.must("DeleteTable", dict(TableName=name))
    t.until("the table's end", lambda: t.ask("DescribeTable", dict(TableName=name))[0] == 400)
    t.refuses("CreateBackup", dict(TableName=name, BackupName="late"), f"Table not found: {name}", "TableNotFoundException")
    told = t.must("DescribeBackup", dict(BackupArn=arn))["BackupDescription"]
    t.same("of its table", ("AVAILABLE", name, first["TableId"]), (
        told["BackupDetails"]["BackupStatus"], told["SourceTableDetails"]["TableName"], told["SourceTableDetails"]["TableId"]))
    t.server.create_table(t.credentials, TableName=name, **schema())
    t.must("CreateBackup", dict(TableName=name, BackupName="second"))
    summaries = t.must("ListBackups", dict(TableName=name))["BackupSummaries"]
    t.same("of both tables", (2, 1, 2), (len(summaries), len({each["TableArn"] for each in summaries}),
                                         len({each["TableId"] for each in summaries})))
    t.same("its item, restored", 1, t.must("Scan", dict(TableName=restored(t, arn)["TableName"], ConsistentRead=True))["Count"])


@case(ACK + "BACKUP-009, BACKUP-021")
def what_a_backup_keeps_of_its_table(t):
    definition = dict(provisioned(), StreamSpecification=dict(StreamEnabled=True, StreamViewType="NEW_AND_OLD_IMAGES"),
                      SSESpecification=dict(Enabled=True), TableClass="STANDARD_INFREQUENT_ACCESS", Tags=[dict(Key="k", Value="v")])
    arn, name = backup_of(t, definition)
    told = t.must("DescribeBackup", dict(BackupArn=arn))["BackupDescription"]
    features = told["SourceTableFeatureDetails"]
    t.same("features", {"StreamDescription", "SSEDescription", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"}, set(features))
    t.same("a global index", INDEXED_MEMBERS | {"ProvisionedThroughput"}, set(features["GlobalSecondaryIndexes"][0]))
    t.same("a local index", INDEXED_MEMBERS, set(features["LocalSecondaryIndexes"][0]))
    t.must("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[dict(Update=dict(
        IndexName="gi1", ProvisionedThroughput=dict(ReadCapacityUnits=10, WriteCapacityUnits=10)))]))
    again = t.must("DescribeBackup", dict(BackupArn=arn))["BackupDescription"]
    t.same("once its index has changed", features, again["SourceTableFeatureDetails"])
    made = restored(t, arn)
    t.same("the index's units, restored", 5, made["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"])


@case(ACK + "TABLE-281, TABLE-405")
def what_overrides_of_throughput_apply_to(t):
    arn, _ = backup_of(t, provisioned())

    def units_of(made):
        return [each["ProvisionedThroughput"]["ReadCapacityUnits"] for each in (made, made["GlobalSecondaryIndexes"][0])]
    seven = dict(ReadCapacityUnits=7, WriteCapacityUnits=7)
    t.same("the table's alone", [7, 5], units_of(restored(t, arn, ProvisionedThroughputOverride=seven)))
    t.same("the index's alone", [5, 7], units_of(restored(t, arn, GlobalSecondaryIndexOverride=[
        dict(IndexName="gi1", ProvisionedThroughput=seven, **GI1)])))
    limits = dict(MaxReadRequestUnits=50, MaxWriteRequestUnits=50)
    made = restored(t, arn, BillingModeOverride="PAY_PER_REQUEST", OnDemandThroughputOverride=limits)
    t.same("on demand", ("PAY_PER_REQUEST", [0, 0], limits),
           (made["BillingModeSummary"]["BillingMode"], units_of(made), made["OnDemandThroughput"]))
