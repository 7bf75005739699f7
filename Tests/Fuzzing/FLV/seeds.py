"""Makes the first inputs: media of every codec as encoders send it, classic and enhanced."""

import struct
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=30"]
SOUND = ["-f", "lavfi", "-i", "sine=r=48000"]
MOST_MESSAGES = 40


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)


def record(kind, milliseconds, body):
    """A message as FuzzFLV reads it."""
    head = {8: 0, 9: 1, 18: 2}[kind]
    return bytes([head, min(milliseconds, 255)]) + struct.pack(">H", len(body)) + body


def classic(folder, *arguments):
    """The tags of an FLV file."""
    path = folder / "a.flv"
    ffmpeg(*PICTURE, *SOUND, "-t", "0.6", *arguments, str(path))
    data, position, before, messages = path.read_bytes(), 13, 0, []
    while position + 11 <= len(data) and len(messages) < MOST_MESSAGES:
        size = int.from_bytes(data[position + 1 : position + 4], "big")
        time = int.from_bytes(data[position + 4 : position + 7], "big")
        body = data[position + 11 : position + 11 + size]
        messages.append(record(data[position] & 0x1F, max(0, time - before), body))
        before = max(before, time)
        position += size + 15
    return b"".join(messages)


def box(data, name):
    place = data.find(name)
    if place < 0:
        return b""
    return data[place + 4 : place - 4 + int.from_bytes(data[place - 4 : place], "big")]


def enhanced(folder, four_cc, configuration, kind, *arguments, track=None):
    """Packets of an MP4 file behind Enhanced RTMP's heads, as one track of many if it has a number."""
    path = folder / "a.mp4"
    ffmpeg(*(PICTURE if kind == 9 else SOUND), "-t", "0.6", "-strict", "-2", *arguments, str(path))
    data = path.read_bytes()
    lines = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "csv=p=0", "-show_entries", "packet=pos,size", path],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    def message(packet, body, is_key):
        head = (0x80 | (0x10 if is_key else 0x20)) if kind == 9 else 0x90
        if track is None:
            return bytes([head | packet]) + four_cc + body
        return bytes([head | (6 if kind == 9 else 5), packet]) + four_cc + bytes([track]) + body

    messages = [record(kind, 0, message(0, box(data, configuration), True))] if configuration else []
    for index, line in enumerate(lines[:MOST_MESSAGES]):
        size, position = sorted(int(field) for field in line.strip(",").split(",")[:2])
        if data[position : position + size] == b"":
            continue
        offset = b"\0\0\0" if four_cc == b"hvc1" else b""
        body = message(1, offset + data[position : position + size], index == 0)
        messages.append(record(kind, 33, body))
    return b"".join(messages)


def text(value):
    return b"\x02" + struct.pack(">H", len(value)) + value.encode()


def named(**values):
    fields = b"".join(struct.pack(">H", len(k)) + k.encode() + v for k, v in values.items())
    return b"\x03" + fields + b"\x00\x00\x09"


def made(folder):
    h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"]
    yield "h264", classic(folder, *h264, "-tune", "zerolatency", "-c:a", "aac")
    yield "reordered", classic(folder, *h264, "-bf", "2", "-c:a", "libmp3lame")
    yield "refresh", classic(folder, *h264, "-x264opts", "intra-refresh=1", "-c:a", "aac")
    for track in (None, 1):
        name = "" if track is None else "-track"
        arguments = ["-c:v", "libx265", "-x265-params", "log-level=none", "-preset", "ultrafast"]
        yield "hevc" + name, enhanced(folder, b"hvc1", b"hvcC", 9, *arguments, track=track)
        arguments = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]
        yield "vp9" + name, enhanced(folder, b"vp09", b"vpcC", 9, *arguments, track=track)
        arguments = ["-c:v", "libsvtav1", "-preset", "12"]
        yield "av1" + name, enhanced(folder, b"av01", b"av1C", 9, *arguments, track=track)
        for four_cc, configuration, encoder in (
            (b"Opus", b"", "libopus"),
            (b"fLaC", b"dfLa", "flac"),
            (b"ac-3", b"", "ac3"),
            (b"ec-3", b"", "eac3"),
            (b".mp3", b"", "libmp3lame"),
        ):
            media = enhanced(folder, four_cc, configuration, 8, "-c:a", encoder, track=track)
            yield encoder + name, media
    yield "cues", record(18, 0, text("onMetaData") + named(width=text("64"))) + record(
        18, 9, text("onCuePoint") + named(name=text("a"), data=text("/DAAAAAAAAAAAP/wAAAAAHpPv/8="))
    )


with tempfile.TemporaryDirectory() as temporary:
    for name, data in made(Path(temporary)):
        (Path(sys.argv[1]) / name).write_bytes(data)
