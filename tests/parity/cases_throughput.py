"""What a table is billed by, its capacity, and what changes of them answer."""
from harness import ANY, case, each, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "
NULL = "Value null at 'provisionedThroughput.{}' failed to satisfy constraint: Member must not be null"
NONE_OF_BOTH = INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"


def units(read, write):
    return dict(ReadCapacityUnits=read, WriteCapacityUnits=write)


def provisioned(read=1, write=1, **more):
    return schema(BillingMode="PROVISIONED", ProvisionedThroughput=units(read, write), **more)


def without(definition, *members):
    return {name: value for name, value in definition.items() if name not in members}


def described(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]


def update(t, name, **change):
    return t.must_be_answered("UpdateTable", dict(TableName=name, **change))["TableDescription"]


def refused(t, name, message, error="ValidationException", **change):
    t.refuses("UpdateTable", dict(TableName=name, **change), message, error)


def too_small(value):
    parts = [f"Value '{value}' at 'provisionedThroughput.{member}' failed to satisfy constraint: Member must have value "
             "greater than or equal to 1" for member in ("writeCapacityUnits", "readCapacityUnits")]
    return "2 validation errors detected: " + "; ".join(parts)


@case(ACK + "TABLE-024, TABLE-038")
@each(
    (dict(BillingMode=None), INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
                                       "PROVISIONED"),
    (dict(ProvisionedThroughput=units(1, 1)), NONE_OF_BOTH),
    (dict(ProvisionedThroughput=units(0, 0)), too_small(0)),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput=units(-1, -1)), too_small(-1)),
    (dict(BillingMode=None, ProvisionedThroughput=units(0, 0)), too_small(0)),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput=dict(ReadCapacityUnits=1)),
     "1 validation error detected: " + NULL.format("writeCapacityUnits")),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput={}),
     "2 validation errors detected: " + NULL.format("writeCapacityUnits") + "; " + NULL.format("readCapacityUnits")),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1), OnDemandThroughput=dict(MaxReadRequestUnits=5)),
     INVALID + "MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED."),
)
def capacity_that_no_table_is_made_with(t, given, message):
    t.refuses("CreateTable", dict(schema(), TableName="Never", **given), message)


SHORT = (INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. "
         "See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html"
         "#on-demand-capacity-mode-initial")
OUTSIDE = INVALID + "Requested {} for OnDemandThroughput for table is outside of valid range"


@case(ACK + "TABLE-039, TABLE-045")
def limits_and_warmth_that_a_table_is_made_with(t):
    for value in (0, -1, -2):
        t.refuses("CreateTable", dict(schema(), TableName="Never", OnDemandThroughput=dict(
            MaxReadRequestUnits=value, MaxWriteRequestUnits=value)), OUTSIDE.format("MaxReadRequestUnits"))
    for value in (0, 1):
        t.refuses("CreateTable", dict(schema(), TableName="Never", WarmThroughput=dict(
            ReadUnitsPerSecond=value, WriteUnitsPerSecond=value)), SHORT)
    t.refuses("CreateTable", dict(provisioned(10, 10), TableName="Never", WarmThroughput=dict(
        ReadUnitsPerSecond=5, WriteUnitsPerSecond=5)),
        INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than ReadCapacityUnits of "
        "ProvisionedThroughput")
    name = t.new_table(schema(OnDemandThroughput=dict(MaxReadRequestUnits=100), WarmThroughput=dict(ReadUnitsPerSecond=12001)))
    table = described(t, name)
    t.same("OnDemandThroughput", dict(MaxReadRequestUnits=100), table["OnDemandThroughput"])
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=12001, WriteUnitsPerSecond=4000, Status="ACTIVE"),
           table["WarmThroughput"])
    table = described(t, t.new_table(schema(OnDemandThroughput={}, WarmThroughput={})))
    t.same("OnDemandThroughput of an empty one", None, table.get("OnDemandThroughput"))
    t.same("WarmThroughput of an empty one", dict(ReadUnitsPerSecond=12000, WriteUnitsPerSecond=4000, Status="ACTIVE"),
           table["WarmThroughput"])


