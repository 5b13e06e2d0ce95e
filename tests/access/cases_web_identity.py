"""Identity tokens: an issuer's users become a role's sessions in their tenants, and nobody else does."""
import functools
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse

import boto3
import botocore
from botocore.config import Config
from botocore.credentials import Credentials
from harness import ATTEMPTS_PER_SECOND, S, Wrong, allow, case, denied, equal, refused, trust
from insula import MODELS, CommandFailed
from issuer import EcKey, Issuer, RsaKey, encoded, signed

BY_TOKEN = ("sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity")
NOT_AUTHORIZED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


@functools.cache
def login(w):
    """The issuer of a world: its tokens name service and tenant, and no tenant but acme."""
    return Issuer(w.server, w.model).register("--service-claim", "svc", "--tenant-claim", "org", "--tenant", "acme")


def token(w, key=None, header=None, **claims):
    return login(w).token(key, header, **{"svc": w.service_name, "org": "acme", **claims})


def token_role(w, issuer, *statements, conditions=None, **more):
    """A role of the service for the issuer's users."""
    conditions = conditions or {f"{issuer.host_and_path}:aud": ["web", "app"]}
    trusted = trust({"Federated": issuer.arn(w.account(w.service))}, BY_TOKEN, Condition={"StringEquals": conditions})
    return w.role(w.service, *(statements or (allow("dynamodb:*"),)), trusted=trusted, **more)


def answer(w, role, token, **more):
    sts = boto3.client("sts", endpoint_url=w.server.endpoint, region_name="us-east-1", config=Config(
        signature_version=botocore.UNSIGNED, retries={"max_attempts": 1, "mode": "standard"}))
    return sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="ann", WebIdentityToken=token, **more)


