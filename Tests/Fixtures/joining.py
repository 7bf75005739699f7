"""Box surgery that joins two recordings into one with two sample entries."""

import struct

from boxes import (Box, find_moov, full, read, replace, sample_table, table, timescales, tracks,
                   video_and_sound, write_resized)


def append_video(first, second, path):
    """The second file's video behind the first's, as a second sample entry of one track."""
    boxes, tail = read(first), read(second)
    moov, tail_moov = find_moov(boxes), find_moov(tail)
    before = len(bytes(moov))
    video, _ = video_and_sound(moov)
    tail_video, _ = video_and_sound(tail_moov)
    stbl, tail_stbl = sample_table(video), sample_table(tail_video)
    mdat = next(box for box in boxes if box.kind == b"mdat")
    tail_mdat = next(box for box in tail if box.kind == b"mdat")
    move = first.stat().st_size - second.read_bytes().index(b"mdat") - 4

    samples = struct.unpack_from(">I", stbl.find(b"stsz").payload, 8)[0]
    chunks = len(table(stbl.find(b"stco"), ">I"))
    merge_tables(stbl, tail_stbl, samples, chunks, move)
    mdat.payload += tail_mdat.payload
    set_durations(moov, video)
    write_resized(boxes, path, before)


def merge_tables(stbl, tail, samples, chunks, move):
    stsd, other = stbl.find(b"stsd").payload, tail.find(b"stsd").payload
    replace(stbl, b"stsd", Box(b"stsd", stsd[:4] + struct.pack(">I", 2) + stsd[8:] + other[8:]))
    for kind, layout in [(b"stts", ">II"), (b"ctts", ">II")]:
        rows = table(stbl.find(kind), layout) + table(tail.find(kind), layout)
        replace(stbl, kind, full(kind, rows, layout))
    rows = table(stbl.find(b"stss"), ">I")
    rows += [(number + samples,) for number, in table(tail.find(b"stss"), ">I")]
    replace(stbl, b"stss", full(b"stss", rows, ">I"))
    rows = table(stbl.find(b"stsc"), ">3I")
    rows += [(chunk + chunks, count, 2) for chunk, count, _ in table(tail.find(b"stsc"), ">3I")]
    replace(stbl, b"stsc", full(b"stsc", rows, ">3I"))
    rows = table(stbl.find(b"stco"), ">I")
    rows += [(offset + move,) for offset, in table(tail.find(b"stco"), ">I")]
    replace(stbl, b"stco", full(b"stco", rows, ">I"))
    sizes, other = stbl.find(b"stsz").payload, tail.find(b"stsz").payload
    count = samples + struct.unpack_from(">I", other, 8)[0]
    sizes = sizes[:8] + struct.pack(">I", count) + sizes[12:] + other[12:]
    replace(stbl, b"stsz", Box(b"stsz", sizes))


def set_durations(moov, track):
    """Makes mdhd, tkhd and the edit list of `track` as long as its samples; all version 0."""
    mdhd, tkhd = track.find(b"mdia", b"mdhd"), track.find(b"tkhd")
    ticks = sum(count * delta for count, delta in table(sample_table(track).find(b"stts"), ">II"))
    timescale, = struct.unpack_from(">I", mdhd.payload, 12)
    movie_timescale, = struct.unpack_from(">I", moov.find(b"mvhd").payload, 12)
    duration = ticks * movie_timescale // timescale
    mdhd.payload = mdhd.payload[:16] + struct.pack(">I", ticks) + mdhd.payload[20:]
    tkhd.payload = tkhd.payload[:20] + struct.pack(">I", duration) + tkhd.payload[24:]
    (_, media_time, rate), = table(track.find(b"edts", b"elst"), ">Iii")
    replace(track.find(b"edts"), b"elst", full(b"elst", [(duration, media_time, rate)], ">Iii"))


def append_video_fragments(first, second, path, seconds):
    """The second file's fragments behind the first's, their tfhd naming sample entry 2."""
    boxes = [box for box in read(first) if box.kind != b"mfra"]
    tail = read(second)
    moov = find_moov(boxes)
    stbl = sample_table(tracks(moov)[0])
    stsd = stbl.find(b"stsd").payload
    other = sample_table(tracks(find_moov(tail))[0]).find(b"stsd").payload
    replace(stbl, b"stsd", Box(b"stsd", stsd[:4] + struct.pack(">I", 2) + stsd[8:] + other[8:]))
    shift = seconds * timescales(moov)[1]
    count = sum(box.kind == b"moof" for box in boxes)
    for box in tail:
        if box.kind == b"moof":
            count += 1
            box.find(b"mfhd").payload = struct.pack(">II", 0, count)
            retarget(box.find(b"traf"), shift)
    boxes += [box for box in tail if box.kind in (b"moof", b"mdat")]
    path.write_bytes(b"".join(map(bytes, boxes)))


def retarget(traf, shift):
    """Adds sample_description_index 2 to tfhd; the moof grows by it, so data_offset does."""
    tfhd, tfdt, trun = traf.find(b"tfhd"), traf.find(b"tfdt"), traf.find(b"trun")
    flags, = struct.unpack_from(">I", tfhd.payload)
    if flags & 3:
        raise ValueError("expected neither base data offset nor sample description index")
    head, track_id, rest = struct.pack(">I", flags | 2), tfhd.payload[4:8], tfhd.payload[8:]
    tfhd.payload = head + track_id + struct.pack(">I", 2) + rest
    time, = struct.unpack_from(">Q", tfdt.payload, 4)
    tfdt.payload = struct.pack(">B3xQ", 1, time + shift)
    offset, = struct.unpack_from(">i", trun.payload, 8)
    trun.payload = trun.payload[:8] + struct.pack(">i", offset + 4) + trun.payload[12:]
