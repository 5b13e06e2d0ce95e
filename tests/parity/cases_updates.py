"""What an update makes of an item, and what it answers."""
from harness import Wrong, case, each, schema

INVALID = "1 validation error detected: Invalid UpdateExpression: "
NOTHING_MADE = "scylladb/scylladb 5862: seen of AWS"
ONLY_REMOVING = (
    ("an expression", dict(UpdateExpression="REMOVE a, b.c")),
    ("a set's elements", dict(UpdateExpression="DELETE s :s", ExpressionAttributeValues={":s": {"SS": ["x"]}})),
    ("no expression's", dict(AttributeUpdates={"a": {"Action": "DELETE"}})),
    ("no expression's elements", dict(AttributeUpdates={"s": {"Action": "DELETE", "Value": {"SS": ["x"]}}})),
)
INDEXED = dict(schema("pk"), AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
               StreamSpecification=dict(StreamEnabled=True, StreamViewType="NEW_AND_OLD_IMAGES"))


@case(NOTHING_MADE)
@each(*ONLY_REMOVING)
def an_update_that_only_removes_makes_no_item(t, _, update):
    table, key = t.table(), t.key()
    t.answers("UpdateItem", dict(TableName=table, Key=key, ReturnValues="ALL_NEW", **update), {})
    t.same("the item", None, t.item(table, key))


@case(NOTHING_MADE)
def nor_does_it_in_a_transaction(t):
    table, key = t.table(), t.key()
    update = dict(TableName=table, Key=key, UpdateExpression="REMOVE a")
    t.answers("TransactWriteItems", dict(TransactItems=[dict(Update=update)]), {})
    t.same("the item", None, t.item(table, key))


@case(NOTHING_MADE)
def nor_is_there_a_record_in_the_stream(t):
    table = t.new_table(INDEXED)
    for letter in "abc":
        t.must("UpdateItem", dict(TableName=table, Key={"pk": {"S": letter}}, UpdateExpression="REMOVE a"))
    t.must("UpdateItem", dict(TableName=table, Key={"pk": {"S": "d"}}, UpdateExpression="SET a = pk"))
    t.same("what a Scan counts", 1, t.must("Scan", dict(TableName=table, Select="COUNT"))["Count"])
    t.same("the keys in the stream", [{"pk": {"S": "d"}}], t.until("the record", lambda: stream_keys(t, table)))


def stream_keys(t, table):
    arn = t.must("DescribeTable", dict(TableName=table))["Table"]["LatestStreamArn"]
    keys = []
    for shard in t.must("DescribeStream", dict(StreamArn=arn))["StreamDescription"]["Shards"]:
        iterator = t.must("GetShardIterator", dict(StreamArn=arn, ShardId=shard["ShardId"],
                                                   ShardIteratorType="TRIM_HORIZON"))["ShardIterator"]
        for record in t.must("GetRecords", dict(ShardIterator=iterator))["Records"]:
            keys.append(record["dynamodb"]["Keys"])
    return keys


@case(NOTHING_MADE)
def an_update_of_a_bare_key_still_makes_an_item(t):
    table, key = t.table(), t.key()
    t.answers("UpdateItem", dict(TableName=table, Key=key, ReturnValues="ALL_NEW"), {"Attributes": key})
    t.same("the item", key, t.item(table, key))


@case("reports of what AWS answers: a path through what an item lacks is refused only of an item that is there")
def a_path_is_removed_of_an_item_that_is_not_there(t):
    table, key = t.table(), t.key()
    t.answers("UpdateItem", dict(TableName=table, Key=key, UpdateExpression="REMOVE x.y"), {})
    t.must("PutItem", dict(TableName=table, Item=key))
    t.refuses("UpdateItem", dict(TableName=table, Key=key, UpdateExpression="REMOVE x.y"),
              "The document path provided in the update expression is invalid for update")


@case("paritysuite/dynamodb-conformance 2.1.0, pull request 102")
@each(("REMOVE l[0]", {"l": {"L": [{"S": "y"}]}}),
      ("REMOVE m.l[1]", {"m": {"M": {"l": {"L": [{"S": "z"}]}}}}),
      ("REMOVE l[2]", None),
      ("REMOVE a", None))