def session(w, role, token, **more):
    given = answer(w, role, token, **more)["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@case
def a_token_is_a_session_of_its_tenant(w):
    mine, _ = w.table(w.acme, items=[{"tenant": S("a"), "whose": S("acme")}])
    theirs, _ = w.table(w.globex)
    shared, _ = w.table(w.service)
    issuer = login(w)
    role = token_role(w, issuer)
    for key in (issuer.rsa, issuer.ec):
        given = answer(w, role, token(w, key))
        equal([given[name] for name in ("SubjectFromWebIdentityToken", "Audience", "Provider")], ["ann", "web", issuer.url])
        name = role.rpartition("/")[2]
        arn = f"arn:aws:sts::{w.account(w.service)}:assumed-role/{name}/ann"
        equal(given["AssumedRoleUser"]["Arn"], arn)
        credentials = session(w, role, token(w, key))
        client = w.dynamodb(credentials)
        equal(client.get_item(TableName=mine, Key={"tenant": S("a")})["Item"]["whose"], S("acme"))
        equal(theirs in client.list_tables()["TableNames"], False)
        for table in (theirs, shared):
            refused(lambda: client.scan(TableName=table), "ResourceNotFoundException")


@case
def a_role_says_whose_tokens_it_takes(w):
    issuer = login(w)
    anns = token_role(w, issuer, conditions={f"{issuer.host_and_path}:aud": "web", f"{issuer.host_and_path}:sub": "ann"})
    session(w, anns, token(w))
    for claims in (dict(sub="bob"), dict(sub="ANN"), dict(aud="app")):
        equal(refused(lambda: answer(w, anns, token(w, **claims)), "AccessDenied"), NOT_AUTHORIZED)
    account = w.account(w.service)
    another = trust({"Federated": f"arn:aws:iam::{account}:oidc-provider/login.example.com/another"}, BY_TOKEN)
    anothers = w.role(w.service, allow("*"), trusted=another)
    users = w.role(w.service, allow("*"), trusted=trust({"AWS": f"arn:aws:iam::{account}:root"}))
    for role in (anothers, users, f"arn:aws:iam::{account}:role/Absent", "arn:aws:iam::999999999999:role/Absent"):
        equal(refused(lambda: answer(w, role, token(w)), "AccessDenied"), NOT_AUTHORIZED)


@case
def a_token_that_is_not_right_gives_no_session(w):
    issuer = login(w)
    role = token_role(w, issuer)
    now = int(time.time())
    session(w, role, token(w))

    rejected = [dict(org="globex"), dict(org="nobody"), dict(org=None), dict(org=""), dict(org=["acme"]), dict(svc=None)]
    for claims in rejected:
        refused(lambda: answer(w, role, token(w, **claims)), "IDPRejectedClaim")
    refused(lambda: answer(w, role, token(w, svc="another")), "AccessDenied")

    refused(lambda: answer(w, role, token(w, exp=now - 1)), "ExpiredTokenException", "Token expired: current date/time ")
    invalid = {
        "another audience": (token(w, aud="others"), "Incorrect token audience"),
        "another party": (token(w, azp="others"), "Incorrect token audience"),
        "no audience": (token(w, aud=None), "Missing a required claim: aud"),
        "no subject": (token(w, sub=None), "Missing a required claim: sub"),
        "no end": (token(w, exp=None), "Missing a required claim: exp"),
        "not yet": (token(w, nbf=now + 3600), "not valid yet"),
        "another issuer": (token(w, iss="https://evil.example"), "No OpenIDConnect provider found in your account for"),
        "nearly the issuer": (token(w, iss=issuer.url + "/"), "No OpenIDConnect provider found in your account for"),
    }
    for what, (made, words) in invalid.items():
        refused(lambda: answer(w, role, made), "InvalidIdentityToken", words)


@case
def a_forged_token_gives_no_session(w):
    issuer = login(w)
    role = token_role(w, issuer)
    claims = issuer.claims(svc=w.service_name, org="acme")
    right = signed(issuer.rsa, claims)
    header, _, signature = right.split(".")
    strangers = issuer.folder / "strangers"
    strangers.mkdir()
    rsa, ec = RsaKey(strangers, issuer.rsa.id), EcKey(strangers, issuer.ec.id)

    def hmac_under(secret, algorithm="HS256"):
        text = encoded({"alg": algorithm, "kid": issuer.rsa.id}) + "." + encoded(claims)
        return f"{text}.{encoded(hmac.digest(secret, text.encode(), hashlib.sha256))}"

    forged = {
        "no algorithm": f"{encoded({'alg': 'none'})}.{encoded(claims)}.",
        "no algorithm, with a signature": f"{encoded({'alg': 'none', 'kid': issuer.rsa.id})}.{encoded(claims)}.{signature}",
        "no algorithm, in capitals": f"{encoded({'alg': 'NONE'})}.{encoded(claims)}.",
        "no signature": f"{header}.{encoded(claims)}.",
        "an HMAC under the public key": hmac_under(issuer.rsa.public_pem),
        "an HMAC under the public key's JWK": hmac_under(json.dumps(issuer.rsa.jwk).encode()),
        "an HMAC that says RS256": hmac_under(issuer.rsa.public_pem, "RS256"),
        "a stranger's key of its name": signed(rsa, claims),
        "a stranger's curve of its name": signed(ec, claims),
        "a stranger's key that it brings": signed(rsa, claims, {"jwk": rsa.jwk}),
        "another key's signature": signed(issuer.rsa, claims, {"kid": issuer.ec.id}),
        "another algorithm": signed(issuer.rsa, claims, {"alg": "RS512"}),
        "changed claims": f"{header}.{encoded({**claims, 'sub': 'root'})}.{signature}",
        "a claim twice": signed(issuer.rsa, json.dumps(claims)[:-1] + ', "org": "acme"}'),
        "claims that are a list": signed(issuer.rsa, json.dumps([claims])),
        "what must be understood": signed(issuer.rsa, claims, {"crit": ["exp"]}),
        "no token": "token", "dots": "....", "another character": right + "=", "a part more": right + "." + signature,
    }
    for kid in ("../../../../dev/null", "/etc/hostname", "keys.json", "rsa-1\0", "rsa-1' OR '1'='1", "k" * 5000):
        forged[f"kid {kid[:20]!r}"] = signed(issuer.rsa, claims, {"kid": kid})
    for what, made in forged.items():
        try:
            refused(lambda: answer(w, role, made), "InvalidIdentityToken")
        except Wrong as wrong:
            raise Wrong(f"{what}: {wrong}") from None
    refused(lambda: answer(w, role, right + "a" * 20_000), "ValidationError", "webIdentityToken")
    session(w, role, right)


@case
def a_tokens_tags_are_the_sessions(w):
    table, _ = w.table(w.acme)
    role = token_role(w, login(w), allow("dynamodb:Scan", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}))

    def client(**claims):
        return w.dynamodb(session(w, role, token(w, **claims)))
    tags = {"principal_tags": {"team": ["blue"]}, "transitive_tag_keys": ["team"]}
    client(**{"https://aws.amazon.com/tags": tags}).scan(TableName=table)
    client(**{"https://aws.amazon.com/tags/principal_tags/team": "blue"}).scan(TableName=table)
    for claims in ({}, {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["red"]}}}):
        denied(lambda: client(**claims).scan(TableName=table), "dynamodb:Scan")
    # Of another tenant than the token itself they can't be.
    elsewhere = {"https://aws.amazon.com/tags": {"principal_tags": {"tenant": ["globex"]}}}
    refused(lambda: answer(w, role, token(w, **elsewhere)), "AccessDenied")
    refused(lambda: answer(w, role, token(w, **{"https://aws.amazon.com/tags": "team"})), "IDPRejectedClaim")


