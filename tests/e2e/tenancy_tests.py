"""The lives of tenants, services and keys, through the command line and the wire, across restarts."""
import datetime
import json
import pathlib
import tempfile
import time
import unittest

from every_model import EveryModelTest
from insula import MODELS, CommandFailed

ITEMS = dict(TableName="Items", BillingMode="PAY_PER_REQUEST", KeySchema=[dict(AttributeName="id", KeyType="HASH")],
             AttributeDefinitions=[dict(AttributeName="id", AttributeType="S")])


def put(server, key, id_, table="Items", **options):
    return server.call(key, "PutItem", dict(TableName=table, Item={"id": {"S": id_}}), **options)


def ids(server, key, table="Items"):
    return sorted(item["id"]["S"] for item in server.must(key, "Scan", dict(TableName=table))["Items"])


def kind(answer):
    return answer[1]["__type"].split("#")[-1] if answer[0] != 200 else "ok"


class Tenancy(EveryModelTest):
    TABLE = ITEMS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for (model, tenant), key in cls.keys.items():
            put(cls.server, key, f"{model}-{tenant}")

    def refused(self, *words):
        with self.assertRaises(CommandFailed) as failure:
            self.server.cli(*words)
        return failure.exception.stderr

    def test_the_same_names_never_meet(self):
        for (model, tenant), key in self.keys.items():
            self.assertEqual([f"{model}-{tenant}"], ids(self.server, key))

    def test_a_presigned_url_is_its_signers_until_it_expires(self):
        for (model, tenant), key in self.keys.items():
            body = json.dumps(dict(TableName="Items")).encode()
            for expires_s, age_s, status in ((None, 0, 200), (60, 30, 200), (604800, 600000, 200), (None, 600, 400),
                                             (60, 90, 400), (604800, 604900, 400), (604801, 0, 400)):
                when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age_s)
                path, headers = self.server.presign(key, "Scan", body, expires_s, when=when)
                answered, _, answer = self.server.raw("POST", path, headers, body)
                self.assertEqual(status, answered, (expires_s, age_s, answer))
                if status == 200:
                    self.assertEqual([f"{model}-{tenant}"], [i["id"]["S"] for i in json.loads(answer)["Items"]])

    def test_everything_is_there_after_a_restart(self):
        self.server.stop()
        self.server.start()
        for (model, tenant), key in self.keys.items():
            self.assertEqual([f"{model}-{tenant}"], ids(self.server, key))
        self.assertEqual({"acme", "globex"}, {"acme", "globex"} & {t["Tenant"] for t in self.server.cli("tenant", "list")["Tenants"]})

    def test_a_tenant_has_one_account_in_an_environment_whatever_serves_it(self):
        placements = self.server.cli("tenant", "show", "acme")["Tenant"]["Placements"]
        self.assertEqual(1, len({p["Account"] for p in placements if p["Environment"] == "prod"}))
        arns = {self.server.must(self.keys[model, "acme"], "DescribeTable", dict(TableName="Items"))["Table"]["TableArn"] for model in MODELS}
        self.assertEqual(1, len(arns))

    def test_the_operator_sees_the_busiest_keys_where_a_tenant_enabled_that(self):
        def contributors(model, tenant):
            return self.server.cli("table", "contributors", "Items", "--environment", "prod", "--service", f"s-{model}", "--tenant", tenant)

        for model in MODELS:
            key = self.keys[model, "acme"]
            self.server.must(key, "UpdateContributorInsights", dict(TableName="Items", ContributorInsightsAction="ENABLE"))
        self.server.stop()
        self.server.start()  # the setting is durable
        for model in MODELS:
            key = self.keys[model, "acme"]
            for id_ in ["hot"] * 9 + ["cold"]:
                self.server.must(key, "GetItem", dict(TableName="Items", Key={"id": {"S": id_}}, ConsistentRead=True))
            put(self.server, self.keys[model, "globex"], f"{model}-globex")
            found = contributors(model, "acme")
            self.assertEqual([({"id": {"S": "hot"}}, 9.0, 90.0), ({"id": {"S": "cold"}}, 1.0, 10.0)],
                             [(c["Key"], c["Units"], c["Percent"]) for c in found["Contributors"]])
            with self.assertRaises(CommandFailed) as refused:
                contributors(model, "globex")
            self.assertIn("not enabled", refused.exception.stderr)

    def test_suspended_is_refused_and_resumed_is_served_again(self):
        self.server.ensure_tenant("sleepy")
        for model in MODELS:
            self.server.cli("tenant", "place", "sleepy", "--environment", "prod", "--service", f"s-{model}")
        keys = [self.server.tenant_credentials("prod", f"s-{model}", "sleepy") for model in MODELS]
        for key in keys:
            self.server.create_table(key, **ITEMS)
            put(self.server, key, "kept")
        self.server.cli("tenant", "suspend", "sleepy")
        self.assertEqual(["AccessDeniedException"] * 3, [kind(put(self.server, key, "no")) for key in keys])
        self.server.cli("tenant", "resume", "sleepy")
        self.assertEqual([["kept"]] * 3, [ids(self.server, key) for key in keys])

    def test_a_deleted_tenant_is_gone_with_its_keys_and_its_successor_starts_empty(self):
        self.server.ensure_tenant("shortlived")
        for model in MODELS:
            self.server.cli("tenant", "place", "shortlived", "--environment", "prod", "--service", f"s-{model}")
        keys = [self.server.tenant_credentials("prod", f"s-{model}", "shortlived") for model in MODELS]
        for key in keys:
            self.server.create_table(key, **ITEMS)
            put(self.server, key, "secret")
        self.assertIn("--yes", self.refused("tenant", "delete", "shortlived"))
        self.server.cli("tenant", "delete", "shortlived", "--yes")
        self.assertEqual(["UnrecognizedClientException"] * 3, [kind(put(self.server, key, "x")) for key in keys])
        for _ in range(200):
            if "shortlived" not in {t["Tenant"] for t in self.server.cli("tenant", "list")["Tenants"]}:
                break
            time.sleep(0.05)
        self.server.cli("tenant", "create", "shortlived")
        for model in MODELS:
            self.server.cli("tenant", "place", "shortlived", "--environment", "prod", "--service", f"s-{model}")
            key = self.server.tenant_credentials("prod", f"s-{model}", "shortlived")
            self.assertEqual([], self.server.must(key, "ListTables", {})["TableNames"])
            self.server.create_table(key, **ITEMS)
            self.assertEqual([], ids(self.server, key))
        self.assertEqual(["UnrecognizedClientException"] * 3, [kind(put(self.server, key, "x")) for key in keys])

    def test_keys_are_listed_without_secrets_and_switched_at_once(self):
        key = self.server.tenant_credentials("prod", "s-index", "acme")
        listed = self.server.cli("credentials", "list", "--tenant", "acme")
        self.assertNotIn("SecretAccessKey", json.dumps(listed))
        self.assertIn(key.access_key, [k["AccessKeyId"] for k in listed["AccessKeys"]])
        for command, expected in (("deactivate", "UnrecognizedClientException"), ("activate", "ok"), ("delete", "UnrecognizedClientException")):
            self.server.cli("credentials", command, key.access_key)
            self.assertEqual(expected, kind(self.server.call(key, "ListTables", {})), command)
        self.assertIn("NotFoundException", self.refused("credentials", "activate", key.access_key))

    def test_templates_reach_tenants_of_before_and_after(self):
        with tempfile.TemporaryDirectory() as folder:
            template = pathlib.Path(folder) / "tables.json"
            for model in MODELS:
                service = f"t-{model}"
                template.write_text(json.dumps([ITEMS]))
                self.server.cli("service", "create", service, "--environment", "prod", "--model", model, "--template", str(template))
                self.server.cli("tenant", "place", "acme", "--environment", "prod", "--service", service)
                early = self.server.tenant_credentials("prod", service, "acme")
                self.server.wait_active(early, "Items")
                template.write_text(json.dumps([dict(ITEMS, TableName="More")]))
                self.server.cli("service", "template", service, "--environment", "prod", "--set", str(template))
                self.server.cli("tenant", "place", "globex", "--environment", "prod", "--service", service)
                late = self.server.tenant_credentials("prod", service, "globex")
                for key in (early, late):
                    for _ in range(100):
                        names = self.server.must(key, "ListTables", {})["TableNames"]
                        if names == ["Items", "More"]:
                            break
                        time.sleep(0.05)
                    self.assertEqual(["Items", "More"], names)
                    self.assertEqual("AccessDeniedException", kind(self.server.call(key, "CreateTable", dict(ITEMS, TableName="Own"))))
                template.write_text(json.dumps([dict(ITEMS, KeySchema=[])]))
                self.assertIn("error:", self.refused("service", "template", service, "--environment", "prod", "--set", str(template)))

    def test_a_services_own_table_is_read_by_its_tenants_once_it_is_shared(self):
        for model in MODELS:
            own = self.server.credentials("--environment", "prod", "--service", f"s-{model}")
            self.server.create_table(own, **dict(ITEMS, TableName="Currencies"))
            put(self.server, own, "EUR", table="Currencies")
            tenant = self.keys[model, "acme"]
            self.assertEqual("ResourceNotFoundException", kind(self.server.call(tenant, "Scan", dict(TableName="Currencies"))))
            self.server.cli("service", "share", f"s-{model}", "--environment", "prod", "--table", "Currencies")
            self.assertEqual(["EUR"], ids(self.server, tenant, "Currencies"))
            self.assertEqual("AccessDeniedException", kind(put(self.server, tenant, "GBP", table="Currencies")))
            self.server.cli("service", "share", f"s-{model}", "--environment", "prod", "--table", "Currencies", "--off")
            self.assertEqual("ResourceNotFoundException", kind(self.server.call(tenant, "Scan", dict(TableName="Currencies"))))

    def test_a_service_key_acts_for_its_own_tenants_by_signed_header_alone(self):
        for model in MODELS:
            acting = self.server.credentials("--environment", "prod", "--service", f"s-{model}", "--act-for-tenants")
            plain = self.server.credentials("--environment", "prod", "--service", f"s-{model}")
            header = [("x-insula-tenant", "acme")]
            scan = dict(TableName="Items")
            answer = self.server.must(acting, "Scan", scan, extra_headers=header)
            self.assertEqual([f"{model}-acme"], [item["id"]["S"] for item in answer["Items"]])
            for key, headers in ((plain, header), (acting, [("x-insula-tenant", "nobody")]), (acting, [("x-insula-tenant", " acme")]),
                                 (self.keys[model, "globex"], header)):
                self.assertIn(kind(self.server.call(key, "Scan", scan, extra_headers=headers)),
                              ("AccessDeniedException", "InvalidSignatureException"))

    def test_the_operator_sees_physical_tables_and_cannot_write_pooled_ones(self):
        physical = {t["Tenant"] + t["PartitionModel"]: t for t in self.server.cli("table", "list", "--environment", "prod")["Tables"]
                    if t["Service"] == f"s-{t['PartitionModel']}" and t["Table"] == "Items"}
        pooled = physical["acmeindex"]
        self.assertEqual(pooled["PhysicalTable"], physical["globexindex"]["PhysicalTable"])
        operator = self.server.credentials("--account", pooled["PhysicalAccount"])
        one = self.server.must(operator, "Query", dict(
            TableName=pooled["PhysicalTable"], KeyConditionExpression="#t = :t", ExpressionAttributeNames={"#t": "insula:tenant"},
            ExpressionAttributeValues={":t": {"S": "acme"}}))
        self.assertEqual([("acme", "index-acme")], [(i["insula:tenant"]["S"], i["id"]["S"]) for i in one["Items"]])
        everyone = self.server.must(operator, "Scan", dict(TableName=pooled["PhysicalTable"]))
        self.assertLessEqual({"acme", "globex"}, {i["insula:tenant"]["S"] for i in everyone["Items"]})
        self.assertEqual("AccessDeniedException", kind(self.server.call(operator, "DeleteItem", dict(
            TableName=pooled["PhysicalTable"], Key={"insula:tenant": {"S": "acme"}, "insula:key": {"B": "AAAA"}}))))
        bridge = physical["acmetable"]
        self.assertEqual(["table-acme"], [i["id"]["S"] for i in self.server.must(operator, "Scan", dict(TableName=bridge["PhysicalTable"]))["Items"]])
        shown = self.server.cli("table", "show", pooled["PhysicalTable"], "--account", pooled["PhysicalAccount"])["Table"]
        self.assertEqual(["insula:tenant", "insula:key"], [k["AttributeName"] for k in shown["PhysicalKeySchema"]])

    def test_names_that_are_none_and_things_that_are_not_there(self):
        for words, said in ((("environment", "create", "a.b"), "InvalidArgument"), (("tenant", "create", "Acme"), "InvalidArgument"),
                            (("service", "create", "x", "--environment", "nowhere", "--model", "index"), "NotFound"),
                            (("service", "create", "x", "--environment", "prod", "--model", "pool"), "InvalidArgument"),
                            (("tenant", "place", "nobody", "--environment", "prod", "--service", "s-index"), "NotFound"),
                            (("tenant", "create", "acme"), "AlreadyExists"), (("tenant", "show", "nobody"), "NotFound"),
                            (("credentials", "create", "--environment", "prod", "--service", "s-index", "--tenant", "nobody"), "NotFound"),
                            (("credentials", "create", "--tenant", "acme"), "InvalidArgument")):
            self.assertIn(said, self.refused(*words), words)

    def test_a_list_of_what_is_not_there_is_refused(self):
        for command in (("table", "list"), ("usage",), ("verify",), ("backup", "list"), ("backup", "restores"), ("credentials", "list")):
            for names, said in ((("--environment", "prd"), "no environment 'prd'"), (("--service", "s-indx"), "no service 's-indx'"),
                                (("--environment", "prod", "--service", "s-indx"), "in environment 'prod'"),
                                (("--tenant", "nobody"), "no tenant 'nobody'")):
                answer = self.refused(*command, *names)
                self.assertIn("NotFound", answer, (command, names))
                self.assertIn(said, answer, (command, names))
            self.server.cli(*command, "--environment", "prod", "--tenant", "acme")
        for group in ("service", "tenant"):
            self.assertIn("NotFound", self.refused(group, "list", "--environment", "prd"))

    def test_usage_is_each_tenants_own(self):
        key = self.keys["index", "globex"]
        of = lambda: {(u["Tenant"], u["Service"]): u for u in self.server.cli("usage")["Usage"] if u["Table"] == "Items"}  # noqa: E731
        before = of()
        answer = self.server.must(key, "PutItem", dict(TableName="Items", ReturnConsumedCapacity="TOTAL",
                                                       Item={"id": {"S": "index-globex"}, "x": {"S": "y" * 5000}}))
        after = of()
        told = answer["ConsumedCapacity"]["CapacityUnits"]
        self.assertEqual(told, after["globex", "s-index"]["WriteUnits"] - before["globex", "s-index"]["WriteUnits"])
        self.assertEqual(before["acme", "s-index"], after["acme", "s-index"])
        self.assertGreater(after["globex", "s-index"]["StoredBytes"], 5000)
        self.server.must(key, "PutItem", dict(TableName="Items", Item={"id": {"S": "index-globex"}}))
