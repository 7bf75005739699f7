"""Box surgery on times and places: what ffmpeg cannot be asked for."""

import struct

from boxes import full, find_moov, read, replace, sample_table, table, timescales, tracks


def delay_presentation(source, path, frames):
    """Raises every composition offset and the edit's media time of tracks with a ctts."""
    boxes = read(source)
    moov = find_moov(boxes)
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


def shift_fragments(source, path, seconds):
    """Adds `seconds` to the decode time of every fragment and of the random access index."""
    boxes = read(source)
    ticks = timescales(find_moov(boxes))
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
