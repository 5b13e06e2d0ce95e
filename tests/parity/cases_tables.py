"""Tables and what is said of them: descriptions, changes, tags, streams, other regions' ARNs."""
from harness import ANY, case, each, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "


def indexed(**more):
    """A table pk with the global index gi1 over g."""
    return dict(
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[dict(AttributeName="g", AttributeType="S"), dict(AttributeName="pk", AttributeType="S")],
        KeySchema=[dict(AttributeName="pk", KeyType="HASH")],
        GlobalSecondaryIndexes=[dict(IndexName="gi1", KeySchema=[dict(AttributeName="g", KeyType="HASH")],
                                     Projection=dict(ProjectionType="ALL"))], **more)


def described(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]


def arn_of(t, name):
    return described(t, name)["TableArn"]


@case("remarks about AWS in a public suite: DeleteTable's description; LocalStack's AWS snapshots: DeletionProtectionEnabled; "
      "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): TABLE-363")
def delete_table_tells_nothing_of_what_the_table_was_made_for(t):
    name = t.new_table(schema("pk", "sk"))
    answer = t.answers("DeleteTable", dict(TableName=name), dict(TableDescription=ANY))["TableDescription"]
    t.same("its members", {
        "TableName": name, "TableStatus": "DELETING", "TableSizeBytes": 0, "ItemCount": 0, "TableArn": ANY, "TableId": ANY,
        "ProvisionedThroughput": dict(NumberOfDecreasesToday=0, ReadCapacityUnits=0, WriteCapacityUnits=0),
        "BillingModeSummary": dict(BillingMode="PAY_PER_REQUEST"), "DeletionProtectionEnabled": False,
        "TableThroughputModeSummary": dict(TableThroughputMode="PAY_PER_REQUEST")}, answer)


@case("LocalStack's AWS snapshots of CreateTable")
def create_table_says_that_deletion_is_not_protected_and_what_is_warmed(t):
    made = t.must("CreateTable", dict(TableName=t.unique("table"), **schema()))["TableDescription"]
    t.same("DeletionProtectionEnabled", False, made["DeletionProtectionEnabled"])
    t.same("WarmThroughput", None, made.get("WarmThroughput"))
    made = t.must("CreateTable", dict(TableName=t.unique("table"), **schema(WarmThroughput=dict(
        ReadUnitsPerSecond=13000, WriteUnitsPerSecond=5000))))["TableDescription"]
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=13000, WriteUnitsPerSecond=5000, Status="UPDATING"),
           made["WarmThroughput"])


@case(ACK + "IMPORT-009, for ImportTable; the same rule makes tables everywhere")
def on_demand_throughput_of_a_provisioned_table(t):
    units = dict(ReadCapacityUnits=1, WriteCapacityUnits=1)
    t.refuses("CreateTable", dict(TableName="Never", **schema(
        BillingMode="PROVISIONED", ProvisionedThroughput=units, OnDemandThroughput=dict(MaxWriteRequestUnits=5))),
        INVALID + "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.")


@case(ACK + "TABLE-456: an empty structure counts as none")
def an_empty_throughput_is_none(t):
    name = t.new_table()
    t.must("UpdateTable", dict(TableName=name, WarmThroughput={}, DeletionProtectionEnabled=False))
    t.must("UpdateTable", dict(TableName=name, OnDemandThroughput={}, DeletionProtectionEnabled=False))
    t.same("OnDemandThroughput", None, described(t, name).get("OnDemandThroughput"))


@case(ACK + "TABLE-082, TABLE-141")
def encryption_that_is_asked_for_again(t):
    name = t.new_table(schema(SSESpecification=dict(Enabled=True)))
    arn = described(t, name)["SSEDescription"]["KMSMasterKeyArn"]

    def update(**specification):
        return t.must("UpdateTable", dict(TableName=name, SSESpecification=specification))["TableDescription"]
    for again in (dict(Enabled=True), dict(Enabled=True, SSEType="KMS"),
                  dict(Enabled=True, SSEType="KMS", KMSMasterKeyId="alias/aws/dynamodb")):
        answer = update(**again)
        t.same("TableStatus", "ACTIVE", answer["TableStatus"])
        t.same("SSEDescription", dict(Status="UPDATING", SSEType="KMS", KMSMasterKeyArn=arn), answer["SSEDescription"])
        t.same("afterwards", "ENABLED", described(t, name)["SSEDescription"]["Status"])
    t.refuses("UpdateTable", dict(TableName=name, SSESpecification=dict(Enabled=True, SSEType="KMS", KMSMasterKeyId=arn)),
              INVALID + "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to "
              "change Master Key")


