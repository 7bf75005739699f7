"""Timed runs: wrk walks the addresses, the server's CPU time is read before and after."""

import json
import os
import statistics
import subprocess
from pathlib import Path

from servers import Failed

CONNECTIONS = 32
SCRIPT = Path(__file__).with_name("walk.lua")


class Run:
    """One timed run and what it cost the server."""

    def __init__(self, result, cpu_seconds):
        self.requests, self.bytes = result["requests"], result["bytes"]
        seconds = result["microseconds"] / 1e6
        self.requests_per_second = self.requests / seconds
        self.microseconds_per_request = cpu_seconds * 1e6 / self.requests
        self.cpu_seconds_per_gigabyte = cpu_seconds / (self.bytes / 1e9)
        self.p99_milliseconds = result["p99_us"] / 1e3

    def __str__(self):
        return (f"{self.microseconds_per_request:8.2f} us a request, "
                f"{self.requests_per_second:8,.0f} requests/s, p99 {self.p99_milliseconds:.2f} ms")


class Load:
    """The addresses of one server that a scenario walks."""

    def __init__(self, server, paths, folder, connections=CONNECTIONS):
        self.server, self.connections = server, connections
        self.list = folder / f"{server.name}-{abs(hash(tuple(paths)))}.txt"
        self.list.write_text("\n".join(paths) + "\n")
        self.started = 0

    def run(self, seconds):
        # A new start for the counter of addresses, so that no run repeats another's.
        self.started += 1
        url = f"http://127.0.0.1:{self.server.port}/"
        command = ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "20s",
                   "-s", SCRIPT, url, "--", self.list, str(self.started * 50_000)]
        before = self.server.cpu_seconds()
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        cpu_seconds = self.server.cpu_seconds() - before
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if done.returncode != 0 or not lines:
            raise Failed(f"wrk: {done.stdout[-400:]}{done.stderr[-400:]}")
        result = json.loads(lines[0].removeprefix("RESULT "))
        if result["failed"] or not result["requests"]:
            raise Failed(f"{self.server.name}: {result['failed']} failed requests in a timed run")
        return Run(result, cpu_seconds)


FIELDS = ["requests_per_second", "microseconds_per_request", "cpu_seconds_per_gigabyte",
          "p99_milliseconds"]


def compare(loads, seconds, repeats):
    """Medians by server name; the servers take turns, so that what drifts drifts for both."""
    runs = {load.server.name: [] for load in loads}
    for load in loads:
        load.run(1)
    for _ in range(repeats):
        for load in loads:
            run = load.run(seconds)
            runs[load.server.name].append(run)
            print(f"  {load.server.name:6} {run}, load average {os.getloadavg()[0]:.1f}",
                  flush=True)
    return {name: {"runs": each} | {field: statistics.median(getattr(run, field) for run in each)
                                    for field in FIELDS}
            for name, each in runs.items()}


def machine():
    """What the numbers were measured on."""
    model = next((line.partition(":")[2].strip()
                  for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": os.uname().release,
            "load_average_before": os.getloadavg()[0]}
