"""Box surgery for what ffmpeg cannot be asked for: reads and writes whole small MP4 files."""

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


def delay_presentation(source, path, frames):
    """Raises every composition offset and the edit's media time of tracks with a ctts."""
    boxes = read(source)
    moov = next(box for box in boxes if box.kind == b"moov")
    for track in tracks(moov):
        stbl = sample_table(track)
        ctts = stbl.find(b"ctts")
        if ctts is None:
            continue
        delta = table(stbl.find(b"stts"), ">II")[0][1] * frames
        rows = [(count, offset + delta) for count, offset in table(ctts, ">Ii")]
        replace(stbl, b"ctts", full(b"ctts", rows, ">Ii", version=ctts.payload[0]))
        elst = track.find(b"edts", b"elst")
        (duration, media_time, rate), = table(elst, ">Iii")
        replace(track.find(b"edts"), b"elst",
                full(b"elst", [(duration, media_time + delta, rate)], ">Iii"))
    path.write_bytes(b"".join(map(bytes, boxes)))


def timescales(moov):
    """Ticks a second by track ID."""
    found = {}
    for track in tracks(moov):
        tkhd, mdhd = track.find(b"tkhd").payload, track.find(b"mdia", b"mdhd").payload
        track_id, = struct.unpack_from(">I", tkhd, 20 if tkhd[0] == 1 else 12)
        found[track_id], = struct.unpack_from(">I", mdhd, 20 if mdhd[0] == 1 else 12)
    return found


def shift_fragments(source, path, seconds):
    """Adds `seconds` to the decode time of every fragment and of the random access index."""
    boxes = read(source)
    ticks = timescales(next(box for box in boxes if box.kind == b"moov"))
    for moof in boxes:
        for traf in moof.all(b"traf") if moof.kind == b"moof" else []:
            track_id, = struct.unpack_from(">I", traf.find(b"tfhd").payload, 4)
            tfdt = traf.find(b"tfdt")
            if tfdt.payload[0] != 1:
                raise ValueError("expected a 64-bit tfdt")
            time, = struct.unpack_from(">Q", tfdt.payload, 4)
            tfdt.payload = struct.pack(">B3xQ", 1, time + seconds * ticks[track_id])
    # mfra repeats the times; it is optional, so it goes.
    path.write_bytes(b"".join(bytes(box) for box in boxes if box.kind != b"mfra"))


def spread_over_4_gib(source, path, hole=5 << 30):
    """Moves the second half of the media data behind a hole: `co64`, 64-bit `mdat`, sparse."""
    boxes = read(source)
    ftyp, moov, mdat = (next(box for box in boxes if box.kind == kind)
                        for kind in (b"ftyp", b"moov", b"mdat"))
    old_start = source.read_bytes().index(b"mdat") + 4
    stbls = [sample_table(track) for track in tracks(moov)]
    offsets = [[row[0] for row in table(stbl.find(b"stco"), ">I")] for stbl in stbls]
    chunks = sorted(offset for each in offsets for offset in each)
    middle = chunks[len(chunks) // 2]
    for stbl, each in zip(stbls, offsets):
        replace(stbl, b"stco", full(b"co64", [(0,) for _ in each], ">Q"))
    new_start = len(bytes(ftyp)) + len(bytes(moov)) + 16
    for stbl, each in zip(stbls, offsets):
        rows = [(offset - old_start + new_start + (hole if offset >= middle else 0),)
                for offset in each]
        replace(stbl, b"co64", full(b"co64", rows, ">Q"))
    split = middle - old_start
    with open(path, "wb") as file:
        file.write(bytes(ftyp) + bytes(moov))
        file.write(struct.pack(">I4sQ", 1, b"mdat", 16 + len(mdat.payload) + hole))
        file.write(mdat.payload[:split])
        file.seek(hole, 1)
        file.write(mdat.payload[split:])