@case(ACK + "TABLE-365")
def the_class_that_tables_have_anyhow(t):
    name = t.new_table()
    t.must("UpdateTable", dict(TableName=name, TableClass="STANDARD"))
    t.same("TableClassSummary", None, described(t, name).get("TableClassSummary"))
    t.must("UpdateTable", dict(TableName=name, TableClass="STANDARD_INFREQUENT_ACCESS"))
    t.must("UpdateTable", dict(TableName=name, TableClass="STANDARD"))
    t.same("TableClassSummary", dict(TableClass="STANDARD", LastUpdateDateTime=ANY),
           described(t, name)["TableClassSummary"])


@case(ACK + "TABLE-160, TABLE-359")
def an_empty_list_of_index_updates(t):
    name = t.new_table()
    empty = INVALID + "List of GlobalSecondaryIndexUpdates is empty"
    for beside in (dict(DeletionProtectionEnabled=True), dict(BillingMode="PAY_PER_REQUEST"),
                   dict(OnDemandThroughput=dict(MaxReadRequestUnits=5))):
        t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[], **beside), empty)
    t.same("DeletionProtectionEnabled", False, described(t, name)["DeletionProtectionEnabled"])
    t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[]),
              "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
              "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
              "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required")


@case(ACK + "TABLE-152, TABLE-456")
def what_of_an_index_can_be_updated_on_demand(t):
    name = t.new_table(indexed())

    def update(index="gi1", table=name, **change):
        return dict(TableName=table, GlobalSecondaryIndexUpdates=[dict(Update=dict(IndexName=index, **change))])
    only = (INVALID + "The only Updates for index: gi1 when TableThroughputMode is PAY_PER_REQUEST can be to "
            "OnDemandThroughput, WarmThroughput")
    t.refuses("UpdateTable", update(), only)
    t.refuses("UpdateTable", update(OnDemandThroughput={}), only)
    t.refuses("UpdateTable", update(ProvisionedThroughput=dict(ReadCapacityUnits=5, WriteCapacityUnits=5)), only)
    for index, table in (("gi1", name), ("ghost", name), ("ghost", "NoSuchTable")):
        t.refuses("UpdateTable", update(index, table, WarmThroughput={}),
                  INVALID + "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified "
                  f"for index: {index}")
    t.refuses("UpdateTable", update("ghost", OnDemandThroughput={}),
              f"Requested resource not found: Index ghost for table {name}", "ResourceNotFoundException")
    t.must("UpdateTable", update(OnDemandThroughput=dict(MaxReadRequestUnits=-1, MaxWriteRequestUnits=-1)))


@case(ACK + "TABLE-011, TABLE-442")
def an_arn_of_another_region(t):
    arn = arn_of(t, t.table()).replace(":us-east-1:", ":eu-west-1:")
    for operation in ("DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", "DescribeContributorInsights"):
        t.refuses(operation, dict(TableName=arn), f"1 validation error detected: Invalid AWS region in '{arn}'")
    for operation, more in (("ListTagsOfResource", {}), ("TagResource", dict(Tags=[dict(Key="a", Value="b")])),
                            ("UntagResource", dict(TagKeys=["a"]))):
        t.refuses(operation, dict(ResourceArn=arn, **more),
                  f"Invalid TableArn: Invalid ResourceArn provided as input {arn}")


@case(ACK + "TABLE-071, TABLE-070, TABLE-101, TABLE-136")
def what_is_no_tables_arn_has_no_tags(t):
    name = t.new_table(schema(StreamSpecification=dict(StreamEnabled=True, StreamViewType="KEYS_ONLY")))
    table = described(t, name)
    for arn in (table["LatestStreamArn"], table["TableArn"].upper(), table["TableArn"] + "x"):
        for operation, more in (("ListTagsOfResource", {}), ("TagResource", dict(Tags=[dict(Key="a", Value="b")])),
                                ("UntagResource", dict(TagKeys=["a"]))):
            t.refuses(operation, dict(ResourceArn=arn, **more),
                      f"Requested resource not found: ResourceArn: {arn} not found", "ResourceNotFoundException")
    t.refuses("ListTagsOfResource", dict(ResourceArn=name), INVALID + f"ARNs must start with 'arn:': {name}")
    index = table["TableArn"] + "/index/gsi1"
    t.refuses("ListTagsOfResource", dict(ResourceArn=index), INVALID + "Invalid resource arn provided, only table or stream is "
              f"accepted. Provided resource arn: {index}")
    other = table["TableArn"].replace(":dynamodb:", ":s3:")
    t.refuses("ListTagsOfResource", dict(ResourceArn=other), INVALID + f"Provided Arn is not a DynamoDB resource arn: {other}")


