"""CEA-608 captions: an SEI message in front of each picture of a raw H.264 or HEVC stream."""

import re
from collections import namedtuple

# Header of the SEI unit, whether a unit is a slice, and whether it is the first of its picture.
Kind = namedtuple("Kind", "header is_slice starts_picture")

AVC = Kind(b"\x06", lambda unit: unit[0] & 0x1F in (1, 5), lambda unit: unit[1] & 0x80)
HEVC = Kind(b"\x4e\x01", lambda unit: unit[0] >> 1 & 0x3F < 32, lambda unit: unit[2] & 0x80)

# Loads "Hi" off screen, shows it, and is silent then. With odd parity, as on a line of NTSC.
PAIRS = ["9420", "9420", "94ae", "94ae", "9470", "9470", "c8e9", "942f", "942f"]


def pair(picture):
    at = picture % 50
    return bytes.fromhex(PAIRS[at]) if at < len(PAIRS) else b"\x80\x80"


def message(picture):
    # One pair of the first field, marker bits set. CTA-708 section 4.4
    data = b"\xb5\x00\x31GA94\x03" + bytes([0x40 | 1, 0xFF, 0xFC]) + pair(picture) + b"\xff"
    return b"\x04" + bytes([len(data)]) + data + b"\x80"


def escaped(unit):
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", unit)


def insert(source, path, kind):
    units = [unit.rstrip(b"\0") for unit in re.split(rb"\x00\x00\x01", source.read_bytes())[1:]]
    picture = 0
    with open(path, "wb") as file:
        for unit in units:
            if kind.is_slice(unit) and kind.starts_picture(unit):
                file.write(b"\0\0\0\1" + escaped(kind.header + message(picture)))
                picture += 1
            file.write(b"\0\0\0\1" + unit)
