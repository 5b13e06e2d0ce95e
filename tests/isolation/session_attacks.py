"""Attacks by an attacker who holds iam:* in its own account: users, sessions, chained roles, policies and forged tokens."""
import json

import botocore.exceptions
from botocore.credentials import Credentials

ANYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
TRUST_ALL = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]}]})


def credentials_of(answer):
    given = answer["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def client(arena, service, credentials):
    import boto3
    return boto3.client(service, endpoint_url=arena.server.endpoint, region_name="us-east-1",
                        aws_access_key_id=credentials.access_key, aws_secret_access_key=credentials.secret_key,
                        aws_session_token=credentials.token)


class Household:
    """What the victim, the attacker and the service they share have of roles and users."""

    def __init__(self, arena):
        self.arena = arena
        self.service = arena.server.credentials("--environment", arena.environment, "--service", arena.service)
        self.victims_role = self.role(arena.victim, "victim-role")
        self.victims_session = self.assume(arena.victim, self.victims_role)
        self.own_role = self.role(arena.attacker, "own-role")
        self.services_role = self.role(self.service, "service-role")

    def role(self, credentials, name):
        iam = client(self.arena, "iam", credentials)
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST_ALL)["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="anything", PolicyDocument=ANYTHING)
        return arn

    def assume(self, credentials, role, **more):
        return credentials_of(client(self.arena, "sts", credentials).assume_role(
            RoleArn=role, RoleSessionName="session", **more))

    def attackers(self):
        """(what, credentials) of all that the attacker can become."""
        attacker = self.arena.attacker
        session = self.assume(attacker, self.own_role)
        yield "a session of its own role", session
        yield "a chained session", self.assume(session, self.own_role)
        yield "a session of its service's role", self.assume(attacker, self.services_role)
        yield "a chain over its service's role", self.assume(self.assume(session, self.services_role), self.own_role)
        sts = client(self.arena, "sts", attacker)
        yield "a session token", credentials_of(sts.get_session_token())
        yield "a federated user", credentials_of(sts.get_federation_token(Name="anybody", Policy=ANYTHING))
        iam = client(self.arena, "iam", attacker)
        iam.create_user(UserName="user")
        iam.put_user_policy(UserName="user", PolicyName="anything", PolicyDocument=ANYTHING)
        key = iam.create_access_key(UserName="user")["AccessKey"]
        yield "a user with every permission", Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def forged(self):
        """(what, credentials) that are nobody's."""
        attacker, victims = self.arena.attacker, self.victims_session
        own = self.assume(attacker, self.own_role)
        yield "the victim's token with an own key", Credentials(own.access_key, own.secret_key, victims.token)
        yield "the victim's token with an own secret", Credentials(victims.access_key, own.secret_key, victims.token)
        yield "the victim's token with the own access key", Credentials(attacker.access_key, attacker.secret_key, victims.token)
        yield "an own token for the victim's key", Credentials(victims.access_key, own.secret_key, own.token)
        for at in range(0, len(own.token), max(1, len(own.token) // 24)):
            letter = "A" if own.token[at] != "A" else "B"
            yield f"an own token with another letter at {at}", Credentials(
                own.access_key, own.secret_key, own.token[:at] + letter + own.token[at + 1:])
        yield "half of an own token", Credentials(own.access_key, own.secret_key, own.token[:len(own.token) // 2])
        half = len(own.token) // 8 * 4
        yield "half of each", Credentials(own.access_key, own.secret_key, own.token[:half] + victims.token[half:])

    def requests(self, victim, attacker_name, victim_account):
        """(what, call) of STS and IAM: each must be refused."""
        arena = self.arena
        named = dict(Key="tenant", Value=victim)
        for who, credentials in (("a key", arena.attacker), ("a session", self.assume(arena.attacker, self.own_role))):
            sts, iam = client(arena, "sts", credentials), client(arena, "iam", credentials)
            for role in (self.services_role, self.own_role):
                yield f"{who}: AssumeRole with the victim's tag", lambda r=role, s=sts: s.assume_role(
                    RoleArn=r, RoleSessionName="session", Tags=[named])
            yield f"{who}: AssumeRole of the victim's role", lambda s=sts: s.assume_role(
                RoleArn=self.victims_role, RoleSessionName="session")
            yield f"{who}: GetAccessKeyInfo of the victim's key", lambda s=sts: s.get_access_key_info(
                AccessKeyId=arena.victim.access_key)
            for name, parameters in {
                "get_role": dict(RoleName="victim-role"), "delete_role": dict(RoleName="victim-role"),
                "put_role_policy": dict(RoleName="victim-role", PolicyName="p", PolicyDocument=ANYTHING),
                "list_role_policies": dict(RoleName="victim-role"),
                "update_assume_role_policy": dict(RoleName="victim-role", PolicyDocument=TRUST_ALL),
                "update_access_key": dict(AccessKeyId=arena.victim.access_key, Status="Inactive"),
                "delete_access_key": dict(AccessKeyId=arena.victim.access_key),
                "get_policy": dict(PolicyArn=f"arn:aws:iam::{victim_account}:policy/any"),
                "create_role": dict(RoleName="bridge", AssumeRolePolicyDocument=json.dumps(
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
                        "AWS": f"arn:aws:iam::{victim_account}:root"}}]})),
            }.items():
                yield f"{who}: {name}", lambda n=name, p=parameters, i=iam: getattr(i, n)(**p)


def refused(call):
    """Whether it was, and what came."""
    try:
        return False, call()
    except botocore.exceptions.ClientError as refusal:
        return True, refusal.response["Error"]
