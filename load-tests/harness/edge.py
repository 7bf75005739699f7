"""The edge, its peer, and what stands behind both."""

import base64
import hashlib
import os
import re
import secrets
import signal
import socket
import subprocess
import time

import objects
from servers import Failed, Nginx, Server, free_port

SECRET = secrets.token_hex(32)
# Addresses are signed until then: longer than any run.
EXPIRES = int(time.time()) + 86_400
# Its best here: 8k, the default, takes it twice the time, and 512k some more again.
PEER_MEMCACHED_BUFFER = "64k"


class StaticOrigin(Nginx):
    """Behind both caches, the very same."""

    def __init__(self, root, folder):
        super().__init__(root, folder, "static-origin", "nginx-origin.conf.template")


class Certificate:
    """For localhost, on the curve that both sign fastest with."""

    def __init__(self, folder):
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", self.key,
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", self.certificate],
            check=True, capture_output=True)


class CachingNginx(Nginx):
    """The peer: the same job by nginx."""

    def __init__(self, origin, certificate, memcached, folder, name="nginx"):
        self.tls_port = free_port()
        super().__init__(
            origin.root, folder, name, "nginx-edge.conf.template", ORIGIN=origin.port,
            TLS=self.tls_port, CERTIFICATE=certificate.certificate, KEY=certificate.key,
            SECRET=SECRET, MEMCACHED=memcached, BUFFER=PEER_MEMCACHED_BUFFER)
        # The secret of one run tells nobody anything.
        self.configuration = self.configuration.replace(SECRET, "SECRET")

    def sign(self, path):
        code = hashlib.md5(f"{EXPIRES}{path} {SECRET}".encode()).digest()
        text = base64.urlsafe_b64encode(code).rstrip(b"=").decode()
        return f"{path}?md5={text}&expires={EXPIRES}"


class Memcached(Server):
    """One of Debian's, on a Unix socket, as large as needed."""

    def __init__(self, folder):
        self.path = folder / "memcached.sock"
        command = ["memcached", "-s", self.path, "-a", "600", "-m", "1024", "-t", "1"]
        if os.getuid() == 0:
            command += ["-u", "root"]
        super().__init__("memcached", command, None, folder)

    def is_listening(self):
        try:
            self.open().close()
            return True
        except OSError:
            return False

    def open(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.path))
        return connection

    def fill(self, values):
        """Plain values under plain keys, as nginx's module finds them."""
        with self.open() as connection:
            answers = connection.makefile("rb")
            for key, value in values:
                head = f"set {key} 0 0 {len(value)}\r\n".encode()
                connection.sendall(head + value + b"\r\n")
                if answers.readline() != b"STORED\r\n":
                    raise Failed(f"memcached does not take {key}")


class Edge(Server):
    """The product on one event loop, to compare with one nginx worker.

    `options` are lines of YAML; without a word on memcached it starts its private one, as anywhere.
    """

    # SIGTERM would leave the private memcached to the next start.
    stop_signal = signal.SIGINT

    def __init__(self, binary, origin, folder, options="", certificate=None, name="edge"):
        self.binary, self.home = binary, folder / name
        self.home.mkdir(exist_ok=True)
        port, self.tls_port, self.admin_port = free_port(), free_port(), free_port()
        lines = ["connections: {event_loops: 1}", f"access: {{keys: ['1:{SECRET}']}}",
                 "log: {level: warning, access_sample: 0}", options]
        if certificate:
            lines.append(f"tls: {{listen: '127.0.0.1:{self.tls_port}', "
                         f"certificate: {certificate.certificate}, key: {certificate.key}}}")
        self.file = self.home / "edge.yaml"
        self.file.write_text("\n".join(lines) + "\n")
        self.tokens = {}
        url = f"http://127.0.0.1:{origin.port}"
        command = [
            binary, "serve", "--config", self.file, "--data", self.home / "data",
            "--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{self.admin_port}",
            "--origin-media", url, "--origin-api", url,
        ]
        super().__init__(name, command, port, self.home)

    def sign(self, path):
        """Under one token for each video, as a viewer would have it."""
        video = "/".join(path.split("/")[:3]) + "/"
        if video not in self.tokens:
            signed = subprocess.run(
                [self.binary, "sign", path, "--seconds", "86400", "--config", self.file],
                check=True, capture_output=True, text=True).stdout.strip()
            self.tokens[video] = signed.removesuffix(path)
        return self.tokens[video] + path

    def metrics(self):
        connection = self.connect(self.admin_port)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def total(self, name, **labels):
        """The sum of a metric over all labels but those named."""
        found = 0
        for line in self.metrics().splitlines():
            match = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
            if match and all(f'{key}="{value}"' in (match[1] or "")
                             for key, value in labels.items()):
                found += float(match[2])
        return found

    def answers(self):
        """How many answers came from each tier, and what was asked of origins."""
        tiers = ("memory", "memcached", "stale", "joined", "origin")
        found = {tier: self.total("millrace_edge_answers_total", **{"from": tier})
                 for tier in tiers}
        return found | {"upstream": self.total("millrace_edge_upstream_requests_total")}


def check_gate(server):
    """Both look at what signs an address: without it, and with another's, nothing opens."""
    path = objects.paths("small")[0]
    signed = server.sign(path)
    other = signed.replace("/videos/small/", "/videos/large/")
    for wrong in (path, other):
        if server.status(wrong) != 403:
            raise Failed(f"{server.name} opens {wrong}")
