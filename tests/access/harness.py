"""What a case of the access suite is, and what it may ask.

A case is a function that gets a `World`: a service on one partition model with two tenants, and clients of boto3 for
whoever asks. Each case is run under each model, and must not be able to tell them apart.

    @case
    def somebody_may_do_something(w):
        ...
        denied(lambda: w.dynamodb(session).put_item(...), "dynamodb:PutItem")
"""
import itertools
import json

import botocore.exceptions
from botocore.credentials import Credentials

CASES = []
ATTEMPTS_PER_SECOND = 50  # at identity tokens, from one address: more than the cases take


def case(function):
    CASES.append(function)
    return function


class Wrong(Exception):
    """An answer that isn't the expected one."""


def equal(found, expected):
    if found != expected:
        raise Wrong(f"was to be\n      {expected}\n    and is\n      {found}")


def refused(ask, error, *words):
    """The call is refused with this error, whose message has these words."""
    try:
        answer = ask()
    except botocore.exceptions.ClientError as refusal:
        found, message = refusal.response["Error"]["Code"], refusal.response["Error"]["Message"]
        if found != error or not all(word in message for word in words):
            raise Wrong(f"was to be refused with {error} and {words}, and was with\n      {found}: {message}") from None
        return message
    raise Wrong(f"was to be refused with {error}, and answered\n      {answer}")


def denied(ask, action):
    """DynamoDB refuses the call, for want of this permission."""
    return refused(ask, "AccessDeniedException", f"is not authorized to perform: {action} on resource: ")


def document(*statements):
    """A policy of these statements, as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resources="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions, resources="*", **more):
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}


def trust(principal, actions=("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"), **more):
    return document({"Effect": "Allow", "Principal": principal, "Action": list(actions), **more})


class World:
    """A service of one partition model with the tenants acme and globex."""

    def __init__(self, server, model):
        self.server, self.model = server, model
        self.service_name = f"access-{model}"
        server.make_service(self.service_name, model, tenants=["acme", "globex"])
        self.service = server.credentials("--environment", "prod", "--service", self.service_name)
        self.acme = server.tenant_credentials("prod", self.service_name, "acme")
        self.globex = server.tenant_credentials("prod", self.service_name, "globex")
        self.numbers = itertools.count(1)

    def new_key(self, tenant):
        """Another access key of a tenant, which a case may deactivate."""
        return self.server.tenant_credentials("prod", self.service_name, tenant)

    def unique(self, prefix):
        return f"{prefix}{next(self.numbers)}"

    # --- clients ---

    def client(self, service, credentials):
        import boto3
        from botocore.config import Config
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name="us-east-1",
                            aws_access_key_id=credentials.access_key, aws_secret_access_key=credentials.secret_key,
                            aws_session_token=credentials.token,
                            config=Config(parameter_validation=False, retries={"max_attempts": 1, "mode": "standard"}))

    def dynamodb(self, credentials):
        return self.client("dynamodb", credentials)

    def iam(self, credentials):
        return self.client("iam", credentials)

    def sts(self, credentials):
        return self.client("sts", credentials)

    # --- what cases work on ---

    def account(self, credentials):
        return self.sts(credentials).get_caller_identity()["Account"]

    def table(self, credentials, hash="tenant", items=()):
        """The name of a new table of one string key with these items, and its ARN."""
        name = self.unique("Table")
        self.server.create_table(credentials, TableName=name, BillingMode="PAY_PER_REQUEST",
                                 AttributeDefinitions=[dict(AttributeName=hash, AttributeType="S")],
                                 KeySchema=[dict(AttributeName=hash, KeyType="HASH")])
        client = self.dynamodb(credentials)
        for item in items:
            client.put_item(TableName=name, Item=item)
        return name, f"arn:aws:dynamodb:us-east-1:{self.account(credentials)}:table/{name}"

    def role(self, credentials, *statements, trusted=None, tags=None, **more):
        """The ARN of a new role of the caller's context with these statements in an inline policy."""
        name = self.unique("Role")
        iam = self.iam(credentials)
        trusted = trusted or trust({"AWS": f"arn:aws:iam::{self.account(credentials)}:root"})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted,
                              Tags=[dict(Key=k, Value=v) for k, v in (tags or {}).items()], **more)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document(*statements))
        return arn

    def assume(self, credentials, role, session="session", tags=None, **more):
        """Temporary credentials of the role."""
        if tags:
            more["Tags"] = [dict(Key=k, Value=v) for k, v in tags.items()]
        answer = self.sts(credentials).assume_role(RoleArn=role, RoleSessionName=session, **more)["Credentials"]
        return Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])


def S(text):
    return {"S": text}
