"""Programs make a table, wait, use it, delete it and wait again, with their SDK's own waiters: none of these ever has to
sleep here, and nothing is refused that comes right after what makes it possible."""
import json
import os
import pathlib
import subprocess
import time
import unittest

from every_model import EveryModelTest
from insula import MODELS, REGION

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = int(os.environ.get("WAITER_ROUNDS", "5"))
# A waiter that sleeps does so for 20 s (boto3) or 2 s (JavaScript): far more than any round takes.
SLEPT_S = 1.5
KEY = dict(AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
           KeySchema=[dict(AttributeName="pk", KeyType="HASH")], BillingMode="PAY_PER_REQUEST")


class Waiters(EveryModelTest):
    TENANTS = ("acme",)

    def rounds(self):
        for model in MODELS:
            client = self.server.client(self.keys[model, "acme"])
            for number in range(ROUNDS):
                yield model, number, client

    def quick(self, what, do):
        began = time.monotonic()
        result = do()
        self.assertLess(time.monotonic() - began, SLEPT_S, f"{what} slept")
        return result

    def test_boto3_never_sleeps(self):
        for model, number, client in self.rounds():
            with self.subTest(model=model, number=number):
                answer = client.create_table(TableName="Loop", **KEY)["TableDescription"]
                self.assertEqual("CREATING", answer["TableStatus"])
                client.put_item(TableName="Loop", Item={"pk": {"S": "at once"}})
                self.quick("table_exists", lambda: client.get_waiter("table_exists").wait(TableName="Loop"))
                answer = client.delete_table(TableName="Loop")["TableDescription"]
                self.assertEqual("DELETING", answer["TableStatus"])
                self.quick("table_not_exists", lambda: client.get_waiter("table_not_exists").wait(TableName="Loop"))

    def test_the_javascript_sdk_never_sleeps(self):
        for model in MODELS:
            key = self.keys[model, "acme"]
            run = subprocess.run(
                ["node", str(HERE / "waiter_loop.mjs"), str(ROUNDS)], capture_output=True, text=True, timeout=600,
                env={**os.environ, "ENDPOINT": self.server.endpoint, "AWS_REGION": REGION,
                     "AWS_ACCESS_KEY_ID": key.access_key, "AWS_SECRET_ACCESS_KEY": key.secret_key})
            self.assertEqual(0, run.returncode, run.stderr)
            slowest_ms = json.loads(run.stdout)["slowest_ms"]
            self.assertLess(slowest_ms, SLEPT_S * 1000, f"{model}: a waiter slept")

    def test_what_else_is_answered_when_it_is_done(self):
        for model, number, client in self.rounds():
            with self.subTest(model=model, number=number):
                name, restored = f"Settings{number}", f"Restored{number}"
                client.create_table(TableName=name, StreamSpecification=dict(
                    StreamEnabled=True, StreamViewType="NEW_IMAGE"), **KEY)

                def status():
                    return client.describe_table(TableName=name)["Table"]["TableStatus"]
                self.assertEqual("UPDATING", client.update_table(
                    TableName=name, StreamSpecification=dict(StreamEnabled=False))["TableDescription"]["TableStatus"])
                self.assertEqual("ACTIVE", status())
                client.update_time_to_live(TableName=name, TimeToLiveSpecification=dict(Enabled=True, AttributeName="ttl"))
                self.assertEqual("ENABLED", client.describe_time_to_live(
                    TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"])
                kept = client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=dict(
                    PointInTimeRecoveryEnabled=True))["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
                self.assertIn("LatestRestorableDateTime", kept)
                self.assertEqual("ACTIVE", status())
                made = client.create_backup(TableName=name, BackupName="now")["BackupDetails"]
                self.assertEqual("CREATING", made["BackupStatus"])
                self.assertEqual("AVAILABLE", client.describe_backup(
                    BackupArn=made["BackupArn"])["BackupDescription"]["BackupDetails"]["BackupStatus"])
                client.restore_table_from_backup(BackupArn=made["BackupArn"], TargetTableName=restored)
                client.put_item(TableName=restored, Item={"pk": {"S": "at once"}})
                client.restore_table_to_point_in_time(
                    SourceTableName=name, TargetTableName=restored + "Latest", UseLatestRestorableTime=True)
                client.put_item(TableName=restored + "Latest", Item={"pk": {"S": "at once"}})
                for table in (name, restored, restored + "Latest"):
                    client.delete_table(TableName=table)
                self.assertEqual([], client.list_tables()["TableNames"])


if __name__ == "__main__":
    unittest.main()
