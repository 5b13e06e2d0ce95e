"""What travels over HTTP beside the operations: compressed bodies and answers, browsers, and what is too large."""
import gzip
import json
import pathlib
import unittest
import zlib

from insula import Server

ITEMS = dict(TableName="Items", BillingMode="PAY_PER_REQUEST", KeySchema=[dict(AttributeName="id", KeyType="HASH")],
             AttributeDefinitions=[dict(AttributeName="id", AttributeType="S")])
TEXT = "the same words again and again, " * 1000


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.start()
        cls.server.make_service("shop", "index", tenants=["acme"])
        cls.key = cls.server.tenant_credentials("prod", "shop", "acme")
        cls.server.create_table(cls.key, **ITEMS)
        cls.server.must(cls.key, "PutItem", dict(TableName="Items", Item={"id": {"S": "long"}, "text": {"S": TEXT}}))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def send(self, operation, body, extra_headers=()):
        headers = self.server.sign(self.key, operation, body, extra_headers)
        return self.server.raw("POST", "/", headers, body)

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def test_boto3_may_compress_what_it_signs(self):
        client = self.server.client(self.key)

        def compress(request, **_):
            request.data = gzip.compress(request.data)
            request.headers["Content-Encoding"] = "gzip"

        client.meta.events.register_first("request-created.dynamodb.PutItem", compress)  # before it is signed
        client.put_item(TableName="Items", Item={"id": {"S": "packed"}, "text": {"S": TEXT}})
        item = client.get_item(TableName="Items", Key={"id": {"S": "packed"}})["Item"]
        self.assertEqual(TEXT, item["text"]["S"])

    def test_bodies_in_each_coding(self):
        bare = zlib.compressobj(wbits=-15)
        body = json.dumps(dict(TableName="Items", Key={"id": {"S": "long"}})).encode()
        for coding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)),
                               ("deflate", bare.compress(body) + bare.flush()), ("identity", body)):
            status, _, raw = self.send("GetItem", packed, [("Content-Encoding", coding)])
            self.assertEqual(200, status, raw)
            self.assertEqual(TEXT, json.loads(raw)["Item"]["text"]["S"])

    def test_bodies_that_are_no_such_thing(self):
        body = json.dumps(dict(TableName="Items", Key={"id": {"S": "long"}})).encode()
        packed = gzip.compress(body)
        for coding, sent in (("gzip", body), ("gzip", packed[:-3]), ("gzip", packed + b"x"), ("deflate", b""), ("br", body)):
            status, _, raw = self.send("GetItem", sent, [("Content-Encoding", coding)])
            self.assertEqual(400, status)
            self.assertIn("SerializationException", raw.decode())
        # A signature is over the bytes as sent.
        headers = self.server.sign(self.key, "GetItem", body, [("Content-Encoding", "gzip")])
        self.assertIn(b"InvalidSignatureException", self.server.raw("POST", "/", headers, packed)[2])

    def test_a_bomb_costs_neither_memory_nor_the_server(self):
        bomb = gzip.compress(b" " * (512 * 1024 * 1024))
        before = self.resident_mb()
        for _ in range(20):
            status, _, raw = self.send("GetItem", bomb, [("Content-Encoding", "gzip")])
            self.assertEqual(413, status)
            self.assertIn(b"RequestEntityTooLargeException", raw)
        self.assertLess(self.resident_mb() - before, 100)
        self.assertEqual(413, self.send("GetItem", b" " * (16 * 1024 * 1024 + 1))[0])

    def test_long_answers_are_compressed_for_those_who_take_that(self):
        body = json.dumps(dict(TableName="Items", Key={"id": {"S": "long"}})).encode()
        _, plain_headers, plain = self.send("GetItem", body)
        self.assertNotIn("Content-Encoding", plain_headers)
        for coding, unpack in (("gzip", gzip.decompress), ("deflate", zlib.decompress)):
            _, headers, raw = self.send("GetItem", body, [("Accept-Encoding", coding)])
            self.assertEqual(coding, headers["Content-Encoding"])
            self.assertLess(len(raw), len(plain) / 10)
            self.assertEqual(plain, unpack(raw))
            self.assertEqual(str(zlib.crc32(raw)), headers["x-amz-crc32"])
        short = json.dumps(dict(TableName="Items", Key={"id": {"S": "none"}})).encode()
        self.assertNotIn("Content-Encoding", self.send("GetItem", short, [("Accept-Encoding", "gzip")])[1])

    def test_a_browser_is_let_in(self):
        wanted = "authorization,content-type,x-amz-date,x-amz-target,x-amz-user-agent"
        status, headers, _ = self.server.raw("OPTIONS", "/", {
            "Origin": "https://shop.example", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": wanted}, b"")
        self.assertEqual((200, "*", "POST", wanted), (
            status, headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Methods"],
            headers["Access-Control-Allow-Headers"]))
        status, headers, _ = self.send("ListTables", b"{}", [("Origin", "https://shop.example")])
        self.assertEqual((200, "*"), (status, headers["Access-Control-Allow-Origin"]))
        self.assertIn("x-amz-crc32", headers["Access-Control-Expose-Headers"])


if __name__ == "__main__":
    unittest.main()
