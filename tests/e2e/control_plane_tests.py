"""What one tenant asks of the control plane, however much it is, keeps another's waiting for a turn and no longer."""
import concurrent.futures
import threading
import unittest

from botocore.exceptions import ClientError
from every_model import EveryModelTest
from insula import MODELS
from backup_tests import wait

TABLE = dict(
    TableName="Music", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
    KeySchema=[dict(AttributeName="pk", KeyType="HASH")])
BACKUPS_MAX = 50


class ControlPlane(EveryModelTest):
    TENANTS = ("busy", "quiet")
    TABLE = TABLE

    def client(self, model, tenant):
        return self.server.client(self.keys[model, tenant])

    def statuses(self, client):
        backups = client.list_backups(TableName="Music")["BackupSummaries"]
        return [backup["BackupStatus"] for backup in backups]

    def gone(self, client, table):
        try:
            client.describe_table(TableName=table)
            return False
        except ClientError as error:
            return error.response["Error"]["Code"] == "ResourceNotFoundException"

    def test_a_backup_is_done_while_another_tenants_fifty_wait(self):
        for model in MODELS:
            with self.subTest(model):
                busy, quiet = self.client(model, "busy"), self.client(model, "quiet")
                for start in range(0, 3000, 25):
                    busy.batch_write_item(RequestItems={"Music": [
                        dict(PutRequest=dict(Item={"pk": {"S": f"p{i}"}, "v": {"S": f"v{i}" * 800}}))
                        for i in range(start, start + 25)]})
                quiet.put_item(TableName="Music", Item={"pk": {"S": "one"}})
                quiet.create_table(**{**TABLE, "TableName": "Past"})
                wait(lambda: quiet.describe_table(TableName="Past")["Table"]["TableStatus"] == "ACTIVE")
                quiet.update_continuous_backups(
                    TableName="Past", PointInTimeRecoverySpecification=dict(PointInTimeRecoveryEnabled=True))
                wait(lambda: quiet.describe_table(TableName="Past")["Table"]["TableStatus"] == "ACTIVE")
                # Each backup has something new to copy, so that none is the same as the last.
                ended = threading.Event()

                def change():
                    client, i = self.client(model, "busy"), 0
                    while not ended.is_set():
                        i += 1
                        client.put_item(TableName="Music", Item={"pk": {"S": "changing"}, "v": {"N": str(i)}})
                changing = threading.Thread(target=change)
                changing.start()
                asking = concurrent.futures.ThreadPoolExecutor(BACKUPS_MAX)
                try:
                    # All at once: an answer waits for its backup, for a while.
                    clients = [self.client(model, "busy") for _ in range(BACKUPS_MAX // 10)]
                    for i in range(BACKUPS_MAX):
                        asking.submit(clients[i % len(clients)].create_backup, TableName="Music", BackupName=f"backup-{i}")
                    wait(lambda: len(self.statuses(busy)) == BACKUPS_MAX)
                    arn = quiet.create_backup(TableName="Music", BackupName="mine")["BackupDetails"]["BackupArn"]
                    wait(lambda: quiet.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]
                         ["BackupStatus"] == "AVAILABLE")
                    after_backup = self.statuses(busy).count("CREATING")
                    quiet.delete_table(TableName="Past")
                    wait(lambda: self.gone(quiet, "Past"))
                    after_delete = self.statuses(busy).count("CREATING")
                    self.assertGreater(after_backup, BACKUPS_MAX // 2, "that waited meanwhile")
                    self.assertGreater(after_delete, BACKUPS_MAX // 3, "the last backup of a deleted table, too")
                finally:
                    ended.set()
                    changing.join()
                    asking.shutdown()
                wait(lambda: self.statuses(busy) == ["AVAILABLE"] * BACKUPS_MAX)


if __name__ == "__main__":
    unittest.main()
