"""Policies on items: what conditions may ask, and that every operation is asked about."""
from harness import S, allow, case, denied, deny, equal, refused, trust


def shared_items(w):
    return w.table(w.service, items=[{"tenant": S(t), "note": S(t), "secret": S(t)} for t in ("acme", "globex")])


@case
def token_vending_machine(w):
    """A session policy whose leading keys name the tenant, on a table that all tenants share."""
    table, arn = shared_items(w)
    role = w.role(w.service, allow("dynamodb:*", arn))
    from harness import document
    client = w.dynamodb(w.assume(w.service, role, Policy=document(
        allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem",
               "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:PartiQLSelect",
               "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"], arn,
              Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]}}))))
    only_its_own(client, table)


@case
def attribute_based_access(w):
    """One role for all tenants, whose leading keys are what the session's tag says."""
    table, arn = shared_items(w)
    role = w.role(w.service, allow(
        ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem",
         "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:PartiQLSelect",
         "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"], arn,
        Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/TenantID}"]}}))
    only_its_own(w.dynamodb(w.assume(w.service, role, tags={"TenantID": "acme"})), table)


def only_its_own(client, table):
    def key(tenant):
        return {"tenant": S(tenant)}

    equal(client.get_item(TableName=table, Key=key("acme"))["Item"]["note"], S("acme"))
    denied(lambda: client.get_item(TableName=table, Key=key("globex")), "dynamodb:GetItem")
    client.put_item(TableName=table, Item={"tenant": S("acme"), "note": S("acme")})
    denied(lambda: client.put_item(TableName=table, Item={"tenant": S("globex")}), "dynamodb:PutItem")
    update = dict(UpdateExpression="SET note = :n", ExpressionAttributeValues={":n": S("acme")})
    client.update_item(TableName=table, Key=key("acme"), **update)
    denied(lambda: client.update_item(TableName=table, Key=key("globex"), **update), "dynamodb:UpdateItem")
    denied(lambda: client.delete_item(TableName=table, Key=key("globex")), "dynamodb:DeleteItem")

    def query(tenant):
        return client.query(TableName=table, KeyConditionExpression="tenant = :t", ExpressionAttributeValues={":t": S(tenant)})

    equal(query("acme")["Count"], 1)
    denied(lambda: query("globex"), "dynamodb:Query")
    denied(lambda: client.query(TableName=table, KeyConditions={
        "tenant": dict(ComparisonOperator="EQ", AttributeValueList=[S("globex")])}), "dynamodb:Query")
    denied(lambda: client.scan(TableName=table), "dynamodb:Scan")

    def batch(*tenants):
        return client.batch_get_item(RequestItems={table: dict(Keys=[key(t) for t in tenants])})

    equal(len(batch("acme")["Responses"][table]), 1)
    denied(lambda: batch("acme", "globex"), "dynamodb:BatchGetItem")
    denied(lambda: client.batch_write_item(RequestItems={table: [
        dict(PutRequest=dict(Item=key("acme"))), dict(DeleteRequest=dict(Key=key("globex")))]}), "dynamodb:BatchWriteItem")

    def gets(*tenants):
        return client.transact_get_items(TransactItems=[dict(Get=dict(TableName=table, Key=key(t))) for t in tenants])

    equal(len(gets("acme")["Responses"]), 1)
    denied(lambda: gets("acme", "globex"), "dynamodb:GetItem")
    writes = [dict(Put=dict(TableName=table, Item=key("acme"))),
              dict(ConditionCheck=dict(TableName=table, Key=key("globex"), ConditionExpression="attribute_exists(tenant)"))]
    denied(lambda: client.transact_write_items(TransactItems=writes), "dynamodb:ConditionCheckItem")
    client.transact_write_items(TransactItems=writes[:1])

    def select(where, *parameters):
        return client.execute_statement(Statement=f'SELECT * FROM "{table}" WHERE {where}',
                                        **(dict(Parameters=list(parameters)) if parameters else {}))

    equal(len(select("tenant = ?", S("acme"))["Items"]), 1)
    denied(lambda: select("tenant = 'globex'"), "dynamodb:PartiQLSelect")
    denied(lambda: select("tenant IN ['acme', 'globex']"), "dynamodb:PartiQLSelect")
    denied(lambda: select("tenant = 'acme' OR tenant = 'globex'"), "dynamodb:PartiQLSelect")
    denied(lambda: select("NOT NOT tenant = 'globex'"), "dynamodb:PartiQLSelect")
    equal(len(select("tenant = 'acme' OR 'acme' = tenant")["Items"]), 1)
    denied(lambda: client.execute_statement(Statement=f"INSERT INTO \"{table}\" VALUE {{'tenant': 'globex'}}"),
           "dynamodb:PartiQLInsert")
    denied(lambda: client.execute_transaction(TransactStatements=[
        dict(Statement=f"UPDATE \"{table}\" SET note = 'x' WHERE tenant = 'globex'")]), "dynamodb:PartiQLUpdate")
    answer = client.batch_execute_statement(Statements=[
        dict(Statement=f"SELECT * FROM \"{table}\" WHERE tenant = '{t}'") for t in ("acme", "globex")])["Responses"]
    equal("Item" in answer[0], True)
    equal(answer[1]["Error"]["Code"], "AccessDenied")


