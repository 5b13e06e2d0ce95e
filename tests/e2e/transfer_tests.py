"""Exports, imports and bulk puts through boto3, under each partition model: the files as Amazon lays them out, what one writes the
other reads, kill -9 in the middle, and a tenant that tries to reach another's files."""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import time
import unittest

from botocore.exceptions import ClientError

from every_model import EveryModelTest
from insula import MODELS, Server

KEYS = dict(AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S"), dict(AttributeName="sk", AttributeType="N")],
            KeySchema=[dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="sk", KeyType="RANGE")],
            BillingMode="PAY_PER_REQUEST")


def lines(first, count):
    return "".join(json.dumps({"Item": {"pk": {"S": f"p{i % 97}"}, "sk": {"N": str(i)}, "b": {"B": "AQID"},
                                        "m": {"M": {"l": {"L": [{"NULL": True}, {"S": "ä\"\\\n"}]}}}}}) + "\n"
                   for i in range(first, first + count))


def wait(describe, member, arn):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        description = describe(**{member + "Arn": arn})
        description = description[{"Export": "ExportDescription", "Import": "ImportTableDescription"}[member]]
        if description[member + "Status"] != "IN_PROGRESS":
            return description
        time.sleep(0.05)
    raise AssertionError(f"{arn} did not end")


def items_of(client, table):
    pages = client.get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


