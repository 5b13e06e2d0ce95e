"""Contexts: a session's tags place it with a tenant, and nothing takes it out again."""
from harness import S, allow, case, denied, document, equal, refused, trust


def service_role(w, *statements, **more):
    statements = statements or (allow(["dynamodb:*", "sts:*"]),)
    return w.role(w.service, *statements, trusted=trust({"AWS": "*"}), **more)


@case
def a_tag_places_a_session_with_its_tenant(w):
    mine, _ = w.table(w.acme, items=[{"tenant": S("a"), "whose": S("acme")}])
    theirs, _ = w.table(w.globex)
    shared, _ = w.table(w.service)
    session = w.assume(w.service, service_role(w), tags={"tenant": "acme"})
    client = w.dynamodb(session)
    equal(client.get_item(TableName=mine, Key={"tenant": S("a")})["Item"]["whose"], S("acme"))
    refused(lambda: client.scan(TableName=theirs), "ResourceNotFoundException")
    refused(lambda: client.scan(TableName=shared), "ResourceNotFoundException")


@case
def the_tags_name_is_a_setting_of_the_role(w):
    mine, _ = w.table(w.acme)
    role = service_role(w, tags={"insula:TenantTag": "TenantID"})
    w.dynamodb(w.assume(w.service, role, tags={"TenantID": "acme"})).scan(TableName=mine)
    elsewhere = w.dynamodb(w.assume(w.service, role, tags={"tenant": "acme"}))
    refused(lambda: elsewhere.scan(TableName=mine), "ResourceNotFoundException")


@case
def a_tenant_that_is_not_placed_gives_no_session(w):
    role = service_role(w)
    for tenant in ("nobody", "", "acme/../globex", "ACME"):
        refused(lambda: w.assume(w.service, role, tags={"tenant": tenant}), "AccessDenied")


@case
def a_chain_of_roles_stays_in_its_context(w):
    mine, _ = w.table(w.acme)
    theirs, _ = w.table(w.globex)
    role = service_role(w)
    session = w.assume(w.service, role, tags={"tenant": "acme"})
    again = w.assume(session, role)
    for credentials in (session, again):
        w.dynamodb(credentials).scan(TableName=mine)
        refused(lambda: w.dynamodb(credentials).scan(TableName=theirs), "ResourceNotFoundException")
        refused(lambda: w.assume(credentials, role, tags={"tenant": "globex"}), "AccessDenied")
    # A tenant's own key is in its context from the start.
    w.dynamodb(w.assume(w.acme, role)).scan(TableName=mine)
    refused(lambda: w.assume(w.acme, role, tags={"tenant": "globex"}), "AccessDenied")


@case
def a_tenants_role_is_its_own(w):
    role = w.role(w.acme, allow("dynamodb:*"), trusted=trust({"AWS": "*"}))
    refused(lambda: w.assume(w.globex, role), "AccessDenied")
    mine, _ = w.table(w.acme)
    w.dynamodb(w.assume(w.service, role)).scan(TableName=mine)  # the service's own, whom the role trusts


@case
def transitive_tags_go_on_and_stay(w):
    role = service_role(w)
    session = w.sts(w.service).assume_role(
        RoleArn=role, RoleSessionName="first", TransitiveTagKeys=["team"],
        Tags=[dict(Key="tenant", Value="acme"), dict(Key="team", Value="blue"), dict(Key="other", Value="x")])["Credentials"]
    from botocore.credentials import Credentials
    first = Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    refused(lambda: w.assume(first, role, tags={"Team": "red"}), "InvalidParameterValue", "transitive tag key")
    table, _ = w.table(w.acme)
    judged = service_role(w, allow("dynamodb:Scan", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}),
                          allow("dynamodb:Query", Condition={"StringEquals": {"aws:PrincipalTag/other": "x"}}))
    client = w.dynamodb(w.assume(first, judged))
    client.scan(TableName=table)
    denied(lambda: client.query(TableName=table, KeyConditionExpression="tenant = :t",
                                ExpressionAttributeValues={":t": S("a")}), "dynamodb:Query")
