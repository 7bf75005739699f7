"""Publishers of one FLV file over and over, in one process: push.py FILE PORT APPLICATION COUNT

Message by message at their times, each publisher a bit behind the one before. Prints `ready` when
all publish, and every second its worst delay in milliseconds; runs until it is ended.
"""

import heapq
import socket
import struct
import sys
import time

CHUNK = 4096
SPREAD_SECONDS = 2


def tags(file):
    """(kind, milliseconds, body) of each audio and video tag."""
    data = open(file, "rb").read()
    place = 13
    while place + 11 <= len(data):
        kind, size = data[place], int.from_bytes(data[place + 1:place + 4], "big")
        stamp = int.from_bytes(data[place + 4:place + 7], "big") | data[place + 7] << 24
        if kind in (8, 9):
            yield kind, stamp, data[place + 11:place + 11 + size]
        place += size + 15


def message(kind, stamp, body, stream=1, channel=4, chunk=CHUNK):
    head = bytes([channel]) + stamp.to_bytes(3, "big") + len(body).to_bytes(3, "big")
    head += bytes([kind]) + struct.pack("<I", stream)
    pieces = [body[at:at + chunk] for at in range(0, len(body), chunk)] or [b""]
    return head + bytes([0xC0 | channel]).join(pieces)


def text(value):
    return b"\x02" + struct.pack(">H", len(value)) + value.encode()


def number(value):
    return b"\x00" + struct.pack(">d", value)


def command(*parts):
    return message(20, 0, b"".join(parts), 0, 3, 128)


def property_(name, value):
    return struct.pack(">H", len(name)) + name.encode() + text(value)


def publish(port, application, name):
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = connection.makefile("rb", buffering=0)

    def take(until):
        found = b""
        while until not in found:
            more = answers.read(4096)
            if not more:
                raise SystemExit(f"{name}: refused: {found!r}")
            found += more

    connection.sendall(b"\x03" + bytes(1536))
    handshake = b""
    while len(handshake) < 3073:
        handshake += answers.read(3073 - len(handshake))
    connection.sendall(handshake[1:1537])
    address = f"rtmp://127.0.0.1:{port}/{application}"
    fields = property_("app", application) + property_("tcUrl", address)
    connection.sendall(command(text("connect"), number(1), b"\x03" + fields + b"\x00\x00\x09"))
    take(b"_result")
    connection.sendall(message(1, 0, struct.pack(">I", CHUNK), 0, 2))
    connection.sendall(command(text("createStream"), number(2), b"\x05"))
    take(b"_result")
    connection.sendall(message(20, 0, b"".join(
        [text("publish"), number(3), b"\x05", text(name), text("live")]), 1, 3))
    take(b"NetStream.Publish.Start")
    return connection


def main():
    file, port, application, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    found = list(tags(file))
    heads = [message(kind, 0, body) for kind, stamp, body in found if body[1] == 0][:2]
    frames = [(kind, stamp, body) for kind, stamp, body in found
              if not (stamp == 0 and body[1] == 0)]
    frames.sort(key=lambda frame: frame[1])
    length = -(-frames[-1][1] // 1000) * 1000
    schedule = []
    for turn in range(6):
        schedule += [(stamp + turn * length, message(kind, stamp + turn * length, body))
                     for kind, stamp, body in frames]
    connections = [publish(port, application, f"cam{index}") for index in range(count)]
    start = time.monotonic() + 0.1
    queue = [(start + index * SPREAD_SECONDS / count, index, 0) for index in range(count)]
    begins = [at for at, _, _ in queue]
    heapq.heapify(queue)
    print("ready", flush=True)
    worst, told = 0.0, start
    for connection in connections:
        # No time limit of Python's, which would wait in `recv` too.
        connection.setblocking(True)
        for head in heads:
            connection.sendall(head)
    while queue:
        at, index, place = queue[0]
        now = time.monotonic()
        if at > now:
            time.sleep(at - now)
        else:
            worst = max(worst, now - at)
        connection = connections[index]
        connection.sendall(schedule[place][1])
        if place % 300 == 0:
            try:
                connection.recv(65536, socket.MSG_DONTWAIT)
            except BlockingIOError:
                pass
        if place + 1 < len(schedule):
            heapq.heapreplace(queue, (begins[index] + schedule[place + 1][0] / 1e3, index,
                                      place + 1))
        else:
            heapq.heappop(queue)
        if now - told > 1:
            print(f"{worst * 1e3:.0f}", flush=True)
            worst, told = 0.0, now


main()
