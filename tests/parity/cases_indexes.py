"""Secondary indexes: what they may be made of, and how they come, change and go."""
from harness import ANY, case, each, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "
ALL = dict(ProjectionType="ALL")
SOME = dict(ProjectionType="INCLUDE", NonKeyAttributes=["x"])


def keys(hash, *ranges):
    """"a b" are two HASH attributes."""
    return ([dict(AttributeName=name, KeyType="HASH") for name in hash.split()] +
            [dict(AttributeName=name, KeyType="RANGE") for name in ranges])


def index(name, *attributes, projection=ALL, **more):
    return dict(dict(IndexName=name, KeySchema=keys(*attributes), Projection=projection), **more)


def defined(names):
    return [dict(AttributeName=name, AttributeType="S") for name in names.split()]


def table(names, **more):
    """Of the keys pk and sk; `names` are all that keys are made of."""
    return dict(schema("pk", "sk"), AttributeDefinitions=defined(names), **more)


def units(read, write):
    return dict(ReadCapacityUnits=read, WriteCapacityUnits=write)


def described(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]


def indexes(t, name):
    return {each["IndexName"]: each for each in described(t, name).get("GlobalSecondaryIndexes", [])}


def update(t, name, *changes, **more):
    return t.must_be_answered("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=list(changes),
                                                  **more))["TableDescription"]


def never(t, message, definition, error="ValidationException"):
    t.refuses("CreateTable", dict(definition, TableName="Never"), message, error)


def settled(t, name):
    def done():
        table = described(t, name)
        return table["TableStatus"] == "ACTIVE" and all(
            each["IndexStatus"] == "ACTIVE" for each in table.get("GlobalSecondaryIndexes", []))
    t.until("the table's indexes", done)


# --- made with the table ---

@case(ACK + "TABLE-123, TABLE-389, TABLE-417")
def an_index_has_up_to_four_attributes_of_each_kind(t):
    names = "pk sk a b c d e f g h"
    whole = keys("a b c d", "e", "f", "g", "h")
    name = t.new_table(table(names, GlobalSecondaryIndexes=[dict(IndexName="gsi1", KeySchema=whole, Projection=ALL)]))
    t.same("its key", whole, indexes(t, name)["gsi1"]["KeySchema"])
    name = t.new_table(schema("pk", "sk"))
    update(t, name, dict(Create=dict(IndexName="gsi1", KeySchema=whole, Projection=ALL)), AttributeDefinitions=defined(names))
    settled(t, name)
    t.same("its key, added", whole, indexes(t, name)["gsi1"]["KeySchema"])

    def refused(names, key, message, kind="GlobalSecondaryIndexes"):
        never(t, message, table(names, **{kind: [dict(IndexName="gsi1", KeySchema=key, Projection=ALL)]}))
    refused("pk sk a b c d e", keys("a b c d e"),
            INVALID + "The KeySchema exceeds the maximum allowed number of HASH key attributes")
    refused("pk sk a b c d e f", keys("a", "b", "c", "d", "e", "f"),
            INVALID + "The KeySchema exceeds the maximum allowed number of RANGE key attributes")
    refused("pk sk a b c", keys("a", "b") + keys("c"),
            INVALID + "All HASH key attributes must precede RANGE key attributes in the KeySchema")
    refused("pk sk a b", keys("a b", "a"), "The KeySchema contains multiple key attributes with the same name")


@case(ACK + "TABLE-124, TABLE-042")
def the_partition_key_comes_first(t):
    first = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
    for key in (keys("", "sk") + keys("pk"), keys("", "pk")):
        names = " ".join(sorted(element["AttributeName"] for element in key))
        never(t, first, dict(schema(), AttributeDefinitions=defined(names), KeySchema=key))
    never(t, "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
          dict(schema(), AttributeDefinitions=defined("pk sk"), KeySchema=keys("pk sk")))
    for key in (keys("", "b") + keys("a"), keys("", "b")):
        names = "pk sk " + " ".join(sorted(element["AttributeName"] for element in key))
        never(t, first, table(names, GlobalSecondaryIndexes=[dict(IndexName="gsi1", KeySchema=key, Projection=ALL)]))


