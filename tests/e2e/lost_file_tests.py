"""Files of a killed server's stores that are missing, emptied or cut: the start or the account's requests are refused with the
file's name, or everything is there; and what is done about it is what docs/operations.md says."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from insula import BINARY, MODELS, CommandFailed, Server

TABLE = dict(TableName="Items", AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
             KeySchema=[dict(AttributeName="pk", KeyType="HASH")], BillingMode="PAY_PER_REQUEST")
COUNT = 40
STORES = {"shared": ("table", "index"), "accounts/1": ("account",)}


def empty(path):
    os.truncate(path, 0)


def half(path):
    os.truncate(path, path.stat().st_size // 2)


class LostFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.start()
        cls.keys = {}
        for model in MODELS:
            cls.server.make_service(f"s-{model}", model, tenants=["acme"])
            key = cls.keys[model] = cls.server.tenant_credentials("prod", f"s-{model}", "acme")
            cls.server.create_table(key, **TABLE)
            for i in range(COUNT):
                cls.server.must(key, "PutItem", {"TableName": "Items", "Item": {"pk": {"S": str(i)}, "v": {"S": "x" * 900}}})
        # A second account.
        cls.server.ensure_tenant("bolt")
        cls.server.cli("tenant", "place", "bolt", "--environment", "prod", "--service", "s-account")
        cls.server.create_table(cls.server.tenant_credentials("prod", "s-account", "bolt"), **TABLE)
        cls.server.kill()
        cls.killed = pathlib.Path(tempfile.mkdtemp(prefix="insula-test-")) / "killed"
        shutil.copytree(cls.server.data, cls.killed, ignore=shutil.ignore_patterns("RESERVE"))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        shutil.rmtree(cls.killed.parent, ignore_errors=True)

    def setUp(self):
        shutil.rmtree(self.server.data)
        shutil.copytree(self.killed, self.server.data)
        self.server.serve_arguments = []
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.kill())

    def store(self, name):
        return pathlib.Path(self.server.data) / "stores" / name

    def live_log(self, store):
        return max((log for log in self.store(store).glob("*.log") if log.stat().st_size > 0), key=lambda log: log.name)

    def count(self, model):
        status, answer, _ = self.server.call(self.keys[model], "Scan", {"TableName": "Items", "Select": "COUNT"})
        return answer["Count"] if status == 200 else answer["__type"].split("#")[1]

    def refused(self, store, name):
        """As often as it is tried, and with nothing changed."""
        for _ in range(2):
            if store == "shared":
                with self.assertRaises(RuntimeError) as start:
                    self.server.start()
                self.assertIn(name, str(start.exception))
                self.assertIn("with 5", str(start.exception))
            else:
                self.server.start()
                for _ in range(2):
                    self.assertEqual("InternalServerError", self.count("account"))
                self.assertEqual({COUNT}, {self.count(model) for model in ("table", "index")})
                self.assertIn(name, self.server.log_tail())
                self.server.kill()

    def verify(self):
        """What it says, damage or not."""
        run = subprocess.run([BINARY, "verify", "--data", self.server.data, "--output", "json"], capture_output=True, text=True)
        return json.loads(run.stdout)

    def whole(self):
        self.server.start()
        self.assertEqual({COUNT}, {self.count(model) for model in MODELS})
        self.assertEqual(0, self.server.cli("verify")["Damaged"])
        self.server.stop()

    def test_a_killed_server_is_whole(self):
        self.whole()
        self.whole()

    def test_current_is_never_made_anew(self):
        for store in STORES:
            self.setUp()
            current = self.store(store) / "CURRENT"
            name = current.read_text()
            files = sorted(p.name for p in self.store(store).iterdir() if not p.name.startswith("LOG"))
            current.unlink()
            self.refused(store, "CURRENT is missing")
            self.assertEqual(set(files) - {"CURRENT"},
                             {p.name for p in self.store(store).iterdir() if not p.name.startswith("LOG")} - {"CURRENT"})
            self.assertIn(name.strip(), self.server.log_tail())
            current.write_text(name)
            self.whole()

    def test_a_table_file_that_goes_under_a_running_server_is_said_before_it_is_lost(self):
        for store in STORES:
            self.setUp()
            self.server.start()  # what the logs held is in table files from here on
            self.assertEqual({COUNT}, {self.count(model) for model in MODELS})
            tables = list(self.store(store).glob("*.sst"))
            self.assertTrue(tables)
            for table in tables:
                content = table.read_bytes()
                table.unlink()
                with self.assertRaises(CommandFailed) as damage:
                    self.server.cli("verify")
                self.assertEqual(5, damage.exception.code)
                table.write_bytes(content)
                self.assertEqual(0, self.server.cli("verify")["Damaged"])
            self.server.kill()

    def test_a_table_file_or_a_format_that_lacks_something_is_said_with_what_to_do(self):
        for store in STORES:
            self.setUp()
            self.server.start()  # what the logs held is in table files from here on
            self.assertEqual({COUNT}, {self.count(model) for model in MODELS})
            self.server.kill()
            table = max(self.store(store).glob("*.sst"), key=lambda path: path.stat().st_size)
            for path, said in ((table, f"{table.name} ends at byte {table.stat().st_size // 2}"),
                               (self.store(store) / "FORMAT", "FORMAT is damaged")):
                content = path.read_bytes()
                half(path)
                self.refused(store, said)
                self.assertRegex(self.server.log_tail(), "[Pp]ut (it|the file) back as it was")
                path.unlink()
                self.refused(store, f"{path.name} is missing")
                path.write_bytes(content)
            self.whole()

    def test_a_log_that_lacks_something_is_said(self):
        for store in STORES:
            for damage in (pathlib.Path.unlink, empty, half):
                with self.subTest(store=store, damage=damage.__name__):
                    self.setUp()
                    log = self.live_log(store)
                    content = log.read_bytes()
                    damage(log)
                    self.refused(store, log.name)
                    log.write_bytes(content)
                    self.whole()

    def test_what_is_lost_is_given_up_when_it_is_said_and_told_until_it_is_cleared_away(self):
        for store, models in STORES.items():
            self.setUp()
            log = self.live_log(store)
            # Of the shared store the last writes alone: the organization is in the same log.
            os.truncate(log, log.stat().st_size - 5000)
            self.server.serve_arguments = ["--set", "engine.lost_writes=give_up"]
            self.server.start()
            left = {model: self.count(model) for model in MODELS}
            self.assertLess(left[models[-1]], COUNT)
            self.assertGreater(left[models[-1]], 0)
            self.server.stop()
            self.server.serve_arguments = []
            self.server.start()
            self.assertEqual(left, {model: self.count(model) for model in MODELS})
            with self.assertRaises(CommandFailed) as damage:
                self.server.cli("verify")
            self.assertEqual(5, damage.exception.code)
            shutil.rmtree(self.store(store) / "lost")
            self.assertEqual(0, self.server.cli("verify")["Damaged"])
            self.server.stop()

    def test_verify_sees_a_log_that_goes_while_the_server_runs(self):
        self.server.start()
        for model in MODELS:
            self.server.must(self.keys[model], "PutItem", {"TableName": "Items", "Item": {"pk": {"S": "1"}}})
        self.live_log("shared").unlink()
        with self.assertRaises(CommandFailed) as damage:
            self.server.cli("verify")
        self.assertEqual(5, damage.exception.code)

    def test_a_store_that_is_gone_is_not_an_empty_one(self):
        for store in STORES:
            self.setUp()
            shutil.rmtree(self.store(store))
            self.refused(store, "is missing")
        self.setUp()
        shutil.rmtree(self.store("shared").parent)
        self.refused("shared", "stores/shared is missing")

    def test_stores_in_each_others_places_are_refused_until_each_is_back(self):
        accounts = pathlib.Path(self.server.data) / "stores" / "accounts"

        def exchange():
            (accounts / "1").rename(accounts / "aside")
            (accounts / "2").rename(accounts / "1")
            (accounts / "aside").rename(accounts / "2")

        exchange()
        self.refused("accounts/1", "accounts/1 holds the store of accounts/2")
        self.server.start()
        status, _, _ = self.server.call(self.keys["account"], "PutItem", {"TableName": "Items", "Item": {"pk": {"S": "new"}}})
        self.assertEqual(500, status)
        with self.assertRaises(CommandFailed) as damage:
            self.server.cli("verify")
        self.assertEqual(5, damage.exception.code)
        self.server.kill()
        exchange()
        self.whole()

    def test_a_store_of_before_is_taken_for_what_its_place_says(self):
        for store in (*STORES, "accounts/2"):
            (self.store(store) / "FORMAT").write_text("insula-store 1\n")
        self.whole()
        self.whole()
        self.assertTrue((self.store("accounts/1") / "FORMAT").read_text().startswith("insula-store 2 store 1 of "))

    def test_verify_names_a_table_file_that_is_damaged(self):
        # What was in the logs is in table files after a start.
        self.whole()
        for store in STORES:
            file = max(self.store(store).glob("*.sst"), key=lambda path: path.stat().st_size)
            whole = file.read_bytes()
            middle = len(whole) // 2
            file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 0x41]) + whole[middle + 1:])
            self.server.start()
            verdicts = {of["Store"]: of["Verdict"] for of in self.verify()["Stores"]}
            self.assertIn(f"{file} is damaged", verdicts.pop(store))
            self.assertEqual({"whole"}, set(verdicts.values()))
            with self.assertRaises(CommandFailed) as damage:
                self.server.cli("verify")
            self.assertEqual(5, damage.exception.code)
            self.server.kill()
            file.write_bytes(whole)
        self.whole()

    def test_a_usage_file_that_is_no_such_thing_stops_nobody(self):
        usage = pathlib.Path(self.server.data) / "usage"
        for content in (b"torn", usage.read_bytes()[:100_000], b"x" * usage.stat().st_size):
            usage.write_bytes(content)
            self.whole()
        self.assertEqual(3, len(list(usage.parent.glob("usage.damaged-*"))))
