"""Vector indexes: the nearest of a tenant's own items, under each model alike, through a SIGKILL and while one is added."""
import math
import random
import threading
import time
import unittest

from every_model import EveryModelTest
from insula import MODELS

DIMENSIONS = 48
LABELS = ("jazz", "rock")
INDEX = dict(IndexName="by-sound", VectorAttribute=dict(AttributeName="sound"), Dimensions=DIMENSIONS,
             DistanceFunction="COSINE", Projection=dict(ProjectionType="INCLUDE", NonKeyAttributes=["title"]),
             SearchSchema=[dict(AttributeName="label", SearchSchemaElementType="HASH"),
                           dict(AttributeName="year", SearchSchemaElementType="INLINE_FILTER")])
ATTRIBUTES = [dict(AttributeName="id", AttributeType="S"), dict(AttributeName="label", AttributeType="S"),
              dict(AttributeName="year", AttributeType="N")]
SONGS = dict(TableName="Songs", BillingMode="PAY_PER_REQUEST", KeySchema=[dict(AttributeName="id", KeyType="HASH")])


def vector(generator):
    return [round(generator.gauss(0, 1), 6) for _ in range(DIMENSIONS)]


def song(generator, tenant, n):
    return {"id": {"S": f"{tenant}-{n}"}, "label": {"S": LABELS[n % 2]}, "year": {"N": str(2000 + n % 5)},
            "title": {"S": f"title {n}"}, "lyrics": {"S": "la " * 100},
            "sound": {"L": [{"N": str(x)} for x in vector(generator)]}}


def distance(a, b):
    """Of two vectors: 1 - cosine."""
    dot = sum(x * y for x, y in zip(a, b))
    return 1 - dot / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


class Vectors(EveryModelTest):
    def fill(self, key, table, songs):
        for start in range(0, len(songs), 25):
            puts = [{"PutRequest": {"Item": item}} for item in songs[start:start + 25]]
            answer = self.server.must(key, "BatchWriteItem", {"RequestItems": {table: puts}})
            self.assertEqual({}, answer.get("UnprocessedItems", {}))

    def search(self, key, wanted, label, year=None, table="Songs", top_k=10):
        parameters = dict(TableName=table, IndexName="by-sound", TopK=top_k, SearchVector=[{"N": str(x)} for x in wanted],
                          SearchConditionExpression="label = :l", ExpressionAttributeValues={":l": {"S": label}})
        if year is not None:
            parameters["SearchConditionExpression"] += " AND #y = :y"
            parameters["ExpressionAttributeNames"] = {"#y": "year"}
            parameters["ExpressionAttributeValues"][":y"] = {"N": str(year)}
        return self.server.must(key, "SearchVectors", parameters)["SearchResults"]

    def expect(self, key, songs, wanted, label, year=None, table="Songs"):
        """That a search finds just what comparing with all of `songs` finds."""
        def fits(item):
            return item["label"]["S"] == label and (year is None or item["year"]["N"] == str(year))
        nearest = sorted((distance(wanted, [float(x["N"]) for x in item["sound"]["L"]]), item["id"]["S"])
                         for item in songs if fits(item))[:10]
        found = self.search(key, wanted, label, year, table)
        self.assertEqual([name for _, name in nearest], [result["Item"]["id"]["S"] for result in found])
        for (expected, _), result in zip(nearest, found):
            self.assertAlmostEqual(expected, result["Score"], places=5)
            self.assertEqual({"id", "label", "year", "title", "sound"}, set(result["Item"]))
        return found

    def test_each_tenant_finds_its_own_through_a_kill(self):
        generator = random.Random(7)
        songs = {tenant: [song(generator, tenant, n) for n in range(500)] for tenant in ("acme", "globex")}
        for (_, tenant), key in self.keys.items():
            self.server.create_table(key, **SONGS, AttributeDefinitions=ATTRIBUTES, VectorIndexes=[INDEX])
            self.fill(key, "Songs", songs[tenant])
        searches = [(vector(generator), label, year) for label in LABELS for year in (None, 2001, 2002)]

        def answers():
            return {(model, tenant): [self.expect(key, songs[tenant], *one) for one in searches]
                    for (model, tenant), key in self.keys.items()}
        before = answers()
        for tenant in ("acme", "globex"):
            first, *others = [before[model, tenant] for model in MODELS]
            for other in others:
                self.assertEqual(first, other)
        self.server.kill()
        self.server.start()
        self.assertEqual(before, answers())
        # What goes, goes from the index with the answer.
        for (model, tenant), key in self.keys.items():
            nearest = before[model, tenant][0][0]["Item"]["id"]
            self.server.must(key, "DeleteItem", dict(TableName="Songs", Key={"id": nearest}))
            left = [item for item in songs[tenant] if item["id"] != nearest]
            self.expect(key, left, *searches[0])

    def test_one_is_added_while_the_table_is_written(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.add_while_writing(self.keys[model, "acme"])

    def add_while_writing(self, key):
        generator = random.Random(11)
        self.server.create_table(key, **{**SONGS, "TableName": "Growing"}, AttributeDefinitions=ATTRIBUTES[:1])
        songs = [song(generator, "acme", n) for n in range(400)]
        self.fill(key, "Growing", songs[:300])

        def write():
            self.fill(key, "Growing", songs[300:])
        writer = threading.Thread(target=write)
        writer.start()
        self.server.must(key, "UpdateTable", dict(TableName="Growing", AttributeDefinitions=ATTRIBUTES,
                                                  VectorIndexUpdates=[dict(Create=INDEX)]))
        writer.join()
        deadline = time.monotonic() + 30
        while True:
            index = self.server.must(key, "DescribeTable", dict(TableName="Growing"))["Table"]["VectorIndexes"][0]
            if index["IndexStatus"] == "ACTIVE":
                break
            self.assertLess(time.monotonic(), deadline, index)
            time.sleep(0.05)
        self.assertNotIn("Backfilling", index)
        self.assertEqual(400, index["ItemCount"])
        for label in LABELS:
            self.expect(key, songs, vector(generator), label, table="Growing")


if __name__ == "__main__":
    unittest.main()
