"""Every response is checked before any is timed: its samples are the source's, bit for bit.

The reference is what ffmpeg demultiplexes from the source: the bytes of all samples of a track,
one after the other. CMAF segments hold the same bytes in their `mdat` boxes. A transport stream
holds them rewritten (start codes, delimiters, parameter sets, ADTS heads), so there the coded
slices and the bare AAC frames are compared, as ffmpeg reads them back.
"""

import hashlib
import struct
import subprocess
import tempfile

PARAMETER_NALS = {7, 8, 9, 12}  # SPS, PPS, delimiter, filler: what a packager may add or drop


class Wrong(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def samples(path, stream, *filters):
    """All sample bytes of a track."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-map", stream, "-c", "copy",
               *filters, "-f", "data", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def slices(annex_b):
    """The hash of all NAL units that carry pictures."""
    digest = hashlib.sha256()
    for unit in annex_b.split(b"\0\0\1"):
        unit = unit.rstrip(b"\0")
        if unit and unit[0] & 0x1F not in PARAMETER_NALS:
            digest.update(unit)
    return digest.hexdigest()


def media_data(segment):
    """The payloads of the `mdat` boxes of a segment."""
    found, at = [], 0
    while at < len(segment):
        size, kind = struct.unpack_from(">I4s", segment, at)
        if size < 8 or at + size > len(segment):
            raise Wrong("a box reaches beyond its segment")
        if kind == b"mdat":
            found.append(segment[at + 8 : at + size])
        at += size
    return b"".join(found)


def fetch_twice(server, paths):
    """The bodies, each the same on two requests."""
    bodies = []
    for path in paths:
        body = server.get(path)
        if server.get(path) != body:
            raise Wrong(f"{server.name}: {path} differs from one request to the next")
        bodies.append(body)
    return bodies


def check_cmaf(server, segments, source, stream):
    bodies = fetch_twice(server, segments)
    got = sha256(b"".join(map(media_data, bodies)))
    if got != sha256(samples(source, stream)):
        raise Wrong(f"{server.name}: samples differ from {source.name}: {segments[0]}")
    return sum(map(len, bodies))


def check_ts(server, segments, video, audio):
    """`audio` is nil where the segments carry none."""
    bodies = fetch_twice(server, segments)
    with tempfile.NamedTemporaryFile(suffix=".ts") as joined:
        joined.write(b"".join(bodies))
        joined.flush()
        got = slices(samples(joined.name, "0:v"))
        if got != slices(samples(video, "0:v", "-bsf:v", "h264_mp4toannexb")):
            raise Wrong(f"{server.name}: pictures differ from {video.name}: {segments[0]}")
        if audio:
            got = sha256(samples(joined.name, "0:a", "-bsf:a", "aac_adtstoasc"))
            if got != sha256(samples(audio, "0:a")):
                raise Wrong(f"{server.name}: audio differs from {audio.name}: {segments[0]}")
    return sum(map(len, bodies))
