"""A real Insula server for tests: an organization, contexts under all three models, and clients of them.

Everything goes through the public surfaces: the program's command line, and the wire protocol as an AWS SDK
or a hand-made signed request speaks it. Needs boto3 and the release build (or INSULA_BINARY).
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
import tempfile
import time
import urllib.parse

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("INSULA_BINARY", str(ROOT / "build" / "release" / "insula"))
MODELS = ("account", "table", "index")
REGION = "us-east-1"


class CommandFailed(Exception):
    def __init__(self, arguments, code, stderr):
        super().__init__(f"insula {' '.join(arguments)}: exit {code}: {stderr.strip()}")
        self.code, self.stderr = code, stderr


class Server:
    """One organization in a directory of its own. A context manager; keeps the directory between restarts."""

    def __init__(self, *serve_arguments):
        self.directory = tempfile.mkdtemp(prefix="insula-test-")
        self.data = os.path.join(self.directory, "data")
        self.log_path = os.path.join(self.directory, "server.log")
        self.serve_arguments = list(serve_arguments)
        self.launch_prefix = []  # a command that starts the program, such as prlimit with its arguments
        self.port = free_port()
        self.process = None
        self.made = set()
        self.cli("init")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if os.environ.get("INSULA_KEEP"):
            print("kept", self.directory)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, timeout_s=30):
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [*self.launch_prefix, BINARY, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *self.serve_arguments],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
            try:
                if self.raw("GET", "/ready", {}, b"")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"the server was not ready within {timeout_s} s:\n{self.log_tail()}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                code = self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise RuntimeError("the server did not stop within 30 s of SIGTERM")
            if code != 0:
                raise RuntimeError(f"the server ended with {code}:\n{self.log_tail()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def log_tail(self, lines=40):
        try:
            with open(self.log_path, errors="replace") as f:
                return "".join(f.readlines()[-lines:])
        except OSError:
            return ""

    def cli(self, *arguments):
        """Runs a command of the program; its JSON answer, parsed."""
        run = subprocess.run([BINARY, *arguments, "--data", self.data]
                             + ([] if arguments[0] == "init" else ["--output", "json"]),
                             capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        if run.returncode:
            raise CommandFailed(arguments, run.returncode, run.stderr)
        return json.loads(run.stdout) if run.stdout.strip().startswith(("{", "[")) else run.stdout

    def credentials(self, *arguments):
        answer = self.cli("credentials", "create", *arguments)
        key = answer.get("AccessKey", answer)
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def tenant_credentials(self, environment, service, tenant):
        return self.credentials("--environment", environment, "--service", service, "--tenant", tenant)

    def client(self, credentials, service="dynamodb", **config):
        options = dict(retries={"max_attempts": 1, "mode": "standard"}, max_pool_connections=64)
        options.update(config)
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION,
                            aws_access_key_id=credentials.access_key,
                            aws_secret_access_key=credentials.secret_key, config=Config(**options))

    def raw(self, method, path, headers, body, timeout_s=30):
        """One request exactly as given: (status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            items = headers.items() if isinstance(headers, dict) else headers
            names = {name.lower() for name, _ in items}
            if "host" not in names:
                connection.putheader("Host", f"127.0.0.1:{self.port}")
            if body and "content-length" not in names:
                connection.putheader("Content-Length", str(len(body)))
            for name, value in items:
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def sign(self, credentials, operation, body, extra_headers=(), region=REGION, service="dynamodb",
             prefix="DynamoDB_20120810"):
        """Headers of a correctly signed request, as a list of pairs."""
        request = AWSRequest("POST", self.endpoint + "/", data=body, headers={
            "Host": f"127.0.0.1:{self.port}",
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"{prefix}.{operation}",
        })
        for name, value in extra_headers:
            request.headers[name] = value
        SigV4Auth(credentials, service, region).add_auth(request)
        return list(request.headers.items())

    def presign(self, credentials, operation, body, expires_s=None, extra_headers=(), when=None, region=REGION,
                service="dynamodb"):
        """A presigned URL's path, and the headers that go with it, as a list of pairs."""
        when = when or datetime.datetime.now(datetime.timezone.utc)
        time_, date = when.strftime("%Y%m%dT%H%M%SZ"), when.strftime("%Y%m%d")
        headers = [("Host", f"127.0.0.1:{self.port}"), ("Content-Type", "application/x-amz-json-1.0"),
                   ("X-Amz-Target", f"DynamoDB_20120810.{operation}"), *extra_headers]
        signed = sorted((name.lower(), value) for name, value in headers)
        names = ";".join(name for name, _ in signed)
        scope = f"{date}/{region}/{service}/aws4_request"
        query = {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": f"{credentials.access_key}/{scope}",
                 "X-Amz-Date": time_, "X-Amz-SignedHeaders": names}
        if expires_s is not None:
            query["X-Amz-Expires"] = str(expires_s)
        text = "&".join(f"{name}={urllib.parse.quote(value, safe='-_.~')}" for name, value in sorted(query.items()))
        canonical = "\n".join(["POST", "/", text, *(f"{name}:{value}" for name, value in signed), "", names,
                               hashlib.sha256(body).hexdigest()])
        key = ("AWS4" + credentials.secret_key).encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        to_sign = "\n".join(["AWS4-HMAC-SHA256", time_, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        return f"/?{text}&X-Amz-Signature={hmac.digest(key, to_sign.encode(), 'sha256').hex()}", headers

    def call(self, credentials, operation, parameters, extra_headers=(), **sign_options):
        """One signed call: (status, parsed JSON or text, raw body)."""
        body = parameters if isinstance(parameters, bytes) else json.dumps(parameters).encode()
        headers = self.sign(credentials, operation, body, extra_headers, **sign_options)
        status, _, raw = self.raw("POST", "/", headers, body)
        try:
            return status, json.loads(raw), raw
        except ValueError:
            return status, raw.decode(errors="replace"), raw

    def must(self, credentials, operation, parameters, **options):
        status, answer, _ = self.call(credentials, operation, parameters, **options)
        if status != 200:
            raise AssertionError(f"{operation}: {status} {answer}")
        return answer

    def create_table(self, credentials, **definition):
        self.must(credentials, "CreateTable", definition)
        self.wait_active(credentials, definition["TableName"])

    def wait_active(self, credentials, table, timeout_s=20):
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            description = self.must(credentials, "DescribeTable", {"TableName": table})["Table"]
            if description["TableStatus"] == "ACTIVE" and all(
                    i["IndexStatus"] == "ACTIVE" for i in description.get("GlobalSecondaryIndexes", [])):
                return description
            time.sleep(0.02)
        raise AssertionError(f"{table} is not ACTIVE after {timeout_s} s")

    def make_service(self, name, model, environment="prod", tenants=(), tenant_defined_tables=True):
        """A service on one model, with its tenants placed."""
        self.ensure_environment(environment)
        arguments = ["service", "create", name, "--environment", environment, "--model", model]
        if tenant_defined_tables:
            arguments.append("--tenant-defined-tables")
        self.cli(*arguments)
        for tenant in tenants:
            self.ensure_tenant(tenant)
            self.cli("tenant", "place", tenant, "--environment", environment, "--service", name)

    def ensure_environment(self, name):
        self.make_once("environment", name)

    def ensure_tenant(self, name):
        self.make_once("tenant", name)

    def make_once(self, noun, name):
        if (noun, name) not in self.made:
            self.cli(noun, "create", name)
            self.made.add((noun, name))