@case(ACK + "TABLE-126, TABLE-366")
def what_an_index_projects(t):
    where = "globalSecondaryIndexes.1.member.projection"

    def refused(projection, message):
        never(t, message, table("pk sk a", GlobalSecondaryIndexes=[index("gsi1", "a", projection=projection)]))
    include = dict(ProjectionType="INCLUDE")
    refused(include, INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
    for type in ("ALL", "KEYS_ONLY"):
        refused(dict(ProjectionType=type, NonKeyAttributes=["x"]),
                INVALID + f"ProjectionType is {type}, but NonKeyAttributes is specified")
    refused(dict(include, NonKeyAttributes=["x", "x"]), INVALID + "Duplicate element in NonKeyAttributes: x")
    refused({}, INVALID + "Unknown ProjectionType: null")
    refused(dict(include, NonKeyAttributes=[]), "1 validation error detected: Value '[]' at "
            f"'{where}.nonKeyAttributes' failed to satisfy constraint: Member must have length greater than or equal to 1")
    without = index("gsi1", "a")
    del without["Projection"]
    never(t, f"1 validation error detected: Value null at '{where}' failed to satisfy constraint: Member must not be null",
          table("pk sk a", GlobalSecondaryIndexes=[without]))
    t.new_table(table("pk sk a", GlobalSecondaryIndexes=[
        index("gsi1", "a", projection=dict(include, NonKeyAttributes=["pk", "a", "x"]))]))


@case(ACK + "TABLE-127, TABLE-442")
def attributes_are_defined_for_keys_and_no_others(t):
    one = [index("gsi1", "a")]
    never(t, INVALID + "Number of attributes in KeySchema does not exactly match number of attributes defined in "
          "AttributeDefinitions", table("pk sk extra"))
    never(t, "Attribute Name is duplicated: pk", table("pk sk pk"))
    status, answer = t.ask("CreateTable", dict(table("pk sk a b c", GlobalSecondaryIndexes=one), TableName="Never"))
    said = INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: ["
    t.same("one that is not used", (400, said), (status, answer["message"][:len(said)]))
    status, answer = t.ask("CreateTable", dict(table("pk sk", GlobalSecondaryIndexes=[index("gsi1", "q")]), TableName="Never"))
    said = INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: ["
    t.same("one that is not defined", (400, said), (status, answer["message"][:len(said)]))
    # What else is wrong is not told before that.
    broken = [index("gsi1", "a", projection={})]
    said = INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: ["
    status, answer = t.ask("CreateTable", dict(table("pk sk a b", GlobalSecondaryIndexes=broken), TableName="Never"))
    t.same("before a projection", (400, said), (status, answer["message"][:len(said)]))


@case(ACK + "TABLE-128, TABLE-419")
def throughput_that_does_not_go_with_how_a_table_is_billed(t):
    def refused(message, of_index, **of_table):
        never(t, message, table("pk sk a", GlobalSecondaryIndexes=[index("g-a", "a", **of_index)], **of_table))
    provisioned = dict(BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1))
    refused(INVALID + "ProvisionedThroughput should not be specified for index: g-a when BillingMode is PAY_PER_REQUEST",
            dict(ProvisionedThroughput=units(1, 1)))
    refused(INVALID + "ProvisionedThroughput is not specified for index: g-a", {}, **provisioned)
    refused(INVALID + "MaxReadRequestUnits for OnDemandThroughput for index: g-a cannot be specified when table BillingMode is "
            "PROVISIONED.", dict(ProvisionedThroughput=units(1, 1), OnDemandThroughput=dict(MaxReadRequestUnits=10)),
            **provisioned)
    for value in (0, -1):
        refused(INVALID + "Requested MaxReadRequestUnits for OnDemandThroughput for index : g-a is outside of valid range",
                dict(OnDemandThroughput=dict(MaxReadRequestUnits=value)))
    refused(INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for index g-a is lower than initial throughput for "
            "OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html"
            "#on-demand-capacity-mode-initial", dict(WarmThroughput=dict(ReadUnitsPerSecond=11999, WriteUnitsPerSecond=4000)))
    t.new_table(table("pk sk a", GlobalSecondaryIndexes=[
        index("g-a", "a", OnDemandThroughput=dict(MaxReadRequestUnits=10), WarmThroughput=dict(ReadUnitsPerSecond=12001))]))


@case(ACK + "TABLE-129, TABLE-043")
def how_many_indexes_and_of_what_names(t):
    letters = " ".join(f"a{number}" for number in range(21))
    never(t, INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20",
          table("pk sk " + letters, GlobalSecondaryIndexes=[index(f"gsi{name}", name) for name in letters.split()]))
    never(t, INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
          table("pk sk a b c d e f", LocalSecondaryIndexes=[index(f"lsi{name}", "pk", name) for name in "abcdef"]))
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        never(t, INVALID + f"List of {kind} is empty", table("pk sk", **{kind: []}))
    never(t, INVALID + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
          dict(schema(), AttributeDefinitions=defined("pk a"), LocalSecondaryIndexes=[index("lsi1", "pk", "a")]))
    never(t, INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for index: l-a. index hash "
          "key: a, table hash key: pk", table("pk sk a b", LocalSecondaryIndexes=[index("l-a", "a", "b")]))
    never(t, INVALID + "Index KeySchema does not have a range key for index: l-a",
          table("pk sk", LocalSecondaryIndexes=[index("l-a", "pk")]))
    never(t, INVALID + "Duplicate index name: dup", table("pk sk a", GlobalSecondaryIndexes=[index("dup", "a"), index("dup", "sk")]))
    never(t, INVALID + "Duplicate index name: dup", table("pk sk a", GlobalSecondaryIndexes=[index("dup", "a")],
                                                        LocalSecondaryIndexes=[index("dup", "pk", "a")]))
    t.new_table(table("pk sk", GlobalSecondaryIndexes=[index("same", "pk", "sk")], LocalSecondaryIndexes=[
        index("other", "pk", "sk")]))


@case(ACK + "TABLE-125, TABLE-133, TABLE-134, TABLE-138")
def what_is_told_of_indexes(t):
    definition = table("z a m sk pk", GlobalSecondaryIndexes=[
        index("g-z", "z", projection=dict(ProjectionType="INCLUDE", NonKeyAttributes=["zz", "aa", "mm"])), index("g-a", "a")],
        LocalSecondaryIndexes=[index("lll", "pk", "m")])
    name = t.new_table(definition)
    told = described(t, name)
    t.same("AttributeDefinitions", ["a", "m", "pk", "sk", "z"], [each["AttributeName"] for each in told["AttributeDefinitions"]])
    first, second = told["GlobalSecondaryIndexes"]
    t.same("the indexes", ("g-z", "g-a"), (first["IndexName"], second["IndexName"]))
    t.same("NonKeyAttributes", ["aa", "mm", "zz"], first["Projection"]["NonKeyAttributes"])
    none = dict(units(0, 0), NumberOfDecreasesToday=0)
    t.same("an index", dict(index("g-a", "a"), IndexStatus="ACTIVE", ProvisionedThroughput=none, IndexSizeBytes=0, ItemCount=0,
                            WarmThroughput=dict(ReadUnitsPerSecond=12000, WriteUnitsPerSecond=4000, Status="ACTIVE"),
                            IndexArn=f"{told['TableArn']}/index/g-a"), second)
    t.same("the table's", none, told["ProvisionedThroughput"])
    t.same("a local one", dict(index("lll", "pk", "m"), IndexSizeBytes=0, ItemCount=0, IndexArn=f"{told['TableArn']}/index/lll"),
           told["LocalSecondaryIndexes"][0])
    provisioned = dict(definition, BillingMode="PROVISIONED", ProvisionedThroughput=units(5, 5), GlobalSecondaryIndexes=[
        index("g-z", "z", ProvisionedThroughput=units(13000, 4500)), index("g-a", "a", ProvisionedThroughput=units(1, 1))])
    name = t.new_table(provisioned)
    update(t, name, dict(Update=dict(IndexName="g-z", ProvisionedThroughput=units(1, 1))))
    settled(t, name)
    t.same("what is warm", [(5, 5), (13000, 4500), (1, 1)],
           [(each["ReadUnitsPerSecond"], each["WriteUnitsPerSecond"]) for each in (
               [described(t, name)["WarmThroughput"]] + [indexes(t, name)[each]["WarmThroughput"] for each in ("g-z", "g-a")])])


# --- added, changed and removed ---

@case(ACK + "TABLE-159, TABLE-160, TABLE-413")
def one_index_comes_or_goes_at_a_time(t):
    name = t.new_table(table("pk sk a b", GlobalSecondaryIndexes=[index("gsi1", "a"), index("gsi2", "b")]))
    create = [dict(Create=index(f"new{each}", each)) for each in "ab"]
    delete = [dict(Delete=dict(IndexName=each)) for each in ("gsi1", "gsi2")]

    def refused(message, *updates, error="ValidationException", **more):
        t.refuses("UpdateTable", dict(TableName=name, AttributeDefinitions=defined("a b"),
                                      GlobalSecondaryIndexUpdates=list(updates), **more), message, error)
    one = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
    for both in (create, [create[0], delete[0]], delete):
        refused(one, *both, error="LimitExceededException")
    change = dict(Update=dict(IndexName="gsi2", OnDemandThroughput=dict(MaxReadRequestUnits=10)))
    for both, which in (([delete[0], dict(Create=index("gsi1", "a"))], "gsi1"), ([change, change], "gsi2"),
                        ([delete[1], change], "gsi2")):
        refused(INVALID + f"Only one global secondary index update per index is allowed simultaneously. Index: {which}", *both)
    refused(INVALID + "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object",
            dict(change, **delete[1]))
    refused(INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
            "GlobalSecondaryIndexUpdate.Delete must not be null", {})


@case(ACK + "TABLE-169")
def the_twenty_first_index(t):
    letters = [f"a{number}" for number in range(20)]
    name = t.new_table(table("pk sk " + " ".join(letters), GlobalSecondaryIndexes=[index(f"gsi{each}", each) for each in letters]))
    t.refuses("UpdateTable", dict(TableName=name, AttributeDefinitions=defined("b"), GlobalSecondaryIndexUpdates=[
        dict(Create=index("one-more", "b"))]),
        "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20", "LimitExceededException")


@case(ACK + "TABLE-151, TABLE-162, TABLE-166, TABLE-165")
def definitions_come_and_go_with_indexes(t):
    name = t.new_table(table("pk sk a", GlobalSecondaryIndexes=[index("gsi1", "a")]))

    def names():
        return [each["AttributeName"] for each in described(t, name)["AttributeDefinitions"]]
    t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[dict(Create=index("gsi3", "c"))]),
              INVALID + "AttributeDefinitions is not specified for index: gsi3")
    answer = update(t, name, dict(Create=index("gsi3", "c")), AttributeDefinitions=defined("c unused"))
    added = next(each for each in answer["GlobalSecondaryIndexes"] if each["IndexName"] == "gsi3")
    t.same("of the answer", ("UPDATING", "CREATING", False, 0, ANY),
           (answer["TableStatus"], added["IndexStatus"], added["Backfilling"], added["ItemCount"], added["IndexArn"]))
    settled(t, name)
    t.same("Backfilling", None, indexes(t, name)["gsi3"].get("Backfilling"))
    t.same("those that are used", ["a", "c", "pk", "sk"], names())
    answer = update(t, name, dict(Delete=dict(IndexName="gsi3")), AttributeDefinitions=[
        dict(AttributeName="pk", AttributeType="N"), dict(AttributeName="more", AttributeType="S")])
    removed = next(each for each in answer["GlobalSecondaryIndexes"] if each["IndexName"] == "gsi3")
    t.same("of the answer", ("UPDATING", "DELETING"), (answer["TableStatus"], removed["IndexStatus"]))
    t.until("its end", lambda: "gsi3" not in indexes(t, name))
    t.same("those that are left", ["a", "pk", "sk"], names())
    update(t, name, dict(Create=index("gsi3", "a", projection=SOME)), AttributeDefinitions=defined("a"))
    settled(t, name)
    t.same("under its name again", SOME, indexes(t, name)["gsi3"]["Projection"])


@case(ACK + "TABLE-152, TABLE-153, TABLE-158, TABLE-133")
def indexes_follow_how_their_table_is_billed(t):
    limits = dict(OnDemandThroughput=dict(MaxReadRequestUnits=6000, MaxWriteRequestUnits=5000))
    name = t.new_table(table("pk sk a", GlobalSecondaryIndexes=[index("gsi1", "a", **limits)], **limits))
    change = dict(Update=dict(IndexName="gsi1", ProvisionedThroughput=units(50, 50)))
    wanted = INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
    to_provisioned = dict(TableName=name, BillingMode="PROVISIONED")
    t.refuses("UpdateTable", to_provisioned, wanted)
    t.refuses("UpdateTable", dict(to_provisioned, GlobalSecondaryIndexUpdates=[change]), wanted)
    t.refuses("UpdateTable", dict(to_provisioned, ProvisionedThroughput=units(50, 50)),
              INVALID + "ProvisionedThroughput must be specified for index: gsi1")
    answer = update(t, name, change, BillingMode="PROVISIONED", ProvisionedThroughput=units(50, 50))
    t.same("of the answer", (50, 50), (answer["ProvisionedThroughput"]["ReadCapacityUnits"],
                                       answer["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"]))
    settled(t, name)
    told = described(t, name)
    t.same("limits on demand", (None, None), (told.get("OnDemandThroughput"), indexes(t, name)["gsi1"].get("OnDemandThroughput")))
    t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[dict(Update=dict(IndexName="gsi1", **limits))]),
              INVALID + "MaxReadRequestUnits for OnDemandThroughput for index : gsi1 cannot be specified when the table "
              "BillingMode is PROVISIONED")
    t.refuses("UpdateTable", dict(TableName=name, AttributeDefinitions=defined("a"), GlobalSecondaryIndexUpdates=[
        dict(Create=index("gsi-nopt", "a"))]),
        INVALID + "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: gsi-nopt")
    update(t, name, dict(Create=index("gsi2", "a")), BillingMode="PAY_PER_REQUEST", AttributeDefinitions=defined("a"))
    settled(t, name)
    t.same("both", ("PAY_PER_REQUEST", {"gsi1", "gsi2"}),
           (described(t, name)["BillingModeSummary"]["BillingMode"], set(indexes(t, name))))