@case(ACK + "TABLE-372, TABLE-107, TABLE-106")
def what_a_tag_may_be_made_of(t):
    arn = arn_of(t, t.table())

    def tag(key, value):
        return dict(ResourceArn=arn, Tags=[dict(Key=key, Value=value)])
    for good in ("ключ", "café", "表", "no\u00a0break", "wide\u3000blank", "a+b-c=d.e_f:g/h@i"):
        t.must("TagResource", tag(good, good))
    for bad in ("🔑", "100%", "a,b", "it's", "(x)", "a&b", "a*b", "a;b", "a?b", "a|b", "a\\b", "<a>", "~a", "#"):
        t.refuses("TagResource", tag(bad, "v"), f"The Tag Key provided is invalid, Key: {bad}")
        t.refuses("TagResource", tag("k", bad), f"The Tag Value provided is invalid, Value: {bad}")
    t.refuses("TagResource", dict(ResourceArn=arn, Tags=[dict(Key="k")]), "The Tag Value provided is invalid, Value: null")
    for key in ("", "k" * 129):
        t.refuses("TagResource", tag(key, "v"), f"The Tag Key provided is invalid, Key: {key}")
    t.refuses("TagResource", tag("k", "v" * 257), f"The Tag Value provided is invalid, Value: {'v' * 257}")
    t.refuses("UntagResource", dict(ResourceArn=arn, TagKeys=[f"k{i}" for i in range(51)]),
              "Number of Tags exceed the current limit for the provided ResourceArn")


@case("remarks about AWS in a public suite: an ExclusiveStartShardId that isn't there")
def after_a_shard_that_is_not_there_there_is_none(t):
    name = t.new_table(schema(StreamSpecification=dict(StreamEnabled=True, StreamViewType="KEYS_ONLY")))
    arn = described(t, name)["LatestStreamArn"]
    for shard in ("shardId-00000001776000000000-abcdef01", "shardId-00000000000000000099-00000004"):
        stream = t.must("DescribeStream", dict(StreamArn=arn, ExclusiveStartShardId=shard))["StreamDescription"]
        t.same("Shards", [], stream["Shards"])


@case("DynamoDB's developer guide, Change data capture for DynamoDB Streams: a shard per partition, of which a small table has one")
def a_small_tables_stream_has_one_open_shard(t):
    name = t.new_table(schema(StreamSpecification=dict(StreamEnabled=True, StreamViewType="NEW_IMAGE")))
    for number in range(20):
        t.must("PutItem", dict(TableName=name, Item={"pk": {"S": f"k{number}"}}))
    arn = described(t, name)["LatestStreamArn"]
    shards = t.must("DescribeStream", dict(StreamArn=arn))["StreamDescription"]["Shards"]
    t.same("Shards", [dict(ShardId=ANY, SequenceNumberRange=dict(StartingSequenceNumber=ANY))], shards)
    iterator = t.must("GetShardIterator", dict(StreamArn=arn, ShardId=shards[0]["ShardId"],
                                               ShardIteratorType="TRIM_HORIZON"))["ShardIterator"]
    records = t.must("GetRecords", dict(ShardIterator=iterator))["Records"]
    t.same("the keys in order", [f"k{number}" for number in range(20)],
           [record["dynamodb"]["Keys"]["pk"]["S"] for record in records])


@case("what was made can be used at once: a waiter that finds a state of milliseconds sleeps for 20 s")
@each(("CREATING",))
def an_answer_comes_when_its_state_is_over(t, creating):
    name = t.unique("table")
    t.same("TableStatus", creating, t.must("CreateTable", dict(TableName=name, **schema()))["TableDescription"]["TableStatus"])
    t.same("DescribeTable", "ACTIVE", described(t, name)["TableStatus"])
    t.same("TableStatus", "DELETING", t.must("DeleteTable", dict(TableName=name))["TableDescription"]["TableStatus"])
    t.refuses("DescribeTable", dict(TableName=name), f"Requested resource not found: Table: {name} not found",
              "ResourceNotFoundException")
