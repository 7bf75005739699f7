"""A WebVTT track made by hand, in the place of a timed text track."""

import struct

from boxes import Box, find_moov, full, read, replace, sample_table, tracks

STYLE = "WEBVTT\n\nSTYLE\n::cue { color: yellow }\n"


def cue(payload, identifier="", settings="", source=None):
    children = []
    if source is not None:
        children.append(Box(b"vsid", struct.pack(">I", source)))
    if identifier:
        children.append(Box(b"iden", identifier.encode()))
    if settings:
        children.append(Box(b"sttg", settings.encode()))
    children.append(Box(b"payl", payload.encode()))
    return bytes(Box(b"vttc", children=children))


EMPTY = bytes(Box(b"vtte"))

# Milliseconds, and what is shown in them: the long cue goes on while another is added.
SAMPLES = [
    (1000, EMPTY),
    (1500, cue("<i>eins</i>", "first", "line:0", source=1)),
    (500, cue("<i>eins</i>", "first", "line:0", source=1) + cue("zwei", source=2)),
    (1000, EMPTY),
    (1000, cue("drei &amp; vier\n\n5 --> 6")),
    (7000, EMPTY),
]


def append_wvtt(source, path):
    """Puts a `wvtt` track in the place of the last track; its samples go behind the file."""
    boxes = read(source)
    moov = find_moov(boxes)
    text = tracks(moov)[-1]
    mdia = text.find(b"mdia")
    mdhd = mdia.find(b"mdhd")
    language = sum((ord(letter) - 0x60) << 10 - 5 * i for i, letter in enumerate("deu"))
    duration = sum(milliseconds for milliseconds, _ in SAMPLES)
    mdhd.payload = struct.pack(">IIIIIHH", 0, 0, 0, 1000, duration, language, 0)
    entry_body = bytes(6) + b"\0\1" + bytes(Box(b"vttC", STYLE.encode()))
    entry = bytes(Box(b"wvtt", entry_body))
    before = len(bytes(moov))
    stbl = sample_table(text)
    durations = [(1, milliseconds) for milliseconds, _ in SAMPLES]
    sizes = [len(data) for _, data in SAMPLES]
    stbl.children = [
        Box(b"stsd", struct.pack(">II", 0, 1) + entry),
        full(b"stts", durations, ">II"),
        full(b"stsc", [(1, len(SAMPLES), 1)], ">III"),
        Box(b"stsz", struct.pack(">III", 0, 0, len(sizes)) + struct.pack(f">{len(sizes)}I", *sizes)),
        full(b"stco", [(0,)], ">I"),
    ]
    if text.find(b"edts") is not None:
        text.children = [child for child in text.children if child.kind != b"edts"]
    growth = len(bytes(moov)) - before
    for track in tracks(moov)[:-1]:
        table = sample_table(track)
        count, = struct.unpack_from(">I", table.find(b"stco").payload, 4)
        offsets = struct.unpack_from(f">{count}I", table.find(b"stco").payload, 8)
        replace(table, b"stco", full(b"stco", [(o + growth,) for o in offsets], ">I"))
    front = len(b"".join(map(bytes, boxes)))
    replace(stbl, b"stco", full(b"stco", [(front + 8,)], ">I"))
    boxes.append(Box(b"mdat", b"".join(data for _, data in SAMPLES)))
    path.write_bytes(b"".join(map(bytes, boxes)))
