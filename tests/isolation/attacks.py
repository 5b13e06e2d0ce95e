"""What the attacker tries. Generators of attempts; run.py judges the answers."""
import base64
import copy
import datetime
import json
import struct


def b64(data):
    return base64.b64encode(data).decode()


def name_attacks(arena, victim, attacker, region):
    """(name, what it tries): every text that might name a table of somebody else's."""
    env, service = arena.environment, arena.service
    other_env = "dev" if env == "prod" else "prod"
    physical = [
        f"{env}.{service}.{victim}.Products", f"{env}.{service}._pool.Products", f"{env}.{service}.Products",
        f"{env}.{service}._service.Products", f"{env}.{service}.{attacker}.Products",
        f"{other_env}.{service}.{victim}.Products", f"{other_env}.{service}._pool.Products",
        f"{env}.other.{victim}.Products",
    ]
    names = [("VictimOnly", "a logical table only the victim has")]
    names += [(name, f"the physical name {name}") for name in physical]
    names += [(name, f"the reserved name {name}") for name in
              ("insula.control-plane", "_pool", "_pool.Products", "insula", "catalog", "..Products", "Products.",
               f"{victim}.Products", f"{victim}.VictimOnly", f"{victim}-Products", "products", "PRODUCTS")]
    accounts = {arena.victim_account: "the victim's account", "000000000000": "account zero",
                "123456789012": "a made-up account", arena.attacker_account: "the own account"}
    for account, why in accounts.items():
        for table in ["VictimOnly", *physical[:4]]:
            names.append((f"arn:aws:dynamodb:{region}:{account}:table/{table}", f"an ARN of {why} for {table}"))
        if account != arena.attacker_account:
            names.append((f"arn:aws:dynamodb:{region}:{account}:table/Products", f"an ARN of {why} for Products"))
    names.append((f"arn:aws:dynamodb:eu-west-1:{arena.attacker_account}:table/VictimOnly", "an ARN of another region"))
    names.append((f"arn:aws-cn:dynamodb:{region}:{arena.victim_account}:table/Products", "an ARN of another partition"))
    names.append((f"arn:aws:dynamodb:{region}::table/Products", "an ARN without an account"))
    names.append((f"arn:aws:dynamodb:{region}:{arena.victim_account}:table/Products/index/by-owner", "an index ARN"))
    return names


