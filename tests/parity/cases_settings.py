"""Settings of a table: time to live, points in time, insights, streams, encryption, class, protection, tags."""
from harness import ANY, case, each, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "


def described(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]


def update(t, name, **change):
    return t.must_be_answered("UpdateTable", dict(TableName=name, **change))["TableDescription"]


def refused(t, name, message, error="ValidationException", **change):
    t.refuses("UpdateTable", dict(TableName=name, **change), message, error)


def never(t, message, **given):
    t.refuses("CreateTable", dict(schema(), TableName="Never", **given), message)


def missing(member):
    return f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"


# --- time to live ---

@case(ACK + "TABLE-144, TABLE-145, TABLE-146, TABLE-147")
def time_to_live(t):
    name = t.new_table()

    def ttl(enabled, attribute):
        return dict(TableName=name, TimeToLiveSpecification=dict(Enabled=enabled, AttributeName=attribute))
    off = dict(TimeToLiveDescription=dict(TimeToLiveStatus="DISABLED"))
    t.answers("DescribeTimeToLive", dict(TableName=name), off)
    t.refuses("UpdateTimeToLive", ttl(False, "x"), "TimeToLive is already disabled")
    t.refuses("UpdateTimeToLive", ttl(True, "a" * 256),
              f"1 validation error detected: Value '{'a' * 256}' at 'timeToLiveSpecification.attributeName' failed to satisfy "
              "constraint: Member must have length less than or equal to 255")
    for member, specification in (("attributeName", dict(Enabled=True)), ("enabled", dict(AttributeName="a"))):
        t.refuses("UpdateTimeToLive", dict(TableName=name, TimeToLiveSpecification=specification),
                  missing("timeToLiveSpecification." + member))
    t.answers("UpdateTimeToLive", ttl(True, "ttl_a"),
              dict(TimeToLiveSpecification=dict(Enabled=True, AttributeName="ttl_a")))
    t.answers("DescribeTimeToLive", dict(TableName=name),
              dict(TimeToLiveDescription=dict(TimeToLiveStatus="ENABLED", AttributeName="ttl_a")))
    t.refuses("UpdateTimeToLive", ttl(True, "ttl_a"), "TimeToLive is already enabled")
    for enabled in (True, False):
        t.refuses("UpdateTimeToLive", ttl(enabled, "ttl_b"),
                  "TimeToLive is active on a different AttributeName: current AttributeName is ttl_a")


@case(ACK + "TABLE-146: of the partition key, too")
def time_to_live_of_a_key(t):
    name = t.new_table()
    t.must_be_answered("UpdateTimeToLive", dict(TableName=name, TimeToLiveSpecification=dict(Enabled=True,
                                                                                           AttributeName="pk")))


# --- points in time ---

