"""Values that nest deeply: how deep they may, and what is told first where something else is wrong as well."""
from harness import case, each

DEPTH = "paritysuite/dynamodb-conformance, tier3/limits/nestingDepth: eu-west-2, 2026-10"
ORDER = "paritysuite/dynamodb-conformance, tier3/validation-ordering/deepRequests: eu-west-2 and us-east-1, 2026-10"
NESTED = ("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit")
XOR = ("1 validation error detected: Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: Member must satisfy "
       "enum value set: [OR, AND]")
BOGUS = ("1 validation error detected: Value 'BOGUS' at 'returnValues' failed to satisfy constraint: Member must satisfy enum "
         "value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]")
SYNTAX = "Invalid ConditionExpression: Syntax error; token: \"=\", near: \"= = b\""
EMPTY_NAME = "Empty attribute name"


def nested(levels, kind="M"):
    """A string in so many maps or lists."""
    value = {"S": "leaf"}
    for _ in range(levels):
        value = {"M": {"n": value}} if kind == "M" else {"L": [value]}
    return value


def pair(name, value="a"):
    return dict(pk=value if isinstance(value, dict) else {"S": value}, sk={"S": "1"}) | name


def refused(t, operation, message, **parameters):
    t.refuses(operation, dict(TableName="there-is-none", **parameters), message)


@case(DEPTH)
@each(("M",), ("L",))
def thirty_one_levels_are_taken_and_one_more_is_not(t, kind):
    table = t.table()
    taken, more = nested(31, kind), nested(32, kind)
    counted = "1 validation error detected: " + NESTED
    t.must_be_answered("PutItem", dict(TableName=table, Item=dict(t.key(), d=taken)))
    t.refuses("PutItem", dict(TableName=table, Item=dict(t.key(), d=more)), counted)
    t.must_be_answered("BatchWriteItem", dict(RequestItems={table: [{"PutRequest": {"Item": dict(t.key(), d=taken)}}]}))
    t.refuses("BatchWriteItem", dict(RequestItems={table: [{"PutRequest": {"Item": dict(t.key(), d=more)}}]}), NESTED)
    put = dict(TableName=table, Item=dict(t.key(), d=taken))
    t.must_be_answered("TransactWriteItems", dict(TransactItems=[{"Put": put}]))
    t.refuses("TransactWriteItems", dict(TransactItems=[{"Put": dict(put, Item=dict(t.key(), d=more))}]), NESTED)
    update = dict(TableName=table, UpdateExpression="SET d = :d")
    t.must_be_answered("UpdateItem", dict(update, Key=t.key(), ExpressionAttributeValues={":d": taken}))
    t.refuses("UpdateItem", dict(update, Key=t.key(), ExpressionAttributeValues={":d": more}), counted)
    t.must_be_answered("TransactWriteItems", dict(TransactItems=[
        {"Update": dict(update, Key=t.key(), ExpressionAttributeValues={":d": taken})}]))


@case(ORDER)
def of_one_item_what_nests_deeply_is_read_by_older_code(t):
    expected = dict(Expected={"a": {"Value": nested(100)}, "b": {"Exists": False}}, ConditionalOperator="XOR")
    refused(t, "PutItem", XOR, Item=pair({}), **expected)
    refused(t, "UpdateItem", XOR, Key=pair({}), AttributeUpdates={"x": {"Action": "PUT", "Value": {"S": "1"}}}, **expected)

    def condition(levels):
        return dict(Key=pair({}), ConditionExpression="#d = :deep", ExpressionAttributeNames={"#d": "d"},
                    ExpressionAttributeValues={":deep": nested(levels)})
    refused(t, "DeleteItem", BOGUS, ReturnValues="BOGUS", **condition(63))
    refused(t, "DeleteItem", BOGUS, ReturnValues="BOGUS", Key=pair({}), Expected={"d": {"Value": nested(63)}})
    refused(t, "DeleteItem", BOGUS, ReturnValues="BOGUS", Key=pair({}, nested(100)))
    refused(t, "DeleteItem", "ReturnValues can only be ALL_OLD or NONE", ReturnValues="UPDATED_NEW", **condition(100))
    for levels in (33, 40):  # as it words what isn't deep
        status, answer = t.ask("PutItem", dict(TableName="there-is-none", Item=pair({}), Expected={
            "a": {"Value": nested(levels)}, "b": {"Exists": False}}, ConditionalOperator="XOR"))
        t.same("whether it is the newer one's", (400, True), (status, answer["message"].endswith("[ALL, OR]")))