class Transfers(EveryModelTest):
    @classmethod
    def make_server(cls):
        server = Server()
        cls.place = pathlib.Path(server.directory) / "objects"
        server.serve_arguments += ["--set", f"objects.directory={cls.place}"]
        return server

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients, cls.buckets = {}, {}
        for (model, tenant), key in cls.keys.items():
            client = cls.clients[model, tenant] = cls.server.client(key)
            client.create_table(TableName="Probe", **KEYS)
            client.get_waiter("table_exists").wait(TableName="Probe", WaiterConfig=dict(Delay=1))
            account = client.describe_table(TableName="Probe")["Table"]["TableArn"].split(":")[4]
            cls.buckets[model, tenant] = cls.place / "prod" / f"s-{model}" / account

    def put_file(self, model, tenant, key, content, bucket="files"):
        path = self.buckets[model, tenant] / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def import_(self, client, table, prefix, bucket="files", **more):
        more.setdefault("InputFormat", "DYNAMODB_JSON")
        answer = client.import_table(S3BucketSource=dict(S3Bucket=bucket, S3KeyPrefix=prefix),
                                     TableCreationParameters=dict(TableName=table, **KEYS), **more)
        return answer["ImportTableDescription"]["ImportArn"]

    def imported(self, client, *arguments, **more):
        return wait(client.describe_import, "Import", self.import_(client, *arguments, **more))

    def test_files_of_every_kind_give_the_same_under_each_model(self):
        results = []
        for model in MODELS:
            client = self.clients[model, "acme"]
            self.put_file(model, "acme", "kinds/plain.json", lines(0, 50))
            self.put_file(model, "acme", "kinds-gz/a.json.gz", gzip.compress(lines(0, 30).encode()))
            self.put_file(model, "acme", "kinds-gz/b.json.gz", gzip.compress(lines(30, 20).encode()))
            self.put_file(model, "acme", "csv/a.csv", "pk,sk,note\na,1,\"x, y\"\nb,two,z\nc,3,\n")
            ended = [self.imported(client, "Plain", "kinds/"),
                     self.imported(client, "Packed", "kinds-gz/", InputCompressionType="GZIP"),
                     self.imported(client, "Csv", "csv/", InputFormat="CSV"),
                     self.imported(client, "Nothing", "nothing/")]
            results.append([[description.get(member) for member in
                             ("ImportStatus", "ImportedItemCount", "ProcessedItemCount", "ErrorCount", "ProcessedSizeBytes",
                              "FailureCode")] for description in ended])
            self.assertEqual(items_of(client, "Plain"), items_of(client, "Packed"))
            results[-1].append([items_of(client, table) for table in ("Plain", "Csv", "Nothing")])
            self.assertEqual(1, len(list((self.buckets[model, "acme"] / "insula-import-errors").rglob("*.jsonl"))))
        self.assertEqual(["COMPLETED", 50, 50, 0], results[0][0][:4])
        self.assertEqual(["COMPLETED", 50, 50, 0], results[0][1][:4])
        self.assertEqual(["FAILED", 2, 3, 1], results[0][2][:4])
        # A prefix under which there is nothing: aws-controllers-k8s/dynamodb-controller, api-quirks IMPORT-012.
        self.assertEqual(["COMPLETED", 0, 0, 0], results[0][3][:4])
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])

    def exported(self, client, **more):
        arn = client.describe_table(TableName="Exported")["Table"]["TableArn"]
        begun = client.export_table_to_point_in_time(TableArn=arn, S3Bucket="exports", S3Prefix="2026", **more)
        return begun["ExportDescription"]["ExportArn"]

    def make_exported(self, client, count):
        client.create_table(TableName="Exported", **KEYS)
        client.get_waiter("table_exists").wait(TableName="Exported", WaiterConfig=dict(Delay=1))
        client.update_continuous_backups(TableName="Exported",
                                         PointInTimeRecoverySpecification=dict(PointInTimeRecoveryEnabled=True))
        items = [json.loads(line)["Item"] for line in lines(0, count).splitlines()]
        for item in items:
            item["b"]["B"] = base64.b64decode(item["b"]["B"])
        for start in range(0, count, 25):
            client.batch_write_item(RequestItems={"Exported": [dict(PutRequest=dict(Item=item))
                                                               for item in items[start:start + 25]]})

    def test_what_an_export_writes_an_import_reads(self):
        for model in MODELS:
            client = self.clients[model, "acme"]
            self.make_exported(client, 100)
            ended = wait(client.describe_export, "Export", self.exported(client))
            self.assertEqual(("COMPLETED", 100), (ended["ExportStatus"], ended["ItemCount"]))
            bucket = self.buckets[model, "acme"] / "exports"
            summary = json.loads((bucket / ended["ExportManifest"]).read_text())
            self.assertEqual((100, ended["ExportArn"], "FULL_EXPORT", "2020-06-30"),
                             tuple(summary[name] for name in ("itemCount", "exportArn", "exportType", "version")))
            items = []
            for line in (bucket / summary["manifestFilesS3Key"]).read_text().splitlines():
                file = json.loads(line)
                packed = (bucket / file["dataFileS3Key"]).read_bytes()
                self.assertEqual(file["md5Checksum"], base64.b64encode(hashlib.md5(packed).digest()).decode())
                items += [json.loads(record)["Item"] for record in gzip.decompress(packed).decode().splitlines()]
            self.assertEqual(sorted(int(item["sk"]["N"]) for item in items), list(range(100)))
            prefix = str(pathlib.PurePosixPath(ended["ExportManifest"]).parent / "data") + "/"
            again = self.imported(client, "Again", prefix, bucket="exports", InputCompressionType="GZIP")
            self.assertEqual(("COMPLETED", 100, 0), (again["ImportStatus"], again["ImportedItemCount"], again["ErrorCount"]))
            self.assertEqual(items_of(client, "Exported"), items_of(client, "Again"))
            shutil.rmtree(bucket)
            client.delete_table(TableName="Exported")
            client.get_waiter("table_not_exists").wait(TableName="Exported", WaiterConfig=dict(Delay=1))

    def test_killed_in_the_middle_an_export_goes_on(self):
        for model in MODELS:
            client = self.clients[model, "globex"]
            self.make_exported(client, 5_000)
            arn = self.exported(client)
            for _ in range(2):
                self.server.kill()
                self.server.start()
            ended = wait(client.describe_export, "Export", arn)
            self.assertEqual(("COMPLETED", 5_000), (ended["ExportStatus"], ended["ItemCount"]))

    def test_killed_in_the_middle_an_import_goes_on(self):
        for model in MODELS:
            client = self.clients[model, "acme"]
            for part in range(4):
                self.put_file(model, "acme", f"large/{part}.json", lines(part * 20_000, 20_000) + "not json\n")
            arn = self.import_(client, "Large", "large/")
            for _ in range(3):
                time.sleep(0.3)
                self.server.kill()
                self.server.start()
            ended = wait(client.describe_import, "Import", arn)
            self.assertEqual((80_000, 80_004, 4),
                             (ended["ImportedItemCount"], ended["ProcessedItemCount"], ended["ErrorCount"]))
            self.assertEqual(80_000, client.describe_table(TableName="Large")["Table"]["ItemCount"])

    def bulk(self, model, operation, **parameters):
        """An operation that Debian's boto3 doesn't know yet."""
        return self.server.must(self.keys[model, "acme"], operation, parameters)

    def test_killed_in_the_middle_a_bulk_put_puts_each_item_once(self):
        results = []
        for model in MODELS:
            client = self.clients[model, "acme"]
            client.create_table(TableName="Bulk", **KEYS)
            client.get_waiter("table_exists").wait(TableName="Bulk", WaiterConfig=dict(Delay=1))
            once = {"ConditionExpression": "attribute_not_exists(pk)"}
            for part in range(4):
                records = [json.loads(line) | once for line in lines(part * 10_000, 10_000).splitlines()]
                self.put_file(model, "acme", f"bulk/{part}.json", "".join(json.dumps(record) + "\n" for record in records)
                              + "not json\n")
            begun = self.bulk(model, "StartBulkPutItems", TableName="Bulk",
                              InputS3Configuration=dict(S3Bucket="files", S3KeyPrefix="bulk/", InputFormat="DYNAMODB_JSON"),
                              OutputS3Configuration=dict(S3Bucket="reports", OutputType=["ERROR", "CONDITION_CHECK_FAILURE"]))
            arn = begun["BulkOperationDescription"]["BulkOperationArn"]
            theirs = {}  # what others write between a crash and the rest of the work
            for _ in range(3):
                time.sleep(0.4)
                self.server.kill()
                self.server.start()
                for item in client.scan(TableName="Bulk", Limit=20)["Items"]:
                    client.put_item(TableName="Bulk", Item=dict(pk=item["pk"], sk=item["sk"], theirs={"BOOL": True}))
                    theirs[item["pk"]["S"], item["sk"]["N"]] = True
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline:
                ended = self.bulk(model, "DescribeBulkOperation", BulkOperationArn=arn)["BulkOperationDescription"]
                if ended["BulkOperationStatus"] != "IN_PROGRESS":
                    break
                time.sleep(0.05)
            reports = self.buckets[model, "acme"] / "reports" / "AWSDynamoDB" / arn.split("/")[-1]
            results.append([ended[member] for member in ("BulkOperationStatus", "ProcessedItemCount", "FailedItemCount",
                                                         "ProcessedInputBytes", "TotalInputBytes")])
            self.assertEqual(["COMPLETED_WITH_ERRORS", 40_004, 4], results[-1][:3])
            self.assertEqual(4, sum(len(file.read_text().splitlines()) for file in (reports / "errors").iterdir()))
            self.assertFalse((reports / "condition-check-failures").exists(), "a put failed its condition by itself")
            self.assertTrue((reports / "manifest-summary.json").exists())
            items = items_of(client, "Bulk")
            self.assertEqual(40_000, len(items))
            self.assertEqual(theirs, {(item["pk"]["S"], item["sk"]["N"]): True for item in items if "theirs" in item})
        self.assertEqual([results[0]] * 2, results[1:])

    def test_objects_are_their_contexts_to_list_and_to_delete(self):
        for model in MODELS:
            def call(tenant, operation, **parameters):
                return self.server.call(self.keys[model, tenant], operation, parameters, prefix="InsulaObjects_20261129")[:2]
            for tenant in ("acme", "globex"):
                for key in ("a/1.json", "a/2.json", "b/3.json"):
                    self.put_file(model, tenant, key, "{}", bucket="kept")
            status, listed = call("acme", "ListObjects", Bucket="kept", Prefix="a/")
            self.assertEqual((200, [{"Bucket": "kept", "Key": key, "Bytes": 2} for key in ("a/1.json", "a/2.json")], False),
                             (status, listed["Objects"], listed["More"]))
            self.assertEqual(["b/3.json"], [o["Key"] for o in call("acme", "ListObjects", Prefix="kept/",
                                                                 StartAfter="kept/a/2.json")[1]["Objects"]])
            self.assertEqual((200, {"Deleted": 2, "Bytes": 4, "More": False}),
                             call("acme", "DeleteObjects", Bucket="kept", Prefix="a/"))
            self.assertEqual(["b/3.json"], [o["Key"] for o in call("acme", "ListObjects", Bucket="kept")[1]["Objects"]])
            for wrong in (dict(Bucket="kept", Prefx="b/"), dict(), dict(Bucket="../globex"), dict(Bucket="kept", Prefix="../"),
                          dict(Bucket="kept", Prefix=3)):
                status, refused = call("acme", "DeleteObjects", **wrong)
                self.assertEqual((400, "ValidationException"), (status, refused["__type"].split("#")[1]), wrong)
            self.assertEqual(3, len(call("globex", "ListObjects", Bucket="kept")[1]["Objects"]))
            self.assertEqual(400, call("globex", "PutObject", Bucket="kept")[0])
            context = ("--environment", "prod", "--service", f"s-{model}", "--tenant", "globex")
            self.assertEqual(3, len(self.server.cli("object", "list", *context, "--bucket", "kept")["Objects"]))
            self.assertEqual(3, self.server.cli("object", "delete", *context, "--bucket", "kept", "--yes")["Deleted"])
            self.assertEqual([], call("globex", "ListObjects", Bucket="kept")[1]["Objects"])

    def test_nobody_reaches_anothers_files(self):
        for model in MODELS:
            victim, attacker = self.clients[model, "acme"], self.clients[model, "globex"]
            self.put_file(model, "acme", "mine/secret.json", lines(0, 1), bucket="private")
            arn = self.import_(victim, "Mine", "mine/", bucket="private")
            self.assertEqual("COMPLETED", wait(victim.describe_import, "Import", arn)["ImportStatus"])
            account = self.buckets[model, "acme"].name
            with self.assertRaises(ClientError) as denied:
                attacker.describe_import(ImportArn=arn)
            self.assertEqual("AccessDeniedException", denied.exception.response["Error"]["Code"])
            self.assertEqual([], attacker.list_imports().get("ImportSummaryList"))
            for number, (bucket, prefix) in enumerate([("private", "mine/"), ("private", ""), (account, "private/mine/")]):
                ended = self.imported(attacker, f"Stolen{number}", prefix, bucket=bucket)
                self.assertEqual((0, "S3NoSuchBucket"), (ended["ImportedItemCount"], ended.get("FailureCode")))
            for bucket, prefix in [("private", f"../../{account}/private/mine/"), ("private", "/"), ("private", "a/../../../"),
                                   ("..", "x"), (f"../{account}", "private/"), ("private", "a//b"), ("private", "a\0b")]:
                with self.assertRaises(ClientError) as refused:
                    self.import_(attacker, "Stolen", prefix, bucket=bucket)
                self.assertEqual("ValidationException", refused.exception.response["Error"]["Code"])
            # A link in the attacker's own folder leads nowhere either.
            own = self.buckets[model, "globex"] / "linked"
            own.mkdir(parents=True)
            os.symlink(self.buckets[model, "acme"] / "private", own / "in")
            os.symlink(self.buckets[model, "acme"] / "private" / "mine" / "secret.json", own / "file.json")
            ended = self.imported(attacker, "Linked", "", bucket="linked")
            self.assertEqual((0, "S3NoSuchBucket"), (ended["ImportedItemCount"], ended.get("FailureCode")))
            with self.assertRaises(ClientError) as none:
                items_of(attacker, "Linked")
            self.assertEqual("ResourceNotFoundException", none.exception.response["Error"]["Code"])


if __name__ == "__main__":
    unittest.main()