@case(ACK + "TABLE-025, TABLE-028, TABLE-032, TABLE-033, TABLE-055")
def what_is_told_of_each_mode(t):
    name = t.unique("table")
    made = t.must("CreateTable", dict(provisioned(5, 5), TableName=name))["TableDescription"]
    t.same("of CreateTable", (None, None), (made.get("BillingModeSummary"), made.get("WarmThroughput")))
    table = described(t, name)
    t.same("BillingModeSummary", None, table.get("BillingModeSummary"))
    t.same("ProvisionedThroughput", dict(units(5, 5), NumberOfDecreasesToday=0), table["ProvisionedThroughput"])
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=5, WriteUnitsPerSecond=5, Status="ACTIVE"), table["WarmThroughput"])
    name = t.unique("table")
    made = t.must("CreateTable", dict(schema(), TableName=name))["TableDescription"]
    t.same("BillingModeSummary of CreateTable", dict(BillingMode="PAY_PER_REQUEST"), made["BillingModeSummary"])
    since = dict(BillingMode="PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime=ANY)
    table = described(t, name)
    t.same("BillingModeSummary", since, table["BillingModeSummary"])
    t.same("ProvisionedThroughput", dict(units(0, 0), NumberOfDecreasesToday=0), table["ProvisionedThroughput"])
    t.same("OnDemandThroughput", None, table.get("OnDemandThroughput"))


@case(ACK + "TABLE-055, TABLE-056, TABLE-061, TABLE-062, TABLE-064, TABLE-067, TABLE-068, TABLE-183, TABLE-411, TABLE-412")
def modes_are_changed_to_and_fro(t):
    name = t.new_table()
    refused(t, name, INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
            BillingMode="PROVISIONED")
    refused(t, name, NONE_OF_BOTH, ProvisionedThroughput=units(1, 1))
    answer = update(t, name, BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1))
    t.same("TableStatus", "UPDATING", answer["TableStatus"])
    table = described(t, name)
    t.same("BillingModeSummary", dict(BillingMode="PROVISIONED", LastUpdateToPayPerRequestDateTime=ANY),
           table["BillingModeSummary"])
    t.same("its units", units(1, 1), {unit: table["ProvisionedThroughput"][unit] for unit in units(1, 1)})
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=12000, WriteUnitsPerSecond=4000, Status="ACTIVE"),
           table["WarmThroughput"])
    refused(t, name, INVALID + "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST",
            BillingMode="PAY_PER_REQUEST", ProvisionedThroughput=units(1, 1))
    answer = update(t, name, BillingMode="PAY_PER_REQUEST", OnDemandThroughput=dict(MaxReadRequestUnits=100,
                                                                                   MaxWriteRequestUnits=100))
    t.same("of the answer", "PAY_PER_REQUEST", answer["BillingModeSummary"]["BillingMode"])
    answer = update(t, t.new_table(provisioned()), BillingMode="PAY_PER_REQUEST")
    t.same("of the answer, the first time", dict(BillingMode="PAY_PER_REQUEST"), answer["BillingModeSummary"])
    table = described(t, name)
    t.same("OnDemandThroughput", dict(MaxReadRequestUnits=100, MaxWriteRequestUnits=100), table["OnDemandThroughput"])
    t.same("its units", units(0, 0), {unit: table["ProvisionedThroughput"][unit] for unit in units(1, 1)})
    update(t, name, BillingMode="PROVISIONED", ProvisionedThroughput=units(2, 2))
    t.same("OnDemandThroughput afterwards", None, described(t, name).get("OnDemandThroughput"))


WILL_NOT = ("The provisioned throughput for the table will not change. The requested value equals the current value. Current "
            "ReadCapacityUnits provisioned for the table: {0}. Requested ReadCapacityUnits: {0}. Current WriteCapacityUnits "
            "provisioned for the table: {0}. Requested WriteCapacityUnits: {0}. Refer to the Amazon DynamoDB Developer Guide "
            "for current limits and how to request higher limits.")


@case(ACK + "TABLE-057, TABLE-063, TABLE-164; architect/dynalite, the message's end")
def what_a_table_has_already(t):
    name = t.new_table(provisioned())
    refused(t, name, INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
            BillingMode="PROVISIONED")
    for more in ({}, dict(BillingMode="PROVISIONED")):
        refused(t, name, WILL_NOT.format(1), ProvisionedThroughput=units(1, 1), **more)
    update(t, name, BillingMode="PROVISIONED", ProvisionedThroughput=units(2, 2))
    refused(t, name, WILL_NOT.format(2), ProvisionedThroughput=units(2, 2))
    update(t, name, ProvisionedThroughput=units(2, 3))


