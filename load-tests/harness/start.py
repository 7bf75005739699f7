"""From starting a process to the first byte of its first answer."""

import shutil
import signal
import socket
import statistics
import subprocess
import time

from servers import Failed

TRIES = 9
LIMIT_SECONDS = 10
# Between two attempts to connect: what the measure may be too large by.
PAUSE_SECONDS = 0.0005


def first_byte_ms(command, port, path):
    """Starts `command`, asks as soon as it listens; the process and the milliseconds."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=LIMIT_SECONDS)
            break
        except ConnectionRefusedError:
            if process.poll() is not None or time.perf_counter() - start > LIMIT_SECONDS:
                process.kill()
                raise Failed(f"{command[0]} does not start") from None
            time.sleep(PAUSE_SECONDS)
    with connection:
        connection.sendall(request)
        answer = connection.recv(4096)
        elapsed = (time.perf_counter() - start) * 1e3
        while connection.recv(1 << 16):
            pass
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise Failed(f"{command[0]}: {answer[:80]!r}")
    return process, elapsed


def of_edge(edge, path):
    """Median milliseconds of a first start ever, and of one that finds its memcached filled."""
    edge.stop()
    first, again = [], []
    for _ in range(TRIES):
        shutil.rmtree(edge.home / "data", ignore_errors=True)
        edge.process, elapsed = first_byte_ms(edge.command, edge.port, path)
        first.append(elapsed)
        wait_until(lambda: stored(edge) >= 1)
        # The memcached stays.
        end(edge.process, signal.SIGTERM)
        edge.process, elapsed = first_byte_ms(edge.command, edge.port, path)
        again.append(elapsed)
        wait_until(lambda: edge.is_open(edge.admin_port))
        answers = edge.answers()
        end(edge.process, edge.stop_signal)
        if answers["memcached"] != 1 or answers["upstream"] != 0:
            raise Failed(f"a second start was not answered by memcached: {answers}")
    return statistics.median(first), statistics.median(again)


def of_peer(nginx, path):
    """Median milliseconds of nginx, its cache on disk filled."""
    nginx.stop()
    found = []
    for _ in range(TRIES):
        nginx.process, elapsed = first_byte_ms(nginx.command, nginx.port, path)
        found.append(elapsed)
        end(nginx.process, nginx.stop_signal)
    return statistics.median(found)


def stored(edge):
    # Its admin listener comes last.
    if not edge.is_open(edge.admin_port):
        return 0
    return edge.total("millrace_edge_memcached_stores_total", result="stored")


def wait_until(holds):
    deadline = time.monotonic() + LIMIT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise Failed("the edge does not do in time what is waited for")
        time.sleep(0.02)


def end(process, number):
    process.send_signal(number)
    process.wait(LIMIT_SECONDS)
