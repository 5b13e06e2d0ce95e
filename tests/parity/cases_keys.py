"""Keys of several attributes, and what is told of items that share a partition key."""
from harness import case, each, schema

METRICS = "paritysuite/dynamodb-conformance, itemCollectionMetrics: 2026-10"
SEVERAL = "paritysuite/dynamodb-conformance, multiAttributeGsiKey: 2026-10"


def elements(hash, *ranges):
    return ([dict(AttributeName=name, KeyType="HASH") for name in hash.split()] +
            [dict(AttributeName=name, KeyType="RANGE") for name in ranges])


WITH_LOCAL = dict(schema("pk", "sk"), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", "sk", "l")],
                  LocalSecondaryIndexes=[dict(IndexName="lsi1", KeySchema=elements("pk", "l"),
                                              Projection=dict(ProjectionType="ALL"))])


@case(METRICS)
def collections_of_a_table_with_local_indexes(t):
    table, key = t.table(WITH_LOCAL), {"pk": {"S": t.unique()}, "sk": {"S": "1"}}
    told = dict(ItemCollectionKey={"pk": key["pk"]}, SizeEstimateRangeGB=[0.0, 1.0])
    for operation, parameters in (("PutItem", dict(Item=key)), ("UpdateItem", dict(
            Key=key, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": {"S": "a"}})), ("DeleteItem", dict(Key=key))):
        for asked, expected in (("SIZE", told), ("NONE", None), (None, None)):
            more = dict(ReturnItemCollectionMetrics=asked) if asked else {}
            t.shows(operation, dict(parameters, TableName=table, **more), ItemCollectionMetrics=expected)
    t.shows("PutItem", dict(TableName=t.table(), Item=t.key(), ReturnItemCollectionMetrics="SIZE"), ItemCollectionMetrics=None)
    t.shows("BatchWriteItem", dict(RequestItems={table: [{"PutRequest": {"Item": key}}]}, ReturnItemCollectionMetrics="SIZE"),
            ItemCollectionMetrics={table: [told]})
    t.shows("TransactWriteItems", dict(TransactItems=[{"Put": dict(TableName=table, Item=key)}],
                                       ReturnItemCollectionMetrics="SIZE"), ItemCollectionMetrics={table: [told]})


NAMES = ("h", "a", "b", "c", "d")
INDEXED = dict(schema(), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", *NAMES)],
               GlobalSecondaryIndexes=[dict(IndexName="gix", KeySchema=elements("h", "a", "b", "c", "d"),
                                            Projection=dict(ProjectionType="ALL"))])


def query(t, hash, condition, **more):
    values = {f":{name}": {"S": name} for name in NAMES if f":{name}" in condition} | {":h": {"S": hash}}
    return dict(TableName=t.table(INDEXED), IndexName="gix", KeyConditionExpression=condition,
                ExpressionAttributeValues=dict(values, **more.pop("values", {})), **more)


@case(SEVERAL)
def an_index_of_five_attributes_is_queried(t):
    hash, rows = t.unique(), [(a, b, c, d) for a in "ax" for b in "bx" for c in "cx" for d in "dx"]
    for row in reversed(rows):
        t.must("PutItem", dict(TableName=t.table(INDEXED), Item=dict(
            t.key(), h={"S": hash}, **{name: {"S": value} for name, value in zip("abcd", row)})))
    whole = query(t, hash, "h = :h")
    t.until("the entries", lambda: t.must("Query", whole)["Count"] == len(rows))

    def found(condition, **more):
        items = t.must_be_answered("Query", query(t, hash, condition, **more))["Items"]
        return [tuple(item[name]["S"] for name in "abcd") for item in items]
    t.same("all, in order", rows, found("h = :h"))
    t.same("backwards", rows[::-1], found("h = :h", ScanIndexForward=False))
    t.same("by a prefix", [row for row in rows if row[0] == "a"], found("h = :h AND a = :a"))
    t.same("in any order", [row for row in rows if row[:2] == ("a", "b")], found("b = :b AND h = :h AND a = :a"))
    t.same("a range at the end", [row for row in rows if row[0] == "a" and row[1] > "b"], found("h = :h AND a = :a AND b > :b"))
    t.same("by all", [("a", "b", "c", "d")], found("h = :h AND a = :a AND b = :b AND c = :c AND d = :d"))
    page = t.must("Query", query(t, hash, "h = :h", Limit=3))
    t.same("the names of a key to go on from", {"pk", *NAMES}, set(page["LastEvaluatedKey"]))
    more = t.must("Query", query(t, hash, "h = :h", ExclusiveStartKey=page["LastEvaluatedKey"]))
    t.same("the rest", rows[3:], [tuple(item[name]["S"] for name in "abcd") for item in more["Items"]])


@case(SEVERAL)
@each(("h = :h AND a = :a AND c = :c", "b", "c"), ("h = :h AND a > :a AND b = :b", "a", "b"), ("h = :h AND b = :b", "a", "b"))
def no_attribute_is_left_out(t, condition, left_out, present):
    status, answer = t.ask("Query", query(t, "x", condition))
    said = (f"RANGE key attributes {left_out} must have equality conditions specified in the query because a condition is present "
            f"on key attribute {present}")
    t.same("the refusal", (400, True), (status, answer.get("message", "").endswith(said)))
