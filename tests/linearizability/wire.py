"""One connection to the server, kept open: signed requests over a socket, with little work between a client and the wire,
so that many clients are really at the server at once."""
import datetime
import hashlib
import hmac
import json
import socket

REGION, SERVICE = "us-east-1", "dynamodb"
SIGNED = "content-type;host;x-amz-date;x-amz-target"
CONTENT_TYPE = "application/x-amz-json-1.0"


class NotSent(Exception):
    """The server was not there: it can't have heard of the request."""


class NoAnswer(Exception):
    """The request was sent, at least in part, and no whole answer came."""


class Wire:
    def __init__(self, port, access_key, secret_key, timeout_s=20):
        self.port, self.access_key, self.secret_key, self.timeout_s = port, access_key, secret_key, timeout_s
        self.socket, self.signing_key = None, (None, None)

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None

    def call(self, operation, body):
        """(status, the parsed answer)."""
        request = self.signed(operation, json.dumps(body).encode())
        if self.socket is None:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout_s)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                self.socket = None
                raise NotSent(str(error)) from error
        try:
            self.socket.sendall(request)
            status, text, keeps = self.answer()
        except OSError as error:
            self.close()
            raise NoAnswer(str(error)) from error
        if not keeps:
            self.close()
        return status, json.loads(text)

    def answer(self):
        read = b""
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self.receive()
        lines = read[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body, length = read[end + 4:], int(headers["content-length"])
        while len(body) < length:
            body += self.receive()
        return int(lines[0].split(" ")[1]), body, headers.get("connection", "").lower() != "close"

    def receive(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise OSError("closed")
        return data

    def signed(self, operation, body):
        time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        date, host, target = time[:8], f"127.0.0.1:{self.port}", f"DynamoDB_20120810.{operation}"
        canonical = (f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\nx-amz-date:{time}\nx-amz-target:{target}\n\n"
                     f"{SIGNED}\n{hashlib.sha256(body).hexdigest()}")
        scope = f"{date}/{REGION}/{SERVICE}/aws4_request"
        if self.signing_key[0] != date:
            key = ("AWS4" + self.secret_key).encode()
            for part in scope.split("/"):
                key = hmac.digest(key, part.encode(), "sha256")
            self.signing_key = date, key
        to_sign = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self.signing_key[1], to_sign.encode(), "sha256").hex()
        return (f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: {CONTENT_TYPE}\r\nX-Amz-Date: {time}\r\n"
                f"X-Amz-Target: {target}\r\nContent-Length: {len(body)}\r\n"
                f"Authorization: AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, SignedHeaders={SIGNED}, "
                f"Signature={signature}\r\n\r\n").encode() + body
