"""What an application does through boto3. Each scenario makes its own table and returns what it was answered."""
import decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

NAMES = []
_scenarios = {}


def scenario(function):
    NAMES.append(function.__name__)
    _scenarios[function.__name__] = function
    return function


def run(name, server, credentials):
    resource = boto3.resource("dynamodb", endpoint_url=server.endpoint, region_name="us-east-1",
                              aws_access_key_id=credentials.access_key, aws_secret_access_key=credentials.secret_key)
    return _scenarios[name](server.client(credentials), resource)


def strip(answer):
    """Without HTTP's part of it."""
    answer.pop("ResponseMetadata", None)
    return answer


def failure(call, **parameters):
    try:
        return {"no error": strip(call(**parameters))}
    except ClientError as error:
        answer = {k: v for k, v in error.response.items() if k != "ResponseMetadata"}
        answer["status"] = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return answer


def attributes(**types):
    return [dict(AttributeName=name, AttributeType=type_) for name, type_ in types.items()]


def keys(hash_key, range_key=None):
    schema = [dict(AttributeName=hash_key, KeyType="HASH")]
    return schema + ([dict(AttributeName=range_key, KeyType="RANGE")] if range_key else [])


def make(client, name, **definition):
    client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **definition)
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig=dict(Delay=1, MaxAttempts=30))


def index(name, hash_key, range_key=None, projection="ALL", **more):
    return dict(IndexName=name, KeySchema=keys(hash_key, range_key), Projection=dict(ProjectionType=projection, **more))


@scenario
def types(client, _):
    make(client, "Types", AttributeDefinitions=attributes(id="S"), KeySchema=keys("id"))
    item = {
        "id": {"S": "all"}, "S": {"S": "\u00e9\u4e2d\U0001f600"}, "N": {"N": "-1.2300e-10"}, "B": {"B": b"\x00\xff"},
        "BOOL": {"BOOL": True}, "NULL": {"NULL": True}, "SS": {"SS": ["a", "b"]}, "NS": {"NS": ["1", "2.50"]},
        "BS": {"BS": [b"x", b"\x00"]}, "L": {"L": [{"S": "x"}, {"L": []}, {"M": {}}]},
        "M": {"M": {"deep": {"M": {"er": {"N": "99999999999999999999999999999999999999"}}}}}, "empty": {"S": ""}}
    client.put_item(TableName="Types", Item=item)
    got = client.get_item(TableName="Types", Key={"id": {"S": "all"}}, ConsistentRead=True)["Item"]
    got["SS"]["SS"].sort(), got["NS"]["NS"].sort(key=float), got["BS"]["BS"].sort()
    projected = client.get_item(TableName="Types", Key={"id": {"S": "all"}},
                                ProjectionExpression="#m.deep.er, L[1], #s, nothing",
                                ExpressionAttributeNames={"#m": "M", "#s": "S"})["Item"]
    refused = [failure(client.put_item, TableName="Types", Item={"id": {"S": "x"}, "a": value}) for value in (
        {"N": "1e127"}, {"N": "abc"}, {"SS": []}, {"NS": ["1", "1.0"]}, {"N": "123456789012345678901234567890123456789"})]
    return dict(item=got, projected=projected, refused=refused)


@scenario
def conditions(client, _):
    make(client, "Conditions", AttributeDefinitions=attributes(id="S"), KeySchema=keys("id"))
    put = dict(TableName="Conditions", Item={"id": {"S": "a"}, "n": {"N": "1"}},
               ConditionExpression="attribute_not_exists(id)")
    first, second = strip(client.put_item(**put)), failure(client.put_item, **put)
    values = {":one": {"N": "1"}, ":three": {"N": "3"}, ":s": {"S": "N"}}
    between = strip(client.update_item(
        TableName="Conditions", Key={"id": {"S": "a"}}, UpdateExpression="SET n = n + :three",
        ConditionExpression="n BETWEEN :one AND :three AND attribute_type(n, :s) AND NOT size(id) > :three",
        ExpressionAttributeValues=values, ReturnValues="ALL_NEW", ReturnConsumedCapacity="TOTAL"))
    gone = strip(client.delete_item(TableName="Conditions", Key={"id": {"S": "a"}}, ConditionExpression="n IN (:a, :b)",
                                    ExpressionAttributeValues={":a": {"N": "4.0"}, ":b": {"N": "5"}}, ReturnValues="ALL_OLD"))
    reserved = failure(client.put_item, TableName="Conditions", Item={"id": {"S": "b"}},
                       ConditionExpression="attribute_exists(name)")
    return dict(first=first, second=second, between=between, gone=gone, reserved=reserved)