def updated_new_has_what_moved_to_where_it_was_removed(t, expression, expected):
    table, key = t.table(), t.key()
    letters = {"L": [{"S": letter} for letter in "xyz"]}
    t.must("PutItem", dict(TableName=table, Item=dict(key, l=letters, m={"M": {"l": letters}}, a={"S": "a"})))
    t.shows("UpdateItem", dict(TableName=table, Key=key, UpdateExpression=expression, ReturnValues="UPDATED_NEW"),
            Attributes=expected)


@case("paritysuite/dynamodb-conformance 2.1.0, pull request 102")
def partiql_returns_what_moved_as_well(t):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=dict(key, l={"L": [{"S": "x"}, {"S": "y"}]})))
    t.shows("ExecuteStatement", dict(Statement=f"UPDATE \"{table}\" REMOVE l[0] WHERE pk = ? RETURNING MODIFIED NEW *",
                                     Parameters=[key["pk"]]),
            Items=[{"l": {"L": [{"S": "y"}]}}])


PLAIN_NAMES = "reports of what AWS answers: names of expressions begin with a letter"


@case(PLAIN_NAMES)
@each(("SET _123 = :v", "SET _123"), ("SET a._b = :v", "._b"))
def a_plain_name_does_not_begin_with_an_underscore(t, expression, near):
    t.refuses("UpdateItem", dict(TableName=t.table(), Key=t.key(), UpdateExpression=expression,
                                 ExpressionAttributeValues={":v": {"S": "v"}}),
              f"{INVALID}Syntax error; token: \"_\", near: \"{near}\"")


@case(PLAIN_NAMES)
def a_placeholder_may_stand_for_such_a_name(t):
    table, key = t.table(), t.key()
    t.shows("UpdateItem", dict(TableName=table, Key=key, UpdateExpression="SET #n = :v", ReturnValues="ALL_NEW",
                               ExpressionAttributeNames={"#n": "_123"}, ExpressionAttributeValues={":v": {"S": "v"}}),
            Attributes=dict(key, _123={"S": "v"}))


@case("hectorvent/floci, DynamoDbAddDeleteOperandIntegrationTest: captured in eu-west-2, 2026-09")
@each(("ADD", {"S": "x"}, "STRING"), ("ADD", {"BOOL": True}, "BOOL"), ("DELETE", {"N": "1"}, "NUMBER"),
      ("DELETE", {"L": []}, "LIST"))
def operands_of_add_and_delete(t, clause, operand, name):
    t.refuses("UpdateItem", dict(TableName=t.table(), Key=t.key(), UpdateExpression=f"{clause} a :v",
                                 ExpressionAttributeValues={":v": operand}),
              f"{INVALID}Incorrect operand type for operator or function; operator: {clause}, operand type: {name}, "
              "typeSet: ALLOWED_FOR_ADD_OPERAND")


@case("DynamoDB Local's validator of expressions, decompiled")
@each(("list_append(list_append(l, :l), :l)", "The function is not allowed to be used this way in an expression; "
                                               "function: list_append"),
      ("n + list_append(l, :l)", "The function is not allowed to be used this way in an expression; "
                                 "function: list_append"))
def list_append_stands_alone(t, value, message):
    t.refuses("UpdateItem", dict(TableName=t.table(), Key=t.key(), UpdateExpression=f"SET l = {value}",
                                 ExpressionAttributeValues={":l": {"L": []}}),
              INVALID + message)


@case("DynamoDB Local's validator of expressions, decompiled")
def functions_of_updates_are_not_for_conditions(t):
    t.refuses("PutItem", dict(TableName=t.table(), Item=t.key(), ConditionExpression="if_not_exists(a, :v) = :v",
                              ExpressionAttributeValues={":v": {"N": "1"}}),
              "1 validation error detected: Invalid ConditionExpression: The function is not allowed in a condition "
              "expression; function: if_not_exists")


@case("reports of what AWS answers: a sum of more digits than a number has")
def a_sum_of_too_many_digits(t):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=dict(key, n={"N": "1e50"})))
    status, answer = t.ask("UpdateItem", dict(TableName=table, Key=key, UpdateExpression="SET n = n + :one",
                                              ExpressionAttributeValues={":one": {"N": "1"}}))
    if status == 200 or not answer["message"].startswith("Number overflow"):
        raise Wrong(f"was to be a number overflow, and is {answer}")
