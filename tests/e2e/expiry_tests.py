"""Items whose time to live is over: seen to go within seconds, under each model, and through a SIGKILL."""
import time
import unittest

from every_model import EveryModelTest
from insula import Server

SESSIONS = dict(
    TableName="Sessions", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[dict(AttributeName="id", AttributeType="S"), dict(AttributeName="user", AttributeType="S")],
    KeySchema=[dict(AttributeName="id", KeyType="HASH")],
    GlobalSecondaryIndexes=[dict(IndexName="by-user", Projection=dict(ProjectionType="ALL"),
                                 KeySchema=[dict(AttributeName="user", KeyType="HASH")])])
SOON_S = 20  # the period is half a second; the rest is for a machine that is busy


class Expiry(EveryModelTest):
    TENANTS = ("acme",)
    TABLE = SESSIONS

    @classmethod
    def make_server(cls):
        return Server("--set", "expiry.period_ms=500", "--set", "expiry.update_interval_ms=0")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = {model: cls.server.client(key) for (model, _), key in cls.keys.items()}
        cls.streams = {model: cls.server.client(key, "dynamodbstreams") for (model, _), key in cls.keys.items()}

    def each(self):
        for model, client in self.clients.items():
            with self.subTest(model=model):
                yield client

    def set(self, client, enabled, attribute="ttl"):
        client.update_time_to_live(TableName="Sessions",
                                   TimeToLiveSpecification=dict(Enabled=enabled, AttributeName=attribute))
        wanted = "ENABLED" if enabled else "DISABLED"
        self.wait(lambda: client.describe_time_to_live(TableName="Sessions")["TimeToLiveDescription"]["TimeToLiveStatus"] == wanted)

    def put(self, client, prefix, count, seconds_from_now):
        for n in range(count):
            client.put_item(TableName="Sessions", Item={
                "id": {"S": f"{prefix}-{n}"}, "user": {"S": prefix}, "ttl": {"N": str(int(time.time()) + seconds_from_now)}})

    def left(self, client, prefix):
        by_table = sorted(i["id"]["S"] for i in client.scan(TableName="Sessions", ConsistentRead=True)["Items"]
                          if i["user"]["S"] == prefix)
        by_index = sorted(i["id"]["S"] for i in client.query(
            TableName="Sessions", IndexName="by-user", KeyConditionExpression="#u = :u",
            ExpressionAttributeNames={"#u": "user"}, ExpressionAttributeValues={":u": {"S": prefix}})["Items"])
        return by_table, by_index

    def wait(self, condition):
        deadline = time.monotonic() + SOON_S
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it didn't happen")
            time.sleep(0.1)

    def test_items_go_and_others_stay(self):
        for client in self.each():
            self.put(client, "there", 5, -1)  # before it is switched on
            self.set(client, True)
            self.put(client, "come", 5, 1)
            self.put(client, "stay", 5, 3600)
            self.wait(lambda: self.left(client, "there") == ([], []) and self.left(client, "come") == ([], []))
            names = [f"stay-{n}" for n in range(5)]
            self.assertEqual((names, names), self.left(client, "stay"))
            self.set(client, False)
            self.put(client, "off", 3, -5)
            time.sleep(1.5)
            self.assertEqual(3, len(self.left(client, "off")[0]))

    def removals(self, client, streams):
        """Every REMOVE record of the table's stream: (key, who removed it)."""
        arn = client.describe_table(TableName="Sessions")["Table"]["LatestStreamArn"]
        found = []
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                                  ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            while iterator:
                page = streams.get_records(ShardIterator=iterator)
                found += [(record["dynamodb"]["Keys"]["id"]["S"], record.get("userIdentity"))
                          for record in page["Records"] if record["eventName"] == "REMOVE"]
                iterator = page.get("NextShardIterator") if page["Records"] else None
        return sorted(found, key=lambda pair: pair[0])

    def test_the_stream_says_that_the_service_removed_them(self):
        for model, client in self.clients.items():
            with self.subTest(model=model):
                client.update_table(TableName="Sessions", StreamSpecification=dict(
                    StreamEnabled=True, StreamViewType="NEW_AND_OLD_IMAGES"))
                client.get_waiter("table_exists").wait(TableName="Sessions", WaiterConfig=dict(Delay=1, MaxAttempts=20))
                self.set(client, True)
                self.put(client, "streamed", 3, 0)
                self.put(client, "mine", 1, 3600)
                client.delete_item(TableName="Sessions", Key={"id": {"S": "mine-0"}})
                self.wait(lambda: self.left(client, "streamed") == ([], []))
                service = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
                self.assertEqual([("mine-0", None)] + [(f"streamed-{n}", service) for n in range(3)],
                                 [pair for pair in self.removals(client, self.streams[model])
                                  if pair[0].startswith(("mine", "streamed"))])
                self.set(client, False)

    def test_items_go_after_a_kill(self):
        for client in self.each():
            self.set(client, True)
            self.put(client, "killed", 20, 2)
        self.server.kill()
        time.sleep(2)
        self.server.start()
        for client in self.each():
            self.wait(lambda: self.left(client, "killed") == ([], []))
            self.set(client, False)

    def test_a_kill_while_it_is_switched_on(self):
        for client in self.each():
            for n in range(0, 400, 25):
                client.batch_write_item(RequestItems={"Sessions": [
                    dict(PutRequest=dict(Item={"id": {"S": f"many-{n + i}"}, "user": {"S": "many"}, "ttl": {"N": str(int(time.time()))}}))
                    for i in range(25)]})
        for client in self.clients.values():
            client.update_time_to_live(TableName="Sessions",
                                       TimeToLiveSpecification=dict(Enabled=True, AttributeName="ttl"))
        self.server.kill()
        self.server.start()
        for client in self.each():
            self.wait(lambda: self.left(client, "many") == ([], []))
            self.set(client, False)


class Cooldown(unittest.TestCase):
    def test_a_second_change_within_the_hour_is_refused(self):
        with Server() as server:
            server.make_service("shop", "index", tenants=["acme"])
            client = server.client(server.tenant_credentials("prod", "shop", "acme"))
            client.create_table(**SESSIONS)
            client.get_waiter("table_exists").wait(TableName="Sessions")
            specification = dict(Enabled=True, AttributeName="ttl")
            client.update_time_to_live(TableName="Sessions", TimeToLiveSpecification=specification)
            with self.assertRaises(client.exceptions.ClientError) as refused:
                client.update_time_to_live(TableName="Sessions", TimeToLiveSpecification=dict(specification, Enabled=False))
            self.assertEqual("Time to live has been modified multiple times within a fixed interval",
                             refused.exception.response["Error"]["Message"])