@scenario
def updates(client, _):
    make(client, "Updates", AttributeDefinitions=attributes(id="S"), KeySchema=keys("id"))
    key = dict(TableName="Updates", Key={"id": {"S": "u"}})
    answers = []
    for expression, values, returned in (
            ("SET a = :n, l = :l, m = :m", {":n": {"N": "5"}, ":l": {"L": [{"N": "1"}]}, ":m": {"M": {"x": {"S": "1"}}}}, "ALL_NEW"),
            ("SET l = list_append(l, :l), m.y = if_not_exists(m.x, :d), a = a - :one",
             {":l": {"L": [{"N": "2"}]}, ":d": {"S": "d"}, ":one": {"N": "1"}}, "UPDATED_NEW"),
            ("ADD a :n, tags :t REMOVE m.x, l[0]", {":n": {"N": "0.5"}, ":t": {"SS": ["t"]}}, "UPDATED_OLD"),
            ("DELETE tags :t SET b = a", {":t": {"SS": ["t"]}}, "ALL_NEW")):
        answers.append(strip(client.update_item(**key, UpdateExpression=expression, ExpressionAttributeValues=values,
                                                ReturnValues=returned)))
    refused = [failure(client.update_item, **key, UpdateExpression=expression, ExpressionAttributeValues=values)
               for expression, values in (("SET id = :v", {":v": {"S": "x"}}), ("SET a = :v, a = :v", {":v": {"S": "x"}}),
                                          ("SET q.w = :v", {":v": {"S": "x"}}), ("ADD a :v", {":v": {"S": "x"}}),
                                          ("SET a = :v", {":v": {"S": "x"}, ":unused": {"S": ""}}))]
    return dict(answers=answers, refused=refused)


def fill(client, name):
    make(client, name, AttributeDefinitions=attributes(pk="S", sk="N", city="S", rank="N"), KeySchema=keys("pk", "sk"),
         LocalSecondaryIndexes=[index("by-rank", "pk", "rank", "KEYS_ONLY")],
         GlobalSecondaryIndexes=[index("by-city", "city", "rank", "INCLUDE", NonKeyAttributes=["note"])])
    for n in range(30):
        item = {"pk": {"S": f"p{n % 2}"}, "sk": {"N": str(n - 15)}, "note": {"S": f"note {n}"}, "rank": {"N": str(n * 7 % 30)}}
        if n % 3:
            item["city"] = {"S": ("rome", "oslo")[n % 3 - 1]}
        client.put_item(TableName=name, Item=item)


@scenario
def query(client, _):
    fill(client, "Query")
    base = dict(TableName="Query", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "p1"}})
    pages, start = [], {}
    while True:
        page = strip(client.query(**base, Limit=6, **start))
        pages.append(page)
        if "LastEvaluatedKey" not in page:
            break
        start = dict(ExclusiveStartKey=page["LastEvaluatedKey"])
    values = {":p": {"S": "p0"}, ":a": {"N": "-5"}, ":b": {"N": "5"}, ":x": {"S": "note 1"}}
    backward = strip(client.query(
        TableName="Query", KeyConditionExpression="pk = :p AND sk BETWEEN :a AND :b", ScanIndexForward=False,
        FilterExpression="begins_with(note, :x)", ExpressionAttributeValues=values, ReturnConsumedCapacity="INDEXES"))
    local = strip(client.query(TableName="Query", IndexName="by-rank", KeyConditionExpression="pk = :p AND #r < :b",
                               ExpressionAttributeNames={"#r": "rank"}, ReturnConsumedCapacity="INDEXES",
                               ExpressionAttributeValues={":p": {"S": "p0"}, ":b": {"N": "9"}}))
    fetched = strip(client.query(TableName="Query", IndexName="by-rank", KeyConditionExpression="pk = :p AND #r < :b",
                                 Select="ALL_ATTRIBUTES", ExpressionAttributeNames={"#r": "rank"}, ReturnConsumedCapacity="INDEXES",
                                 ExpressionAttributeValues={":p": {"S": "p0"}, ":b": {"N": "9"}}))
    world = strip(client.query(TableName="Query", IndexName="by-city", KeyConditionExpression="city = :c", Limit=4,
                               ExpressionAttributeValues={":c": {"S": "oslo"}}, ReturnConsumedCapacity="INDEXES"))
    refused = [failure(client.query, **parameters) for parameters in (
        dict(base, ConsistentRead=True, IndexName="by-city"), dict(base, IndexName="none"),
        dict(base, ExclusiveStartKey={"pk": {"S": "p1"}}), dict(base, ExclusiveStartKey={"pk": {"S": "p0"}, "sk": {"N": "1"}}),
        dict(base, KeyConditionExpression="pk > :p"))]
    return dict(pages=pages, backward=backward, local=local, fetched=fetched, world=world, refused=refused)


