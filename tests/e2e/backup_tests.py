"""Backups and point-in-time recovery through boto3 and the command line, with the server killed in the middle."""
import datetime
import json
import tempfile
import time
import unittest

from botocore.exceptions import ClientError
from every_model import EveryModelTest
from insula import MODELS, CommandFailed

TABLE = dict(
    TableName="Music", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[dict(AttributeName=n, AttributeType=t) for n, t in (("pk", "S"), ("sk", "N"), ("g", "S"))],
    KeySchema=[dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="sk", KeyType="RANGE")],
    LocalSecondaryIndexes=[dict(IndexName="local", Projection=dict(ProjectionType="KEYS_ONLY"), KeySchema=[
        dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="g", KeyType="RANGE")])],
    GlobalSecondaryIndexes=[dict(IndexName="by-g", Projection=dict(ProjectionType="ALL"), KeySchema=[
        dict(AttributeName="g", KeyType="HASH")])])


def wait(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it took too long")


def contents(client, table, index=None):
    pages = client.get_paginator("scan").paginate(TableName=table, **(dict(IndexName=index) if index else {}))
    return json.dumps([item for page in pages for item in page["Items"]], sort_keys=True, default=str)


def everything(client, table):
    return [contents(client, table, index) for index in (None, "local", "by-g")]


def put_many(client, count, size, mark):
    for start in range(0, count, 25):
        client.batch_write_item(RequestItems={"Music": [
            dict(PutRequest=dict(Item={"pk": {"S": f"p{i % 40}"}, "sk": {"N": str(i)}, "g": {"S": f"g{i % 7}"},
                                       "v": {"S": f"{mark}{i}" * (size // 8)}}))
            for i in range(start, min(start + 25, count))]})


class Backups(EveryModelTest):
    TABLE = TABLE

    def client(self, model, tenant="acme"):
        return self.server.client(self.keys[model, tenant])

    def active(self, client, table):
        def look():
            try:
                return client.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"
            except ClientError:
                return False
        wait(look)

    def available(self, client, arn):
        wait(lambda: client.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]["BackupStatus"]
             == "AVAILABLE")

    def test_a_restore_survives_being_killed_and_neighbours_notice_nothing(self):
        for model in MODELS:
            with self.subTest(model):
                client, neighbour = self.client(model), self.client(model, "globex")
                put_many(client, 3000, 4000, "a")
                put_many(neighbour, 100, 100, "n")
                before, neighbours = everything(client, "Music"), everything(neighbour, "Music")
                arn = client.create_backup(TableName="Music", BackupName="before")["BackupDetails"]["BackupArn"]
                self.available(client, arn)
                put_many(client, 3000, 100, "b")
                answer = client.restore_table_from_backup(TargetTableName="Copy", BackupArn=arn)["TableDescription"]
                self.assertEqual("CREATING", answer["TableStatus"])
                self.assertTrue(answer["RestoreSummary"]["RestoreInProgress"])
                for delay in (0.01, 0.05):
                    time.sleep(delay)
                    self.server.kill()
                    self.server.start()
                    client, neighbour = self.client(model), self.client(model, "globex")
                    status = client.describe_table(TableName="Copy")["Table"]["TableStatus"]
                    self.assertIn(status, ("CREATING", "ACTIVE"))
                    if status == "CREATING":
                        with self.assertRaises(client.exceptions.ResourceNotFoundException):
                            client.scan(TableName="Copy")
                self.active(client, "Copy")
                self.assertEqual(before, everything(client, "Copy"))
                self.assertEqual(3000, client.describe_table(TableName="Copy")["Table"]["ItemCount"])
                self.assertEqual(neighbours, everything(neighbour, "Music"))
                self.assertEqual([], neighbour.list_backups()["BackupSummaries"])
                with self.assertRaises(ClientError):
                    neighbour.describe_backup(BackupArn=arn)
                client.delete_backup(BackupArn=arn)
                with self.assertRaises(client.exceptions.BackupNotFoundException):
                    client.describe_backup(BackupArn=arn)
                client.delete_table(TableName="Copy")
        self.assertEqual(0, self.server.cli("verify")["Damaged"])

    def test_a_table_as_it_was_a_second_ago(self):
        for model in MODELS:
            with self.subTest(model):
                client = self.client(model, "globex")
                client.update_continuous_backups(
                    TableName="Music", PointInTimeRecoverySpecification=dict(PointInTimeRecoveryEnabled=True))
                wait(lambda: "EarliestRestorableDateTime" in client.describe_continuous_backups(TableName="Music")[
                    "ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"])
                time.sleep(1.1)
                put_many(client, 50, 100, "then")
                before = everything(client, "Music")
                time.sleep(1.1)
                moment = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
                time.sleep(1.1)
                put_many(client, 50, 200, "now")
                client.delete_item(TableName="Music", Key={"pk": {"S": "p1"}, "sk": {"N": "1"}})
                client.restore_table_to_point_in_time(SourceTableName="Music", TargetTableName="Then",
                                                      RestoreDateTime=moment)
                client.restore_table_to_point_in_time(SourceTableName="Music", TargetTableName="Now",
                                                      UseLatestRestorableTime=True)
                self.active(client, "Then")
                self.active(client, "Now")
                self.assertEqual(before, everything(client, "Then"))
                self.assertEqual(everything(client, "Music"), everything(client, "Now"))

    def test_the_operator_restores_what_a_template_gives(self):
        server = self.server
        server.make_service("fixed", "index", tenant_defined_tables=False)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as template:
            json.dump([TABLE], template)
            template.flush()
            server.cli("service", "template", "fixed", "--environment", "prod", "--set", template.name)
        server.ensure_tenant("hooli")
        server.cli("tenant", "place", "hooli", "--environment", "prod", "--service", "fixed")
        key = server.tenant_credentials("prod", "fixed", "hooli")
        client = server.client(key)
        self.active(client, "Music")
        put_many(client, 100, 100, "a")
        before = everything(client, "Music")
        place = ("--environment", "prod", "--service", "fixed")
        backup = server.cli("backup", "create", "Music", *place, "--tenant", "hooli", "--name", "nightly")["Backup"]
        wait(lambda: server.cli("backup", "list", *place)["Backups"][0]["Status"] == "AVAILABLE")
        put_many(client, 100, 100, "b")
        with self.assertRaises(ClientError) as refused:
            client.restore_table_from_backup(
                TargetTableName="Mine", BackupArn=client.list_backups()["BackupSummaries"][0]["BackupArn"])
        self.assertEqual("AccessDeniedException", refused.exception.response["Error"]["Code"])
        server.cli("backup", "restore", backup["Backup"], *place, "--tenant", "hooli", "--to", "Yesterday", "--wait")
        self.assertEqual(before, everything(client, "Yesterday"))
        restored = server.cli("tenant", "restore", "hooli", *place, "--wait")["Restores"]
        self.assertEqual([("Music", "Music-restored")], [(r["Table"], r["Target"]) for r in restored])
        self.assertEqual(before, everything(client, "Music-restored"))
        self.assertEqual({"ACTIVE"}, {r["Status"] for r in server.cli("backup", "restores", *place)["Restores"]})
        server.cli("backup", "delete", backup["Backup"], *place, "--tenant", "hooli", "--yes")
        with self.assertRaises(CommandFailed):
            server.cli("tenant", "restore", "hooli", *place, "--table", "Music", "--suffix", "-again", "--wait")
