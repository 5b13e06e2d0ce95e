"""PartiQL statements that are refused, word for word. A position in a message is line:column:length from 1."""
from harness import case, each, schema

GRAMMAR = "paritysuite/dynamodb-conformance, tier3/error-messages/partiqlGrammar: eu-west-2, 2026-10"
FUNCTIONS = "paritysuite/dynamodb-conformance, tier3/error-messages/partiqlFunctions: four regions, 2026-10"
ILL_FORMED = "Statement wasn't well formed, can't be processed: "
LEFTOVER = ILL_FORMED + "Unexpected token after expression"
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
DIGITS = "Attempting to store more than 38 significant digits in a Number"


@case(GRAMMAR)
@each(
    ("SELECT * FROM {t} WHERE pk = 1 foo", LEFTOVER), ("SELECT * FROM {t} WHERE pk = 1 e5", LEFTOVER),
    ("INSERT INTO {t} VALUE {{'pk': 97}} foo", LEFTOVER), ("UPDATE {t} SET a = 9 WHERE pk = 97 foo", LEFTOVER),
    ("DELETE FROM {t} WHERE pk = 97 foo", LEFTOVER), ("SELECT * FROM {t} WHERE pk = 1)", LEFTOVER),
    ("DELETE FROM {t} WHERE pk = 97 ORDER BY pk", LEFTOVER), ("SELECT * FROM {t} ORDER BY pk WHERE pk = 1", LEFTOVER),
    ("INSERT INTO {t} t VALUE {{'pk': 97}}", LEFTOVER),
    ("SELECT * FROM {t} WHERE pk = 1e2147483648", ILL_FORMED), ("SELECT * FROM {t} WHERE pk = 1e99999999999", ILL_FORMED),
    ("SELECT * FROM {t} WHERE pk = 1.5e-2147483647", ILL_FORMED), ("SELECT * FROM {t} WHERE pk = 1 # note", ILL_FORMED),
    ("SELECT * FROM {t} WHERE pk = 1 /* note", ILL_FORMED),
    ("SELECT * FROM {t} t WHERE pk = 1", "Aliasing is not supported"),
    ("SELECT * FROM {t} AS t WHERE pk = 1", "Aliasing is not supported"),
    ("UPDATE {t} t SET a = 3 WHERE pk = 1", "Aliasing is not supported"),
    ("DELETE FROM {t} t WHERE pk = 1", "Aliasing is not supported"),
    ("SELECT * FROM {t} WHERE pk = 1e126", OVERFLOW + " under root"),
    ("SELECT * FROM {t} WHERE pk = 1e-131", UNDERFLOW + " under root"),
    ("SELECT * FROM {t} WHERE pk = " + "123456789" * 4 + "123", DIGITS + " under root"),
    ("INSERT INTO {t} VALUE {{'pk': 1e126}}", OVERFLOW + " under root"),
    ("UPDATE {t} SET a = 1e-131 WHERE pk = 97", UNDERFLOW + " under root"),
    ("INSERT INTO {t} VALUE {{'pk': 97, 'm': {{'x': 1e126}}}}", OVERFLOW + " under root.x"),
    ("INSERT INTO {t} VALUE {{'pk': 97, 'l': [1, 1e126]}}", OVERFLOW + " under root[1]"),
)
def statements(t, statement, message):
    t.refuses("ExecuteStatement", dict(Statement=statement.format(t=f"\"{t.table(schema(types='N'))}\"")), message)


def at(statement, token, length=None, after=""):
    return f"1:{statement.index(token, statement.index(after)) + 1}:{length or len(token)}"


@case(FUNCTIONS)
@each(
    ("attribute_exists('ss')", "Operator or function requires a document path; operator or function: attribute_exists"),
    ("attribute_exists()", "Incorrect number of operands for operator or function; operator or function: "
                           "attribute_exists, number of operands: 0"),
    ("attribute_exists(ss, ns)", "Incorrect number of operands for operator or function; operator or function: "
                                 "attribute_exists, number of operands: 2"),
    ("EXISTS(ss)", "Unrecognized function: exists at {EXISTS}"),
    ("attribute_exists(m.inner)", ILL_FORMED + "Invalid path dot component"),
    ("set_add(ss, <<'x'>>) = ss", "Unrecognized function: set_add at {set_add}"),
)
def conditions(t, condition, message):
    statement = f"SELECT * FROM \"{t.table()}\" WHERE pk = 'p' AND {condition}"
    for token in ("EXISTS", "set_add"):
        if "{" + token + "}" in message:
            message = message.replace("{" + token + "}", at(statement, token))
    t.refuses("ExecuteStatement", dict(Statement=statement), message)


