"""Values that can't be taken, in the two forms that DynamoDB has for saying so: which one, the operation decides."""
from harness import case, each

LAYERS = "paritysuite/dynamodb-conformance, tier3/error-messages/valueLayers: four regions, 2026-10"
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
NOT_NUMERIC = "The parameter cannot be converted to a numeric value"
DIGITS = "Attempting to store more than 38 significant digits in a Number"
DUPLICATES = "One or more parameter values were invalid: Input collection"

# A value, what is said of it now, and what the older code says.
VALUES = (
    ({"N": "abc"}, f"{NOT_NUMERIC}: abc", f"{NOT_NUMERIC}: abc"),
    ({"N": ""}, f"{NOT_NUMERIC}: ", NOT_NUMERIC),
    ({"N": "1e126"}, OVERFLOW, OVERFLOW),
    ({"N": "1e2147483647"}, OVERFLOW, UNDERFLOW),
    ({"SS": ["b", "a", "b"]}, f"{DUPLICATES} [\"a\", \"b\", \"b\"] contains duplicates.",
     f"{DUPLICATES} [b, a, b] contains duplicates."),
    ({"BS": ["/w==", "AA==", "AA=="]}, f"{DUPLICATES} [\"AA==\",\"/w==\",\"AA==\"]of type BS contains duplicates.",
     f"{DUPLICATES} [/w==, AA==, AA==]of type BS contains duplicates."),
    ({"NS": ["2", "1", "2"]}, f"{DUPLICATES} contains duplicates.", "Input collection contains duplicates"),
)


def counted(message):
    return "1 validation error detected: " + message


def wrapped(message, name):
    return f"ExpressionAttributeValues contains invalid value: {message} for key {name}"


@case(LAYERS)
@each(*VALUES)
def of_writes_of_one_item(t, value, message, _):
    table, key = t.table(), t.key()
    condition = dict(ConditionExpression="attribute_not_exists(pk) OR a = :v", ExpressionAttributeValues={":v": value})
    update = dict(UpdateExpression="SET a = :v", ExpressionAttributeValues={":v": value})
    expected = dict(Expected={"a": {"Value": value}})
    for operation, parameters in (
            ("PutItem", dict(Item=dict(key, a=value))),
            ("PutItem", dict(Item=dict(key, a={"M": {"x": {"L": [value]}}}))),
            ("PutItem", dict(Item=key, **condition)),
            ("PutItem", dict(Item=key, **expected)),
            ("UpdateItem", dict(Key=key, **update)),
            ("UpdateItem", dict(Key=key, AttributeUpdates={"a": {"Action": "PUT", "Value": value}})),
            ("UpdateItem", dict(Key={"pk": value}, UpdateExpression="REMOVE a")),
            ("DeleteItem", dict(Key=key, **condition)),
            ("DeleteItem", dict(Key={"pk": value}))):
        t.refuses(operation, dict(TableName=table, **parameters), counted(message))


@case(LAYERS)
@each(*VALUES)
def of_reads(t, value, message, _):
    table, by_key = t.table(), dict(KeyConditionExpression="pk = :p")
    for operation, parameters in (
            ("GetItem", dict(TableName=table, Key={"pk": value})),
            ("BatchGetItem", dict(RequestItems={table: {"Keys": [{"pk": value}]}})),
            ("Query", dict(TableName=table, ExpressionAttributeValues={":p": value}, **by_key)),
            ("Query", dict(TableName=table, FilterExpression="a = :v",
                           ExpressionAttributeValues={":p": {"S": "p"}, ":v": value}, **by_key))):
        t.refuses(operation, parameters, message)