@case
def a_tag_names_the_tenant_where_no_claim_does(w):
    mine, _ = w.table(w.acme)
    theirs, _ = w.table(w.globex)
    issuer = Issuer(w.server, w.unique(f"tags-{w.model}-")).register("--service-claim", "svc", "--tenant", "acme")
    role = token_role(w, issuer)

    def of(tenant):
        tags = {"https://aws.amazon.com/tags": {"principal_tags": {"tenant": [tenant]}}}
        return session(w, role, issuer.token(svc=w.service_name, **tags))
    client = w.dynamodb(of("acme"))
    client.scan(TableName=mine)
    refused(lambda: client.scan(TableName=theirs), "ResourceNotFoundException")
    for tenant in ("globex", "nobody", ""):
        refused(lambda: of(tenant), "AccessDenied")


@case
def an_issuer_is_what_the_operator_says(w):
    table, _ = w.table(w.globex)
    issuer = Issuer(w.server, w.unique(f"kept-{w.model}-"))
    issuer.register("--service-claim", "svc", "--tenant-claim", "org", "--tenant", "acme")
    role = token_role(w, issuer)
    theirs = functools.partial(issuer.token, svc=w.service_name, org="globex")
    refused(lambda: session(w, role, theirs()), "IDPRejectedClaim")
    said = w.server.cli("issuer", "update", issuer.url, "--tenant", "acme", "--tenant", "globex", "--algorithm", "ES256")
    equal([said["Issuer"][name] for name in ("Tenants", "Algorithms", "Audiences", "TenantClaim")],
          [["acme", "globex"], ["ES256"], ["web", "app"], "org"])
    refused(lambda: session(w, role, theirs()), "InvalidIdentityToken", "RS256")
    client = w.dynamodb(session(w, role, theirs(issuer.ec)))
    client.scan(TableName=table)
    equal(w.server.cli("issuer", "show", issuer.url), said)
    equal(said["Issuer"] in w.server.cli("issuer", "list")["Issuers"], True)

    w.server.cli("issuer", "delete", issuer.url)
    refused(lambda: session(w, role, theirs(issuer.ec)), "InvalidIdentityToken", "No OpenIDConnect provider found")
    client.scan(TableName=table)  # what was given stays until it ends


@case
def an_issuer_that_can_not_be_is_said_to_be(w):
    url = f"https://login.example.com/{w.unique('no-')}"
    refusals = {
        ("issuer", "create", "login.example.com", "--audience", "web"): "an issuer is a URL",
        ("issuer", "create", url): "--audience",
        ("issuer", "create", url, "--audience", "web", "--algorithm", "HS256"): "Algorithms[0] is one of RS256, ",
        ("issuer", "create", url, "--audience", "web", "--keys", "keys.json"): "an issuer's keys are at file:/PATH",
        ("issuer", "create", url, "--audience", "web", "--tenant", "nobody"): "There is no tenant 'nobody'",
        ("issuer", "create", login(w).url, "--audience", "web"): "exists already",
        ("issuer", "update", login(w).url, "--unset", "Audiences"): "Unset takes ",
        ("issuer", "show", url): f"there is no issuer {url}",
    }
    for arguments, words in refusals.items():
        try:
            w.server.cli(*arguments)
        except CommandFailed as failed:
            equal((arguments, words in failed.stderr), (arguments, True))
        else:
            raise Wrong(f"{arguments} was to be refused")


@case
def keys_do_not_come_from_this_machine(w):
    issuer = Issuer(w.server, w.unique(f"away-{w.model}-"))
    w.server.cli("issuer", "create", issuer.url, "--audience", "web", "--keys", f"{w.server.endpoint}/keys")
    role = token_role(w, issuer)
    message = refused(lambda: answer(w, role, issuer.token()), "IDPCommunicationError", "Couldn't retrieve verification key")
    equal("127.0.0.1" in message, False)


@case
def tries_are_bounded_by_address(w):
    """From an address of this machine that no other case uses, each model's its own."""
    connection = http.client.HTTPConnection("127.0.0.1", w.server.port, timeout=30,
                                            source_address=(f"127.0.0.{2 + MODELS.index(w.model)}", 0))
    form = urllib.parse.urlencode({"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": "ann",
                                   "RoleArn": "arn:aws:iam::999999999999:role/Absent", "WebIdentityToken": "a.b.c"})
    for tries in range(2000):
        connection.request("POST", "/", form, {"Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        text = response.read().decode()
        if "<Code>InvalidIdentityToken</Code>" not in text:
            break
    connection.close()
    equal((response.status, "<Code>Throttling</Code>" in text, "<Message>Rate exceeded</Message>" in text), (400, True, True))
    equal(tries >= 5 * ATTEMPTS_PER_SECOND, True)
    session(w, token_role(w, login(w)), token(w))  # from another address
