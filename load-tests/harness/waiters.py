#!/usr/bin/python3
"""A crowd that waits for one playlist, each time for its next part, in a process of its own.

    waiters.py PORT PLAYLIST COUNT SECONDS

It reads one answer of each round and of the others their beginnings and lengths, so that it needs
less time than the server does. Prints `ready` when all wait, and at the end JSON: for each round the
milliseconds from its first answer to that of 99 % and to the last one; how many answers came, and
how many bytes they have.
"""

import json
import re
import select
import socket
import sys
import time

from follow import next_reload

TIMEOUT_SECONDS = 20
READ_BYTES = 1 << 18
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


def length(answer):
    end = answer.find(b"\r\n\r\n")
    if end < 0 or not answer.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"a waiter got {answer[:200]!r}")
    return end + 4 + int(LENGTH.search(answer, 0, end + 2)[1])


class Crowd:
    def __init__(self, port, playlist, count):
        self.playlist, self.answers, self.sizes = playlist, 0, 0
        self.connections, self.events = {}, select.epoll()
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setblocking(False)
            self.connections[connection.fileno()] = connection
            self.events.register(connection, select.EPOLLIN)
        self.reader = next(iter(self.connections))

    def round(self, query):
        """When each answer was whole, in order; and the playlist."""
        request = f"GET {self.playlist}{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        for connection in self.connections.values():
            connection.send(request)
        times, missing, read = [], {}, b""
        while len(times) < len(self.connections):
            ready = self.events.poll(TIMEOUT_SECONDS)
            if not ready:
                sys.exit("waiters are not answered")
            for descriptor, _ in ready:
                bytes = self.connections[descriptor].recv(READ_BYTES)
                if not bytes:
                    sys.exit("a waiter's connection was closed")
                rest = (missing.get(descriptor) or length(bytes)) - len(bytes)
                self.sizes += len(bytes)
                if descriptor == self.reader:
                    read += bytes
                if rest < 0:
                    sys.exit("an answer is longer than it says")
                missing[descriptor] = rest
                if rest == 0:
                    times.append(time.perf_counter())
        self.answers += len(times)
        return times, read.partition(b"\r\n\r\n")[2].decode()


def main():
    port, playlist, count, seconds = int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:5])
    crowd = Crowd(port, playlist, count)
    _, text = crowd.round("")
    _, text = crowd.round("?" + next_reload(text))
    print("ready", flush=True)
    crowd.answers = crowd.sizes = 0
    nearly, last, deadline = [], [], time.monotonic() + seconds
    while time.monotonic() < deadline:
        times, text = crowd.round("?" + next_reload(text))
        nearly.append((times[int(count * 0.99) - 1] - times[0]) * 1e3)
        last.append((times[-1] - times[0]) * 1e3)
    print(json.dumps({"nearly_all": nearly, "last": last, "answers": crowd.answers,
                      "bytes_each": crowd.sizes / crowd.answers}))


main()
