"""PartiQL: what statements answer, and what is said of their parameters."""
from harness import ANY, case, each, schema

WRITES = "paritysuite/dynamodb-conformance, tier2/partiql/writeResponses: four regions, 2026-10"


@case(WRITES)
@each(("INSERT INTO \"{table}\" VALUE {{'pk': '{key}'}}",), ("UPDATE \"{table}\" SET a = 2 WHERE pk = 'there'",),
      ("DELETE FROM \"{table}\" WHERE pk = 'there'",), ("DELETE FROM \"{table}\" WHERE pk = '{key}'",))
def a_write_answers_without_items(t, statement):
    table = t.table()
    t.must("PutItem", dict(TableName=table, Item={"pk": {"S": "there"}}))
    t.answers("ExecuteStatement", dict(Statement=statement.format(table=table, key=t.unique())), {"Items": []})


@case(WRITES)
def a_transaction_of_writes_answers_without_responses(t):
    table = t.table()
    statements = [{"Statement": f"INSERT INTO \"{table}\" VALUE {{'pk': '{t.unique()}'}}"},
                  {"Statement": f"DELETE FROM \"{table}\" WHERE pk = '{t.unique()}'"}]
    t.answers("ExecuteTransaction", dict(TransactStatements=statements), {"Responses": []})
    statements = [{"Statement": f"INSERT INTO \"{table}\" VALUE {{'pk': '{t.unique()}'}}"}]
    t.answers("ExecuteTransaction", dict(TransactStatements=statements, ReturnConsumedCapacity="TOTAL"),
              {"Responses": [], "ConsumedCapacity": [ANY]})


@case(WRITES)
def a_transaction_of_reads_answers_each(t):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=key))
    statements = [{"Statement": f"SELECT * FROM \"{table}\" WHERE pk = ?", "Parameters": [value]}
                  for value in (key["pk"], {"S": "there is none"})]
    t.answers("ExecuteTransaction", dict(TransactStatements=statements), {"Responses": [{"Item": key}, {}]})


NUMBERS = "paritysuite/dynamodb-conformance, tier3/error-messages/partiqlParameterNumbers: eu-west-2, us-east-1, 2026-10"
NOT_NUMERIC = "The parameter cannot be converted to a numeric value"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
NESTED = ("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
          "limit")
BAD = "1e99999999999"


def positions(table):
    return (f"SELECT * FROM \"{table}\" WHERE pk = 'p' AND n = ?", f"INSERT INTO \"{table}\" VALUE {{'pk': 'p', 'n': ?}}",
            f"UPDATE \"{table}\" SET n = ? WHERE pk = 'p'", f"SELECT * FROM \"{table}\" WHERE pk = ?")


@case(NUMBERS)
@each(*(({"N": text}, f"{NOT_NUMERIC}: {text}") for text in (BAD, "-" + BAD, "1e-99999999999", "1e2147483648",
                                                             "1e-2147483648")),
      ({"N": "1e2147483647"}, UNDERFLOW), ({"N": ""}, NOT_NUMERIC),
      ({"L": [{"N": "1"}, {"N": BAD}]}, f"{NOT_NUMERIC}: {BAD}"), ({"M": {"x": {"N": BAD}}}, f"{NOT_NUMERIC}: {BAD}"),
      ({"NS": ["1", BAD]}, f"{NOT_NUMERIC}: {BAD}"))
def a_parameter_that_is_no_number(t, value, message):
    for statement in positions(t.table()):
        t.refuses("ExecuteStatement", dict(Statement=statement, Parameters=[value]), message)


@case(NUMBERS)
def such_a_parameter_in_batches_and_transactions(t):
    select, _, update, _ = positions(t.table())
    t.refuses("ExecuteTransaction", dict(TransactStatements=[{"Statement": update, "Parameters": [{"N": BAD}]}]),
              f"{NOT_NUMERIC}: {BAD}")
    answer = t.must("BatchExecuteStatement", dict(Statements=[{"Statement": select, "Parameters": [{"N": BAD}]}]))
    t.same("the member's error", dict(Code="ValidationError", Message=f"{NOT_NUMERIC}: {BAD}"),
           answer["Responses"][0].get("Error"))


def nested(depth, leaf):
    for _ in range(depth):
        leaf = {"M": {"n": leaf}}
    return leaf