@case
def attributes_that_may_be_named(w):
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html"""
    table, arn = shared_items(w)
    role = w.role(w.service, allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:Scan"], arn, Condition={
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["tenant", "note"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES", "dynamodb:ReturnValues": [
            "NONE", "UPDATED_OLD", "UPDATED_NEW"]}}))
    session = w.assume(w.service, role)
    client = w.dynamodb(session)
    key = dict(TableName=table, Key={"tenant": S("acme")})
    equal(client.get_item(ProjectionExpression="note", **key)["Item"], {"note": S("acme")})
    denied(lambda: client.get_item(ProjectionExpression="note, secret", **key), "dynamodb:GetItem")
    denied(lambda: client.get_item(AttributesToGet=["secret"], **key), "dynamodb:GetItem")
    denied(lambda: client.get_item(ProjectionExpression="#s", ExpressionAttributeNames={"#s": "secret"}, **key), "dynamodb:GetItem")
    client.update_item(UpdateExpression="SET note = :n", ExpressionAttributeValues={":n": S("x")}, **key)
    for hidden in (dict(UpdateExpression="SET secret = :n"),
                   dict(UpdateExpression="SET note = :n", ConditionExpression="secret <> :n")):
        denied(lambda: client.update_item(ExpressionAttributeValues={":n": S("x")}, **hidden, **key), "dynamodb:UpdateItem")
    denied(lambda: client.update_item(UpdateExpression="SET note = :n", ExpressionAttributeValues={":n": S("x")},
                                      ReturnValues="ALL_OLD", **key), "dynamodb:UpdateItem")
    denied(lambda: client.scan(TableName=table, FilterExpression="secret = :s", ExpressionAttributeValues={":s": S("x")}),
           "dynamodb:Scan")
    denied(lambda: client.scan(TableName=table, Select="ALL_ATTRIBUTES"), "dynamodb:Scan")
    # Nor what nobody names.
    denied(lambda: client.get_item(**key), "dynamodb:GetItem")
    denied(lambda: client.scan(TableName=table), "dynamodb:Scan")
    denied(lambda: client.query(TableName=table, KeyConditionExpression="tenant = :t", ExpressionAttributeValues={
        ":t": S("acme")}), "dynamodb:Query")
    denied(lambda: client.update_item(UpdateExpression="SET note = secret", ReturnValues="UPDATED_NEW", **key),
           "dynamodb:UpdateItem")
    # A parameter that not every SDK knows.
    status, answer, _ = w.server.call(session, "UpdateItem", dict(
        key, UpdateExpression="SET note = :n", ConditionExpression="note = :n", ExpressionAttributeValues={":n": S("no")},
        ReturnValuesOnConditionCheckFailure="ALL_OLD"))
    equal((status, answer["__type"].split("#")[-1]), (400, "AccessDeniedException"))


@case
def attributes_that_statements_may_name(w):
    table, arn = shared_items(w)
    role = w.role(w.service, allow(["dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"], arn, Condition={
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["tenant", "note"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES", "dynamodb:ReturnValues": [
            "NONE", "UPDATED_OLD", "UPDATED_NEW"]}}))
    client = w.dynamodb(w.assume(w.service, role))

    def state(text):
        return client.execute_statement(Statement=text.format(f'"{table}"'))

    equal(state("SELECT note FROM {} WHERE tenant = 'acme'")["Items"], [{"note": S("acme")}])
    state("UPDATE {} SET note = 'x' WHERE tenant = 'acme' RETURNING MODIFIED NEW *")
    for text, action in (("SELECT * FROM {} WHERE tenant = 'acme'", "Select"), ("SELECT secret FROM {} WHERE tenant = 'a'", "Select"),
                         ("UPDATE {} SET note = secret WHERE tenant = 'acme'", "Update"),
                         ("UPDATE {} SET note = 'x' WHERE tenant = 'acme' RETURNING ALL OLD *", "Update"),
                         ("DELETE FROM {} WHERE tenant = 'acme' RETURNING ALL OLD *", "Delete")):
        denied(lambda: state(text), f"dynamodb:PartiQL{action}")


@case
def an_index_is_a_resource_of_its_own(w):
    name = w.unique("Indexed")
    w.server.create_table(w.acme, TableName=name, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[dict(AttributeName=n, AttributeType="S") for n in ("k", "owner")],
                          KeySchema=[dict(AttributeName="k", KeyType="HASH")],
                          GlobalSecondaryIndexes=[dict(IndexName="by-owner", Projection=dict(ProjectionType="ALL"),
                                                       KeySchema=[dict(AttributeName="owner", KeyType="HASH")])])
    arn = f"arn:aws:dynamodb:us-east-1:{w.account(w.acme)}:table/{name}"
    role = w.role(w.acme, allow("dynamodb:Query", f"{arn}/index/*", Condition={
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["me"]}}))
    client = w.dynamodb(w.assume(w.acme, role))

    def query(owner, **more):
        return client.query(TableName=name, KeyConditionExpression="#k = :v", ExpressionAttributeValues={":v": S(owner)}, **more)

    query("me", IndexName="by-owner", ExpressionAttributeNames={"#k": "owner"})
    denied(lambda: query("you", IndexName="by-owner", ExpressionAttributeNames={"#k": "owner"}), "dynamodb:Query")
    denied(lambda: query("me", ExpressionAttributeNames={"#k": "k"}), "dynamodb:Query")


@case
def transactions_can_be_told_apart(w):
    table, arn = w.table(w.acme, items=[{"tenant": S("a")}])
    role = w.role(w.acme, allow("dynamodb:*", arn), deny("dynamodb:GetItem", Condition={
        "ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactGetItems"]}}))
    client = w.dynamodb(w.assume(w.acme, role))
    client.get_item(TableName=table, Key={"tenant": S("a")})
    denied(lambda: client.transact_get_items(TransactItems=[dict(Get=dict(TableName=table, Key={"tenant": S("a")}))]),
           "dynamodb:GetItem")


@case
def whole_tables_by_statements(w):
    table, arn = w.table(w.acme)
    role = w.role(w.acme, allow("dynamodb:PartiQLSelect", arn), deny("dynamodb:PartiQLSelect", arn, Condition={
        "Bool": {"dynamodb:FullTableScan": "true"}}))
    client = w.dynamodb(w.assume(w.acme, role))
    client.execute_statement(Statement=f"SELECT * FROM \"{table}\" WHERE tenant = 'a'")
    client.execute_statement(Statement=f"SELECT * FROM \"{table}\" WHERE tenant = 'a' OR tenant = 'b'")
    denied(lambda: client.execute_statement(Statement=f'SELECT * FROM "{table}"'), "dynamodb:PartiQLSelect")
    denied(lambda: client.execute_statement(Statement=f"SELECT * FROM \"{table}\" WHERE tenant = 'a' OR note = 'b'"),
           "dynamodb:PartiQLSelect")


@case
def tags_of_tables_and_of_requests(w):
    table, arn = w.table(w.acme)
    w.dynamodb(w.acme).tag_resource(ResourceArn=arn, Tags=[dict(Key="Stage", Value="test")])
    role = w.role(w.acme, allow("dynamodb:Scan", Condition={"StringEquals": {"aws:ResourceTag/stage": "test"}}),
                  allow("dynamodb:TagResource", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
                                                           "StringLike": {"aws:RequestTag/team": "b*"}}))
    client = w.dynamodb(w.assume(w.acme, role))
    client.scan(TableName=table)
    other, _ = w.table(w.acme)
    denied(lambda: client.scan(TableName=other), "dynamodb:Scan")
    client.tag_resource(ResourceArn=arn, Tags=[dict(Key="team", Value="blue")])
    denied(lambda: client.tag_resource(ResourceArn=arn, Tags=[dict(Key="team", Value="red")]), "dynamodb:TagResource")
    denied(lambda: client.tag_resource(ResourceArn=arn, Tags=[dict(Key="Stage", Value="b")]), "dynamodb:TagResource")


@case
def whatever_is_asked_for_is_asked_about(w):
    """A session without a single permission gets no answer from any operation."""
    table, arn = w.table(w.acme)
    client = w.dynamodb(w.assume(w.acme, w.role(w.acme)))
    every = {
        "list_tables": {}, "describe_table": dict(TableName=table), "describe_limits": {},
        "delete_table": dict(TableName=table), "update_table": dict(TableName=table, BillingMode="PAY_PER_REQUEST"),
        "describe_time_to_live": dict(TableName=table), "describe_continuous_backups": dict(TableName=table),
        "update_time_to_live": dict(TableName=table, TimeToLiveSpecification=dict(Enabled=True, AttributeName="t")),
        "list_backups": {}, "create_backup": dict(TableName=table, BackupName="backup"),
        "list_tags_of_resource": dict(ResourceArn=arn), "list_exports": {}, "list_imports": {},
        "untag_resource": dict(ResourceArn=arn, TagKeys=["a"]), "list_contributor_insights": {},
        "describe_contributor_insights": dict(TableName=table), "list_global_tables": {},
        "describe_kinesis_streaming_destination": dict(TableName=table), "get_resource_policy": dict(ResourceArn=arn),
        "scan": dict(TableName=table), "get_item": dict(TableName=table, Key={"tenant": S("a")}),
        "create_table": dict(TableName="New", BillingMode="PAY_PER_REQUEST", KeySchema=[dict(AttributeName="k", KeyType="HASH")],
                             AttributeDefinitions=[dict(AttributeName="k", AttributeType="S")]),
        "export_table_to_point_in_time": dict(TableArn=arn, S3Bucket="bucket"),
        "restore_table_to_point_in_time": dict(SourceTableName=table, TargetTableName="Other", UseLatestRestorableTime=True),
    }
    for name, parameters in every.items():
        if not hasattr(client, name):  # of newer SDKs than this one
            continue
        action = "".join(part.capitalize() for part in name.split("_"))
        refused(lambda: getattr(client, name)(**parameters), "AccessDeniedException",
                f"is not authorized to perform: dynamodb:{action}")
    streams = w.client("dynamodbstreams", w.assume(w.acme, w.role(w.acme)))
    denied(lambda: streams.list_streams(), "dynamodb:ListStreams")
