"""How the newer front end of PutItem, UpdateItem, DeleteItem and Query words what is wrong with a request."""
from harness import case, each, schema

COUNTED = "getmoto/moto, tests verified on AWS; paritysuite/dynamodb-conformance, tier3/error-messages, 2026-10"
VALUE = {":v": {"S": "v"}}


@case(COUNTED)
@each(
    ("PutItem", dict(ConditionExpression="a = :v"),
     "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v"),
    ("PutItem", dict(ConditionExpression=""), "Invalid ConditionExpression: The expression can not be empty;"),
    ("PutItem", dict(ConditionExpression="attribute_exists(a)", ExpressionAttributeValues=VALUE),
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
    ("DeleteItem", dict(ConditionExpression="attribute_exists(a)", ExpressionAttributeNames={"#n": "n"}),
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}"),
    ("UpdateItem", dict(UpdateExpression="SET a = :v SET b = :v", ExpressionAttributeValues=VALUE),
     "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;"),
    ("UpdateItem", dict(UpdateExpression="SET a = :v, a = :v", ExpressionAttributeValues=VALUE),
     "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; "
     "path one: [a], path two: [a]"),
    ("UpdateItem", dict(UpdateExpression=""), "Invalid UpdateExpression: The expression can not be empty;"),
    ("UpdateItem", dict(UpdateExpression="SET a = :v", ExpressionAttributeValues={":v": {"SS": []}}),
     "One or more parameter values were invalid: An string set  may not be empty"),
    ("UpdateItem", dict(UpdateExpression="SET a = :v", ExpressionAttributeValues={":v": {}}),
     "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
)
def every_refusal_without_the_table_is_counted(t, operation, more, message):
    key = {"Item" if operation == "PutItem" else "Key": t.key()}
    t.refuses(operation, dict(TableName=t.table(), **key, **more), "1 validation error detected: " + message)


CONSTRAINTS = "paritysuite/dynamodb-conformance, tier3: 31 of 33 regions"
RETURN_VALUES = "Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
CAPACITY = ("Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: "
            "[INDEXES, TOTAL, NONE]")


@case(CONSTRAINTS)
def return_values_that_do_not_exist(t):
    message = "Failed to satisfy constraint: " + RETURN_VALUES
    t.refuses("UpdateItem", dict(TableName=t.table(), Key=t.key(), ReturnValues="X", ReturnConsumedCapacity="X"),
              "1 validation error detected: " + message)
    t.refuses("DeleteItem", dict(TableName=t.table(), Key=t.key(), ReturnValues="X"),
              "1 validation error detected: " + message)


@case(CONSTRAINTS)
@each(("GetItem", "Key"), ("PutItem", "Item"), ("UpdateItem", "Key"), ("DeleteItem", "Key"))
def an_empty_name_of_a_table(t, operation, member):
    t.refuses(operation, {"TableName": "", member: t.key(), "ReturnConsumedCapacity": "X"},
              "1 validation error detected: Value at 'TableName' failed to satisfy constraint: "
              "Member must have length greater than or equal to 1")


@case(CONSTRAINTS)
def where_something_is_missing_all_is_said_as_it_used_to_be(t):
    t.refuses("PutItem", dict(TableName=t.table(), ReturnConsumedCapacity="X"),
              f"2 validation errors detected: {CAPACITY}; Value null at 'item' failed to satisfy constraint: "
              "Member must not be null")


ORDER = "paritysuite/dynamodb-conformance, tier3/validation-ordering: us-east-1 and eu-west-2, 2026-10"
METRICS = ("Value 'X' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: "
           "[SIZE, NONE]")
TOKEN = "x" * 37


@case(ORDER)
def the_token_of_a_transaction_comes_first(t):
    put = {"Put": dict(TableName=t.table(), Item=t.key())}
    t.refuses("TransactWriteItems", dict(TransactItems=[put], ClientRequestToken=TOKEN, ReturnConsumedCapacity="X",
                                         ReturnItemCollectionMetrics="X"),
              f"3 validation errors detected: Value '{TOKEN}' at 'clientRequestToken' failed to satisfy constraint: "
              f"Member must have length less than or equal to 36; {CAPACITY}; {METRICS}")


@case(ORDER)
def names_of_tables_in_batches(t):
    t.refuses("BatchGetItem", dict(RequestItems={"bad!name": {"Keys": [{"pk": {"S": "a"}}]}}, ReturnConsumedCapacity="X"),
              "2 validation errors detected: Value '{\"bad!name\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}' at 'requestItems' "
              "failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or "
              "equal to 255, Member must have length greater than or equal to 3, Member must satisfy regular expression "
              f"pattern: [a-zA-Z0-9_.-]+]; {CAPACITY}")
    t.refuses("BatchWriteItem", dict(RequestItems={"bad!name": [{"PutRequest": {"Item": {"pk": {"S": "a"}}}}]},
                                     ReturnConsumedCapacity="X"),
              f"1 validation error detected: {CAPACITY}")


@case("paritysuite/dynamodb-conformance, tier3/error-messages/batchGetItem: 11 of 33 regions in 2026-08, all sampled in 2026-10")
def an_empty_batch_of_reads(t):
    t.refuses("BatchGetItem", dict(RequestItems={}),
              "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: "
              "Member must have length greater than or equal to 1")


@case("paritysuite/dynamodb-conformance, tier3/validation-ordering/createTable: eu-west-2 and us-east-1, 2026-10")
def global_indexes_come_before_local_ones(t):
    def index(name, range):
        keys = [dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName=range, KeyType="RANGE")]
        return dict(IndexName=name, KeySchema=keys, Projection=dict(ProjectionType="ALL"))
    short = ("Value '{}' at '{}.1.member.indexName' failed to satisfy constraint: "
             "Member must have length greater than or equal to 3")
    t.refuses("CreateTable", dict(TableName="table", BillingMode="PAY_PER_REQUEST",
                                  AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
                                  KeySchema=[dict(AttributeName="pk", KeyType="HASH")],
                                  LocalSecondaryIndexes=[index("aa", "l")], GlobalSecondaryIndexes=[index("zz", "g")]),
              "2 validation errors detected: " + short.format("zz", "globalSecondaryIndexes") + "; " +
              short.format("aa", "localSecondaryIndexes"))


SYNTAX = "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"(\""


@case(ORDER)
def expressions_of_transactions_come_before_their_tables(t):
    check = {"ConditionCheck": dict(TableName=t.table(), Key=t.key(), ConditionExpression="attribute_not_exists(")}
    missing = {"Put": dict(TableName="there-is-none", Item=t.key())}
    unused = {"ConditionCheck": dict(TableName=t.table(), Key=t.key(), ConditionExpression="attribute_not_exists(pk)",
                                     ExpressionAttributeValues=VALUE)}
    t.refuses("TransactWriteItems", dict(TransactItems=[missing, check]), SYNTAX)
    for actions in ([missing, unused], [unused, missing]):
        t.refuses("TransactWriteItems", dict(TransactItems=actions),
                  "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}")


@case(ORDER)
@each((32,), (100,))
def the_first_bad_action_of_a_transaction_is_told(t, depth):
    deep = {"S": "leaf"}
    for _ in range(depth):
        deep = {"M": {"n": deep}}
    put = {"Put": dict(TableName=t.table(), Item=dict(t.key(), deep=deep))}
    check = {"ConditionCheck": dict(TableName=t.table(), Key=t.key(), ConditionExpression="attribute_not_exists(")}
    t.refuses("TransactWriteItems", dict(TransactItems=[check, put]), SYNTAX)
    t.refuses("TransactWriteItems", dict(TransactItems=[put, check]),
              "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
              "supported limit")


@case("aws-controllers-k8s/dynamodb-controller, api-quirks TABLE-042; scylladb/scylladb 13870")
@each(("S",), ("N",))
def an_attribute_that_is_defined_twice(t, type):
    t.refuses("CreateTable", dict(schema("pk"), TableName="twice", AttributeDefinitions=[
        dict(AttributeName="pk", AttributeType=each) for each in ("S", type)]), "Attribute Name is duplicated: pk")
