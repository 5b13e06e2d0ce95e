"""An identity provider for tests: keys, their JWK set in a file, and tokens, right ones and forged. Signs with openssl."""
import base64
import functools
import json
import pathlib
import subprocess
import time


def encoded(data):
    """Base64url without padding, of bytes, a text or what becomes JSON."""
    if isinstance(data, dict):
        data = json.dumps(data)
    return base64.urlsafe_b64encode(data.encode() if isinstance(data, str) else data).rstrip(b"=").decode()


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, check=True, capture_output=True).stdout


class RsaKey:
    algorithm = "RS256"

    def __init__(self, folder, name):
        self.id, self.path = name, pathlib.Path(folder) / f"{name}.pem"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(self.path))

    @functools.cached_property
    def public_pem(self):
        return openssl("pkey", "-in", str(self.path), "-pubout")

    @functools.cached_property
    def jwk(self):
        modulus = openssl("rsa", "-in", str(self.path), "-noout", "-modulus").decode().strip().removeprefix("Modulus=")
        return {"kty": "RSA", "kid": self.id, "use": "sig", "n": encoded(bytes.fromhex(modulus)), "e": "AQAB"}

    def sign(self, text):
        return openssl("dgst", "-sha256", "-sign", str(self.path), given=text.encode())


class EcKey(RsaKey):
    algorithm = "ES256"

    def __init__(self, folder, name):
        self.id, self.path = name, pathlib.Path(folder) / f"{name}.pem"
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(self.path))

    @functools.cached_property
    def jwk(self):
        point = openssl("pkey", "-in", str(self.path), "-pubout", "-outform", "DER")[-64:]
        return {"kty": "EC", "crv": "P-256", "kid": self.id, "x": encoded(point[:32]), "y": encoded(point[32:])}

    def sign(self, text):
        """Both numbers, 32 bytes each; openssl says them as DER: a sequence of two integers."""
        der, numbers, at = super().sign(text), b"", 2
        for _ in range(2):
            size = der[at + 1]
            numbers += der[at + 2:at + 2 + size].lstrip(b"\0").rjust(32, b"\0")
            at += 2 + size
        return numbers


class Issuer:
    """`register()` has a server trust it; `token(…)` is a token of its own."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.url, self.host_and_path = f"https://login.example.com/{name}", f"login.example.com/{name}"
        self.folder = pathlib.Path(server.directory) / f"issuer-{name}"
        self.folder.mkdir()
        self.rsa, self.ec = RsaKey(self.folder, "rsa-1"), EcKey(self.folder, "ec-1")
        self.keys = self.folder / "keys.json"
        self.keys.write_text(json.dumps({"keys": [self.rsa.jwk, self.ec.jwk]}))

    def register(self, *arguments):
        self.server.cli("issuer", "create", self.url, "--audience", "web", "--audience", "app", "--algorithm", "RS256",
                        "--algorithm", "ES256", "--keys", f"file:{self.keys}", *arguments)
        return self

    def arn(self, account):
        return f"arn:aws:iam::{account}:oidc-provider/{self.host_and_path}"

    def claims(self, **more):
        """What its tokens say; None leaves a claim out."""
        now = int(time.time())
        claims = {"iss": self.url, "sub": "ann", "aud": "web", "iat": now, "exp": now + 600, **more}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key=None, header=None, **claims):
        return signed(key or self.rsa, self.claims(**claims), header)


def signed(key, claims, header=None):
    """`claims`: an object, or a text as it is to be."""
    text = encoded({"alg": key.algorithm, "kid": key.id, **(header or {})}) + "." + encoded(claims)
    return f"{text}.{encoded(key.sign(text))}"
