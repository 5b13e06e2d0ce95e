"""PartiQL: how values of every type compare, what an index gives, and the forms a statement may have."""
from harness import case, each, schema

COMPARISON = "paritysuite/dynamodb-conformance, tier2/partiql/comparison: 2026-10"
INDEX = "paritysuite/dynamodb-conformance, tier2/partiql/executeStatementIndex: eu-west-1, 2026-09"
GRAMMAR = "paritysuite/dynamodb-conformance, tier2/partiql/grammar: eu-west-2, 2026-10"


def run(_, statement, *parameters, **more):
    return dict(Statement=statement, **(dict(Parameters=list(parameters)) if parameters else {}), **more)


def found(t, statement, *parameters, **more):
    return t.must_be_answered("ExecuteStatement", run(t, statement, *parameters, **more))["Items"]


def seeded(t, value):
    key = t.key()
    t.must("PutItem", dict(TableName=t.table(), Item=dict(key, val=value)))
    return key


def condition_holds(t, key, operator, value):
    status, answer = t.ask("UpdateItem", dict(TableName=t.table(), Key=key, UpdateExpression="SET m = :m",
                                              ConditionExpression=f"val {operator} :v",
                                              ExpressionAttributeValues={":m": {"N": "1"}, ":v": value}))
    t.same("how else it may be answered", True, status == 200 or "ConditionalCheckFailed" in answer["__type"])
    return status == 200


def numbers(*values):
    return {"M": {name: {"N": value} for name, value in values}}


def letters(*values):
    return {"L": [{"S": value} for value in values]}


ONE, TWO, THREE = "AQI=", "AwQ=", "BQY="


@case(COMPARISON)
@each(
    ({"SS": ["a", "b", "c"]}, {"SS": ["a", "b", "d"]}, {"SS": ["c", "a", "b"]}, True),
    ({"NS": ["1", "2", "3"]}, {"NS": ["1", "2", "4"]}, {"NS": ["3", "1", "2.0"]}, True),
    ({"BS": [ONE, TWO]}, {"BS": [ONE, THREE]}, {"BS": [TWO, ONE]}, True),
    (letters("a", "b"), letters("a", "c"), letters("b", "a"), False),
    (numbers(("x", "1"), ("y", "2")), numbers(("x", "1"), ("y", "3")), numbers(("y", "2"), ("x", "1")), True),
    ({"B": "AQID"}, {"B": "AQIE"}, {"B": "AgED"}, False),
    ({"NULL": True}, {"S": "not null"}, {"BOOL": True}, False),
)
def what_equals_what(t, stored, other, permuted, equal):
    key = seeded(t, stored)
    for value, expected in ((stored, True), (other, False), (permuted, equal)):
        for operator, holds in (("=", expected), ("<>", not expected)):
            items = found(t, f"SELECT pk FROM \"{t.table()}\" WHERE pk = ? AND val {operator} ?", key["pk"], value)
            t.same(f"{operator} {value}", holds, bool(items))
            t.same(f"{operator} {value} as a condition", holds, condition_holds(t, key, operator, value))


UNORDERED = ({"BOOL": True}, {"NULL": True}, letters("a"), {"M": {"a": {"S": "b"}}}, {"SS": ["a"]}, {"NS": ["1"]}, {"BS": ["AQ=="]})


@case(COMPARISON)
def what_has_no_order(t):
    key = seeded(t, {"B": "AQID"})
    select = f"SELECT pk FROM \"{t.table()}\" WHERE pk = ? AND val "

    def refused(operator, clause, value, *more):
        t.refuses("ExecuteStatement", run(t, select + clause, key["pk"], value, *more),
                  f"Incorrect operand type for operator or function; operator or function: {operator}, operand type: "
                  f"{next(iter(value))}")
    for value in UNORDERED:
        for operator in ("<", "<=", ">", ">="):
            refused(operator, f"{operator} ?", value)
        refused("BETWEEN", "BETWEEN ? AND ?", value, value)
        t.same("=", [], found(t, select + "= ?", key["pk"], value))
        t.same("<>", [key], found(t, select + "<> ?", key["pk"], value))
    t.same("of another type", [], found(t, select + "< ?", key["pk"], {"N": "5"}))
    t.same("bytes below", [key], found(t, select + "< ?", key["pk"], {"B": "AQIE"}))
    t.same("bytes above", [], found(t, select + "> ?", key["pk"], {"B": "AQIE"}))


@case(COMPARISON)
def writes_under_such_conditions(t):
    update = f"UPDATE \"{t.table()}\" SET touched = 'yes' WHERE pk = ? AND val = ?"
    key = seeded(t, {"SS": ["a", "b"]})
    t.must_be_answered("ExecuteStatement", run(t, update, key["pk"], {"SS": ["b", "a"]}))
    t.same("touched", {"S": "yes"}, t.item(t.table(), key).get("touched"))
    key = seeded(t, numbers(("x", "1")))
    t.refuses("ExecuteStatement", run(t, update, key["pk"], numbers(("x", "2"))), "The conditional request failed",
              "ConditionalCheckFailedException")
    t.same("touched", None, t.item(t.table(), key).get("touched"))


def index(name, hash, range, *included):
    key = [dict(AttributeName=hash, KeyType="HASH")] + ([dict(AttributeName=range, KeyType="RANGE")] if range else [])
    projection = dict(ProjectionType="INCLUDE", NonKeyAttributes=list(included)) if included else dict(ProjectionType="ALL")
    return dict(IndexName=name, KeySchema=key, Projection=projection)


