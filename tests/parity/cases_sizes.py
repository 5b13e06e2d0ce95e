"""What counts towards an item's size, and where its limit is met."""
from harness import case, each, schema

NUMBERS = "paritysuite/dynamodb-conformance, tier3/limits/numberByteSize: eu-west-2, 2026-10"
SURFACES = "paritysuite/dynamodb-conformance, tier3/limits/itemSizeBySurface: eu-west-2, 2026-08 to 2026-10"
VECTORS = "paritysuite/dynamodb-conformance, tier2/vectorSearch/consumedCapacity: 2026-10"
MOST = 400 * 1024
PUT = "Item size has exceeded the maximum allowed size"
UPDATE = "Item size to update has exceeded the maximum allowed size"


def padding(bytes, key, *rest):
    """A string that makes an item of this key, this string under "p" and other attributes as large as that."""
    used = sum(len(name) + len(value["S"]) for name, value in key.items()) + sum(rest) + len("p")
    return {"S": "x" * (bytes - used)}


@case(NUMBERS)
@each(("3.14159", 5), ("123456", 4), ("1E125", 2), ("-1", 3), ("12", 2), ("123", 3), ("-3.14159", 6), ("1.5", 3),
      ("0.05", 2), ("100", 2), ("1E-130", 2), ("9" * 38, 20))
def bytes_of_numbers(t, number, bytes):
    table, rest = t.table(), len("n") + bytes
    for total in (MOST, MOST + 1):
        key = t.key()
        item = dict(key, n={"N": number}, p=padding(total, key, rest))
        if total == MOST:
            t.must_be_answered("PutItem", dict(TableName=table, Item=item))
        else:
            t.refuses("PutItem", dict(TableName=table, Item=item), PUT)


@case(NUMBERS)
@each(("0042.1200", "42.12"), ("1E125", "1" + "0" * 125), ("1E-3", "0.001"), ("-0.0", "0"), ("5e0", "5"))
def how_numbers_are_told(t, given, told):
    key = t.key()
    t.must("PutItem", dict(TableName=t.table(), Item=dict(key, n={"N": given})))
    t.same(given, {"N": told}, t.item(t.table(), key)["n"])


@case(SURFACES)
def what_measures_the_item_alone(t):
    table = t.table()

    def put_in_batch(key, pad):
        return "BatchWriteItem", dict(RequestItems={table: [{"PutRequest": {"Item": dict(key, p=pad)}}]}), PUT

    def put_in_transaction(key, pad):
        return "TransactWriteItems", dict(TransactItems=[{"Put": dict(TableName=table, Item=dict(key, p=pad))}]), PUT

    def insert(key, pad):
        return "ExecuteStatement", dict(Statement=f"INSERT INTO \"{table}\" VALUE {{'pk': ?, 'p': ?}}",
                                        Parameters=[key["pk"], pad]), PUT

    def update_by_statement(key, pad):
        t.must("PutItem", dict(TableName=table, Item=key))
        return "ExecuteStatement", dict(Statement=f"UPDATE \"{table}\" SET p = ? WHERE pk = ?", Parameters=[pad, key["pk"]]), UPDATE

    def update_attributes(key, pad):
        return "UpdateItem", dict(TableName=table, Key=key, AttributeUpdates={"p": dict(Action="PUT", Value=pad)}), UPDATE

    def update_in_transaction(key, pad):
        return "TransactWriteItems", dict(TransactItems=[{"Update": dict(
            TableName=table, Key=key, UpdateExpression="SET p = :p", ExpressionAttributeValues={":p": pad})}]), None
    for way in (put_in_batch, put_in_transaction, insert, update_by_statement, update_attributes, update_in_transaction):
        for size in (MOST, MOST + 1):
            key = t.key()
            operation, parameters, message = way(key, padding(size, key))
            if size == MOST:
                t.must_be_answered(operation, parameters)
            elif message:
                t.refuses(operation, parameters, message)
            else:
                t.refuses(operation, parameters, "Transaction cancelled, please refer cancellation reasons for specific reasons "
                          "[ValidationError]", "TransactionCanceledException",
                          CancellationReasons=[dict(Code="ValidationError", Message=UPDATE)])