@case(FUNCTIONS)
def conditions_of_one_parameter(t):
    t.refuses("ExecuteStatement", dict(Statement=f"SELECT * FROM \"{t.table()}\" WHERE pk = 'p' AND attribute_exists(?)",
                                       Parameters=[{"S": "ss"}]),
              "Operator or function requires a document path; operator or function: attribute_exists")


@case(FUNCTIONS)
def functions_where_none_belongs(t):
    table = f"\"{t.table()}\""
    statement = f"SELECT attribute_exists(ss) FROM {table} WHERE pk = 'p'"
    t.refuses("ExecuteStatement", dict(Statement=statement),
              f"Unexpected path component at {at(statement, 'attribute_exists')}")
    statement = f"INSERT INTO {table} VALUE {{'pk': 'p', 'ss': set_add(<<'a'>>, <<'b'>>)}}"
    t.refuses("ExecuteStatement", dict(Statement=statement),
              f"Unsupported data type: set_add under key root at {at(statement, 'set_add')}")


SELECTS = "Select statements within {} must specify the primary key in the where clause."


@case(FUNCTIONS)
def conditions_in_transactions_and_batches(t):
    table = f"\"{t.table()}\""
    select = {"Statement": f"SELECT * FROM {table} WHERE pk = 'p' AND attribute_exists(ss)"}
    t.refuses("ExecuteTransaction", dict(TransactStatements=[select]),
              "Validation failed in TransactStatements[0]: " + SELECTS.format("ExecuteTransaction"))
    answer = t.must("BatchExecuteStatement", dict(Statements=[select]))
    t.same("the error", dict(Code="ValidationError", Message=SELECTS.format("BatchExecuteStatement")),
           answer["Responses"][0].get("Error"))
    exists = {"Statement": f"EXISTS(SELECT * FROM {table} WHERE pk = 'p')"}
    update = {"Statement": f"UPDATE {table} SET z = 1 WHERE pk = 'q'"}
    t.refuses("ExecuteTransaction", dict(TransactStatements=[exists, update]),
              "Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional "
              "condition")


@case(FUNCTIONS)
@each(
    ("t = set_add(ss, <<'x'>>)", "The first argument to SET_ADD must equal the assignment value at {function}"),
    ("ss = set_add(<<'a'>>, <<'b'>>)", "The first argument to SET_ADD must equal the assignment value at {function}"),
    ("ss = set_add(ss, 'x')", "The second argument to SET_ADD must be a value with type SET at {argument}"),
    ("ss = set_add(ss, ['x'])", "The second argument to SET_ADD must be a value with type SET at {argument}"),
    ("ss = set_add(ss)", "SET_ADD must have exactly two arguments at {function}"),
    ("ss = set_add(ss, <<'x'>>, <<'y'>>)", "SET_ADD must have exactly two arguments at {function}"),
    ("ss = set_add(ss, <<1>>)", "An operand in the update expression has an incorrect data type"),
    ("s = set_add(s, <<'x'>>)", "An operand in the update expression has an incorrect data type"),
    ("ss = set_add(ss, <<'x', 'x'>>)",
     "One or more parameter values were invalid: Input collection [x, x] contains duplicates."),
    ("ss = set_add(ss, <<>>)", "Empty bags are not supported"),
    ("m.inner = set_add(m.inner, <<'y'>>)", ILL_FORMED + "Invalid path dot component"),
    ("t = set_delete(ss, <<'a'>>)", "The first argument to SET_DELETE must equal the assignment value at {function}"),
    ("ss = set_delete(ss, 'a')", "The second argument to SET_DELETE must be a value with type SET at {argument}"),
    ("ss = set_delete(ss, <<1>>)", "An operand in the update expression has an incorrect data type"),
)
def assignments(t, assignment, message):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=dict(key, ss={"SS": ["a", "b"]}, s={"S": "s"}, m={"M": {}})))
    statement = f"UPDATE \"{table}\" SET {assignment} WHERE pk = '{key['pk']['S']}'"
    name = "set_delete" if "set_delete" in assignment else "set_add"
    if "{function}" in message:
        message = message.format(function=at(statement, name))
    if "{argument}" in message:
        message = message.format(argument=at(statement, "ss", after=name + "("))
    t.refuses("ExecuteStatement", dict(Statement=statement), message)