@scenario
def scan(client, _):
    fill(client, "Scan")
    whole = strip(client.scan(TableName="Scan", ReturnConsumedCapacity="TOTAL"))
    segments = [client.scan(TableName="Scan", Segment=n, TotalSegments=4)["Items"] for n in range(4)]
    key = lambda item: (item["pk"]["S"], int(item["sk"]["N"]))  # noqa: E731
    together = sorted((key(item) for part in segments for item in part))
    pages = [page["Count"] for page in client.get_paginator("scan").paginate(TableName="Scan", PaginationConfig=dict(PageSize=7))]
    sparse = strip(client.scan(TableName="Scan", IndexName="by-city", Select="COUNT"))
    filtered = strip(client.scan(TableName="Scan", FilterExpression="contains(note, :x) AND attribute_not_exists(city)",
                                 ExpressionAttributeValues={":x": {"S": "1"}}, ProjectionExpression="pk, sk"))
    return dict(whole=whole, together=together, pages=pages, sparse=sparse, filtered=filtered)


@scenario
def big_pages(client, _):
    """A page ends at one megabyte, before filters, and what it costs follows from its bytes."""
    make(client, "Big", AttributeDefinitions=attributes(pk="S", sk="N"), KeySchema=keys("pk", "sk"))
    for n in range(30):
        client.put_item(TableName="Big", Item={"pk": {"S": "p"}, "sk": {"N": str(n)}, "n": {"N": str(n)}, "fat": {"S": "x" * 50_000}})
    answers, start = [], {}
    while True:
        page = client.query(TableName="Big", KeyConditionExpression="pk = :p", FilterExpression="n < :n", **start,
                            ExpressionAttributeValues={":p": {"S": "p"}, ":n": {"N": "2"}}, ReturnConsumedCapacity="TOTAL")
        answers.append({k: page.get(k) for k in ("Count", "ScannedCount", "LastEvaluatedKey", "ConsumedCapacity")})
        if "LastEvaluatedKey" not in page:
            break
        start = dict(ExclusiveStartKey=page["LastEvaluatedKey"])
    too_big = failure(client.put_item, TableName="Big", Item={"pk": {"S": "p"}, "sk": {"N": "0"}, "fat": {"S": "x" * 409_600}})
    return dict(answers=answers, too_big=too_big)


@scenario
def batches(client, _):
    for name in ("BatchA", "BatchB"):
        make(client, name, AttributeDefinitions=attributes(id="N"), KeySchema=keys("id"))
    wrote = strip(client.batch_write_item(ReturnConsumedCapacity="TOTAL", RequestItems={
        name: [dict(PutRequest=dict(Item={"id": {"N": str(n)}, "in": {"S": name}})) for n in range(12)]
        for name in ("BatchA", "BatchB")}))
    read = client.batch_get_item(RequestItems={
        "BatchA": dict(Keys=[{"id": {"N": str(n)}} for n in (1, 3, 99)], ConsistentRead=True),
        "BatchB": dict(Keys=[{"id": {"N": "2"}}], ProjectionExpression="id")})
    found = {name: sorted((item["id"]["N"] for item in items)) for name, items in read["Responses"].items()}
    again = [dict(DeleteRequest=dict(Key={"id": {"N": "1"}}))] * 2
    refused = [failure(client.batch_write_item, RequestItems={"BatchA": again}),
               failure(client.batch_write_item, RequestItems={"Nowhere": again[:1]}),
               failure(client.batch_write_item, RequestItems={"BatchA": [
                   dict(DeleteRequest=dict(Key={"id": {"N": str(n)}})) for n in range(26)]}),
               failure(client.batch_get_item, RequestItems={"BatchA": dict(Keys=[{"id": {"N": "1"}}, {"id": {"N": "1.0"}}])})]
    wrote["ConsumedCapacity"].sort(key=lambda c: c["TableName"])
    return dict(wrote=wrote, found=found, unprocessed=read["UnprocessedKeys"], refused=refused)


