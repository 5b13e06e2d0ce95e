"""IAM itself, as boto3 sees it: users, groups, roles, policies, and what their keys may then do."""
import json

from botocore.credentials import Credentials
from harness import S, allow, case, denied, deny, document, equal, refused, trust


def own_trust(w, credentials):
    return trust({"AWS": f"arn:aws:iam::{w.account(credentials)}:root"})


def key_of(iam, user):
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


@case
def a_user_with_a_key(w):
    """From the making of a user to its first request, and to the end of its key."""
    table, arn = w.table(w.acme, items=[{"tenant": S("a")}])
    iam = w.iam(w.acme)
    name = w.unique("User")
    made = iam.create_user(UserName=name, Path="/staff/", Tags=[dict(Key="Team", Value="red")])["User"]
    equal(made["Arn"], f"arn:aws:iam::{w.account(w.acme)}:user/staff/{name}")
    key = key_of(iam, name)
    client = w.dynamodb(key)
    equal(w.sts(key).get_caller_identity()["UserId"], made["UserId"])
    denied(lambda: client.get_item(TableName=table, Key={"tenant": S("a")}), "dynamodb:GetItem")
    iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=document(allow("dynamodb:GetItem", arn)))
    equal(client.get_item(TableName=table, Key={"tenant": S("a")})["Item"], {"tenant": S("a")})
    equal(w.iam(w.acme).list_access_keys(UserName=name)["AccessKeyMetadata"][0]["Status"], "Active")
    iam.update_access_key(UserName=name, AccessKeyId=key.access_key, Status="Inactive")
    refused(lambda: client.get_item(TableName=table, Key={"tenant": S("a")}), "UnrecognizedClientException")
    iam.update_access_key(UserName=name, AccessKeyId=key.access_key, Status="Active")
    iam.delete_user_policy(UserName=name, PolicyName="read")
    denied(lambda: client.get_item(TableName=table, Key={"tenant": S("a")}), "dynamodb:GetItem")
    refused(lambda: iam.delete_user(UserName=name), "DeleteConflict", "must delete access keys first")
    iam.delete_access_key(UserName=name, AccessKeyId=key.access_key)
    iam.delete_user(UserName=name)
    refused(lambda: iam.get_user(UserName=name), "NoSuchEntity", f"The user with name {name} cannot be found.")


@case
def what_a_group_has_its_members_have(w):
    table, arn = w.table(w.acme, items=[{"tenant": S("a")}])
    iam = w.iam(w.acme)
    user, group, policy = w.unique("User"), w.unique("Group"), w.unique("Policy")
    iam.create_user(UserName=user)
    iam.create_group(GroupName=group)
    client = w.dynamodb(key_of(iam, user))
    policy_arn = iam.create_policy(PolicyName=policy, PolicyDocument=document(allow("dynamodb:GetItem", arn)))["Policy"]["Arn"]
    iam.attach_group_policy(GroupName=group, PolicyArn=policy_arn)

    def get():
        return client.get_item(TableName=table, Key={"tenant": S("a")})["Item"]

    denied(get, "dynamodb:GetItem")
    iam.add_user_to_group(GroupName=group, UserName=user)
    equal(get(), {"tenant": S("a")})
    equal([u["UserName"] for u in iam.get_group(GroupName=group)["Users"]], [user])
    # The next version is in effect with the next request.
    iam.create_policy_version(PolicyArn=policy_arn, PolicyDocument=document(deny("*")), SetAsDefault=True)
    denied(get, "dynamodb:GetItem")
    iam.set_default_policy_version(PolicyArn=policy_arn, VersionId="v1")
    equal(get(), {"tenant": S("a")})
    equal(iam.get_policy(PolicyArn=policy_arn)["Policy"]["AttachmentCount"], 1)
    equal(iam.get_policy_version(PolicyArn=policy_arn, VersionId="v2")["PolicyVersion"]["Document"],
          json.loads(document(deny("*"))))
    entities = iam.list_entities_for_policy(PolicyArn=policy_arn)
    equal([g["GroupName"] for g in entities["PolicyGroups"]], [group])
    iam.remove_user_from_group(GroupName=group, UserName=user)
    denied(get, "dynamodb:GetItem")


@case
def a_role_reads_back_as_it_was_made(w):
    iam = w.iam(w.acme)
    name = w.unique("Role")
    trusted = own_trust(w, w.acme)
    iam.create_role(RoleName=name, Path="/app/", Description="for it", MaxSessionDuration=7200,
                    AssumeRolePolicyDocument=trusted, Tags=[dict(Key="a", Value="b")],
                    PermissionsBoundary="arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess")
    role = iam.get_role(RoleName=name)["Role"]
    equal(role["AssumeRolePolicyDocument"], json.loads(trusted))
    equal((role["Path"], role["Description"], role["MaxSessionDuration"], role["Tags"], role["RoleLastUsed"]),
          ("/app/", "for it", 7200, [dict(Key="a", Value="b")], {}))
    equal(role["PermissionsBoundary"], dict(PermissionsBoundaryType="Policy",
                                            PermissionsBoundaryArn="arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"))
    # Documents come back letter by letter, whatever is in them.
    text = document(allow("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/a%3Ab", Sid="x")) + "\n  "
    iam.put_role_policy(RoleName=name, PolicyName="in", PolicyDocument=text)
    equal(iam.get_role_policy(RoleName=name, PolicyName="in")["PolicyDocument"], json.loads(text))
    refused(lambda: iam.create_role(RoleName=name.upper(), AssumeRolePolicyDocument=trusted), "EntityAlreadyExists")
    w.assume(w.acme, role["Arn"])
    equal(iam.get_role(RoleName=name)["Role"]["RoleLastUsed"]["Region"], "us-east-1")