@case(LAYERS)
@each(*VALUES)
def of_the_operations_that_older_code_reads(t, value, _, message):
    table, key = t.table(), t.key()
    values = {":v": value}
    t.refuses("BatchWriteItem", dict(RequestItems={table: [{"PutRequest": {"Item": dict(key, a=value)}}]}), message)
    t.refuses("BatchWriteItem", dict(RequestItems={table: [{"DeleteRequest": {"Key": {"pk": value}}}]}), message)
    t.refuses("Scan", dict(TableName=table, FilterExpression="a = :v", ExpressionAttributeValues=values),
              wrapped(message, ":v"))
    t.refuses("TransactGetItems", dict(TransactItems=[{"Get": dict(TableName=table, Key={"pk": value})}]), message)
    t.refuses("TransactWriteItems", dict(TransactItems=[{"Put": dict(TableName=table, Item=dict(key, a=value))}]), message)
    update = dict(TableName=table, Key=key, UpdateExpression="SET a = :v", ExpressionAttributeValues=values)
    t.refuses("TransactWriteItems", dict(TransactItems=[{"Update": update}]), wrapped(message, ":v"))


@case(LAYERS)
@each(("1e99999999999", OVERFLOW), ("-1e99999999999", OVERFLOW), ("1e-99999999999", UNDERFLOW),
      ("1e2147483648", OVERFLOW), ("1e-2147483648", UNDERFLOW), ("1e126", OVERFLOW), ("1e-131", UNDERFLOW),
      ("1.2.3", f"{NOT_NUMERIC}: 1.2.3"), (" 1", f"{NOT_NUMERIC}:  1"), ("1 ", f"{NOT_NUMERIC}: 1 "),
      ("0x10", f"{NOT_NUMERIC}: 0x10"), ("1e", f"{NOT_NUMERIC}: 1e"), ("NaN", f"{NOT_NUMERIC}: NaN"),
      ("Infinity", f"{NOT_NUMERIC}: Infinity"), ("1234567890" * 4, DIGITS))
def of_numbers(t, number, message):
    table, key = t.table(), t.key()
    for value in ({"N": number}, {"NS": ["1", number]}):
        t.refuses("PutItem", dict(TableName=table, Item=dict(key, n=value)), counted(message))


EXPONENTS = "paritysuite/dynamodb-conformance, tier3/limits/numberExponent"


@case(EXPONENTS)
@each(("0e126", OVERFLOW), ("0e-131", UNDERFLOW), ("1e9223372036854775808", f"{NOT_NUMERIC}: 1e9223372036854775808"))
def of_exponents(t, number, message):
    t.refuses("PutItem", dict(TableName=t.table(), Item=dict(t.key(), n={"N": number})), counted(message))


@case(EXPONENTS)
@each(("0e125",), ("0e-130",), ("0",))
def zeros_that_are_taken(t, number):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=dict(key, n={"N": number})))
    t.same("the number", {"N": "0"}, t.item(table, key)["n"])


PARTIQL_NUMBERS = "paritysuite/dynamodb-conformance, tier3/error-messages/partiqlParameterNumbers"


@case(PARTIQL_NUMBERS)
@each(("1e2147483647", UNDERFLOW), ("1e2147483648", f"{NOT_NUMERIC}: 1e2147483648"), ("1e126", OVERFLOW))
def of_partiql_parameters(t, number, message):
    t.refuses("ExecuteStatement", dict(Statement=f"INSERT INTO \"{t.table()}\" VALUE {{'pk': ?, 'n': ?}}",
                                       Parameters=[{"S": t.unique()}, {"N": number}]), message)


NAMES = "reports of what AWS answers: names of attributes have less than 65,536 bytes"
TOO_LONG = "Attribute name is too large, must be less than 65536 bytes"


@case(NAMES)
def of_names(t):
    table, key, name = t.table(), t.key(), "n" * 65536
    for operation, parameters in (
            ("PutItem", dict(Item={**key, name: {"S": ""}})),
            ("PutItem", dict(Item=dict(key, m={"M": {name: {"S": ""}}}))),
            ("UpdateItem", dict(Key=key, AttributeUpdates={name: {"Action": "DELETE"}})),
            ("PutItem", dict(Item=key, Expected={name: {"Exists": False}}))):
        t.refuses(operation, dict(TableName=table, **parameters), counted(TOO_LONG))
    t.refuses("GetItem", dict(TableName=table, Key=key, AttributesToGet=[name]), TOO_LONG)
    t.must("PutItem", dict(TableName=table, Item={**key, name[:-1]: {"S": ""}}))