@case(ORDER + "; this is eu-west-2's answer, seven of ten regions tell the depth")
def the_operator_of_one_filter_is_told_before_its_depth(t):
    refused(t, "Scan", "ConditionalOperator can only be used when Filter or Expected has two or more elements", ScanFilter={"a": {"ComparisonOperator": "EQ", "AttributeValueList": [nested(40)]}},
            ConditionalOperator="AND")


def action(kind, **parameters):
    return {kind: dict(TableName="there-is-none", **parameters)}


def put(name={}, **more):
    return action("Put", Item=pair(name), **more)


def check(levels):
    return action("ConditionCheck", Key=pair({}), ConditionExpression="d = :deep",
                  ExpressionAttributeValues={":deep": nested(levels)})


DEEP_PUT = put({"d": nested(40)})
NAMELESS = put({"": {"S": "x"}})
UNUSED = action("Update", Key=pair({}), UpdateExpression="SET a = :v", ExpressionAttributeValues={
    ":v": {"S": "x"}, ":u": {"S": "y"}})
DEEP_CHECK = action("ConditionCheck", Key=pair({}, nested(100)), ConditionExpression="attribute_exists(a)")
LONG = "a = :v" + " AND a = :v" * 373


@case(ORDER)
@each(
    ((DEEP_PUT, NAMELESS), NESTED), ((NAMELESS, put({"d": nested(100)})), EMPTY_NAME),
    ((put({"": {"S": "x"}, "d": nested(100)}),), EMPTY_NAME), ((put({"d": nested(100), "": {"S": "x"}}),), EMPTY_NAME),
    ((put({"m": {"M": {"": {"S": "x"}}}, "d": nested(40)}),), NESTED),
    ((NAMELESS, check(100)), EMPTY_NAME),
    ((check(40), NAMELESS), f"ExpressionAttributeValues contains invalid value: {NESTED} for key :deep"),
    ((action("Update", Key=pair({}), UpdateExpression="SET d = :deep", ExpressionAttributeValues={":deep": nested(40)}),
      NAMELESS), f"ExpressionAttributeValues contains invalid value: {NESTED} for key :deep"),
    ((action("Delete", Key=pair({}, nested(40))), put(ConditionExpression="a = = b")), NESTED),
    ((action("ConditionCheck", Key=pair({}, nested(40)), ConditionExpression="attribute_exists(a)"), UNUSED), NESTED),
    ((put(ConditionExpression="a = = b"), action("Delete", Key=pair({}, nested(100)))), SYNTAX),
    ((action("Delete", Key=pair({}, nested(100)), ConditionExpression="a = = b"),), SYNTAX),
    ((action("Delete", Key=pair({}, nested(100)), ConditionExpression=LONG, ExpressionAttributeValues={":v": {"S": "x"}}),),
     "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4109"),
    ((action("Update", Key=pair({}), UpdateExpression="SET " + ", ".join(f"a{number} = :v" for number in range(500)),
             ExpressionAttributeValues={":v": {"S": "x"}}), DEEP_CHECK),
     "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;"),
    ((UNUSED, DEEP_CHECK), "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}"),
)
def the_first_of_a_transactions_faults_is_told(t, actions, message):
    t.refuses("TransactWriteItems", dict(TransactItems=list(actions)), message)