@case(ACK + "TABLE-157, TABLE-165, TABLE-410, TABLE-164")
def throughput_of_indexes(t):
    name = t.new_table(table("pk sk a b", BillingMode="PROVISIONED", ProvisionedThroughput=units(50, 50), GlobalSecondaryIndexes=[
        index(f"gsi{number}", each, ProvisionedThroughput=units(50, 50)) for number, each in enumerate("ab", 1)]))

    def change(number, read, write):
        return dict(Update=dict(IndexName=f"gsi{number}", ProvisionedThroughput=units(read, write)))
    answer = update(t, name, change(1, 60, 60), change(2, 60, 60))
    t.same("of the answer", ("ACTIVE", ["UPDATING"] * 2, [50] * 2),
           (answer["TableStatus"], [each["IndexStatus"] for each in answer["GlobalSecondaryIndexes"]],
            [each["ProvisionedThroughput"]["ReadCapacityUnits"] for each in answer["GlobalSecondaryIndexes"]]))
    settled(t, name)
    t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[change(1, 60, 60)]),
              "The provisioned throughput for the index gsi1 will not change. The requested value equals the current value. "
              "Current ReadCapacityUnits provisioned for the index: 60. Requested ReadCapacityUnits: 60. Current "
              "WriteCapacityUnits provisioned for the index: 60. Requested WriteCapacityUnits: 60. Refer to the Amazon DynamoDB "
              "Developer Guide for current limits and how to request higher limits.")
    for read, write in ((40, 40), (30, 60), (20, 20), (10, 10)):
        t.must("UpdateTable", dict(TableName=name, ProvisionedThroughput=units(read, write)))
        settled(t, name)
    status, answer = t.ask("UpdateTable", dict(TableName=name, ProvisionedThroughput=units(5, 5),
                                               GlobalSecondaryIndexUpdates=[change(1, 40, 40)]))
    t.same("the fifth", (400, "LimitExceededException"), (status, answer["__type"].split("#")[-1]))
    told = indexes(t, name)["gsi1"]["ProvisionedThroughput"]
    t.same("the index's", (60, 0), (told["ReadCapacityUnits"], told["NumberOfDecreasesToday"]))
    update(t, name, change(1, 40, 40))
    settled(t, name)
    t.same("its own decreases", 1, indexes(t, name)["gsi1"]["ProvisionedThroughput"]["NumberOfDecreasesToday"])