INDEXED = dict(schema("pk", "sk"), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", "sk", "a", "b")],
               GlobalSecondaryIndexes=[index("gsi1", "a", None), index("gsi2", "a", None, "b")],
               LocalSecondaryIndexes=[index("lsi1", "pk", "a"), index("lsi2", "pk", "b", "a")])


@case(INDEX)
def statements_on_indexes(t):
    table, name = t.table(INDEXED), t.unique()
    item = dict(pk={"S": name}, sk={"S": "s"}, a={"S": name + "a"}, b={"S": name + "b"}, data={"S": "one"})
    t.must("PutItem", dict(TableName=table, Item=item))
    by_key = f"SELECT * FROM \"{table}\".\"gsi1\" WHERE a = '{name}a'"
    t.until("the entry", lambda: found(t, by_key) == [item])
    t.same("by another attribute", [item], found(t, f"SELECT * FROM \"{table}\".\"gsi1\" WHERE pk = '{name}'"))
    t.same("consistently", [item], found(t, f"SELECT * FROM \"{table}\".\"lsi1\" WHERE pk = '{name}'", ConsistentRead=True))
    t.same("what a local index lacks", [dict(data={"S": "one"})],
           found(t, f"SELECT data FROM \"{table}\".\"lsi2\" WHERE pk = '{name}' AND b = '{name}b'"))
    lacks = "One or more parameter values were invalid: Global secondary index gsi2 does not project [{}]"
    t.refuses("ExecuteStatement", run(t, f"SELECT other, data FROM \"{table}\".\"gsi2\" WHERE a = 'x'"), lacks.format("other, data"))
    t.refuses("ExecuteStatement", run(t, f"SELECT data FROM \"{table}\".\"gsi2\""), lacks.format("data"))
    answer = t.must("BatchExecuteStatement", dict(Statements=[
        dict(Statement=by_key), dict(Statement=f"SELECT * FROM \"{table}\" WHERE pk = '{name}'")]))
    for member in answer["Responses"]:
        t.same("a member's error", dict(Code="ValidationError", Message="Select statements within BatchExecuteStatement must "
               "specify the primary key in the where clause."), member.get("Error"))


@case(GRAMMAR)
def numbers_in_statements(t):
    table = t.table(schema("pk", types="N"))
    for number in ("7310000", "7.3", "-7.3"):
        t.must("PutItem", dict(TableName=table, Item={"pk": {"N": number}}))
    for text, number in (("7.31e6", "7310000"), ("7.31E6", "7310000"), ("7.31e+6", "7310000"), ("731e4", "7310000"),
                         ("73100000e-1", "7310000"), (".73e1", "7.3"), ("-.73e1", "-7.3")):
        t.same(text, [{"pk": {"N": number}}], found(t, f"SELECT * FROM \"{table}\" WHERE pk = {text}"))
    for text, number in (("7.32e6", "7320000"), (".7325e1", "7.325")):
        found(t, f"INSERT INTO \"{table}\" VALUE {{'pk': {text}, 'tag': 'x'}}")
        t.same(text, {"S": "x"}, t.item(table, {"pk": {"N": number}})["tag"])
    status, answer = t.ask("ExecuteStatement", run(t, f"SELECT * FROM \"{table}\" WHERE pk = 1e99999999999"))
    t.same("an exponent too large", (400, "ValidationException"), (status, answer["__type"].split("#")[-1]))


@case(GRAMMAR)
def comments_in_statements(t):
    key = seeded(t, {"S": "v"})
    name, item = key["pk"]["S"], dict(key, val={"S": "v"})
    for statement in ("SELECT * FROM \"{}\" WHERE pk = '{}' -- a note", "SELECT * FROM \"{}\" -- a note\nWHERE pk = '{}'",
                      "-- a note\nSELECT * FROM \"{}\" WHERE pk = '{}'", "SELECT * FROM \"{}\" /* a note */ WHERE pk = '{}'",
                      "SELECT * FROM \"{}\" WHERE pk = '{}' /* a note */"):
        t.same(statement, [item], found(t, statement.format(t.table(), name)))
    status, _ = t.ask("ExecuteStatement", run(t, f"SELECT * FROM \"{t.table()}\" WHERE pk = '{name}' # a note"))
    t.same("of a hash", 400, status)


@case(GRAMMAR)
def the_order_of_a_select(t):
    table, name = t.table(schema("pk", "sk", "SN")), t.unique()
    for number in "132":
        t.must("PutItem", dict(TableName=table, Item={"pk": {"S": name}, "sk": {"N": number}}))
    for order, expected in (("DESC", "321"), ("ASC", "123")):
        items = found(t, f"SELECT * FROM \"{table}\" WHERE pk = '{name}' ORDER BY sk {order}")
        t.same(order, expected, "".join(item["sk"]["N"] for item in items))


@case(GRAMMAR)
def a_statement_that_is_refused_does_nothing(t):
    key = seeded(t, {"S": "v"})
    name, new = key["pk"]["S"], t.unique()
    for statement in (f"INSERT INTO \"{t.table()}\" VALUE {{'pk': '{new}'}} foo", f"SELECT * FROM \"{t.table()}\" t WHERE pk = 'a'",
                      f"DELETE FROM \"{t.table()}\" t WHERE pk = '{name}'", f"DELETE FROM \"{t.table()}\" WHERE pk = '{name}' ORDER BY pk"):
        status, answer = t.ask("ExecuteStatement", run(t, statement))
        t.same(statement, (400, "ValidationException"), (status, answer["__type"].split("#")[-1]))
    t.same("the item", dict(key, val={"S": "v"}), t.item(t.table(), key))
    t.same("the new one", None, t.item(t.table(), {"pk": {"S": new}}))
