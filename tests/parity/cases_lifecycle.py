"""How tables are made, named, listed and deleted."""
from harness import case, schema

ACK = "aws-controllers-k8s/dynamodb-controller, docs/api-quirks (2026-10): "
INVALID = "One or more parameter values were invalid: "


def described(t, name):
    return t.must("DescribeTable", dict(TableName=name))["Table"]


def gone(t, name):
    return t.until("the table's end", lambda: t.ask("DescribeTable", dict(TableName=name))[0] == 400)


def nowhere(name):
    return f"Requested resource not found: Table: {name} not found"


@case(ACK + "TABLE-005, TABLE-010, TABLE-444")
def a_table_is_made_once(t):
    name = t.new_table()
    for definition in (schema(), schema(types="N"), schema(BillingMode="PROVISIONED", ProvisionedThroughput=dict(
            ReadCapacityUnits=1, WriteCapacityUnits=1))):
        t.refuses("CreateTable", dict(definition, TableName=name), f"Table already exists: {name}", "ResourceInUseException")
    t.refuses("CreateTable", dict(schema(), TableName=name, KeySchema=[dict(AttributeName="pk", KeyType="RANGE")]),
              "Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    t.must_be_answered("CreateTable", dict(schema(), TableName=name.upper()))
    t.until("the other", lambda: described(t, name.upper())["TableStatus"] == "ACTIVE")


@case(ACK + "TABLE-006, TABLE-007, TABLE-008, TABLE-009, TABLE-013, TABLE-076, TABLE-077")
def a_deleted_table_makes_room(t):
    name = t.new_table()
    before = described(t, name)
    t.same("of the answer", "DELETING", t.must("DeleteTable", dict(TableName=name))["TableDescription"]["TableStatus"])
    gone(t, name)
    t.refuses("DeleteTable", dict(TableName=name), nowhere(name), "ResourceNotFoundException")
    t.same("whether it is listed", False, name in listed(t))
    answer = t.must_be_answered("CreateTable", dict(schema(), TableName=name))["TableDescription"]
    t.same("its ARN", before["TableArn"], answer["TableArn"])
    t.same("whether it is another", True, before["TableId"] != answer["TableId"])


def listed(t, **more):
    names, after = [], {}
    while True:
        page = t.must("ListTables", dict(after, **more))
        names += page["TableNames"]
        if "LastEvaluatedTableName" not in page:
            return names
        after = dict(ExclusiveStartTableName=page["LastEvaluatedTableName"])


@case(ACK + "TABLE-012, TABLE-181, TABLE-379, TABLE-400")
def tables_are_listed_in_the_order_of_bytes(t):
    made = [t.unique(prefix) for prefix in ("list-b", "List-a", "list.c", "list_d")]
    for name in made:
        t.must("CreateTable", dict(schema(), TableName=name))
    for limit in (1, 100):
        names = listed(t, Limit=limit)
        t.same("the order", sorted(names), names)
        t.same("those that were made", sorted(made), [name for name in names if name in made])
    last = names[-1]
    t.answers("ListTables", dict(ExclusiveStartTableName=last), dict(TableNames=[]))
    t.answers("ListTables", dict(ExclusiveStartTableName=last + "-never"), dict(TableNames=[]))
    page = t.must("ListTables", dict(ExclusiveStartTableName=sorted(made)[0][:-1], Limit=1))
    t.same("after one that never was", True, page["TableNames"][0] >= sorted(made)[0][:-1])
    page = t.must("ListTables", dict(ExclusiveStartTableName=names[-2], Limit=1))
    t.same("the last page", dict(TableNames=[last]), page)


@case(ACK + "TABLE-072")
def a_table_is_described_by_its_arn(t):
    arn = described(t, t.table())["TableArn"]
    t.same("of its ARN", arn, described(t, arn)["TableArn"])
    t.refuses("DescribeTable", dict(TableName=arn + "-none"), nowhere(t.table() + "-none"), "ResourceNotFoundException")
    status, answer = t.ask("ListTables", dict(ExclusiveStartTableName=arn))
    said = f"1 validation error detected: Value '{arn}' at 'exclusiveStartTableName' failed to satisfy constraint: "
    t.same("as a cursor", (400, said), (status, answer["message"][:len(said)]))


@case(ACK + "TABLE-042, TABLE-041, TABLE-364")
def keys_and_definitions(t):
    def never(message, names, key, **more):
        t.refuses("CreateTable", dict(schema(), TableName="Never", KeySchema=[
            dict(AttributeName=name, KeyType=kind) for name, kind in key], AttributeDefinitions=[
                dict(AttributeName=name, AttributeType="S") for name in names], **more), message)
    pk = [("pk", "HASH")]
    undefined = INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]"
    never(undefined.format("PK", "pk"), ["pk"], [("PK", "HASH")])
    never(undefined.format("pk", "other"), ["other"], pk)
    never("Invalid KeySchema: Some index key attribute have no definition", [], pk)
    never("Both the Hash Key and the Range Key element in the KeySchema have the same name", ["pk", "sk"],
          [("pk", "HASH"), ("pk", "RANGE")])
    never("1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint: Member must have length greater "
          "than or equal to 1", ["pk"], [])
    for member in ("keySchema", "attributeDefinitions"):
        without = {name: value for name, value in schema().items() if name.lower() != member.lower()}
        t.refuses("CreateTable", dict(without, TableName="Never"), f"1 validation error detected: Value null at '{member}' failed "
                  "to satisfy constraint: Member must not be null")
    name = t.new_table(dict(schema("pk", "sk", "SN"), AttributeDefinitions=[
        dict(AttributeName=" pk", AttributeType="S"), dict(AttributeName="pk", AttributeType="S")], KeySchema=[
            dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName=" pk", KeyType="RANGE")]))
    t.same("names", ["pk", " pk"], [element["AttributeName"] for element in described(t, name)["KeySchema"]])


@case(ACK + "TABLE-070, TABLE-074, TABLE-098, TABLE-446, TABLE-447")
def a_table_that_is_not_there(t):
    name = dict(TableName="there-is-none")
    for operation, more in (("DescribeTable", {}), ("UpdateTable", dict(DeletionProtectionEnabled=True)), ("DeleteTable", {}),
                            ("DescribeTimeToLive", {}), ("DescribeContributorInsights", {}), ("UpdateTimeToLive", dict(
                                TimeToLiveSpecification=dict(Enabled=True, AttributeName="ttl")))):
        t.refuses(operation, dict(name, **more), nowhere("there-is-none"), "ResourceNotFoundException")
    for operation, more in (("CreateBackup", dict(BackupName="backup")), ("DescribeContinuousBackups", {}), (
            "UpdateContinuousBackups", dict(PointInTimeRecoverySpecification=dict(PointInTimeRecoveryEnabled=True)))):
        t.refuses(operation, dict(name, **more), "Table not found: there-is-none", "TableNotFoundException")
    t.refuses("GetItem", dict(name, Key=t.key()), "Requested resource not found", "ResourceNotFoundException")
    t.answers("ListBackups", name, dict(BackupSummaries=[]))