@case(ACK + "TABLE-135, TABLE-155, TABLE-430")
def limits_and_warmth_of_an_index(t):
    name = t.new_table(table("pk sk a", GlobalSecondaryIndexes=[index("gsi1", "a")], OnDemandThroughput=dict(
        MaxReadRequestUnits=1000, MaxWriteRequestUnits=1000)))
    limits = dict(MaxReadRequestUnits=5000, MaxWriteRequestUnits=5000)
    answer = update(t, name, dict(Update=dict(IndexName="gsi1", OnDemandThroughput=limits)))
    told = answer["GlobalSecondaryIndexes"][0]
    t.same("of the answer", ("ACTIVE", "UPDATING", limits), (answer["TableStatus"], told["IndexStatus"], told["OnDemandThroughput"]))
    settled(t, name)
    update(t, name, dict(Update=dict(IndexName="gsi1", OnDemandThroughput=limits)))
    settled(t, name)

    def warm(read, write):
        return dict(Update=dict(IndexName="gsi1", WarmThroughput=dict(ReadUnitsPerSecond=read, WriteUnitsPerSecond=write)))
    t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=[warm(100, 100)]),
              INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for index gsi1 is lower than current WarmThroughput, "
              "decreasing WarmThroughput is not supported")
    update(t, name, warm(12000, 4000))
    answer = update(t, name, warm(12001, 4001))
    told = answer["GlobalSecondaryIndexes"][0]
    t.same("of the answer", ("ACTIVE", "ACTIVE", dict(ReadUnitsPerSecond=12000, WriteUnitsPerSecond=4000, Status="UPDATING")),
           (answer["TableStatus"], told["IndexStatus"], told["WarmThroughput"]))
    settled(t, name)
    update(t, name, dict(Update=dict(IndexName="gsi1", WarmThroughput=dict(ReadUnitsPerSecond=12002))))
    settled(t, name)
    t.same("WarmThroughput", dict(ReadUnitsPerSecond=12002, WriteUnitsPerSecond=4001, Status="ACTIVE"),
           indexes(t, name)["gsi1"]["WarmThroughput"])