@case(NUMBERS)
@each((40,), (100,))
def too_deep_or_no_number_whichever_comes_first(t, depth):
    deep, bad = nested(depth, {"S": "leaf"}), {"N": "abc"}
    one = f"SELECT * FROM \"{t.table()}\" WHERE pk = 'p' AND x = ?"
    two = one + " AND y = ?"
    for statement, parameters, message in (
            (two, [deep, bad], NESTED), (two, [bad, deep], f"{NOT_NUMERIC}: abc"),
            (one, [{"M": {"d": deep, "bad": bad}}], NESTED), (one, [{"M": {"bad": bad, "d": deep}}], f"{NOT_NUMERIC}: abc"),
            (one, [nested(depth, bad)], NESTED), (two, [deep, {"N": "1e126"}], NESTED)):
        t.refuses("ExecuteStatement", dict(Statement=statement, Parameters=parameters), message)


INDEXES = "paritysuite/dynamodb-conformance, tier2 and tier3, partiqlMultiAttributeIndex: eu-west-2, us-east-1, 2026-10"
REFUSED = ("PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE "
           "keys.")


def with_index(hash, range):
    names = ["id", *hash, *range]
    keys = [dict(AttributeName=name, KeyType="HASH") for name in hash]
    keys += [dict(AttributeName=name, KeyType="RANGE") for name in range]
    return dict(schema("id"), AttributeDefinitions=[dict(AttributeName=name, AttributeType="S") for name in names],
                GlobalSecondaryIndexes=[dict(IndexName="gsi", KeySchema=keys, Projection=dict(ProjectionType="ALL"))])


@case(INDEXES)
@each((("h1", "h2"), ("r1", "r2")), (("h1", "h2"), ("r1",)), (("h1",), ("r1", "r2")))
def an_index_of_several_attributes_is_not_read(t, hash, range):
    index = f"\"{t.table(with_index(hash, range))}\".\"gsi\""
    for statement in (f"SELECT * FROM {index} WHERE h1 = 'a'", f"SELECT * FROM {index} WHERE h1 = 5",
                      f"SELECT * FROM {index} WHERE id = 'i'", f"SELECT * FROM {index}",
                      f"SELECT COUNT(*) FROM {index}",
                      f"SELECT id FROM {index} WHERE h1 = 'a' ORDER BY r1 DESC"):
        t.refuses("ExecuteStatement", dict(Statement=statement), REFUSED)


@case(INDEXES)
def what_is_told_before_that(t):
    index = f"\"{t.table(with_index(('h1', 'h2'), ('r1',)))}\".\"gsi\""
    t.refuses("ExecuteStatement", dict(Statement=f"SELECT * FROM {index} WHERE"),
              "Statement wasn't well formed, can't be processed: Unexpected term")
    t.refuses("ExecuteStatement", dict(Statement=f"SELECT * FROM {index} WHERE h1 = ?", Parameters=[{"N": BAD}]),
              f"{NOT_NUMERIC}: {BAD}")
    t.refuses("ExecuteStatement", dict(Statement=f"SELECT * FROM {index} WHERE h1 = {BAD}"),
              "Statement wasn't well formed, can't be processed: ")


@case(INDEXES)
def in_a_batch_it_is_one_member_that_fails(t):
    table, key = t.table(with_index(("h1", "h2"), ("r1",))), t.key("id")
    t.must("PutItem", dict(TableName=table, Item=key))
    answer = t.must("BatchExecuteStatement", dict(Statements=[
        {"Statement": f"SELECT * FROM \"{table}\".\"gsi\" WHERE h1 = 'a' AND h2 = 'x' AND r1 = 'm'"},
        {"Statement": f"SELECT * FROM \"{table}\" WHERE id = ?", "Parameters": [key["id"]]}]))
    refused, read = answer["Responses"]
    t.same("the first member's error", dict(Code="ValidationError", Message=REFUSED), refused.get("Error"))
    t.same("the second member's item", key, read.get("Item"))


@case(INDEXES)
def the_table_itself_is_read_and_written(t):
    table, key = t.table(with_index(("h1", "h2"), ("r1",))), t.key("id")
    t.answers("ExecuteStatement", dict(Statement=f"INSERT INTO \"{table}\" VALUE {{'id': ?}}", Parameters=[key["id"]]),
              {"Items": []})
    t.answers("ExecuteStatement", dict(Statement=f"SELECT * FROM \"{table}\" WHERE id = ?", Parameters=[key["id"]]),
              {"Items": [key]})
