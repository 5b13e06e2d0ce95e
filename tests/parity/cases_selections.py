"""Parameters of Query and Scan that exclude each other, or need one another."""
from harness import case, each, schema

EXCLUSIVE = ("architect/dynalite, test/query and test/scan, run against AWS; floci-io/floci 2894: ap-southeast-1, 2026-09; "
             "getmoto/moto 5354")
SELECT = "getmoto/moto, tests verified on AWS: Select of Query and Scan"
FILTER = {"g": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}
KEYS = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}
VALUES = {":p": {"S": "a"}}
BY_KEY = dict(KeyConditionExpression="pk = :p", ExpressionAttributeValues=VALUES)
WITH_FILTER = dict(FilterExpression="g = :p", ExpressionAttributeValues=VALUES)
SELECTED = dict(AttributesToGet=["g"])
OPERATOR = dict(ConditionalOperator="AND")


@case(EXCLUSIVE)
@each(
    ("Query", BY_KEY | dict(QueryFilter=FILTER), "QueryFilter", "KeyConditionExpression"),
    ("Query", BY_KEY | dict(KeyConditions=KEYS), "KeyConditions", "KeyConditionExpression"),
    ("Query", BY_KEY | SELECTED, "AttributesToGet", "KeyConditionExpression"),
    ("Query", BY_KEY | OPERATOR, "ConditionalOperator", "KeyConditionExpression"),
    ("Query", dict(SELECTED, KeyConditions=KEYS, ProjectionExpression="g"), "AttributesToGet", "ProjectionExpression"),
    ("Query", BY_KEY | WITH_FILTER | SELECTED | OPERATOR | dict(KeyConditions=KEYS, QueryFilter=FILTER, ProjectionExpression="g"),
     "AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions",
     "ProjectionExpression, FilterExpression, KeyConditionExpression"),
    ("Query", WITH_FILTER | SELECTED | OPERATOR | dict(KeyConditions=KEYS, QueryFilter=FILTER, ProjectionExpression="g"),
     "AttributesToGet, QueryFilter, ConditionalOperator", "ProjectionExpression, FilterExpression"),
    ("Scan", WITH_FILTER | dict(ScanFilter=FILTER), "ScanFilter", "FilterExpression"),
    ("Scan", dict(ScanFilter=FILTER, ProjectionExpression="g"), "ScanFilter", "ProjectionExpression"),
    ("Scan", WITH_FILTER | SELECTED, "AttributesToGet", "FilterExpression"),
    ("Scan", WITH_FILTER | SELECTED | OPERATOR | dict(ScanFilter=FILTER, ProjectionExpression="g"),
     "AttributesToGet, ScanFilter, ConditionalOperator", "ProjectionExpression, FilterExpression"),
)
def old_and_new_parameters_together(t, operation, more, old, new):
    t.refuses(operation, dict(TableName="there-is-none", **more),
              "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
              f"{{{old}}} Expression parameters: {{{new}}}")


@case(EXCLUSIVE)
def key_conditions_go_with_the_expressions_of_the_rest(t):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=dict(key, g={"S": "a"}, h={"S": "b"})))
    by_key = dict(TableName=table, KeyConditions={"pk": dict(ComparisonOperator="EQ", AttributeValueList=[key["pk"]])})
    t.shows("Query", dict(by_key, **WITH_FILTER), Count=1, ScannedCount=1)
    t.shows("Query", dict(by_key, ProjectionExpression="h"), Items=[{"h": {"S": "b"}}])


@case(EXCLUSIVE)
@each(
    ("Query", dict(KeyConditions=KEYS, ExpressionAttributeNames={"#a": "a"}),
     "ExpressionAttributeNames can only be specified when using expressions"),
    ("Query", dict(KeyConditions=KEYS, ExpressionAttributeValues=VALUES),
     "ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are "
     "null"),
    ("Scan", dict(ExpressionAttributeNames={"#a": "a"}), "ExpressionAttributeNames can only be specified when using expressions"),
    ("Scan", dict(ExpressionAttributeValues=VALUES),
     "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"),
    ("Query", {}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
    ("Scan", dict(Segment=1),
     "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"),
    ("Scan", dict(TotalSegments=1),
     "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"),
    ("Scan", dict(Segment=1, TotalSegments=1),
     "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 1 is not less than "
     "TotalSegments: 1"),
)
def parameters_that_need_another(t, operation, more, message):
    t.refuses(operation, dict(TableName=t.table(), **more), message)


INDEXED = dict(schema(), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", "g")],
               GlobalSecondaryIndexes=[dict(IndexName="gix", KeySchema=[dict(AttributeName="g", KeyType="HASH")],
                                            Projection=dict(ProjectionType="KEYS_ONLY"))])
BY_INDEX = {"g": dict(ComparisonOperator="EQ", AttributeValueList=[{"S": "a"}])}


def reads(t):
    """Query and Scan of a table and of its index, and how the refusals of either begin."""
    table = t.table(INDEXED)
    return (("Query", "1 validation error detected: ", dict(TableName=table, KeyConditions=KEYS),
             dict(TableName=table, IndexName="gix", KeyConditions=BY_INDEX)),
            ("Scan", "", dict(TableName=table), dict(TableName=table, IndexName="gix")))


@case(SELECT)
def what_select_goes_with(t):
    for operation, prefix, table, index in reads(t):
        t.refuses(operation, dict(table, Select="SPECIFIC_ATTRIBUTES"),
                  prefix + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
        t.refuses(operation, dict(table, Select="ALL_PROJECTED_ATTRIBUTES"),
                  prefix + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
        for select, spelled in (("ALL_ATTRIBUTES", "ALL_ATTRIBUTES"), ("ALL_PROJECTED_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"),
                                ("COUNT", "only the Count")):
            for parameter, value in (("AttributesToGet", ["g"]), ("ProjectionExpression", "g")):
                t.refuses(operation, dict(index, Select=select, **{parameter: value}),
                          f"{prefix}Cannot specify the {parameter} when choosing to get {spelled}")
        t.refuses(operation, dict(index, Select="ALL_ATTRIBUTES"),
                  "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary "
                  "index gix because its projection type is not ALL")
        t.refuses(operation, dict(table, Select="count"),
                  "1 validation error detected: Value 'count' at 'select' failed to satisfy constraint: Member must satisfy enum "
                  "value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]")
        for selected in (dict(Select="SPECIFIC_ATTRIBUTES", AttributesToGet=["g"]),
                         dict(Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="g"), dict(Select="ALL_PROJECTED_ATTRIBUTES")):
            t.must_be_answered(operation, dict(index, **selected))
        t.shows(operation, dict(table, Select="COUNT"), Items=None)


@case("architect/dynalite, test/query and test/scan, run against AWS: what is told first")
def the_order_in_which_they_are_told(t):
    for operation, _, table, _ in reads(t):
        filter = "QueryFilter" if operation == "Query" else "ScanFilter"
        bad = dict(table, AttributesToGet=["a", "a"], ExclusiveStartKey={"a": {}},
                   **{filter: {"a": dict(ComparisonOperator="EQ", AttributeValueList=[{}])}})
        t.refuses(operation, dict(bad, ExpressionAttributeNames={}, ExpressionAttributeValues={}),
                  "ExpressionAttributeNames can only be specified when using expressions")
        status, answer = t.ask(operation, bad)
        expected = ("One or more parameter values were invalid: Duplicate value in attribute name: a" if operation == "Scan" else
                    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
        t.same(f"{operation}'s first", (400, expected), (status, answer["message"]))