@case(ACK + "TABLE-174")
@each(
    (dict(ProvisionedThroughput=units(2, 2)), "You cannot create or delete index while updating table IOPS"),
    (dict(StreamSpecification=dict(StreamEnabled=True, StreamViewType="KEYS_ONLY")),
     "You cannot create or delete index while changing stream status"),
    (dict(DeletionProtectionEnabled=True), "DeletionProtection modification must be the only operation in the request"),
    (dict(SSESpecification=dict(Enabled=True)), "Server-Side Encryption modification must be the only operation in the request"),
    (dict(TableClass="STANDARD_INFREQUENT_ACCESS"), "TableClass modification must be the only operation in the request"),
    (dict(WarmThroughput=dict(ReadUnitsPerSecond=13000)),
     "Create global secondary index cannot be specified when updating WarmThroughput"),
)
def what_an_index_does_not_come_with(t, more, message):
    name = t.table(table("pk sk", BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1)))
    create = dict(Create=index("gsi2", "a", ProvisionedThroughput=units(1, 1)))
    t.refuses("UpdateTable", dict(TableName=name, AttributeDefinitions=defined("a"), GlobalSecondaryIndexUpdates=[create], **more),
              INVALID + message)


@case(ACK + "TABLE-380, TABLE-161")
def an_index_that_is_not_there(t):
    name = t.new_table(table("pk sk a b", BillingMode="PROVISIONED", ProvisionedThroughput=units(1, 1), GlobalSecondaryIndexes=[
        index("gsi1", "a", ProvisionedThroughput=units(1, 1))], LocalSecondaryIndexes=[index("lsi1", "pk", "b")]))
    none = f"Requested resource not found: Index ghost for table {name}"

    def refused(message, *updates, error="ValidationException"):
        t.refuses("UpdateTable", dict(TableName=name, GlobalSecondaryIndexUpdates=list(updates)), message, error)
    change = dict(ProvisionedThroughput=units(2, 2))
    refused(none, dict(Update=dict(IndexName="gsi1", **change)), dict(Update=dict(IndexName="ghost", **change)),
            error="ResourceNotFoundException")
    refused(none, dict(Delete=dict(IndexName="ghost")), error="ResourceNotFoundException")
    refused("Cannot update an index that is not a GlobalSecondaryIndex: lsi1", dict(Update=dict(IndexName="lsi1", **change)))
    refused("Cannot delete an index that is not a GlobalSecondaryIndex: lsi1", dict(Delete=dict(IndexName="lsi1")))
    t.same("the other", 1, indexes(t, name)["gsi1"]["ProvisionedThroughput"]["ReadCapacityUnits"])
    t.refuses("UpdateTable", dict(TableName=name, AttributeDefinitions=defined("a"), GlobalSecondaryIndexUpdates=[
        dict(Create=index("gsi1", "a", ProvisionedThroughput=units(1, 1)))]),
        "Attempting to create an index which already exists")


@case(ACK + "TABLE-170")
def what_one_table_or_index_may_have(t):
    end = (", 40001, is above the per {} maximum for the account in us-east-1. Per {} maximum: 40000. Refer to the Amazon "
           "DynamoDB Developer Guide for current limits and how to request higher limits.")
    provisioned = dict(BillingMode="PROVISIONED", ProvisionedThroughput=units(40001, 1))
    status, answer = t.ask("CreateTable", dict(schema(), TableName="Never", **provisioned))
    t.same("a table's", ("LimitExceededException", "The requested ReadCapacityUnits, 40001, is above the per table maximum for "
                         "the account in "), (answer["__type"].split("#")[-1], answer["message"][:90]))
    t.same("its end", end.format("table", "table")[-120:], answer["message"][-120:])
    t.new_table(table("pk sk a", BillingMode="PROVISIONED", ProvisionedThroughput=units(39900, 1), GlobalSecondaryIndexes=[
        index("gsi1", "a", ProvisionedThroughput=units(200, 1))]))