@case
def pages_go_on_where_they_were(w):
    iam = w.iam(w.acme)
    prefix = f"/{w.unique('Path')}/"
    names = sorted(w.unique("User") for _ in range(7))
    for name in names:
        iam.create_user(UserName=name, Path=prefix)
    pages = list(iam.get_paginator("list_users").paginate(PathPrefix=prefix, PaginationConfig=dict(PageSize=3)))
    equal([len(page["Users"]) for page in pages], [3, 3, 1])
    equal([user["UserName"] for page in pages for user in page["Users"]], names)


@case
def nobody_sees_or_edits_what_is_anothers(w):
    """Neither another tenant nor the tenant's service, whatever names and ARNs it knows."""
    iam = w.iam(w.acme)
    name, user = w.unique("Role"), w.unique("User")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=own_trust(w, w.acme))["Role"]["Arn"]
    iam.create_user(UserName=user)
    policy = iam.create_policy(PolicyName=w.unique("Policy"), PolicyDocument=document(allow("*")))["Policy"]["Arn"]
    for other in (w.globex, w.service):
        theirs = w.iam(other)
        refused(lambda: theirs.get_role(RoleName=name), "NoSuchEntity")
        refused(lambda: theirs.delete_user(UserName=user), "NoSuchEntity")
        refused(lambda: theirs.create_access_key(UserName=user), "NoSuchEntity")
        refused(lambda: theirs.get_policy(PolicyArn=policy), "NoSuchEntity")
        refused(lambda: theirs.put_role_policy(RoleName=name, PolicyName="x", PolicyDocument=document(allow("*"))),
                "NoSuchEntity")
        equal([r for r in theirs.list_roles()["Roles"] if r["Arn"] == arn], [])
        equal(policy in str(theirs.get_account_authorization_details()), False)


@case
def users_manage_what_their_policies_let_them(w):
    """An administrator who may make roles, but only bounded ones."""
    iam = w.iam(w.acme)
    bound = iam.create_policy(PolicyName=w.unique("Bound"), PolicyDocument=document(allow("dynamodb:GetItem")))["Policy"]["Arn"]
    admin = w.unique("Admin")
    iam.create_user(UserName=admin)
    iam.put_user_policy(UserName=admin, PolicyName="delegated", PolicyDocument=document(
        allow("iam:CreateRole", Condition={"StringEquals": {"iam:PermissionsBoundary": bound}}),
        allow(["iam:PutRolePolicy", "iam:GetRole"]), deny("iam:DeleteRolePermissionsBoundary")))
    theirs = w.iam(key_of(iam, admin))
    trusted = own_trust(w, w.acme)
    name = w.unique("Role")
    refused(lambda: theirs.create_role(RoleName=name, AssumeRolePolicyDocument=trusted), "AccessDenied",
            "is not authorized to perform: iam:CreateRole on resource: ")
    role = theirs.create_role(RoleName=name, AssumeRolePolicyDocument=trusted, PermissionsBoundary=bound)["Role"]["Arn"]
    theirs.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=document(allow("dynamodb:*")))
    refused(lambda: theirs.delete_role_permissions_boundary(RoleName=name), "AccessDenied", "with an explicit deny")
    refused(lambda: theirs.delete_role(RoleName=name), "AccessDenied")
    table, _ = w.table(w.acme, items=[{"tenant": S("a")}])
    client = w.dynamodb(w.assume(w.acme, role))
    equal(client.get_item(TableName=table, Key={"tenant": S("a")})["Item"], {"tenant": S("a")})
    denied(lambda: client.put_item(TableName=table, Item={"tenant": S("b")}), "dynamodb:PutItem")


@case
def simulations_say_what_would_be(w):
    iam = w.iam(w.acme)
    name = w.unique("User")
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    iam.put_user_policy(UserName=name, PolicyName="in", PolicyDocument=document(
        allow("dynamodb:*", Condition={"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": "acme"}}),
        deny("dynamodb:DeleteTable")))

    def decisions(**more):
        answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["dynamodb:GetItem", "dynamodb:DeleteTable"],
                                               **more)
        return [r["EvalDecision"] for r in answer["EvaluationResults"]]

    equal(decisions(), ["implicitDeny", "explicitDeny"])
    equal(decisions(ContextEntries=[dict(ContextKeyName="dynamodb:LeadingKeys", ContextKeyType="stringList",
                                         ContextKeyValues=["acme"])]), ["allowed", "explicitDeny"])


@case
def what_aws_refuses_is_refused(w):
    iam = w.iam(w.acme)
    refused(lambda: iam.create_user(UserName="a b"), "ValidationError", "userName is invalid")
    refused(lambda: iam.create_role(RoleName="r", AssumeRolePolicyDocument="{"), "MalformedPolicyDocument")
    refused(lambda: iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": "arn:aws:iam::000000000000:root"})),
            "MalformedPolicyDocument", "Invalid principal in policy")
    refused(lambda: iam.create_policy(PolicyName="p", PolicyDocument=document(allow("nonsense"))), "MalformedPolicyDocument")
    refused(lambda: iam.attach_user_policy(UserName="nobody", PolicyArn="arn:aws:iam::aws:policy/None"), "NoSuchEntity")
    refused(lambda: iam.delete_policy(PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"), "AccessDenied")
    refused(lambda: iam.tag_user(UserName="x", Tags=[dict(Key="k", Value="1"), dict(Key="K", Value="2")]), "InvalidInput",
            "Duplicate tag keys found")
