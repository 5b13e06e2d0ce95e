"""Scenarios through three clients, each under the three models, with one expected result."""
import difflib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import boto3_scenarios
import cli_scenarios
from insula import MODELS, REGION, Server

HERE = pathlib.Path(__file__).resolve().parent
UPDATE = False


def _joined(match):
    line = match[1] + re.sub(r"\n\s*", " ", match[2]) + match[3]
    return line if len(line) <= 110 else match[0]


def normalized(value):
    """Without what differs from run to run: ids, times, accounts."""
    text = json.dumps(value, indent=1, sort_keys=True, default=str)
    for _ in range(4):  # what fits on a line is on one
        text = re.sub(r"([{\[])\n\s*([^{}\[\]\n]*(?:[{\[][^\n]*[}\]])?[^\n{}\[\]]*(?:\n[^{}\[\]]*)?)\n\s*([}\]])",
                      lambda m: _joined(m), text)
    text = re.sub(r"arn:aws:dynamodb:us-east-1:\d{12}:", "arn:aws:dynamodb:us-east-1:ACCOUNT:", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"20\d\d-\d\d-\d\d[T ][0-9:.]+(\+00:00|Z|[+-]\d\d:\d\d)?", "TIME", text)
    return re.sub(r'("(?:Creation|Last\w+)DateTime": )[0-9.]+', r'\1"TIME"', text)


class Scenarios(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.start()
        cls.keys = {}
        for model in MODELS:
            cls.server.make_service(f"shop-{model}", model, tenants=["acme"])
            cls.keys[model] = cls.server.tenant_credentials("prod", f"shop-{model}", "acme")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def check(self, client, name, model, result):
        path = HERE / "expected" / f"{client}.{name}.json"
        got = normalized(result)
        if UPDATE and model == MODELS[0]:
            path.write_text(got + "\n")
        self.assertTrue(path.exists(), f"{path.name} is missing; tests/e2e/run --update writes it")
        expected = path.read_text().rstrip("\n")
        if got != expected:
            self.fail("the {} model answers otherwise than expected:\n{}".format(model, "\n".join(
                difflib.unified_diff(expected.split("\n"), got.split("\n"), path.name, model, lineterm="", n=2))))


def add_tests(case, client, names, run):
    for name in names:
        for model in MODELS:
            def test(self, name=name, model=model):
                self.check(client, name, model, run(self, name, model))
            setattr(case, f"test_{name}_{model}", test)


class Boto3(Scenarios):
    """boto3, clients and resources."""


add_tests(Boto3, "boto3", boto3_scenarios.NAMES,
          lambda self, name, model: boto3_scenarios.run(name, self.server, self.keys[model]))


class AwsCli(Scenarios):
    """The AWS CLI, a process per command."""


def run_cli(self, name, model):
    key = self.keys[model]
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, AWS_ACCESS_KEY_ID=key.access_key, AWS_SECRET_ACCESS_KEY=key.secret_key,
                           AWS_DEFAULT_REGION=REGION, AWS_PAGER="", HOME=folder, AWS_MAX_ATTEMPTS="1")
        environment.pop("AWS_SESSION_TOKEN", None)

        def aws(*words, fails=False):
            run = subprocess.run(["aws", "dynamodb", *words, "--endpoint-url", self.server.endpoint, "--output", "json"],
                                 env=environment, capture_output=True, text=True, timeout=60, cwd=folder)
            if fails:
                return {"exit": run.returncode, "said": run.stderr.strip()}
            self.assertEqual(0, run.returncode, f"aws {' '.join(words)}: {run.stderr}")
            return json.loads(run.stdout) if run.stdout.strip() else None
        return cli_scenarios.SCENARIOS[name](aws, pathlib.Path(folder))


add_tests(AwsCli, "cli", cli_scenarios.SCENARIOS, run_cli)


class JavaScriptSdk(Scenarios):
    """The AWS SDK for JavaScript v3, clients and document clients. All scenarios of one model in one process."""
    results = {}


def run_sdk(self, name, model):
    if model not in self.results:
        key = self.keys[model]
        environment = dict(os.environ, ENDPOINT=self.server.endpoint, AWS_ACCESS_KEY_ID=key.access_key,
                           AWS_SECRET_ACCESS_KEY=key.secret_key, AWS_REGION=REGION)
        environment.pop("AWS_SESSION_TOKEN", None)
        run = subprocess.run(["node", HERE / "sdk_scenarios.mjs"], env=environment, capture_output=True, text=True,
                             timeout=180)
        self.assertEqual(0, run.returncode, run.stderr)
        self.results[model] = json.loads(run.stdout)
    return self.results[model][name]


def sdk_names():
    text = (HERE / "sdk_scenarios.mjs").read_text()
    return re.findall(r"^scenarios\.(\w+) =", text, re.MULTILINE)


add_tests(JavaScriptSdk, "sdk", sdk_names(), run_sdk)
