"""An edge before stand-in origins, with crowds of `millrace-load` before it."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EDGE = os.environ.get("MILLRACE_EDGE", str(ROOT / ".build/release/edge"))
LOAD = os.environ.get("MILLRACE_LOAD", str(ROOT / "load-tests/.build/release/millrace-load"))


class Processes:
    """All that a scenario starts, ended with it."""

    def __init__(self):
        self.running = []

    def start(self, words, log):
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
        self.running.append(process)
        return process

    def end(self):
        for process in reversed(self.running):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGINT)
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def get(url, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
        return answer.read()


def wait(what, is_so, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if is_so():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"edge-faults: waited in vain for {what}")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Bench:
    """Stand-in origins, perhaps a memcached, and an edge before them."""

    def __init__(self, folder, origins=1, memcached=False, memory="256MiB", videos=4, stand_in=(),
                 options="memcached:\n  on: false\n"):
        self.folder, self.processes = folder, Processes()
        self.videos, self.stand_in = videos, stand_in
        self.log = open(folder / "log", "w", encoding="utf-8")
        self.origin_ports = [free_port() for _ in range(origins)]
        self.origins = [self.start_origin(port) for port in self.origin_ports]
        self.port, self.admin = free_port(), free_port()
        self.socket, self.memcached = folder / "m.sock", None
        if memcached:
            self.memcached = self.start_memcached()
        urls = [f"http://127.0.0.1:{port}" for port in self.origin_ports]
        self.configuration = folder / "edge.yaml"
        self.configuration.write_text(
            f"data: {folder}/data\nlisten: 127.0.0.1:{self.port}\n"
            f"admin:\n  listen: 127.0.0.1:{self.admin}\n"
            f"origin:\n  media: {json.dumps(urls)}\n  api: [{urls[0]}]\n"
            "  health_interval: 500ms\n  stall_timeout: 1s\n"
            f"cache:\n  memory: {memory}\n"
            + (f"memcached:\n  servers: [{self.socket}]\n" if memcached
               else options), encoding="utf-8")
        self.edge = self.processes.start(
            [EDGE, "serve", "--config", str(self.configuration)], self.log)
        wait("the edge", lambda: get(f"http://127.0.0.1:{self.admin}/healthz"))

    def start_origin(self, port):
        process = self.processes.start(
            [LOAD, "stand-in-origin", "--port", str(port), "--videos", str(self.videos),
             *self.stand_in], self.log)
        wait("the origin", lambda: get(f"http://127.0.0.1:{port}/counts"))
        return process

    def start_memcached(self):
        self.socket.unlink(missing_ok=True)
        user = ["-u", "root"] if os.geteuid() == 0 else []
        process = self.processes.start(
            ["memcached", "-s", str(self.socket), "-m", "512"] + user, self.log)
        wait("memcached", self.socket.exists)
        return process

    def warm(self):
        """All that a player can ask for, asked for once."""
        def entries(path):
            lines = get(f"http://127.0.0.1:{self.port}{path}").decode().splitlines()
            folder = path.rsplit("/", 1)[0]
            return [line if line.startswith("/") else f"{folder}/{line}"
                    for line in lines if line and not line.startswith("#")]
        count = 0
        for number in range(self.videos):
            for variant in entries(f"/videos/v{number + 1}/hls/master.m3u8"):
                for segment in entries(variant):
                    get(f"http://127.0.0.1:{self.port}{segment}")
                    count += 1
        return count

    def metric(self, name):
        text = get(f"http://127.0.0.1:{self.admin}/metrics").decode()
        return int(sum(float(value) for value in
                       re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)))

    def start_crowd(self, kind, name, *words):
        """Starts players; `report` has what became of them when they have gone."""
        report = self.folder / f"{name}.json"
        process = self.processes.start(
            [LOAD, kind, "--target", f"http://127.0.0.1:{self.port}", "--quiet",
             "--pid", f"edge={self.edge.pid}", "--report", str(report), *words], self.log)
        return process, report

    def video_ids(self):
        return ",".join(f"v{number + 1}" for number in range(self.videos))

    def end(self):
        self.processes.end()
        self.log.close()