def table_operations(name):
    """Every operation that takes a table, aimed at `name`."""
    key = {"pk": {"S": "p0"}, "sk": {"B": b64(b"\0")}}
    item = {**key, "owner": {"S": "same-owner"}, "rank": {"N": "1"}, "secret": {"S": "overwritten"}}
    values = {":p": {"S": "p0"}}
    update = {"UpdateExpression": "SET secret = :p", "ExpressionAttributeValues": values, "ReturnValues": "ALL_OLD"}
    return [
        ("DescribeTable", {"TableName": name}),
        ("GetItem", {"TableName": name, "Key": key, "ConsistentRead": True}),
        ("PutItem", {"TableName": name, "Item": item, "ReturnValues": "ALL_OLD"}),
        ("UpdateItem", {"TableName": name, "Key": key, **update}),
        ("DeleteItem", {"TableName": name, "Key": key, "ReturnValues": "ALL_OLD"}),
        ("Query", {"TableName": name, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": values}),
        ("Query", {"TableName": name, "IndexName": "by-owner", "KeyConditionExpression": "#o = :p",
                   "ExpressionAttributeNames": {"#o": "owner"}, "ExpressionAttributeValues": values}),
        ("Scan", {"TableName": name}),
        ("Scan", {"TableName": name, "IndexName": "by-rank", "Select": "COUNT"}),
        ("SearchVectors", {"TableName": name, "IndexName": "by-owner", "SearchVector": [{"N": "1"}], "TopK": 100}),
        ("BatchGetItem", {"RequestItems": {name: {"Keys": [key]}}}),
        ("BatchWriteItem", {"RequestItems": {name: [{"PutRequest": {"Item": item}}]}}),
        ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": name, "Key": key}}]}),
        ("TransactWriteItems", {"TransactItems": [{"Delete": {"TableName": name, "Key": key}}]}),
        ("UpdateTable", {"TableName": name, "BillingMode": "PROVISIONED",
                         "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}),
        ("CreateBackup", {"TableName": name, "BackupName": "stolen"}),
        ("UpdateContinuousBackups",
         {"TableName": name, "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}),
        ("DescribeContinuousBackups", {"TableName": name}),
        ("RestoreTableToPointInTime", {"SourceTableArn" if name.startswith("arn:") else "SourceTableName": name,
                                       "TargetTableName": "Stolen", "UseLatestRestorableTime": True}),
        ("StartBulkPutItems", {"TableName": name, "InputS3Configuration": {"S3Bucket": "own", "InputFormat": "DYNAMODB_JSON"},
                               "OutputS3Configuration": {"S3Bucket": "own", "OutputType": ["ERROR"]}}),
        ("DeleteTable", {"TableName": name}),
    ]


def backup_attacks(arn, victim_account, attacker_account):
    """(what, operation, parameters) against a backup of the victim's."""
    table = arn.split("/")[1]
    forged = {
        "the victim's backup": arn,
        "the victim's backup under the own account": arn.replace(victim_account, attacker_account),
        "the victim's backup as another table's": arn.replace(victim_account, attacker_account).replace(
            f"table/{table}/", "table/Products/"),
        "the victim's backup in another region": arn.replace("us-east-1", "eu-west-1"),
        "a backup beside it": arn[:-1] + ("0" if arn[-1] != "0" else "1"),
        "a path": arn.rsplit("/", 1)[0] + "/../../" + arn.rsplit("/", 1)[1],
    }
    for what, name in forged.items():
        for operation, more in (("DescribeBackup", {}), ("DeleteBackup", {}),
                                ("RestoreTableFromBackup", {"TargetTableName": "Stolen"})):
            yield f"{operation} of {what}", operation, {"BackupArn": name, **more}


def crafted_bytes():
    """Bytes that look like storage prefixes, lengths, terminators and neighbours' ranges."""
    for number in (0, 1, 2, 3, 255, 2**31, 2**32 - 1):
        yield struct.pack(">I", number)
        yield struct.pack(">IIQ", number, number, number)
    yield from (b"\0", b"\xff", b"\0\xff", b"\0\0", b"\xff" * 16, b"\0" * 16, b"\0\x01", b"\x01", b"\xfe\xff")
    yield b"\xff" * 1024
    yield b"\0" * 1024
    yield b"victim-corp"
    yield struct.pack(">H", 65535) + b"p0"


def key_attacks():
    """(what, operation, parameters) on the attacker's own Products table."""
    own = {"TableName": "Products"}
    for data in crafted_bytes():
        text = data.decode("latin-1")
        label = data[:12].hex() + ("…" if len(data) > 12 else "")
        for pk in ("p0", text):
            key = {"pk": {"S": pk}, "sk": {"B": b64(data)}}
            yield f"GetItem with key bytes {label}", "GetItem", {**own, "Key": key}
            yield (f"DeleteItem with key bytes {label}", "DeleteItem", {**own, "Key": key, "ReturnValues": "ALL_OLD"})
        for operator in ("sk < :s", "sk <= :s", "sk > :s", "sk >= :s", "begins_with(sk, :s)", "sk BETWEEN :z AND :s"):
            values = {":p": {"S": "p0"}, ":s": {"B": b64(data)}}
            if ":z" in operator:
                values[":z"] = {"B": b64(b"\0")}
            for forward in (True, False):
                yield (f"Query {operator} {label}", "Query",
                       {**own, "KeyConditionExpression": f"pk = :p AND {operator}",
                        "ExpressionAttributeValues": values, "ScanIndexForward": forward})
        yield (f"Query of the index by {label}", "Query",
               {**own, "IndexName": "by-owner", "KeyConditionExpression": "#o = :o",
                "ExpressionAttributeNames": {"#o": "owner"}, "ExpressionAttributeValues": {":o": {"S": text}}})
    for name in ("insula:tenant", "insula:key", "insula:index", "_tenant"):
        for key in ({name: {"S": "victim-corp"}},
                    {name: {"S": "victim-corp"}, "insula:key": {"B": b64(b"\0")}},
                    {"pk": {"S": "p0"}, "sk": {"B": b64(b"\0")}, name: {"S": "victim-corp"}}):
            yield f"GetItem with {name} in the key", "GetItem", {**own, "Key": key}
            yield (f"UpdateItem with {name} in the key", "UpdateItem", {**own, "Key": key})
        names, values = {"#n": name}, {":v": {"S": "victim-corp"}}
        yield (f"Query by {name}", "Query",
               {**own, "KeyConditionExpression": "#n = :v", "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values})
        yield (f"Scan filtered by {name}", "Scan",
               {**own, "FilterExpression": "#n = :v", "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values})
        yield (f"KeyConditions on {name}", "Query",
               {**own, "KeyConditions": {name: {"ComparisonOperator": "EQ", "AttributeValueList": [values[":v"]]}}})
    for index in ("by-owner/../VictimOnly", "by-owner", "insula:tenant", "_pool", "by-rank\0"):
        yield f"Scan of the index {index!r}", "Scan", {**own, "IndexName": index}


def start_key_attacks():
    """ExclusiveStartKeys that point outside the attacker's range, on the table and both indexes."""
    base = {"TableName": "Products"}
    full = {"pk": {"S": "p0"}, "sk": {"B": b64(b"\0")}, "owner": {"S": "same-owner"}, "rank": {"N": "0"}}
    for data in crafted_bytes():
        label = data[:12].hex()
        for hash_value in ("p0", data.decode("latin-1")):
            start = {"pk": {"S": hash_value}, "sk": {"B": b64(data)}}
            yield f"Scan from {label}", "Scan", {**base, "ExclusiveStartKey": start}
            yield (f"Query from {label}", "Query",
                   {**base, "KeyConditionExpression": "pk = :p", "ExclusiveStartKey": start,
                    "ExpressionAttributeValues": {":p": {"S": "p0"}}})
            yield (f"parallel Scan from {label}", "Scan",
                   {**base, "ExclusiveStartKey": start, "TotalSegments": 4, "Segment": 1})
        for field in full:
            start = copy.deepcopy(full)
            start[field] = {"B": b64(data)} if field == "sk" else (
                {"N": "9" * 38} if field == "rank" else {"S": data.decode("latin-1")})
            for index in ("by-owner", "by-rank"):
                yield (f"Scan of {index} from {field}={label}", "Scan",
                       {**base, "IndexName": index, "ExclusiveStartKey": start})
    for extra in ({"insula:tenant": {"S": "victim-corp"}}, {"insula:key": {"B": b64(b"\0")}},
                  {"insula:tenant": {"S": "victim-corp"}, "insula:key": {"B": b64(b"\0")}}):
        yield f"Scan from {sorted(extra)} alone", "Scan", {**base, "ExclusiveStartKey": extra}
        yield (f"Scan from a key with {sorted(extra)}", "Scan",
               {**base, "ExclusiveStartKey": {"pk": full["pk"], "sk": full["sk"], **extra}})


def signature_attacks(arena, victim, attacker):
    """Yields (what, status, answer, raw answer, what was sent) of requests that must all be refused."""
    server = arena.server
    body = json.dumps({"TableName": "VictimOnly"}).encode()
    own_body = json.dumps({"TableName": "Products"}).encode()

    def send(what, headers, payload, path="/", method="POST"):
        status, _, raw = server.raw(method, path, headers, payload)
        return what, status, raw.decode(errors="replace"), raw, payload.decode() + str(headers)

    def replaced(headers, name, value):
        return [(n, value if n.lower() == name.lower() else v) for n, v in headers]

    good = server.sign(arena.victim, "Scan", body)
    yield send("the victim's signature over another body", good, own_body)
    yield send("the victim's signature for another operation",
               replaced(good, "X-Amz-Target", "DynamoDB_20120810.DeleteTable"), body)
    yield send("the victim's signature at another date", replaced(good, "X-Amz-Date", "20200101T000000Z"), body)
    yield send("the victim's signature on another path", good, body, path="/?x=1")
    yield send("the victim's signature with another host", replaced(good, "Host", "dynamodb.us-east-1.amazonaws.com"),
               body)
    authorization = dict(good)["Authorization"]
    for change in (lambda a: a[:-1] + ("0" if a[-1] != "0" else "1"), lambda a: a[:-64] + "0" * 64,
                   lambda a: a.replace("Signature=", "Signature=0"), lambda a: a.split(", Signature=")[0],
                   lambda a: a.replace("us-east-1", "eu-west-1"), lambda a: a.replace("/dynamodb/", "/s3/"),
                   lambda a: a.replace("aws4_request", "aws4_reques"), lambda a: a.replace("AWS4-HMAC-SHA256", "AWS4"),
                   lambda a: a.replace(arena.victim.access_key, arena.attacker.access_key),
                   lambda a: a.replace("host;", ""), lambda a: a.replace("x-amz-target", "x-amz-targe")):
        yield send("a forged Authorization header", replaced(good, "Authorization", change(authorization)), body)
    yield send("no signature", [(n, v) for n, v in good if n != "Authorization"], body)
    yield send("two Authorization headers", good + [("Authorization", authorization)], body)
    yield send("another access key's name over the attacker's signature", replaced(
        server.sign(arena.attacker, "Scan", body), "Authorization",
        dict(server.sign(arena.attacker, "Scan", body))["Authorization"].replace(
            arena.attacker.access_key, arena.victim.access_key)), body)
    yield send("an unsigned payload", server.sign(arena.attacker, "Scan", own_body,
                                                  [("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")]), own_body)
    old = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=20)
    yield send("a request of twenty minutes ago", sign_at(server, arena.victim, body, old), body)
    yield send("a request of twenty minutes ahead",
               sign_at(server, arena.victim, body, old + datetime.timedelta(minutes=40)), body)

    # Presigned URLs.
    path, headers = server.presign(arena.victim, "Scan", body, 3600)
    yield send("the victim's presigned URL with another body", headers, own_body, path)
    yield send("the victim's presigned URL for another operation",
               replaced(headers, "X-Amz-Target", "DynamoDB_20120810.DeleteTable"), body, path)
    for change in (lambda p: p.replace("Expires=3600", "Expires=604800"), lambda p: p + "&X-Amz-Expires=604800",
                   lambda p: p.replace(arena.victim.access_key, arena.attacker.access_key),
                   lambda p: p + f"&X-Amz-Credential={arena.attacker.access_key}", lambda p: p[:-64] + "0" * 64,
                   lambda p: p.replace("X-Amz-Signature", "X-Amz-Signatur"), lambda p: p + "&X-Insula-Tenant=" + victim,
                   lambda p: p.replace("%3Bx-amz-target", ""), lambda p: p.split("&X-Amz-Signature")[0]):
        yield send("a forged presigned URL", headers, body, change(path))
    yield send("a presigned URL and an Authorization header", headers + [("Authorization", authorization)], body, path)
    for expires_s in (None, 60):
        expired, _ = server.presign(arena.victim, "Scan", body, expires_s, when=old)
        yield send("a presigned URL that has expired", headers, body, expired)
    path, headers = server.presign(arena.attacker, "Scan", own_body, 3600)
    yield send("a presigned URL with an unsigned X-Insula-Tenant", headers + [("X-Insula-Tenant", victim)], own_body,
               path)
    path, headers = server.presign(arena.attacker, "Scan", own_body, 3600, [("X-Insula-Tenant", victim)])
    yield send("a presigned URL with a signed X-Insula-Tenant and a tenant's key", headers, own_body, path)

    # The tenant header, with credentials that may not use it, or in a form that is not the one allowed.
    for value in (victim, f" {victim}", f"{victim} ", f"{victim},{attacker}", "", victim.upper(), f"{victim}\t"):
        for service in ("VictimOnly", "Products"):
            payload = json.dumps({"TableName": service}).encode()
            yield send(f"x-insula-tenant {value!r} with a tenant's key, signed",
                       server.sign(arena.attacker, "Scan", payload, [("X-Insula-Tenant", value)]), payload)
            yield send(f"x-insula-tenant {value!r} with a tenant's key, unsigned",
                       server.sign(arena.attacker, "Scan", payload) + [("X-Insula-Tenant", value)], payload)
    for name in ("X-Insula-Environment", "X-Insula-Service", "X-Amz-Tenant", "X-Insula-Anything"):
        yield send(f"an unsigned {name}", server.sign(arena.attacker, "Scan", own_body) + [(name, "prod")], own_body)
    for name in ("X-Amz-Security-Token",):
        yield send(f"a made-up {name}", server.sign(arena.attacker, "Scan", own_body, [(name, "AAAA" * 20)]), own_body)


STREAMS = "DynamoDBStreams_20120810"


def iterators_of(server, credentials, arn):
    """(shard id, an iterator from its beginning) of every shard, as the stream's owner gets them."""
    description = server.must(credentials, "DescribeStream", {"StreamArn": arn}, prefix=STREAMS)["StreamDescription"]
    for shard in description["Shards"]:
        parameters = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        yield shard["ShardId"], server.must(credentials, "GetShardIterator", parameters, prefix=STREAMS)["ShardIterator"]


def stream_attacks(server, victim, attacker, victim_arn, attacker_arn):
    """(what, operation, parameters) that must all be refused: the victim's stream, shards and iterators, whole and
    put together anew with the attacker's own."""
    victims = list(iterators_of(server, victim, victim_arn))
    own = list(iterators_of(server, attacker, attacker_arn))
    victim_account, own_account = victim_arn.split(":")[4], attacker_arn.split(":")[4]
    label = victim_arn.rsplit("/", 1)[1]
    arns = [
        (victim_arn, "the victim's stream"),
        (victim_arn.replace(victim_account, own_account), "the victim's stream under the own account"),
        (victim_arn.replace("table/Products", "table/VictimOnly"), "the victim's table with another's label"),
        (victim_arn.replace(victim_account, own_account).replace("table/Products", "table/VictimOnly"),
         "the victim's table under the own account"),
        (attacker_arn.replace("table/Products", "table/VictimOnly"), "the own stream's label on the victim's table"),
        (attacker_arn.replace(own_account, victim_account), "the own stream under the victim's account"),
        (victim_arn.replace("us-east-1", "eu-west-1"), "the victim's stream in another region"),
        (victim_arn + "/stream/" + label, "a stream of a stream"),
        (victim_arn.replace("/stream/", "/../stream/"), "a path in the ARN"),
        (attacker_arn.replace("/stream/", "/stream/../../table/Products/stream/"), "a path in the own ARN"),
    ]
    for arn, why in arns:
        yield f"DescribeStream of {why}", "DescribeStream", {"StreamArn": arn}
        for shard, _ in victims:
            for kind in ("TRIM_HORIZON", "LATEST"):
                yield (f"GetShardIterator {kind} on {why}", "GetShardIterator",
                       {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": kind})
    yield "ListStreams from the victim's", "ListStreams", {"ExclusiveStartStreamArn": victim_arn}
    own_part = own[0][1].rsplit("|", 1)[1]
    for (_, iterator), (_, own_iterator) in zip(victims, own):
        sealed = iterator.rsplit("|", 1)[1]
        yield "GetRecords with the victim's iterator", "GetRecords", {"ShardIterator": iterator}
        for head, why in ((attacker_arn, "the own ARN"), (victim_arn.replace(victim_account, own_account), "the own account"),
                          ("", "no ARN")):
            yield (f"the victim's iterator under {why}", "GetRecords", {"ShardIterator": f"{head}|1|{sealed}"})
        yield "the own iterator under the victim's ARN", "GetRecords", {"ShardIterator": f"{victim_arn}|1|{own_part}"}
        blob = bytearray(base64.b64decode(own_iterator.rsplit("|", 1)[1]))
        for at in (0, 12, len(blob) // 2, len(blob) - 1):
            changed = bytes(b ^ (1 if i == at else 0) for i, b in enumerate(blob))
            yield ("a changed iterator", "GetRecords", {"ShardIterator": f"{attacker_arn}|1|{b64(changed)}"})
        yield "a cut iterator", "GetRecords", {"ShardIterator": f"{attacker_arn}|1|{b64(bytes(blob[:30]))}"}


def sign_at(server, credentials, body, when):
    """Headers signed as of `when`, as a careful replayer would keep them."""
    from unittest import mock

    import botocore.auth
    import botocore.compat

    class Frozen(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return when.replace(tzinfo=None)

        @classmethod
        def now(cls, tz=None):
            return when if tz else when.replace(tzinfo=None)

    with mock.patch.object(botocore.auth.datetime, "datetime", Frozen):
        return server.sign(credentials, "Scan", body)
