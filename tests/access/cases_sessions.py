"""Sessions: who may have one, what it is good for, and when it ends."""
import datetime

from botocore.credentials import Credentials
from harness import S, allow, case, denied, document, equal, refused, trust


@case
def a_context_key_is_its_accounts_root(w):
    identity = w.sts(w.acme).get_caller_identity()
    equal(identity["Arn"], f"arn:aws:iam::{identity['Account']}:root")
    equal(identity["UserId"], identity["Account"])


@case
def a_role_may_what_its_policy_says(w):
    table, arn = w.table(w.acme, items=[{"tenant": S("a")}])
    role = w.role(w.acme, allow("dynamodb:GetItem", arn))
    session = w.assume(w.acme, role, "alice")
    client = w.dynamodb(session)
    equal(client.get_item(TableName=table, Key={"tenant": S("a")})["Item"], {"tenant": S("a")})
    message = denied(lambda: client.put_item(TableName=table, Item={"tenant": S("b")}), "dynamodb:PutItem")
    identity = w.sts(session).get_caller_identity()
    name = role.rpartition("/")[2]
    equal(identity["Arn"], f"arn:aws:sts::{w.account(w.acme)}:assumed-role/{name}/alice")
    equal(message, f"User: {identity['Arn']} is not authorized to perform: dynamodb:PutItem on resource: {arn} because no "
                   "identity-based policy allows the dynamodb:PutItem action")


@case
def nobody_is_told_whether_there_is_a_table(w):
    session = w.assume(w.acme, w.role(w.acme, allow("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/Mine")))
    client = w.dynamodb(session)
    denied(lambda: client.get_item(TableName="Absent", Key={"k": S("a")}), "dynamodb:GetItem")
    refused(lambda: client.get_item(TableName="Mine", Key={"k": S("a")}), "ResourceNotFoundException")
    denied(lambda: client.describe_table(TableName="Absent"), "dynamodb:DescribeTable")
    denied(lambda: client.list_tables(), "dynamodb:ListTables")


@case
def a_session_policy_only_narrows(w):
    table, arn = w.table(w.acme, items=[{"tenant": S("a")}])
    role = w.role(w.acme, allow(["dynamodb:GetItem", "dynamodb:PutItem"], arn))
    client = w.dynamodb(w.assume(w.acme, role, Policy=document(allow(["dynamodb:GetItem", "dynamodb:Scan"]))))
    client.get_item(TableName=table, Key={"tenant": S("a")})
    denied(lambda: client.put_item(TableName=table, Item={"tenant": S("b")}), "dynamodb:PutItem")
    denied(lambda: client.scan(TableName=table), "dynamodb:Scan")


@case
def a_role_that_is_not_there_or_does_not_trust_is_one_refusal(w):
    account = w.account(w.acme)
    stranger = w.role(w.acme, trusted=trust({"AWS": f"arn:aws:iam::{account}:root"},
                                            Condition={"StringEquals": {"sts:ExternalId": "secret"}}))
    for role in (stranger, f"arn:aws:iam::{account}:role/Absent", "arn:aws:iam::999999999999:role/Absent"):
        message = refused(lambda: w.assume(w.acme, role), "AccessDenied")
        equal(message, f"User: arn:aws:iam::{account}:root is not authorized to perform: sts:AssumeRole on resource: {role}")
    w.assume(w.acme, stranger, ExternalId="secret")


@case
def parameters_are_checked_all_at_once(w):
    refused(lambda: w.sts(w.acme).assume_role(RoleArn="arn:aws:iam::1:role/a", RoleSessionName="no spaces",
                                              DurationSeconds=899), "ValidationError",
            "2 validation errors detected: Value 'no spaces' at 'roleSessionName' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: ",
            "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")


@case
def sessions_last_as_long_as_they_may(w):
    role = w.role(w.acme, allow("*"))
    refused(lambda: w.assume(w.acme, role, DurationSeconds=3601), "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    longer = w.role(w.acme, allow("*"), MaxSessionDuration=7200)
    answer = w.sts(w.acme).assume_role(RoleArn=longer, RoleSessionName="long", DurationSeconds=7200)
    left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    equal(7190 < left.total_seconds() <= 7200, True)
    chained = w.assume(w.acme, longer)
    refused(lambda: w.assume(chained, longer, DurationSeconds=3601), "ValidationError",
            "exceeds the 1 hour session limit for roles assumed by role chaining")


@case
def a_session_ends_with_its_key(w):
    table, arn = w.table(w.acme)
    key = w.new_key("acme")
    role = w.role(w.acme, allow(["dynamodb:*", "sts:AssumeRole"]))
    session = w.assume(key, role)
    again = w.assume(session, role)
    for credentials in (session, again):
        w.dynamodb(credentials).scan(TableName=table)
    w.server.cli("credentials", "deactivate", key.access_key)
    for credentials in (session, again):
        refused(lambda: w.dynamodb(credentials).scan(TableName=table), "UnrecognizedClientException")


@case
def a_change_of_policies_counts_at_once(w):
    table, arn = w.table(w.acme)
    role = w.role(w.acme, allow("dynamodb:Scan", arn))
    name = role.rpartition("/")[2]
    client = w.dynamodb(w.assume(w.acme, role))
    client.scan(TableName=table)
    iam = w.iam(w.acme)
    iam.put_role_policy(RoleName=name, PolicyName="revoked", PolicyDocument=document(
        {"Effect": "Deny", "Action": "*", "Resource": "*",
         "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2126-01-01T00:00:00Z"}}}))
    denied(lambda: client.scan(TableName=table), "dynamodb:Scan")
    iam.delete_role_policy(RoleName=name, PolicyName="revoked")
    client.scan(TableName=table)
    iam.delete_role_policy(RoleName=name, PolicyName="inline")
    denied(lambda: client.scan(TableName=table), "dynamodb:Scan")


