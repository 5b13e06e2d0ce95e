"""The servers that bench/compare measures: started on one core, asked from another, stopped and removed at the end.

Insula is driven through its public surfaces: the command line, the admin API, and boto3 where a table is changed.
"""
import datetime
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import boto3

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from ports import free_port  # noqa: E402

BUILD = ROOT / "build" / "release"
INSULA = os.environ.get("INSULA_BINARY", str(BUILD / "insula"))
CORES = sorted(os.sched_getaffinity(0))
CLIENT_CORE = CORES[0]
SERVER_CORE = CORES[1] if len(CORES) > 1 else CORES[0]
TABLE = "Bench"
TEMPLATE = {
    "TableName": TABLE,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                             {"AttributeName": "sk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
}


def pinned(core, *command):
    return ["taskset", "-c", str(core), *map(str, command)]


def ran(command):
    """What a command of `insula bench` reports."""
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    result = json.loads(run.stdout) if run.stdout.strip() else {}
    if run.returncode not in (0, 1) or (run.returncode == 1 and not result):
        raise RuntimeError(f"{' '.join(map(str, command))}: {run.stderr.strip()}")
    if result.get("Errors"):
        raise RuntimeError(f"{' '.join(map(str, command))}: {result['Errors']} errors: {run.stderr.strip()}")
    return result


class Process:
    """A server process on the server's core, with a directory of its own."""

    name = "server"

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="insula-bench-", dir=os.environ.get("INSULA_BENCH_DIR"))
        self.port = free_port()
        self.process = None

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def spawn(self, *command):
        log = open(os.path.join(self.directory, "log"), "ab")
        self.process = subprocess.Popen(pinned(SERVER_CORE, *command), stdout=log, stderr=log,
                                        stdin=subprocess.DEVNULL)
        log.close()

    def wait_until_answering(self, path="/", timeout_s=30):
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.002)
        raise RuntimeError(f"{self.name} does not answer:\n{self.log()}")

    def log(self):
        with open(os.path.join(self.directory, "log"), errors="replace") as f:
            return f.read()[-4000:]

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0

    def halt(self):
        """Stopped, with its directory kept."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def stop(self):
        self.halt()
        shutil.rmtree(self.directory, ignore_errors=True)

    def credentials(self):
        return ["--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key", "secret"]


class BareHttp(Process):
    name = "bare HTTP"

    def start(self):
        self.spawn(BUILD / "bench" / "bare_http", self.port)
        self.wait_until_answering()


class Dynalite(Process):
    name = "dynalite"

    def start(self):
        cli = ROOT / "node_modules" / "dynalite" / "cli.js"
        if not cli.exists():
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=ROOT, check=True,
                           stdout=subprocess.DEVNULL)
        self.spawn("node", cli, "--path", os.path.join(self.directory, "data"), "--port", self.port,
                   "--createTableMs", 0)
        self.wait_until_answering()


class Insula(Process):
    name = "Insula"

    def __init__(self):
        super().__init__()
        self.data = os.path.join(self.directory, "data")
        self.settings = []  # of `serve`: NAME=VALUE
        self.keys = {}
        self.local = threading.local()

    def start(self):
        self.cli("init")
        self.serve()

    def serve(self):
        settings = [part for setting in self.settings for part in ("--set", setting)]
        self.spawn(INSULA, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *settings)
        self.wait_until_answering("/ready")
        while not os.path.exists(os.path.join(self.data, "server.json")) and self.process.poll() is None:
            time.sleep(0.002)  # where the admin API listens

    def cli(self, *arguments):
        run = subprocess.run([INSULA, *arguments, "--data", self.data], capture_output=True, text=True,
                             stdin=subprocess.DEVNULL)
        if run.returncode:
            raise RuntimeError(f"insula {' '.join(arguments)}: exit {run.returncode}: {run.stderr.strip()}")

    def service(self, name, model, **settings):
        """A service whose tenants have the benchmark's table from its template, with other settings where given."""
        self.admin("CreateService", Environment="prod", Service=name, PartitionModel=model, TenantDefinedTables=True,
                   Template=[{**TEMPLATE, **settings}])

    def tenant(self, service, tenant, create=True):
        """Makes and places a tenant; its access key and secret."""
        if create:
            self.admin("CreateTenant", Tenant=tenant)
        self.admin("PlaceTenant", Environment="prod", Service=service, Tenant=tenant)
        key = self.admin("CreateCredentials", Environment="prod", Service=service, Tenant=tenant)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def client(self, access_key, secret):
        return boto3.client("dynamodb", endpoint_url=self.endpoint, region_name="us-east-1",
                            aws_access_key_id=access_key, aws_secret_access_key=secret)

    def keep_everything(self, access_key, secret):
        """Switches on, for the benchmark's table, whatever follows from the change log beside its stream."""
        client = self.client(access_key, secret)
        client.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=dict(Enabled=True, AttributeName="ttl"))
        client.update_continuous_backups(
            TableName=TABLE, PointInTimeRecoverySpecification=dict(PointInTimeRecoveryEnabled=True))
        while client.describe_table(TableName=TABLE)["Table"]["TableStatus"] != "ACTIVE" or \
                client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]["TimeToLiveStatus"] != "ENABLED":
            time.sleep(0.05)

    def tenants(self, service, count):
        """Many tenants by several connections; a file of their credentials."""
        lines = [None] * count
        failures = []

        def work(first):
            try:
                for i in range(first, count, 8):
                    lines[i] = " ".join(self.tenant(service, f"many-{i:06}"))
            except Exception as failure:  # noqa: BLE001: told to the caller below
                failures.append(failure)

        threads = [threading.Thread(target=work, args=(first,)) for first in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        path = os.path.join(self.directory, "credentials")
        with open(path, "w") as f:
            f.write("\n".join(lines) + "\n")
        return path

    def admin(self, operation, **parameters):
        """One signed request to the admin API; its answer, parsed."""
        if not hasattr(self.local, "connection"):
            with open(os.path.join(self.data, "operator.json")) as f:
                self.local.key = json.load(f)
            with open(os.path.join(self.data, "server.json")) as f:
                url = urllib.parse.urlparse(json.load(f)["AdminEndpoint"])
            self.local.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
            self.local.host = url.netloc
        body = json.dumps(parameters).encode()
        headers = {"host": self.local.host, "content-type": "application/x-amz-json-1.0",
                   "x-amz-target": f"Insula_20261123.{operation}"}
        headers.update(sign(self.local.key, headers, body, "insula"))
        try:
            self.local.connection.request("POST", "/", body, headers)
            response = self.local.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # idle for longer than the server waits
            self.local.connection.close()
            self.local.connection.request("POST", "/", body, headers)
            response = self.local.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{operation}: {answer.decode(errors='replace')}")
        return json.loads(answer)


def sign(key, headers, body, service):
    """AWS Signature Version 4 of a POST to /."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    region = key.get("Region", "us-east-1")
    scope = f"{now[:8]}/{region}/{service}/aws4_request"
    signed = dict(headers, **{"x-amz-date": now})
    names = ";".join(sorted(signed))
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{signed[name]}" for name in sorted(signed)), "", names,
                           hashlib.sha256(body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    secret = ("AWS4" + key["SecretAccessKey"]).encode()
    for part in (now[:8], region, service, "aws4_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return {"x-amz-date": now,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={key['AccessKeyId']}/{scope}, SignedHeaders={names}, "
                             f"Signature={signature}"}
