"""A consumer that follows a table's stream while the server is killed and restarted: no change is lost, none comes twice."""
import threading
import time
import unittest

from botocore.exceptions import BotoCoreError, ClientError

from insula import MODELS, Server

WRITES_PER_LIFE = 60  # at least so many are acknowledged between one end of the server and the next
KEYS = 8
PATIENCE_S = 120


def until_answered(call, **parameters):
    """The call's answer; what a client may send again is sent again, as long as the server is away."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return call(**parameters)
        except BotoCoreError:
            if time.monotonic() > deadline:
                raise
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500 or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


class Tenant:
    """One tenant with a table, somebody who writes to it, and somebody who follows its stream."""

    def __init__(self, server, model):
        self.model = model
        service = f"follow-{model}"
        server.make_service(service, model, tenants=["acme"])
        keys = server.tenant_credentials("prod", service, "acme")
        self.items, self.streams = server.client(keys), server.client(keys, "dynamodbstreams")
        self.items.create_table(
            TableName="Followed", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
            KeySchema=[dict(AttributeName="pk", KeyType="HASH")],
            StreamSpecification=dict(StreamEnabled=True, StreamViewType="NEW_AND_OLD_IMAGES"))
        server.wait_active(keys, "Followed")
        self.arn = self.items.describe_table(TableName="Followed")["Table"]["LatestStreamArn"]
        self.acknowledged, self.records = 0, []
        self.stopping, self.failure = threading.Event(), None
        self.iterators = {}
        for shard in self.streams.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"]:
            self.iterators[shard["ShardId"]] = self.streams.get_shard_iterator(
                StreamArn=self.arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        self.threads = [threading.Thread(target=self.run, args=(work,), daemon=True) for work in (self.write, self.follow)]

    def run(self, work):
        try:
            work()
        except Exception as failure:  # told by the test
            self.failure = failure

    def write(self):
        # Sending a write again whose answer was lost changes nothing if it had come through: so each is one change.
        while not self.stopping.is_set():
            n = self.acknowledged
            until_answered(self.items.put_item, TableName="Followed",
                           Item={"pk": {"S": f"p{n % KEYS}"}, "n": {"N": str(n)}})
            self.acknowledged = n + 1

    def follow(self):
        # The iterators are held across every restart; none is asked for anew.
        while not (self.stopping.is_set() and not self.threads[0].is_alive() and len(self.records) >= self.acknowledged):
            for shard, iterator in self.iterators.items():
                answer = until_answered(self.streams.get_records, ShardIterator=iterator, Limit=13)
                self.records += answer["Records"]
                self.iterators[shard] = answer["NextShardIterator"]

    def check(self, case):
        if self.failure:
            raise self.failure
        sequences = [record["dynamodb"]["SequenceNumber"] for record in self.records]
        case.assertEqual(len(set(sequences)), len(sequences), "a record came twice")
        newest, seen = {}, set()
        for record in self.records:
            change = record["dynamodb"]
            pk, n = change["Keys"]["pk"]["S"], int(change["NewImage"]["n"]["N"])
            case.assertEqual("INSERT" if pk not in newest else "MODIFY", record["eventName"])
            if pk in newest:
                case.assertEqual(newest[pk], int(change["OldImage"]["n"]["N"]), "a change of the item is missing")
            newest[pk] = n
            seen.add(n)
        case.assertEqual(set(range(self.acknowledged)), seen)


class Following(unittest.TestCase):
    def test_a_consumer_goes_on_through_kills_and_restarts(self):
        with Server() as server:
            tenants = [Tenant(server, model) for model in MODELS]
            for tenant in tenants:
                for thread in tenant.threads:
                    thread.start()
            for life in range(5):
                goal = [tenant.acknowledged + WRITES_PER_LIFE for tenant in tenants]
                deadline = time.monotonic() + PATIENCE_S
                while any(t.acknowledged < g and not t.failure for t, g in zip(tenants, goal)):
                    self.assertLess(time.monotonic(), deadline, server.log_tail())
                    time.sleep(0.01)
                if life < 4:
                    server.stop() if life == 1 else server.kill()
                    server.start()
            for tenant in tenants:
                tenant.stopping.set()
            for tenant in tenants:
                for thread in tenant.threads:
                    thread.join(PATIENCE_S)
                with self.subTest(model=tenant.model):
                    self.assertFalse(any(thread.is_alive() for thread in tenant.threads), "it never came to an end")
                    tenant.check(self)

    def test_what_a_select_left_off_outlives_a_restart(self):
        with Server() as server:
            server.make_service("shop", "index", tenants=["acme"])
            items = server.client(server.tenant_credentials("prod", "shop", "acme"))
            items.create_table(TableName="Music", BillingMode="PAY_PER_REQUEST",
                               AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
                               KeySchema=[dict(AttributeName="pk", KeyType="HASH")])
            items.get_waiter("table_exists").wait(TableName="Music", WaiterConfig=dict(Delay=1))
            for n in range(5):
                items.put_item(TableName="Music", Item={"pk": {"S": str(n)}})
            select = dict(Statement='SELECT * FROM "Music"', Limit=2)
            first = items.execute_statement(**select)
            server.kill()
            server.start()
            rest = until_answered(items.execute_statement, **select, NextToken=first["NextToken"])
            last = items.execute_statement(**select, NextToken=rest["NextToken"])
            found = sorted(item["pk"]["S"] for page in (first, rest, last) for item in page["Items"])
            self.assertEqual([str(n) for n in range(5)], found)


if __name__ == "__main__":
    unittest.main()
