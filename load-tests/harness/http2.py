"""Timed runs over TLS 1.3 and HTTP/2: h2load walks the addresses."""

import hashlib
import re
import subprocess
import time

from load import CONNECTIONS, Run
from servers import Failed

STREAMS = 4
SUITE = "TLS_AES_128_GCM_SHA256"
FIRST_REQUESTS = 1000


class SecureLoad:
    """The addresses of one server, asked for over HTTP/2; `run` as that of `load.Load`.

    A run has a number of requests, not a time: h2load does not count what is under way at the end.
    """

    def __init__(self, server, paths, folder, connections=CONNECTIONS, streams=STREAMS):
        self.server, self.connections, self.streams = server, connections, streams
        self.log = folder / f"{server.name}-h2load.log"
        self.list = folder / f"{server.name}-h2-{abs(hash(tuple(paths)))}.txt"
        base = f"https://127.0.0.1:{server.tls_port}"
        self.list.write_text("".join(f"{base}{path}\n" for path in paths))
        self.rate = None

    def run(self, seconds):
        requests = FIRST_REQUESTS if self.rate is None else int(self.rate * seconds)
        self.log.unlink(missing_ok=True)
        command = ["h2load", "-t1", "-c", self.connections, "-m", self.streams, "-n", requests,
                   "-i", self.list, "--tls13-ciphers", SUITE, "--log-file", self.log]
        before = self.server.cpu_seconds()
        start = time.monotonic()
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        elapsed = time.monotonic() - start
        cpu_seconds = self.server.cpu_seconds() - before
        text = done.stdout + done.stderr
        for needed in ("Application protocol: h2", f"Cipher: {SUITE}", "TLS Protocol: TLSv1.3"):
            if needed not in text:
                raise Failed(f"{self.server.name}: h2load does not say {needed}: {text[-600:]}")
        good = re.search(r"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx", text)
        if done.returncode != 0 or not good or int(good[1]) != requests:
            raise Failed(f"{self.server.name}: h2load: {text[-600:]}")
        times = sorted(int(line.split("\t")[2]) for line in self.log.read_text().splitlines())
        self.rate = requests / elapsed
        return Run({
            "requests": requests,
            "bytes": int(re.search(r"traffic: .*? \((\d+)\) total", text)[1]),
            "microseconds": elapsed * 1e6,
            "p99_us": times[int(len(times) * 0.99)],
        }, cpu_seconds)


def check(server, paths, certificate, expected, folder):
    """Every body over HTTP/2, one after the other, has one hash with what it should be."""
    configuration = folder / f"{server.name}-curl.txt"
    lines = [f'url = "https://127.0.0.1:{server.tls_port}{path}"' for path in paths]
    configuration.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        ["curl", "-sS", "--http2", "--tlsv1.3", "--cacert", certificate, "-K", configuration,
         "-w", "%{stderr}%{http_version} %{response_code}\n"], capture_output=True)
    answers = set(done.stderr.decode(errors="replace").splitlines())
    if done.returncode != 0 or answers != {"2 200"}:
        raise Failed(f"{server.name}: curl: {sorted(answers)[:3]}")
    whole = hashlib.sha256()
    for body in expected:
        whole.update(body)
    if hashlib.sha256(done.stdout).digest() != whole.digest():
        raise Failed(f"{server.name}: other bytes over HTTP/2")
