"""PartiQL statements that run: functions on sets, FROM before SET, conditions, branches of OR."""
from harness import case, each, schema

WHERE = "paritysuite/dynamodb-conformance, tier2/partiql/{}: four regions, 2026-10"
CONDITION = "ConditionalCheckFailedException"
THREE = {"SS": ["a", "b", "c"]}


def run(t, statement, *parameters, **more):
    return t.must_be_answered("ExecuteStatement", dict(Statement=statement, **(dict(Parameters=list(parameters))
                                                                                 if parameters else {}), **more))


def seeded(t, **attributes):
    key = t.key()
    t.must("PutItem", dict(TableName=t.table(), Item=dict(key, **attributes)))
    return key


@case(WHERE.format("setFunctions"))
@each(("s = set_add(s, <<'0', 'z'>>)", {"SS": ["0", "a", "b", "c", "z"]}), ("s = set_add(s, <<'a'>>)", THREE),
      ("s = SET_ADD(s, <<'x'>>)", {"SS": ["a", "b", "c", "x"]}), ("s = set_delete(s, <<'a'>>)", {"SS": ["b", "c"]}),
      ("s = set_delete(s, <<'a', 'b', 'c'>>)", None), ("s = set_delete(s, <<'zz'>>)", THREE))
def functions_on_sets(t, assignment, expected):
    key = seeded(t, s=THREE)
    run(t, f"UPDATE \"{t.table()}\" SET {assignment} WHERE pk = ?", key["pk"])
    found = t.item(t.table(), key).get("s")
    t.same("the set", expected, found and {"SS": sorted(found["SS"])})


@case(WHERE.format("setFunctions"))
@each(("set_add", {"SS": ["x"]}), ("set_delete", None))
def functions_on_sets_that_are_missing(t, function, expected):
    key = seeded(t)
    run(t, f"UPDATE \"{t.table()}\" SET s = {function}(s, <<'x'>>) WHERE pk = ?", key["pk"])
    t.same("the set", expected, t.item(t.table(), key).get("s"))
    missing = t.key()
    t.refuses("ExecuteStatement", dict(Statement=f"UPDATE \"{t.table()}\" SET s = {function}(s, <<'x'>>) WHERE pk = ?",
                                       Parameters=[missing["pk"]]), "The conditional request failed", CONDITION)
    t.same("the item", None, t.item(t.table(), missing))


@case(WHERE.format("fromFirstUpdate"))
@each(("WHERE pk = ? SET c = 1", {"c": {"N": "1"}}), ("WHERE pk = ? REMOVE b", {"b": None}),
      ("WHERE pk = ? SET c = 2 REMOVE a", {"c": {"N": "2"}, "a": None}), ("where pk = ? set e = 4", {"e": {"N": "4"}}),
      ("WHERE pk = ? AND a = 1 SET c = 5", {"c": {"N": "5"}}))
def an_update_that_names_its_table_first(t, rest, expected):
    key = seeded(t, a={"N": "1"}, b={"S": "b"})
    statement = f"FROM \"{t.table()}\" {rest}"
    run(t, statement, key["pk"])
    item = t.item(t.table(), key)
    t.same("the item", expected, {name: item.get(name) for name in expected})
    t.refuses("ExecuteStatement", dict(Statement=statement, Parameters=[t.key()["pk"]]), "The conditional request failed",
              CONDITION)


@case(WHERE.format("fromFirstUpdate"))
def what_it_returns(t):
    key = seeded(t, a={"N": "1"})
    answer = run(t, f"FROM \"{t.table()}\" WHERE pk = ? SET d = 3 RETURNING ALL NEW *", key["pk"])
    t.same("the items", [dict(key, a={"N": "1"}, d={"N": "3"})], answer["Items"])


@case(WHERE.format("whereFunctions"))
@each(("attribute_exists(ss)", True), ("attribute_exists(nope)", False), ("attribute_not_exists(nope)", True),
      ("attribute_not_exists(ss)", False), ("NOT attribute_exists(nope)", True), ("ATTRIBUTE_EXISTS(ss)", True),
      ("(attribute_exists(nope) OR attribute_exists(ss))", True), ("attribute_exists(ss) = true", True),
      ("attribute_exists(\"ss\")", True), ("attribute_exists(m.sub)", True), ("attribute_exists(m.nope)", False),
      ("size(s) = 3", True), ("size(s) = 4", False), ("attribute_type(ss, 'SS')", True), ("attribute_type(ss, 'S')", False),
      ("nul IS NULL", True), ("s IS NULL", False), ("s IS NOT NULL", True), ("nul IS NOT NULL", False),
      ("flag IS BOOL", True), ("s IS STRING", True), ("s IS BOOL", False))
def conditions_of_a_select(t, condition, holds):
    key = seeded(t, ss=THREE, s={"S": "str"}, m={"M": {"sub": {"S": "x"}}}, nul={"NULL": True}, flag={"BOOL": True})
    answer = run(t, f"SELECT pk FROM \"{t.table()}\" WHERE pk = ? AND {condition}", key["pk"])
    t.same("the items", [key] if holds else [], answer["Items"])


@case(WHERE.format("whereFunctions"))
def conditions_of_a_write(t):
    table, key = t.table(), seeded(t, a={"N": "5"})
    for statement, holds in ((f"UPDATE \"{table}\" SET z = 1 WHERE pk = ? AND attribute_exists(a)", True),
                             (f"UPDATE \"{table}\" SET z = 2 WHERE pk = ? AND attribute_exists(nope)", False),
                             (f"UPDATE \"{table}\" SET y = 1 WHERE pk = ? AND attribute_not_exists(y)", True),
                             (f"UPDATE \"{table}\" SET y = 2 WHERE pk = ? AND attribute_not_exists(y)", False),
                             (f"DELETE FROM \"{table}\" WHERE pk = ? AND attribute_exists(nope)", False)):
        request = dict(Statement=statement, Parameters=[key["pk"]])
        if holds:
            t.answers("ExecuteStatement", request, {"Items": []})
        else:
            t.refuses("ExecuteStatement", request, "The conditional request failed", CONDITION)
    t.same("the item", dict(key, a={"N": "5"}, z={"N": "1"}, y={"N": "1"}), t.item(table, key))
    run(t, f"DELETE FROM \"{table}\" WHERE pk = ? AND attribute_not_exists(nope)", key["pk"])
    t.same("the item", None, t.item(table, key))


@case(WHERE.format("whereOverlap"))
@each(("{key} AND NOT sk = '1' OR {key} AND sk = '2'", "23"), ("{key} AND sk <> '1' OR {key} AND sk = '2'", "23"),
      ("{key} AND NOT begins_with(sk, 'x') OR {key} AND sk = '2'", "123"),
      ("{key} AND NOT sk IN ['1', '3'] OR {key} AND sk = '2'", "2"),
      ("{key} AND NOT sk > '5' OR {key} AND sk = '2'", "123"), ("{key} AND NOT (sk = '1') OR {key} AND sk = '2'", "23"),
      ("{key} OR {key} AND NOT sk = '1'", "123"))
def branches_that_do_not_equal_their_sort_key(t, where, expected):
    table, pk = t.table(schema("pk", "sk")), t.unique()
    for sk in "123":
        t.must("PutItem", dict(TableName=table, Item={"pk": {"S": pk}, "sk": {"S": sk}}))
    condition = where.format(key=f"pk = '{pk}'")
    answer = run(t, f"SELECT sk FROM \"{table}\" WHERE {condition}", ConsistentRead=True)
    t.same("the sort keys", expected, "".join(sorted(item["sk"]["S"] for item in answer["Items"])))