@scenario
def transactions(client, _):
    make(client, "Accounts", AttributeDefinitions=attributes(id="S"), KeySchema=keys("id"))
    for name in ("alice", "bob"):
        client.put_item(TableName="Accounts", Item={"id": {"S": name}, "balance": {"N": "100"}})

    def move(amount, token=None):
        def change(who, by, condition=None):
            update = dict(TableName="Accounts", Key={"id": {"S": who}}, UpdateExpression="ADD balance :by",
                          ExpressionAttributeValues={":by": {"N": str(by)}})
            if condition:
                update["ConditionExpression"] = condition
                update["ExpressionAttributeValues"][":min"] = {"N": str(-by)}
                update["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            return dict(Update=update)
        more = dict(ClientRequestToken=token) if token else {}
        return dict(TransactItems=[change("alice", -amount, "balance >= :min"), change("bob", amount)],
                    ReturnConsumedCapacity="TOTAL", **more)

    first = strip(client.transact_write_items(**move(30, "token-1")))
    replayed = strip(client.transact_write_items(**move(30, "token-1")))
    mismatch = failure(client.transact_write_items, **move(31, "token-1"))
    too_much = failure(client.transact_write_items, **move(500))
    same_item = dict(Delete=dict(TableName="Accounts", Key={"id": {"S": "bob"}}))
    twice = failure(client.transact_write_items, TransactItems=[same_item, same_item])
    checked = failure(client.transact_write_items, TransactItems=[
        dict(ConditionCheck=dict(TableName="Accounts", Key={"id": {"S": "carol"}}, ConditionExpression="attribute_exists(id)")),
        same_item])
    read = strip(client.transact_get_items(ReturnConsumedCapacity="TOTAL", TransactItems=[
        dict(Get=dict(TableName="Accounts", Key={"id": {"S": who}})) for who in ("alice", "bob", "carol")]))
    return dict(first=first, replayed=replayed, mismatch=mismatch, too_much=too_much, twice=twice, checked=checked, read=read)


@scenario
def tables(client, _):
    created = strip(client.create_table(
        TableName="Life", AttributeDefinitions=attributes(pk="S", sk="N", at="S"), KeySchema=keys("pk", "sk"),
        ProvisionedThroughput=dict(ReadCapacityUnits=7, WriteCapacityUnits=8),
        LocalSecondaryIndexes=[index("by-at", "pk", "at", "INCLUDE", NonKeyAttributes=["x"])],
        Tags=[dict(Key="team", Value="blue")]))
    client.get_waiter("table_exists").wait(TableName="Life", WaiterConfig=dict(Delay=1, MaxAttempts=30))
    active = strip(client.describe_table(TableName="Life"))
    for n in range(40):
        client.put_item(TableName="Life", Item={"pk": {"S": f"p{n % 4}"}, "sk": {"N": str(n)}, "at": {"S": f"2026-{n:02}"}})
    again = failure(client.create_table, TableName="Life", AttributeDefinitions=attributes(pk="S"), KeySchema=keys("pk"),
                    BillingMode="PAY_PER_REQUEST")
    client.update_table(TableName="Life", AttributeDefinitions=attributes(at="S", sk="N"), GlobalSecondaryIndexUpdates=[
        dict(Create=dict(index("world", "at", "sk", "KEYS_ONLY"), ProvisionedThroughput=dict(ReadCapacityUnits=1, WriteCapacityUnits=1)))])
    import time
    for _ in range(200):
        now = client.describe_table(TableName="Life")["Table"]
        if now["TableStatus"] == "ACTIVE" and now["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE":
            break
        time.sleep(0.05)
    backfilled = strip(client.scan(TableName="Life", IndexName="world", Select="COUNT"))
    indexed = {k: v for k, v in now["GlobalSecondaryIndexes"][0].items() if k not in ("IndexSizeBytes", "ItemCount")}
    listed = [name for page in client.get_paginator("list_tables").paginate(PaginationConfig=dict(PageSize=2))
              for name in page["TableNames"] if name == "Life"]
    deleted = strip(client.delete_table(TableName="Life"))["TableDescription"]["TableStatus"]
    client.get_waiter("table_not_exists").wait(TableName="Life", WaiterConfig=dict(Delay=1, MaxAttempts=30))
    unknown = [failure(client.describe_table, TableName="Life"), failure(client.get_item, TableName="Life", Key={"pk": {"S": "a"}}),
               failure(client.describe_table, TableName="arn:aws:dynamodb:us-east-1:123456789012:table/Life")]
    unknown[-1]["Error"]["Message"] = unknown[-1]["Error"]["Message"].split(" is not")[-1]  # the user's ARN is before it
    unknown[-1].pop("Message", None), unknown[-1].pop("message", None)
    return dict(created=created, active=active, again=again, backfilled=backfilled, indexed=indexed,
                listed=listed, deleted=deleted, unknown=unknown)


@scenario
def resource(client, dynamodb):
    """boto3's resource layer: Python types, conditions as objects, a batch writer."""
    make(client, "Resource", AttributeDefinitions=attributes(artist="S", year="N"), KeySchema=keys("artist", "year"))
    table = dynamodb.Table("Resource")
    with table.batch_writer() as batch:
        for year in range(1960, 2020):
            batch.put_item(Item=dict(artist="nina", year=year, score=decimal.Decimal(year) / 8, tags={f"d{year // 10}"}))
    found = table.query(KeyConditionExpression=Key("artist").eq("nina") & Key("year").between(1964, 1980),
                        FilterExpression=Attr("score").gt(decimal.Decimal("246.5")) | Attr("tags").contains("d196"))["Items"]
    counted = table.scan(Select="COUNT", FilterExpression=Attr("year").is_in([1961, 1999]) & ~Attr("none").exists())["Count"]
    table.update_item(Key=dict(artist="nina", year=1964), UpdateExpression="SET #p = :p",
                      ExpressionAttributeNames={"#p": "plays"}, ExpressionAttributeValues={":p": [1, {"two": b"2"}]})
    one = table.get_item(Key=dict(artist="nina", year=1964))["Item"]
    one["tags"] = sorted(one["tags"])
    return dict(found=[(int(item["year"]), str(item["score"])) for item in found], counted=counted,
                one={k: str(v) for k, v in one.items()}, loaded=table.item_count >= 0)


@scenario
def insights(client, _):
    make(client, "Visits", AttributeDefinitions=attributes(page="S", at="N", visitor="S"), KeySchema=keys("page", "at"),
         GlobalSecondaryIndexes=[index("byVisitor", "visitor")])

    def update(action, **more):
        return strip(client.update_contributor_insights(TableName="Visits", ContributorInsightsAction=action, **more))

    def describe(**more):
        answer = strip(client.describe_contributor_insights(TableName="Visits", **more))
        # "…-Visits-byVisitor-1791501766746": named by the time it was enabled
        answer["ContributorInsightsRuleList"] = [rule.rpartition("-")[0] for rule in answer.get("ContributorInsightsRuleList", [])]
        return answer

    out = {"at first": describe(), "nothing to disable": update("DISABLE")}
    out["enabling"] = update("ENABLE")
    out["enabled"] = describe()
    out["again"] = update("ENABLE")
    out["index"] = update("ENABLE", IndexName="byVisitor")
    out["index enabled"] = describe(IndexName="byVisitor")
    page = strip(client.list_contributor_insights(TableName="Visits", MaxResults=1))
    rest = strip(client.list_contributor_insights(TableName="Visits", MaxResults=1, NextToken=page.pop("NextToken")))
    out["pages"] = [page, rest]
    out["listed"] = strip(client.list_contributor_insights(TableName="Visits"))
    out["disabling"] = update("DISABLE")
    out["disabled"] = describe()
    out["unknown index"] = failure(client.describe_contributor_insights, TableName="Visits", IndexName="byNobody")
    out["unknown table"] = failure(client.describe_contributor_insights, TableName="Nowhere")
    return out


@scenario
def unoffered(client, _):
    make(client, "Plain", AttributeDefinitions=attributes(id="S"), KeySchema=keys("id"))
    stream = dict(TableName="Plain", StreamArn="arn:aws:kinesis:us-east-1:123456789012:stream/changes")
    return {
        "global tables": strip(client.list_global_tables()),
        "a global table": failure(client.describe_global_table, GlobalTableName="Plain"),
        "its settings": failure(client.describe_global_table_settings, GlobalTableName="Plain"),
        "making one": failure(client.create_global_table, GlobalTableName="Plain", ReplicationGroup=[dict(RegionName="eu-west-1")]),
        "a replica": failure(client.update_table, TableName="Plain", ReplicaUpdates=[dict(Create=dict(RegionName="eu-west-1"))]),
        "scaling": failure(client.describe_table_replica_auto_scaling, TableName="Plain"),
        "destinations": strip(client.describe_kinesis_streaming_destination(TableName="Plain")),
        "a destination": failure(client.enable_kinesis_streaming_destination, **stream),
        "no more": failure(client.disable_kinesis_streaming_destination, **stream),
        "an unknown table": failure(client.enable_kinesis_streaming_destination, **{**stream, "TableName": "Nowhere"}),
    }
