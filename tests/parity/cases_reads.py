"""What reads answer and refuse."""
from harness import case, schema

KEYS_ONLY = dict(schema("pk"), AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("pk", "g")],
                 GlobalSecondaryIndexes=[dict(IndexName="gix", KeySchema=[dict(AttributeName="g", KeyType="HASH")],
                                              Projection=dict(ProjectionType="KEYS_ONLY"))])


@case("nubo-db/dynoxide, captures of eu-west-2, 2026-08; ElectroDB's own test")
def a_scans_filter_finds_missing_what_the_index_lacks(t):
    table = t.new_table(KEYS_ONLY)
    t.must("PutItem", dict(TableName=table, Item={"pk": {"S": "a"}, "g": {"S": "g"}, "v": {"S": "v"}}))
    t.until("the entry", lambda: t.must("Scan", dict(TableName=table, IndexName="gix"))["Count"] == 1)
    values = {":v": {"S": "v"}}
    t.shows("Scan", dict(TableName=table, IndexName="gix", FilterExpression="v = :v", ExpressionAttributeValues=values),
            Count=0, ScannedCount=1, Items=[])
    t.refuses("Query", dict(TableName=table, IndexName="gix", KeyConditionExpression="g = :v", FilterExpression="v = :v",
                            ExpressionAttributeValues=values),
              "One or more parameter values were invalid: Secondary index gix does not project one or more filter "
              "attributes: [v]")


@case("reports of what AWS answers: a Query by the empty key of an index names the index")
def a_query_by_an_empty_index_key(t):
    table, values = t.table(KEYS_ONLY), {":e": {"S": ""}}
    t.refuses("Query", dict(TableName=table, IndexName="gix", KeyConditionExpression="g = :e",
                            ExpressionAttributeValues=values),
              "One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
              "The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gix, IndexKey: g")
    t.refuses("Query", dict(TableName=table, KeyConditionExpression="pk = :e", ExpressionAttributeValues=values),
              "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
              "string value. Key: pk")


@case("extenddb 74 and 81, nubo-db/dynoxide 39 and 53, getmoto/moto 3420")
def a_projection_that_matches_nothing_in_a_transaction(t):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=key))
    get = dict(TableName=table, Key=key, ProjectionExpression="nothing")
    t.answers("TransactGetItems", dict(TransactItems=[{"Get": get}]), {"Responses": [{}]})


@case("paritysuite/dynamodb-conformance, tier3/error-messages/batchGetItem")
def a_batch_projects_in_one_way(t):
    one, other = t.table(), t.table(schema("id"))
    status, answer = t.ask("BatchGetItem", dict(RequestItems={
        one: {"Keys": [t.key()], "ProjectionExpression": "a"}, other: {"Keys": [t.key("id")], "AttributesToGet": ["a"]}}))
    t.same("the status", 400, status)
    t.same("the error", "ValidationException", answer["__type"].split("#")[-1])


@case("LocalStack's snapshots of AWS")
def a_failed_condition_has_its_message_beside_the_item(t):
    table, key = t.table(), t.key()
    t.must("PutItem", dict(TableName=table, Item=key))
    for operation, item in (("PutItem", dict(Item=key)), ("DeleteItem", dict(Key=key)),
                            ("UpdateItem", dict(Key=key, UpdateExpression="REMOVE a"))):
        t.refuses(operation, dict(TableName=table, ConditionExpression="attribute_not_exists(pk)",
                                  ReturnValuesOnConditionCheckFailure="ALL_OLD", **item),
                  "The conditional request failed", "ConditionalCheckFailedException", Item=key)
