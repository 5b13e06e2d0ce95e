"""Batches: what is said of their keys and limits."""
from harness import case, each, schema

WRITES = "paritysuite/dynamodb-conformance, tier3/error-messages/batchWriteItem: us-east-1 and eu-west-2, 2026-06 to -10"
MISMATCH = "The provided key element does not match the schema"
EMPTY = ("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {} "
         "value. Key: pk")


@case(WRITES)
@each(({"PutRequest": {"Item": {"pk": {"N": "5"}}}}, MISMATCH), ({"PutRequest": {"Item": {"pk": {"L": []}}}}, MISMATCH),
      ({"PutRequest": {"Item": {"other": {"S": "x"}}}}, MISMATCH),
      ({"DeleteRequest": {"Key": {"other": {"S": "x"}}}}, MISMATCH),
      ({"PutRequest": {"Item": {"pk": {"S": ""}}}}, EMPTY.format("string")))
def keys_of_writes(t, request, message):
    t.refuses("BatchWriteItem", dict(RequestItems={t.table(): [request]}), message)


@case(WRITES)
@each(({"PutRequest": {"Item": {"pk": {"B": ""}}}},), ({"DeleteRequest": {"Key": {"pk": {"B": ""}}}},))
def keys_without_bytes(t, request):
    t.refuses("BatchWriteItem", dict(RequestItems={t.table(schema(types="B")): [request]}), EMPTY.format("binary"))


@case(WRITES)
def limits_of_writes(t):
    table, key = t.table(), t.key()
    values = ("Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length "
              "greater than or equal to 1]")
    t.refuses("BatchWriteItem", dict(RequestItems={table: []}),
              f"1 validation error detected: Value '{{{table}=[]}}' at 'requestItems' failed to satisfy constraint: {values}")
    both = [{"PutRequest": {"Item": key}}, {"DeleteRequest": {"Key": key}}]
    t.refuses("BatchWriteItem", dict(RequestItems={table: both}), "Provided list of item keys contains duplicates")
    t.refuses("BatchWriteItem", dict(RequestItems={}), "The requestItems parameter is required for BatchWriteItem")


@case(WRITES)
def a_name_that_is_none(t):
    message = t.ask("BatchWriteItem", dict(RequestItems={"bad!name": [{"PutRequest": {"Item": {"pk": {"S": "x"}}}}]}))[1]
    start = "1 validation error detected: Value '{bad!name=[WriteRequest(putRequest=PutRequest(item={pk="
    t.same("the beginning", start, message["message"][:len(start)])


@case("nubo-db/dynoxide, tests/batch_statement_member_fields: captures of eu-west-2")
def a_member_that_is_invalid_names_no_table(t):
    table, key = t.table(), t.key()
    answer = t.must("BatchExecuteStatement", dict(Statements=[
        {"Statement": f"SELECT * FROM \"{table}\" WHERE pk = ?", "Parameters": [key["pk"]]},
        {"Statement": f"SELECT * FROM \"{table}\" WHERE a = 1"}]))
    t.same("the tables named", [table, None], [member.get("TableName") for member in answer["Responses"]])