@case(ACK + "TABLE-083, TABLE-084, TABLE-085, TABLE-111")
def points_in_time(t):
    name = t.new_table()

    def recovery(enabled, **more):
        return dict(TableName=name, PointInTimeRecoverySpecification=dict(PointInTimeRecoveryEnabled=enabled, **more))

    def told():
        return t.must("DescribeContinuousBackups", dict(TableName=name))["ContinuousBackupsDescription"]
    off = dict(ContinuousBackupsStatus="ENABLED", PointInTimeRecoveryDescription=dict(PointInTimeRecoveryStatus="DISABLED"))
    t.same("at first", off, told())
    t.must("UpdateContinuousBackups", recovery(True))
    first = told()["PointInTimeRecoveryDescription"]
    t.same("the period", 35, first["RecoveryPeriodInDays"])
    t.must("UpdateContinuousBackups", recovery(True))
    t.same("the earliest", first["EarliestRestorableDateTime"],
           told()["PointInTimeRecoveryDescription"]["EarliestRestorableDateTime"])
    for days in (7, 1, 35, 7):
        t.must("UpdateContinuousBackups", recovery(True, RecoveryPeriodInDays=days))
        t.same("the period", days, told()["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"])
    t.refuses("UpdateContinuousBackups", recovery(True, RecoveryPeriodInDays=36),
              "1 validation error detected: Value '36' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to "
              "satisfy constraint: Member must have value less than or equal to 35")
    for days in (7, 35):
        t.refuses("UpdateContinuousBackups", recovery(False, RecoveryPeriodInDays=days),
                  "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
    for _ in range(2):
        t.must("UpdateContinuousBackups", recovery(False))
        t.same("once it is off", off, told())
    t.must("UpdateContinuousBackups", recovery(True))
    t.same("the period, on again", 35, told()["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"])


# --- contributor insights ---

WITH_INDEXES = dict(
    schema("pk", "sk"), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", "sk", "g", "l")],
    GlobalSecondaryIndexes=[dict(IndexName="gsi1", KeySchema=[dict(AttributeName="g", KeyType="HASH")],
                                 Projection=dict(ProjectionType="ALL"))],
    LocalSecondaryIndexes=[dict(IndexName="lsi1", KeySchema=[dict(AttributeName="pk", KeyType="HASH"),
                                                             dict(AttributeName="l", KeyType="RANGE")],
                                Projection=dict(ProjectionType="ALL"))])
BOTH = "ACCESSED_AND_THROTTLED_KEYS"


def insights(t, name, action, **more):
    return t.must_be_answered("UpdateContributorInsights", dict(TableName=name, ContributorInsightsAction=action, **more))


def settled(t, name, **more):
    def look():
        told = t.must("DescribeContributorInsights", dict(TableName=name, **more))
        return told if told["ContributorInsightsStatus"] in ("ENABLED", "DISABLED") else None
    return t.until("the insights", look)


@case(ACK + "TABLE-089, TABLE-090, TABLE-091, TABLE-092, TABLE-341, TABLE-343")
def insights_of_a_table(t):
    name = t.new_table()
    t.answers("DescribeContributorInsights", dict(TableName=name), dict(TableName=name, ContributorInsightsStatus="DISABLED"))
    t.answers("ListContributorInsights", dict(TableName=name), dict(ContributorInsightsSummaries=[]))
    t.same("off, which it is", "DISABLED", insights(t, name, "DISABLE")["ContributorInsightsStatus"])
    answer = insights(t, name, "ENABLE")
    t.same("on", ("ENABLING", BOTH), (answer["ContributorInsightsStatus"], answer["ContributorInsightsMode"]))
    t.same("settled", ("ENABLED", BOTH, True), (lambda told: (told["ContributorInsightsStatus"],
           told["ContributorInsightsMode"], bool(told.get("ContributorInsightsRuleList"))))(settled(t, name)))
    t.same("on, which it is", "ENABLED", insights(t, name, "ENABLE")["ContributorInsightsStatus"])
    t.same("in another mode", "ENABLING",
           insights(t, name, "ENABLE", ContributorInsightsMode="THROTTLED_KEYS")["ContributorInsightsStatus"])
    t.same("its mode", "THROTTLED_KEYS", settled(t, name)["ContributorInsightsMode"])
    insights(t, name, "ENABLE")
    t.same("its mode, where none is given", BOTH, settled(t, name)["ContributorInsightsMode"])
    t.same("off", "DISABLING",
           insights(t, name, "DISABLE", ContributorInsightsMode="THROTTLED_KEYS")["ContributorInsightsStatus"])
    told = settled(t, name)
    t.same("what is left", dict(TableName=name, ContributorInsightsStatus="DISABLED", LastUpdateDateTime=ANY,
                                ContributorInsightsMode=ANY), told)
    t.answers("ListContributorInsights", dict(TableName=name), dict(ContributorInsightsSummaries=[]))


@case(ACK + "TABLE-094, TABLE-095, TABLE-097, TABLE-112, TABLE-137, TABLE-161, TABLE-342")
def insights_of_indexes(t):
    name = t.new_table(WITH_INDEXES)
    for index in ("lsi1", "nope"):
        message = f"Requested resource not found: Index: {index} not found for table: {name}"
        t.refuses("DescribeContributorInsights", dict(TableName=name, IndexName=index), message, "ResourceNotFoundException")
        t.refuses("UpdateContributorInsights", dict(TableName=name, IndexName=index, ContributorInsightsAction="ENABLE"),
                  message, "ResourceNotFoundException")
    insights(t, name, "ENABLE")
    insights(t, name, "ENABLE", IndexName="gsi1")
    settled(t, name), settled(t, name, IndexName="gsi1")
    summary = dict(TableName=name, ContributorInsightsStatus="ENABLED", ContributorInsightsMode=BOTH)
    page = t.must("ListContributorInsights", dict(TableName=name, MaxResults=1))
    t.same("the first page", [summary], page["ContributorInsightsSummaries"])
    t.answers("ListContributorInsights", dict(TableName=name, MaxResults=1, NextToken=page["NextToken"]),
              dict(ContributorInsightsSummaries=[dict(summary, IndexName="gsi1")]))
    update(t, name, GlobalSecondaryIndexUpdates=[dict(Delete=dict(IndexName="gsi1"))])
    t.until("the index's end", lambda: "GlobalSecondaryIndexes" not in described(t, name))
    t.answers("ListContributorInsights", dict(TableName=name), dict(ContributorInsightsSummaries=[summary]))
    t.refuses("UpdateContributorInsights", dict(TableName=name, IndexName="gsi1", ContributorInsightsAction="DISABLE"),
              f"Requested resource not found: Index: gsi1 not found for table: {name}", "ResourceNotFoundException")
    t.must("DeleteTable", dict(TableName=name))
    gone = f"Requested resource not found: Table: {name} not found"
    t.until("the table's end", lambda: t.ask("DescribeTable", dict(TableName=name))[0] != 200)
    for operation, more in (("DescribeContributorInsights", {}), ("ListContributorInsights", {}),
                            ("UpdateContributorInsights", dict(ContributorInsightsAction="DISABLE"))):
        t.refuses(operation, dict(TableName=name, **more), gone, "ResourceNotFoundException")


# --- streams ---

@case(ACK + "TABLE-035, TABLE-029, TABLE-040")
def streams_that_tables_are_made_with(t):
    def stream(**specification):
        return dict(StreamSpecification=specification)
    never(t, INVALID + "Table is being created with a stream disabled, UpdateViewType should not be specified",
          **stream(StreamEnabled=False, StreamViewType="NEW_IMAGE"))
    never(t, INVALID + "Table is being created with a stream enabled, UpdateViewType is required", **stream(StreamEnabled=True))
    for specification in (dict(StreamViewType="NEW_IMAGE"), {}):
        never(t, missing("streamSpecification.streamEnabled"), StreamSpecification=specification)
    never(t, "1 validation error detected: Value 'new_image' at 'streamSpecification.streamViewType' failed to satisfy "
          "constraint: Member must satisfy enum value set: [OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE]",
          **stream(StreamEnabled=True, StreamViewType="new_image"))
    t.same("StreamSpecification", None,
           described(t, t.new_table(schema(**stream(StreamEnabled=False)))).get("StreamSpecification"))


@case(ACK + "TABLE-050, TABLE-004, TABLE-018, TABLE-180, TABLE-362, TABLE-367, TABLE-378, TABLE-437")
def streams_on_and_off(t):
    name = t.new_table()

    def stream(**specification):
        return dict(StreamSpecification=specification)
    none = f"Table has no stream to disable: TableName: {name}"
    refused(t, name, none, **stream(StreamEnabled=False))
    refused(t, name, INVALID + "If stream is being enabled then UpdateViewType is required", **stream(StreamEnabled=True))
    for specification in (dict(StreamViewType="NEW_IMAGE"), {}):
        refused(t, name, missing("streamSpecification.streamEnabled"), StreamSpecification=specification)
    wanted = dict(StreamEnabled=True, StreamViewType="NEW_IMAGE")
    answer = update(t, name, StreamSpecification=wanted)
    t.same("of the answer", ("UPDATING", wanted, ANY), (answer["TableStatus"], answer["StreamSpecification"],
                                                        answer.get("LatestStreamArn")))
    first = described(t, name)["LatestStreamArn"]
    for again in (wanted, dict(wanted, StreamViewType="NEW_AND_OLD_IMAGES")):
        refused(t, name, f"Table already has an enabled stream: TableName: {name}", StreamSpecification=again)
    refused(t, name, INVALID + "If stream is being disabled, then UpdateViewType must not be specified",
            **stream(StreamEnabled=False, StreamViewType="KEYS_ONLY"))
    update(t, name, **stream(StreamEnabled=False))
    table = described(t, name)
    t.same("off", (None, first), (table.get("StreamSpecification"), table["LatestStreamArn"]))
    refused(t, name, none, **stream(StreamEnabled=False))
    t.same("the first stream", "DISABLED",
           t.must("DescribeStream", dict(StreamArn=first))["StreamDescription"]["StreamStatus"])
    update(t, name, StreamSpecification=wanted)
    second = described(t, name)["LatestStreamArn"]
    t.same("whether it is another one", True, second != first)
    t.same("both are listed", {first, second},
           {stream["StreamArn"] for stream in t.must("ListStreams", dict(TableName=name))["Streams"]})


# --- encryption ---

@case(ACK + "TABLE-031, TABLE-036, TABLE-044, TABLE-027, TABLE-437")
def encryption(t):
    type_off = INVALID + "SSEType can not be specified if Enabled is false"
    for specification, message in (
            (dict(Enabled=False, SSEType="KMS"), type_off), (dict(Enabled=False, SSEType="AES256"), type_off),
            (dict(Enabled=False, SSEType="KMS", KMSMasterKeyId="k"), type_off),
            (dict(Enabled=False, KMSMasterKeyId="k"), INVALID + "KMSMasterKeyId can not be specified if Enabled is false"),
            (dict(Enabled=True, SSEType="AES256"), INVALID + "SSEType AES256 is not supported"),
            (dict(Enabled=True, KMSMasterKeyId="alias/aws/dynamodb"),
             INVALID + "SSEType KMS is required if KMSMasterKeyId is specified"),
            (dict(Enabled=True, SSEType="kms"),
             "1 validation error detected: Value 'kms' at 'sSESpecification.sSEType' failed to satisfy constraint: Member must "
             "satisfy enum value set: [AES256, KMS]")):
        never(t, message, SSESpecification=specification)
    plain = t.new_table(schema(SSESpecification={}))
    t.same("SSEDescription of an empty one", None, described(t, plain).get("SSEDescription"))
    t.same("SSEDescription", None, described(t, t.new_table(schema(SSESpecification=dict(Enabled=False)))).get("SSEDescription"))
    shown = dict(Status="ENABLED", SSEType="KMS", KMSMasterKeyArn=ANY)
    for specification in (dict(SSEType="KMS"), dict(Enabled=True), dict(Enabled=True, SSEType="KMS"),
                          dict(Enabled=True, SSEType="KMS", KMSMasterKeyId="alias/aws/dynamodb")):
        t.same("SSEDescription", shown, described(t, t.table(schema(SSESpecification=specification)))["SSEDescription"])
    for off in ({}, dict(Enabled=False)):
        refused(t, plain, INVALID + "Table is already encrypted by default", SSESpecification=off)
    refused(t, plain, type_off, SSESpecification=dict(Enabled=False, SSEType="KMS"))
    update(t, plain, SSESpecification=dict(Enabled=True))
    t.same("SSEDescription", shown, described(t, plain)["SSEDescription"])
    update(t, plain, SSESpecification=dict(Enabled=False))
    t.same("SSEDescription once it is off", None, described(t, plain).get("SSEDescription"))


# --- class and protection ---

@case(ACK + "TABLE-026, TABLE-284, TABLE-040")
def the_class_of_a_table(t):
    t.same("of STANDARD", dict(TableClass="STANDARD"),
           described(t, t.new_table(schema(TableClass="STANDARD"))).get("TableClassSummary"))
    name = t.new_table(schema(TableClass="STANDARD_INFREQUENT_ACCESS"))
    t.same("of the other", dict(TableClass="STANDARD_INFREQUENT_ACCESS"), described(t, name).get("TableClassSummary"))
    answer = update(t, name, TableClass="STANDARD")
    t.same("of the answer", ("UPDATING", dict(TableClass="STANDARD_INFREQUENT_ACCESS")),
           (answer["TableStatus"], answer["TableClassSummary"]))
    never(t, "1 validation error detected: Value 'standard' at 'tableClass' failed to satisfy constraint: Member must satisfy "
          "enum value set: [STANDARD, STANDARD_INFREQUENT_ACCESS]", TableClass="standard")


@case(ACK + "TABLE-016, TABLE-017, TABLE-030, TABLE-034, TABLE-166, TABLE-438")
def protection_of_a_table(t):
    name = t.new_table(dict(WITH_INDEXES, DeletionProtectionEnabled=True))
    t.same("DeletionProtectionEnabled", True, described(t, name)["DeletionProtectionEnabled"])
    t.refuses("DeleteTable", dict(TableName=name), "Resource cannot be deleted as it is currently protected against deletion. "
              "Disable deletion protection first.")
    update(t, name, GlobalSecondaryIndexUpdates=[dict(Delete=dict(IndexName="gsi1"))])
    t.until("the index's end", lambda: "GlobalSecondaryIndexes" not in described(t, name))
    answer = update(t, name, DeletionProtectionEnabled=False)
    t.same("of the answer", ("ACTIVE", False), (answer["TableStatus"], answer["DeletionProtectionEnabled"]))
    t.must("DeleteTable", dict(TableName=name))


# --- tags ---

@case(ACK + "TABLE-110, TABLE-043, TABLE-073, TABLE-109, TABLE-368")
def tags_of_a_new_table(t):
    for tags, message in (
            ([("aws:foo", "v")], "Tag Key cannot be prefixed with aws:, Key: aws:foo"),
            ([("k" * 129, "v")], f"The Tag Key provided is invalid, Key: {'k' * 129}"),
            ([(f"k{number}", "v") for number in range(51)],
             "Number of Tags exceed the current limit for the provided ResourceArn"),
            ([("#", "v")], "The Tag Key provided is invalid, Key: #")):
        never(t, message, Tags=[dict(Key=key, Value=value) for key, value in tags])
    t.refuses("DescribeTable", dict(TableName="Never"), "Requested resource not found: Table: Never not found",
              "ResourceNotFoundException")
    t.new_table(schema(Tags=[]))
    tags = [dict(Key=f"k{number}", Value="v") for number in range(50)]
    arn = described(t, t.new_table(schema(Tags=tags)))["TableArn"]
    found = []
    answer = {}
    while not found or "NextToken" in answer:
        more = {"NextToken": answer["NextToken"]} if answer else {}
        answer = t.must("ListTagsOfResource", dict(ResourceArn=arn, **more))
        found += answer["Tags"]
    t.same("the tags", sorted(tag["Key"] for tag in tags), sorted(tag["Key"] for tag in found))
    t.same("of a token that is none", 50, len(t.must("ListTagsOfResource", dict(ResourceArn=arn, NextToken="none"))["Tags"]))


@case(ACK + "TABLE-105, TABLE-107, TABLE-108")
def tags_are_put_and_taken(t):
    arn = described(t, t.new_table())["TableArn"]

    def put(*tags):
        return dict(ResourceArn=arn, Tags=[dict(Key=key, Value=value) for key, value in tags])

    def found():
        return {tag["Key"]: tag["Value"] for tag in t.must("ListTagsOfResource", dict(ResourceArn=arn))["Tags"]}
    t.must("TagResource", put(("a", "1"), ("b", "2")))
    t.must("TagResource", put(("a", "3")))
    t.must_be_answered("UntagResource", dict(ResourceArn=arn, TagKeys=["none", "b"]))
    t.same("the tags", {"a": "3"}, found())
    t.refuses("TagResource", put(("aws:a", "1")), "Tag Key cannot be prefixed with aws:, Key: aws:a")
    t.must("TagResource", put(*((f"k{number}", "v") for number in range(49))))
    many = "Number of Tags exceed the current limit for the provided ResourceArn"
    for tags in ([("one more", "v")], [("a", "new"), ("one more", "v")], [(f"n{number}", "v") for number in range(50)]):
        t.refuses("TagResource", put(*tags), many)
    t.must_be_answered("TagResource", put(*((key, "new") for key in found())))
    t.same("all of them, changed", {"new"}, set(found().values()))
