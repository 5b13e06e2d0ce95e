"""What requests cost."""
from harness import case, each, schema

INDEXED = dict(schema("pk"), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", "g")],
               GlobalSecondaryIndexes=[dict(IndexName="gix", KeySchema=[dict(AttributeName="g", KeyType="HASH")],
                                            Projection=dict(ProjectionType="ALL"))])


def capacity(table, total, own=None, index=None):
    parts = dict(TableName=table, CapacityUnits=total)
    if own is not None:
        parts["Table"] = dict(CapacityUnits=own)
    if index is not None:
        parts["GlobalSecondaryIndexes"] = {"gix": dict(CapacityUnits=index)}
    return parts


@case("nubo-db/dynoxide 188: captures of eu-west-2")
def only_the_tables_part_costs_twice_in_a_transaction(t):
    table = t.table(INDEXED)
    put = {"Put": dict(TableName=table, Item=dict(t.key(), g={"S": "g"}))}
    answer = t.must("TransactWriteItems", dict(TransactItems=[put], ReturnConsumedCapacity="INDEXES"))
    found = answer["ConsumedCapacity"][0]
    t.same("the units", (3, 2, 1), (found["CapacityUnits"], found["Table"]["CapacityUnits"],
                                    found["GlobalSecondaryIndexes"]["gix"]["CapacityUnits"]))


@case("nubo-db/dynoxide, captures R1 to S2 of transactions under a token, eu-west-2")
@each(("a Delete", 6), ("a Put over it", 6), ("a Put of a new item", 6), ("a small Put", 2))
def a_repeated_transaction_costs_reading_what_it_was_charged_for(t, what, units):
    table, key = t.table(), t.key()
    large = dict(key, v={"S": "v" * 9000})
    if what in ("a Delete", "a Put over it"):
        t.must("PutItem", dict(TableName=table, Item=large))
    action = {"a Delete": {"Delete": dict(TableName=table, Key=key)},
              "a Put over it": {"Put": dict(TableName=table, Item=key)},
              "a Put of a new item": {"Put": dict(TableName=table, Item=large)},
              "a small Put": {"Put": dict(TableName=table, Item=key)}}[what]
    request = dict(TransactItems=[action], ReturnConsumedCapacity="TOTAL", ClientRequestToken=t.unique("token"))
    t.must("TransactWriteItems", request)
    found = t.must("TransactWriteItems", request)["ConsumedCapacity"][0]
    t.same("the units", (units, units), (found["CapacityUnits"], found.get("ReadCapacityUnits")))


@case("nubo-db/dynoxide, tests/partiql_index_consumed_capacity: captures of eu-west-2")
def a_failed_write_of_a_batch_is_in_the_sum_alone(t):
    table, key = t.table(INDEXED), t.key()
    t.must("PutItem", dict(TableName=table, Item=dict(key, v={"S": "v" * 2900})))
    insert = f"INSERT INTO \"{table}\" VALUE {{'pk': ?, 'g': 'g'}}"
    answer = t.must("BatchExecuteStatement", dict(
        Statements=[{"Statement": insert, "Parameters": [value]} for value in (key["pk"], {"S": t.unique()})],
        ReturnConsumedCapacity="INDEXES"))
    t.same("the capacity", [capacity(table, 5, 1, 1)], answer["ConsumedCapacity"])


VECTORS = dict(schema("pk"), VectorIndexes=[
    dict(IndexName="vix", VectorAttribute=dict(AttributeName="v"), Dimensions=300, DistanceFunction="COSINE",
         Projection=dict(ProjectionType="ALL"))])


@case("paritysuite/dynamodb-conformance, tier2/vectorSearch/consumedCapacity")
def a_searched_vector_costs_four_bytes_a_dimension(t):
    table, key = t.table(VECTORS), t.key()
    numbers = [{"N": "0." + "1" * 30}] * 300  # 17 bytes each as numbers of a list, 4 each as a vector's
    item = dict(key, v={"L": numbers})
    found = t.must("PutItem", dict(TableName=table, Item=item, ReturnConsumedCapacity="INDEXES"))["ConsumedCapacity"]
    t.same("the table's units", 2, found["Table"]["CapacityUnits"])
