"""Small MP4 files as trees of boxes: read whole, changed, written."""

import struct

CONTAINERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl", b"dinf", b"mvex", b"udta",
              b"moof", b"traf"}


class Box:
    """A box: containers hold `children`, all others `payload`."""

    def __init__(self, kind, payload=b"", children=None):
        self.kind, self.payload, self.children = kind, payload, children

    def __bytes__(self):
        body = self.payload
        if self.children is not None:
            body = b"".join(map(bytes, self.children))
        return struct.pack(">I4s", len(body) + 8, self.kind) + body

    def find(self, *path):
        """The first descendant along `path`, such as `find(b"mdia", b"minf")`, or None."""
        if not path:
            return self
        for child in self.children or []:
            if child.kind == path[0]:
                return child.find(*path[1:])
        return None

    def all(self, kind):
        return [child for child in self.children if child.kind == kind]


def parse(data):
    boxes, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        body = data[at + head : at + size]
        if kind in CONTAINERS:
            boxes.append(Box(kind, children=parse(body)))
        else:
            boxes.append(Box(kind, body))
        at += size
    return boxes


def read(path):
    return parse(path.read_bytes())


def table(box, layout):
    """The rows of a full box that is a 32-bit count and rows of `layout`."""
    count = struct.unpack_from(">I", box.payload, 4)[0]
    size = struct.calcsize(layout)
    return [struct.unpack_from(layout, box.payload, 8 + size * i) for i in range(count)]


def full(kind, rows, layout, version=0):
    body = b"".join(struct.pack(layout, *row) for row in rows)
    return Box(kind, struct.pack(">B3xI", version, len(rows)) + body)


def tracks(moov):
    return moov.all(b"trak")


def sample_table(track):
    return track.find(b"mdia", b"minf", b"stbl")


def replace(parent, kind, box):
    parent.children = [box if child.kind == kind else child for child in parent.children]


def timescales(moov):
    """Ticks a second by track ID."""
    found = {}
    for track in tracks(moov):
        tkhd, mdhd = track.find(b"tkhd").payload, track.find(b"mdia", b"mdhd").payload
        track_id, = struct.unpack_from(">I", tkhd, 20 if tkhd[0] == 1 else 12)
        found[track_id], = struct.unpack_from(">I", mdhd, 20 if mdhd[0] == 1 else 12)
    return found


def find_moov(boxes):
    return next(box for box in boxes if box.kind == b"moov")


def video_and_sound(moov):
    """The tracks by the handler they name."""
    by_handler = {track.find(b"mdia", b"hdlr").payload[8:12]: track for track in tracks(moov)}
    return by_handler.get(b"vide"), by_handler.get(b"soun")


def write_resized(boxes, path, old_moov_size):
    """Writes `boxes`, a moov in front, after moving chunk offsets by what the moov grew."""
    moov = find_moov(boxes)
    growth = len(bytes(moov)) - old_moov_size
    for track in tracks(moov):
        stbl = sample_table(track)
        rows = [(offset + growth,) for offset, in table(stbl.find(b"stco"), ">I")]
        replace(stbl, b"stco", full(b"stco", rows, ">I"))
    path.write_bytes(b"".join(map(bytes, boxes)))
