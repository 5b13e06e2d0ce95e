"""A global index that is added to a table with items and given up, through a SIGKILL, under each model alike."""
import threading
import time
import unittest

from every_model import EveryModelTest
from insula import MODELS

ITEMS = 4_000
FILLER = "x" * 400


def item(n):
    return {"id": {"S": f"item-{n}"}, "color": {"S": ("red", "green", "blue")[n % 3]}, "shape": {"S": ("round", "square")[n % 2]},
            "filler": {"S": FILLER}}


class Indexes(EveryModelTest):
    def fill(self, key, first, last):
        for start in range(first, last, 25):
            puts = [{"PutRequest": {"Item": item(n)}} for n in range(start, min(start + 25, last))]
            self.server.must(key, "BatchWriteItem", {"RequestItems": {"Things": puts}})

    def add(self, key, attribute):
        """The description right after an index by-trait of that attribute is asked for."""
        return self.server.must(key, "UpdateTable", dict(
            TableName="Things", AttributeDefinitions=[dict(AttributeName=attribute, AttributeType="S")],
            GlobalSecondaryIndexUpdates=[dict(Create=dict(
                IndexName="by-trait", KeySchema=[dict(AttributeName=attribute, KeyType="HASH")],
                Projection=dict(ProjectionType="KEYS_ONLY")))]))["TableDescription"]

    def give_up(self, key):
        return self.server.must(key, "UpdateTable", dict(
            TableName="Things", GlobalSecondaryIndexUpdates=[dict(Delete=dict(IndexName="by-trait"))]))["TableDescription"]

    def expect_index(self, key, attribute, value, count):
        description = self.server.wait_active(key, "Things")
        self.assertEqual([("by-trait", attribute)], [(index["IndexName"], index["KeySchema"][0]["AttributeName"])
                                                     for index in description["GlobalSecondaryIndexes"]])
        total, start = 0, {}
        while start is not None:
            page = self.server.must(key, "Query", dict(
                TableName="Things", IndexName="by-trait", KeyConditionExpression="#a = :v", Select="COUNT",
                ExpressionAttributeNames={"#a": attribute}, ExpressionAttributeValues={":v": {"S": value}}, **start))
            total += page["Count"]
            start = dict(ExclusiveStartKey=page["LastEvaluatedKey"]) if "LastEvaluatedKey" in page else None
        self.assertEqual(count, total)

    def test_one_is_given_up_while_it_is_filled_and_another_takes_its_name(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.give_up_while_filling(model)

    def give_up_while_filling(self, model):
        key, neighbour = self.keys[model, "acme"], self.keys[model, "globex"]
        for each in (key, neighbour):
            self.server.create_table(each, TableName="Things", BillingMode="PAY_PER_REQUEST",
                                     AttributeDefinitions=[dict(AttributeName="id", AttributeType="S")],
                                     KeySchema=[dict(AttributeName="id", KeyType="HASH")])
            self.fill(each, 0, ITEMS)
        writer = threading.Thread(target=self.fill, args=(key, ITEMS, ITEMS + 600))
        writer.start()
        adding = self.add(key, "color")
        self.assertEqual(("UPDATING", "CREATING", False), (adding["TableStatus"], adding["GlobalSecondaryIndexes"][0]["IndexStatus"],
                                                          adding["GlobalSecondaryIndexes"][0]["Backfilling"]))
        self.add(neighbour, "color")
        giving_up = self.give_up(key)
        self.assertEqual(("UPDATING", "DELETING"),
                         (giving_up["TableStatus"], giving_up["GlobalSecondaryIndexes"][0]["IndexStatus"]))
        description = self.server.wait_active(key, "Things")
        self.assertNotIn("GlobalSecondaryIndexes", description)
        self.assertEqual(["id"], [each["AttributeName"] for each in description["AttributeDefinitions"]])
        status, answer, _ = self.server.call(key, "Query", dict(
            TableName="Things", IndexName="by-trait", KeyConditionExpression="color = :v", ExpressionAttributeValues={":v": {"S": "red"}}))
        self.assertEqual((400, "The table does not have the specified index: by-trait"), (status, answer["message"]))

        # None of its entries turns up in the next index of that name, written to all the while.
        self.add(key, "shape")
        writer.join()
        self.expect_index(key, "shape", "round", (ITEMS + 600) // 2)
        self.expect_index(neighbour, "color", "red", len([n for n in range(ITEMS) if n % 3 == 0]))

        # Given up right before a SIGKILL, it is as gone.
        self.give_up(key)
        self.server.wait_active(key, "Things")
        self.add(key, "color")
        self.give_up(key)
        self.server.kill()
        self.server.start()
        deadline = time.monotonic() + 20
        while "GlobalSecondaryIndexes" in self.server.wait_active(key, "Things"):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.add(key, "shape")
        self.expect_index(key, "shape", "square", (ITEMS + 600) // 2)
        self.expect_index(neighbour, "color", "red", len([n for n in range(ITEMS) if n % 3 == 0]))


if __name__ == "__main__":
    unittest.main()
