"""Connections that are kept and do nothing, and the memory they take."""

import socket
import time

from servers import Failed

SETTLE_SECONDS = 2


def measure(server, path, count):
    """Resident memory before and with `count` idle connections that had an answer each."""
    kinds = ("VmRSS", "RssAnon")
    before = {kind: server.resident_bytes(kind) for kind in kinds}
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    connections = []
    try:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            connections.append(connection)
            ask(server, connection, request)
        time.sleep(SETTLE_SECONDS)
        found = {kind: server.resident_bytes(kind) for kind in kinds}
        # Still there: the first, the last and one of the middle answer again.
        for connection in (connections[0], connections[count // 2], connections[-1]):
            ask(server, connection, request)
    finally:
        for connection in connections:
            connection.close()
    return {"before_bytes": before["VmRSS"], "anonymous_before_bytes": before["RssAnon"],
            "resident_bytes": found["VmRSS"], "anonymous_bytes": found["RssAnon"]}


def ask(server, connection, request):
    """One answer, read to its end."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += more(server, connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise Failed(f"{server.name}: {head[:80]!r} on an idle connection")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    missing = int(fields[b"content-length"]) - len(body)
    while missing > 0:
        missing -= len(more(server, connection))


def more(server, connection):
    bytes = connection.recv(1 << 16)
    if not bytes:
        raise Failed(f"{server.name} closed an idle connection")
    return bytes
