"""Makes the first inputs: what encoders send behind the handshake, in chunks of several shapes."""

import struct
import sys
from pathlib import Path


def text(value):
    return b"\x02" + struct.pack(">H", len(value)) + value.encode()


def number(value):
    return b"\x00" + struct.pack(">d", value)


def named(**values):
    fields = b"".join(struct.pack(">H", len(k)) + k.encode() + v for k, v in values.items())
    return b"\x03" + fields + b"\x00\x00\x09"


def message(kind, body, stream=1, time=0, chunk_stream=6, chunk_size=128, repeats=True):
    extended = struct.pack(">I", time) if time >= 0xFFFFFF else b""
    head = struct.pack(">I", min(time, 0xFFFFFF))[1:] + struct.pack(">I", len(body))[1:]
    out = bytes([chunk_stream]) + head + bytes([kind]) + struct.pack("<I", stream) + extended
    for start in range(0, max(len(body), 1), chunk_size):
        if start:
            out += bytes([0xC0 | chunk_stream]) + (extended if repeats else b"")
        out += body[start : start + chunk_size]
    return out


CAPABILITIES = {
    "app": text("live"),
    "flashVer": text("FMLE/3.0"),
    "fourCcList": b"\x0a" + struct.pack(">I", 2) + text("hvc1") + text("Opus"),
    "videoFourCcInfoMap": named(hvc1=number(4)),
    "capsEx": number(2),
}
CONNECT = message(20, text("connect") + number(1) + named(**CAPABILITIES), 0, chunk_stream=3)
PUBLISH = message(20, text("createStream") + number(2) + b"\x05", 0, chunk_stream=3) + message(
    20, text("publish") + number(3) + b"\x05" + text("key?a=b") + text("live"), chunk_stream=3
)
METADATA = message(18, text("onMetaData") + b"\x08\0\0\0\1" + named(width=number(1280))[1:])
SIZE = message(1, struct.pack(">I", 4096), 0, chunk_stream=2)
FRAME = bytes(range(256)) * 2

INPUTS = {
    "publish": CONNECT + PUBLISH + METADATA + message(9, FRAME) + message(8, b"\xaf\x01abc"),
    "sizes": CONNECT + SIZE + message(9, FRAME * 20, chunk_size=4096),
    "extended": message(9, FRAME, time=0x1000000) + message(9, FRAME, time=0xFFFFFFF0),
    "omitted": message(9, FRAME, time=0x1000000, repeats=False),
    "short": message(9, b"abc") + b"\x46\0\0\x21\0\0\x03\x09abc" + b"\x86\0\0\x21abc" + b"\xc6abc",
    "aggregate": message(22, (b"\x09\0\0\x02\0\0\x05\0\0\0\0ab\0\0\0\x0d") * 2),
    "long": b"\x00\x10" + message(9, b"abc")[1:] + b"\x01\x10\x01" + message(9, b"abc")[1:],
    "overflow": message(9, b"a" * 200)[:140] + SIZE + b"\x46\0\0\0\0\xea\x60\x09" + b"A" * 60000,
    "ping": message(4, b"\0\x06\1\2\3\4", 0, chunk_stream=2) + message(5, b"\0\1\0\0", 0),
}

for name, data in INPUTS.items():
    (Path(sys.argv[1]) / name).write_bytes(data)