# What UpdateItem's expression is charged beside the bytes that "SET p = :p" writes: three, and nineteen for the clause.
@case(SURFACES + "; 22 of 33 regions")
@each(
    ("SET p = :p", {}, 22), ("SET p = :p, c = :c", {":c": {"S": "y"}}, 22 + 19 + 2), ("SET p = :p REMOVE r", {}, 22 + 2),
    ("SET p = :p, c = :p2", {":p2": {"S": "y" * 500}}, 22 + 19 + 501), ("SET p = :p, c = u.z", {}, 22 + 19 + 1 + 1 + 15 + 15),
    ("SET p = :p, c = if_not_exists(u, :c)", {":c": {"S": "y"}}, 22 + 19 + 1 + 39 + 16 + 1),
    ("SET p = :p ADD n :one", {":one": {"N": "1"}}, 22 + 19 + 1 + 2),
)
def update_item_measures_its_expression_as_well(t, expression, values, charge):
    table = t.table()
    for more in (0, 1):
        key = {"pk": {"S": t.unique("z")}}
        t.must("PutItem", dict(TableName=table, Item=dict(key, u={"M": {"z": {"S": "z"}}}, r={"S": "r"})))
        pad = {"S": "x" * (MOST - charge - len("p") + more)}
        request = dict(TableName=table, Key=key, UpdateExpression=expression, ExpressionAttributeValues=dict(values, **{":p": pad}))
        if not more:
            t.must_be_answered("UpdateItem", request)
        else:
            t.refuses("UpdateItem", request, UPDATE)


@case(SURFACES)
def no_item_is_larger_than_the_limit(t):
    key = {"pk": {"S": t.unique("k").ljust(100, "k")}}
    request = dict(TableName=t.table(), Key=key, UpdateExpression="SET p = :p")
    t.must_be_answered("UpdateItem", dict(request, ExpressionAttributeValues={":p": padding(MOST, key)}))
    t.refuses("UpdateItem", dict(request, ExpressionAttributeValues={":p": padding(MOST + 1, key)}), UPDATE)


WITH_VECTORS = dict(schema(), VectorIndexes=[
    dict(IndexName="vix", VectorAttribute=dict(AttributeName="v"), Dimensions=300, DistanceFunction="COSINE",
         Projection=dict(ProjectionType="KEYS_ONLY"))])


@case(VECTORS)
def a_table_is_as_large_as_its_vectors_are_billed(t):
    table = t.new_table(WITH_VECTORS)

    def size():
        return t.must("DescribeTable", dict(TableName=table))["Table"]["TableSizeBytes"]
    vector = {"L": [{"N": "0." + "1" * 30}] * 300}  # 16 bytes each as numbers, 4 each as a vector's
    key = t.key()
    of_key = len("pk") + len(key["pk"]["S"])
    t.must("PutItem", dict(TableName=table, Item=dict(key, v=vector)))
    t.until("its size", lambda: size() == of_key + len("v") + 4 * 300)
    t.must("PutItem", dict(TableName=table, Item=dict(key, w=vector)))  # no index reads it
    t.until("its size as a list", lambda: size() == of_key + len("w") + 3 + 300 * (1 + 16))
    t.must("PutItem", dict(TableName=table, Item=dict(key, x={"S": "none"})))
    t.until("its size without a vector", lambda: size() == of_key + len("x") + len("none"))
    t.must("DeleteItem", dict(TableName=table, Key=key))
    t.until("its size when empty", lambda: size() == 0)


@case(VECTORS)
def vectors_are_read_and_limited_as_numbers(t):
    table, key = t.table(WITH_VECTORS), t.key()
    vector = {"L": [{"N": "0." + "1" * 30}] * 300}
    t.must("PutItem", dict(TableName=table, Item=dict(key, v=vector)))
    read = t.must("GetItem", dict(TableName=table, Key=key, ConsistentRead=True, ReturnConsumedCapacity="TOTAL"))
    t.same("units of a read", 2.0, read["ConsumedCapacity"]["CapacityUnits"])
    of_vector = len("v") + 3 + 300 * (1 + 16)
    key = t.key()
    t.must_be_answered("PutItem", dict(TableName=table, Item=dict(key, v=vector, p=padding(MOST, key, of_vector))))
    t.refuses("PutItem", dict(TableName=table, Item=dict(key, v=vector, p=padding(MOST + 1, key, of_vector))), PUT)