@case
def policies_of_a_roots_federated_users_may_change(w):
    table, arn = w.table(w.acme)
    iam = w.iam(w.acme)
    policy = iam.create_policy(PolicyName=w.unique("Policy"), PolicyDocument=document(allow("dynamodb:*")))["Policy"]["Arn"]
    given = w.sts(w.acme).get_federation_token(Name="bob", PolicyArns=[dict(arn=policy)])["Credentials"]
    client = w.dynamodb(Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    client.scan(TableName=table)
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document(allow("dynamodb:GetItem")), SetAsDefault=True)
    denied(lambda: client.scan(TableName=table), "dynamodb:Scan")
    iam.delete_policy_version(PolicyArn=policy, VersionId="v1")
    iam.delete_policy(PolicyArn=policy)
    denied(lambda: client.get_item(TableName=table, Key={"tenant": S("a")}), "dynamodb:GetItem")


@case
def another_role_of_the_name_is_another_role(w):
    table, arn = w.table(w.acme)
    role = w.role(w.acme, allow("dynamodb:Scan", arn))
    name = role.rpartition("/")[2]
    session = w.assume(w.acme, role)
    iam = w.iam(w.acme)
    trusted = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    iam.delete_role_policy(RoleName=name, PolicyName="inline")
    iam.delete_role(RoleName=name)
    refused(lambda: w.dynamodb(session).scan(TableName=table), "UnrecognizedClientException")
    import json
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document(allow("dynamodb:*")))
    refused(lambda: w.dynamodb(session).scan(TableName=table), "UnrecognizedClientException")


@case
def a_token_is_good_for_its_own_key_alone(w):
    role = w.role(w.acme, allow("*"))
    one, other = w.assume(w.acme, role), w.assume(w.globex, w.role(w.globex, allow("*")))
    mixed = [Credentials(one.access_key, one.secret_key, other.token), Credentials(one.access_key, one.secret_key),
             Credentials(other.access_key, one.secret_key, one.token),
             Credentials(one.access_key, one.secret_key, one.token[:-8] + "AAAAAAA="),
             Credentials(w.acme.access_key, w.acme.secret_key, one.token)]
    for credentials in mixed:
        refused(lambda: w.dynamodb(credentials).list_tables(), "UnrecognizedClientException")


@case
def session_tokens_and_federated_users(w):
    table, arn = w.table(w.acme, items=[{"tenant": S("a")}])
    sts = w.sts(w.acme)
    token = sts.get_session_token()["Credentials"]
    session = Credentials(token["AccessKeyId"], token["SecretAccessKey"], token["SessionToken"])
    w.dynamodb(session).put_item(TableName=table, Item={"tenant": S("b")})
    refused(lambda: w.sts(session).get_session_token(), "AccessDenied", "Cannot call GetSessionToken with session credentials")
    answer = sts.get_federation_token(Name="bob", Policy=document(allow("dynamodb:GetItem", arn)))
    equal(answer["FederatedUser"]["Arn"], f"arn:aws:sts::{w.account(w.acme)}:federated-user/bob")
    bob = answer["Credentials"]
    client = w.dynamodb(Credentials(bob["AccessKeyId"], bob["SecretAccessKey"], bob["SessionToken"]))
    client.get_item(TableName=table, Key={"tenant": S("a")})
    denied(lambda: client.put_item(TableName=table, Item={"tenant": S("b")}), "dynamodb:PutItem")


@case
def policies_and_tags_have_so_much_room(w):
    role = w.role(w.acme, allow("*"))
    large = document(allow([f"dynamodb:{'x' * 20}{n:04}" for n in range(55)]))
    w.sts(w.acme).assume_role(RoleArn=role, RoleSessionName="small", Policy=document(allow("*")))
    refused(lambda: w.assume(w.acme, role, Policy=large + " " * 2048), "ValidationError", "2048")
    refused(lambda: w.assume(w.acme, role, Policy="{}"), "MalformedPolicyDocument")
    refused(lambda: w.sts(w.acme).assume_role(RoleArn=role, RoleSessionName="twice", Tags=[
        dict(Key="team", Value="a"), dict(Key="Team", Value="b")]), "InvalidParameterValue", "case insensitive")