@case(ACK + "TABLE-156, TABLE-177, TABLE-383, TABLE-018, TABLE-019")
def what_may_be_said_again(t):
    name = t.new_table()
    for same in (dict(BillingMode="PAY_PER_REQUEST"), dict(TableClass="STANDARD")):
        t.same("TableStatus of the answer", "UPDATING", update(t, name, **same)["TableStatus"])
        t.same("TableStatus", "ACTIVE", described(t, name)["TableStatus"])
    for _ in range(2):
        t.same("TableStatus", "ACTIVE", update(t, name, DeletionProtectionEnabled=False)["TableStatus"])


@case(ACK + "TABLE-058, TABLE-060, TABLE-061, TABLE-184")
def capacity_up_and_down(t):
    name = t.new_table(provisioned(10, 10))
    answer = update(t, name, ProvisionedThroughput=units(12, 12))
    t.same("of the answer", dict(units(10, 10), NumberOfDecreasesToday=0, LastIncreaseDateTime=ANY),
           answer["ProvisionedThroughput"])
    t.same("afterwards", dict(units(12, 12), NumberOfDecreasesToday=0, LastIncreaseDateTime=ANY),
           described(t, name)["ProvisionedThroughput"])
    for number, (read, write) in enumerate(((9, 9), (9, 8), (9, 7), (8, 9)), start=1):
        answer = update(t, name, ProvisionedThroughput=units(read, write))
        t.same("decreases, in the answer", number - 1, answer["ProvisionedThroughput"]["NumberOfDecreasesToday"])
        t.same("decreases", number, described(t, name)["ProvisionedThroughput"]["NumberOfDecreasesToday"])
    _, answer = t.ask("UpdateTable", dict(TableName=name, ProvisionedThroughput=units(7, 20)))
    said = ("Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 "
            "decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number "
            "of decreases today: 4. Last decrease at ")
    t.same("the fifth", ("LimitExceededException", said), (answer["__type"].split("#")[-1], answer["message"][:len(said)]))
    t.same("and when the next may be", True, "Coordinated Universal Time. Next decrease can be made at " in answer["message"])
    update(t, name, ProvisionedThroughput=units(20, 20))
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=20, WriteUnitsPerSecond=20, Status="ACTIVE"),
           described(t, name)["WarmThroughput"])
    refused(t, name, INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, "
            "decreasing WarmThroughput is not supported",
            WarmThroughput=dict(ReadUnitsPerSecond=1, WriteUnitsPerSecond=1))
    refused(t, name, INVALID + "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is "
            "PROVISIONED", OnDemandThroughput=dict(MaxReadRequestUnits=100, MaxWriteRequestUnits=100))


@case(ACK + "TABLE-051, TABLE-178, TABLE-182, TABLE-415, TABLE-420, TABLE-421, TABLE-429")
def limits_on_demand_are_set_one_by_one(t):
    name = t.new_table()

    def limits(expected, answered, **change):
        answer = update(t, name, OnDemandThroughput=change)
        t.same("of the answer", ("ACTIVE", answered), (answer["TableStatus"], answer.get("OnDemandThroughput")))
        t.same("OnDemandThroughput", expected, described(t, name).get("OnDemandThroughput"))
    both = dict(MaxReadRequestUnits=1000, MaxWriteRequestUnits=500)
    for _ in range(2):
        limits(both, both, **both)
    limits(dict(both, MaxReadRequestUnits=2000), dict(both, MaxReadRequestUnits=2000), MaxReadRequestUnits=2000)
    limits(dict(MaxWriteRequestUnits=500), dict(both, MaxReadRequestUnits=-1), MaxReadRequestUnits=-1)
    for member, value in (("MaxWriteRequestUnits", 0), ("MaxReadRequestUnits", -2)):
        refused(t, name, OUTSIDE.format(member), OnDemandThroughput={member: value})
    limits(None, dict(MaxWriteRequestUnits=-1), MaxWriteRequestUnits=-1)
    limits(None, dict(MaxReadRequestUnits=-1, MaxWriteRequestUnits=-1), MaxReadRequestUnits=-1, MaxWriteRequestUnits=-1)


