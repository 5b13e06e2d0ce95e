"""Searches of vector indexes, and what their items cost."""
from harness import case, each, schema

STRICT = "paritysuite/dynamodb-conformance, tier3/error-messages/searchVectors: eu-west-2 and us-east-1, 2026-10"


@case(STRICT)
@each(("IndexName", "a string"), ("TableName", "a string"), ("SearchVector", "a sequence"), ("TopK", "i32"))
def a_required_member_that_is_null(t, member, expected):
    body = b'{"' + member.encode() + b'":null}'
    t.refuses("SearchVectors", body, f"invalid type: null, expected {expected} at line 1 column {len(body) - 1}",
              "SerializationException")


@case(STRICT)
def a_missing_name_of_the_table_comes_first(t):
    for body in (b'{"IndexName":"vix","SearchVector":[{"N":"1"}],"TopK":1}', b'{"IndexName":"a","SearchVector":[],"TopK":1}'):
        t.refuses("SearchVectors", body, f"missing field `TableName` at line 1 column {len(body)}")


def index(name, **more):
    return dict(IndexName=name, VectorAttribute=dict(AttributeName="v"), Dimensions=3, DistanceFunction="COSINE",
                Projection=dict(ProjectionType="ALL"), **more)


SEARCHED = dict(schema("pk"), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S")
                                                    for n in ("pk", "tenant", "color")],
                VectorIndexes=[index("plain"),
                               index("parted", SearchSchema=[dict(AttributeName="tenant", SearchSchemaElementType="HASH"),
                                                             dict(AttributeName="color",
                                                                  SearchSchemaElementType="INLINE_FILTER")])])
VECTOR = [{"N": "1"}, {"N": "0"}, {"N": "0"}]
VALUES = {":a": {"S": "a"}, ":b": {"S": "b"}}


@case("paritysuite/dynamodb-conformance, tier3/error-messages/searchVectors: eu-west-2, 2026-08")
@each(
    (dict(IndexName="plain", TopK=101),
     "Provided TopK value '101' is out of valid range. The value must be between 1 and 100 inclusive"),
    (dict(IndexName="parted"), "SearchConditionExpression must be provided when SearchSchema has a HASH key"),
    (dict(IndexName="parted", SearchConditionExpression="tenant < :a", ExpressionAttributeValues={":a": {"S": "a"}}),
     "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"),
    (dict(IndexName="parted", SearchConditionExpression="tenant = :a AND color < :b", ExpressionAttributeValues=VALUES),
     "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"),
    (dict(IndexName="plain", SearchVector=VECTOR[:2]),
     "Input search vector dimension 2 does not match vector index dimension 3"),
    (dict(IndexName="plain", SearchConditionExpression="tenant = :a", ExpressionAttributeValues={":a": {"S": "a"}}),
     "SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: tenant"),
    (dict(IndexName="plain", SearchVector=[{"L": VECTOR}]),
     "Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point number "
     "attribute"),
)
def searches_that_are_refused(t, changed, message):
    t.refuses("SearchVectors", dict(dict(TableName=t.table(SEARCHED), SearchVector=VECTOR, TopK=1), **changed), message)
