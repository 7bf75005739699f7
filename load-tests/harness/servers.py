"""The servers under test: started on free loopback ports, ended by process ID."""

import http.client
import os
import pwd
import signal
import socket
import subprocess
import time
from pathlib import Path

START_TIMEOUT_SECONDS = 10
STOP_TIMEOUT_SECONDS = 30
PEERS = Path(__file__).resolve().parents[1] / "peers"


class Failed(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on `port` of the loopback address."""

    stop_signal = signal.SIGTERM

    def __init__(self, name, command, port, folder, environment=None):
        self.name, self.port, self.folder = name, port, folder
        self.command = list(map(str, command))
        self.log = open(folder / f"{name}.log", "wb")
        self.process = subprocess.Popen(
            self.command, stdout=self.log, stderr=self.log,
            env={**os.environ, **(environment or {})},
        )
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self.is_listening():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Failed(f"{name} did not start: {(folder / f'{name}.log').read_text()[-800:]}")
            time.sleep(0.02)

    def is_listening(self):
        return self.is_open(self.port)

    def is_open(self, port):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            return False

    def serving_process(self):
        """The ID of the process that answers."""
        return self.process.pid

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.serving_process()}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self, kind="VmRSS"):
        """Of /proc/PID/status: `VmRSS`, or `RssAnon` for what no file backs."""
        for line in Path(f"/proc/{self.serving_process()}/status").read_text().splitlines():
            if line.startswith(kind + ":"):
                return int(line.split()[1]) * 1024
        raise Failed(f"/proc has no {kind}")

    def connect(self, port=None):
        return http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)

    def status(self, path):
        connection = self.connect()
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def get(self, path):
        """The body at `path`; anything but 200 fails."""
        connection = self.connect()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise Failed(f"{self.name}: {response.status} for {path}: {body[:200]!r}")
        return body

    def stop(self):
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Nginx(Server):
    """One of the configurations in `peers/`, in a folder of its own."""

    def __init__(self, root, folder, name="nginx", template="nginx-static.conf.template", **facts):
        self.root, home = root, folder / name
        home.mkdir(exist_ok=True)
        port = free_port()
        text = (PEERS / template).read_text()
        user = pwd.getpwuid(os.getuid()).pw_name
        facts |= {"FOLDER": home, "PORT": port, "ROOT": root, "USER": user}
        for key, value in facts.items():
            text = text.replace(f"@{key}@", str(value))
        self.configuration = text
        (home / "nginx.conf").write_text(text)
        super().__init__(name, ["nginx", "-c", home / "nginx.conf"], port, home)

    def serving_process(self):
        # The only child of the master is the worker.
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


class Origin(Server):
    """The product on one event loop, to compare with one nginx worker."""

    def __init__(self, binary, library, folder):
        api, media, admin = free_port(), free_port(), free_port()
        self.admin_port = admin
        configuration = folder / "origin.yaml"
        configuration.write_text("media: {event_loops: 1}\n")
        command = [
            binary, "serve", "--config", configuration,
            "--data", folder / "data", "--media", library,
            "--api", f"127.0.0.1:{api}", "--media-listen", f"127.0.0.1:{media}",
            "--admin", f"127.0.0.1:{admin}", "--rtmp", "127.0.0.1:0",
        ]
        super().__init__("origin", command, media, folder)

    def metric(self, name):
        """The value of a metric without labels."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=10)
        try:
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        finally:
            connection.close()
        for line in text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise Failed(f"/metrics has no {name}")