@case(ACK + "TABLE-049, TABLE-066, TABLE-179, TABLE-459")
def warmth_only_grows(t):
    name = t.new_table()
    answer = update(t, name, WarmThroughput=dict(ReadUnitsPerSecond=12001, WriteUnitsPerSecond=4001))
    t.same("TableStatus", "ACTIVE", answer["TableStatus"])
    t.same("of the answer", dict(ReadUnitsPerSecond=12000, WriteUnitsPerSecond=4000, Status="UPDATING"),
           answer["WarmThroughput"])
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=12001, WriteUnitsPerSecond=4001, Status="ACTIVE"),
           described(t, name)["WarmThroughput"])
    update(t, name, WarmThroughput=dict(ReadUnitsPerSecond=12001, WriteUnitsPerSecond=4001))
    update(t, name, WarmThroughput=dict(WriteUnitsPerSecond=4002))
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=12001, WriteUnitsPerSecond=4002, Status="ACTIVE"),
           described(t, name)["WarmThroughput"])


AT_LEAST = ("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
            "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
            "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required")


@case(ACK + "TABLE-015, TABLE-046, TABLE-047, TABLE-357, TABLE-358")
def what_changes_nothing(t):
    name = t.new_table()
    definitions = [dict(AttributeName="pk", AttributeType="N"), dict(AttributeName="sk", AttributeType="N")]
    for nothing in ({}, dict(AttributeDefinitions=definitions), dict(KeySchema=[]), dict(Bogus=1)):
        refused(t, name, AT_LEAST, **nothing)
    t.refuses("UpdateTable", dict(TableName="there-is-none"), AT_LEAST)
    update(t, name, AttributeDefinitions=definitions, DeletionProtectionEnabled=False)
    t.same("AttributeDefinitions", [dict(AttributeName="pk", AttributeType="S")], described(t, name)["AttributeDefinitions"])


ONLY = INVALID + "{} modification must be the only operation in the request"
SSE = dict(SSESpecification=dict(Enabled=True, SSEType="KMS"))
CLASS = dict(TableClass="STANDARD_INFREQUENT_ACCESS")
PROTECTION = dict(DeletionProtectionEnabled=True)
WARM = dict(WarmThroughput=dict(ReadUnitsPerSecond=13000, WriteUnitsPerSecond=5000))
STREAM = dict(StreamSpecification=dict(StreamEnabled=True, StreamViewType="NEW_IMAGE"))
LIMITS = dict(OnDemandThroughput=dict(MaxReadRequestUnits=100, MaxWriteRequestUnits=100))
MODE = dict(BillingMode="PAY_PER_REQUEST")


@case(ACK + "TABLE-156, TABLE-382, TABLE-433")
@each(
    (PROTECTION, STREAM, ONLY.format("DeletionProtection")), (PROTECTION, LIMITS, ONLY.format("DeletionProtection")),
    (PROTECTION, MODE, ONLY.format("DeletionProtection")), (SSE, STREAM, ONLY.format("Server-Side Encryption")),
    (SSE, PROTECTION, ONLY.format("Server-Side Encryption")), (SSE, CLASS, ONLY.format("Server-Side Encryption")),
    (CLASS, PROTECTION, ONLY.format("TableClass")), (CLASS, WARM, ONLY.format("TableClass")),
    (WARM, PROTECTION, ONLY.format("DeletionProtection")),
    (WARM, STREAM, INVALID + "WarmThroughput must be the only operation in the request"),
    (LIMITS, STREAM, INVALID + "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"),
)
def changes_that_do_not_go_together(t, one, other, message):
    name = t.table()
    refused(t, name, message, **one, **other)
    table = described(t, name)
    t.same("what was changed", (False, None, None, None),
           (table["DeletionProtectionEnabled"], table.get("SSEDescription"), table.get("StreamSpecification"),
            table.get("TableClassSummary")))


@case(ACK + "TABLE-382, TABLE-433")
def changes_that_go_together(t):
    stream_and_units = INVALID + "You cannot modify stream status while updating table IOPS"
    name = t.new_table(provisioned(10, 10))
    refused(t, name, stream_and_units, ProvisionedThroughput=units(11, 11), **STREAM)
    update(t, name, **MODE, **STREAM)
    table = described(t, name)
    t.same("both", ("PAY_PER_REQUEST", STREAM["StreamSpecification"]),
           (table["BillingModeSummary"]["BillingMode"], table.get("StreamSpecification")))
    refused(t, t.table(), stream_and_units, BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1), **STREAM)
