"""The first touch of a file that was never served, its pages dropped from the cache."""

import os
import shutil
import socket
import statistics
import struct
import time

import playlists
from servers import Failed

TRIES = 9
WARM_ORIGIN = "/videos/bench/hls/master.m3u8"
WARM_PEER = "/cmaf/720p/media.m3u8"


def drop(path):
    """Writes a file out and drops its pages; fails where they stay."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        try:
            resident = os.preadv(descriptor, [bytearray(4096)], 0, os.RWF_NOWAIT)
        except BlockingIOError:
            resident = 0
        if resident:
            raise Failed(f"the pages of {path.name} cannot be dropped")
    finally:
        os.close(descriptor)


class Connection:
    """An open connection; `timed` gives the milliseconds to the first and the last byte."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def timed(self, path):
        request = f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
        start = time.perf_counter()
        self.socket.sendall(request)
        data = self.socket.recv(1 << 20)
        first = time.perf_counter()
        while b"\r\n\r\n" not in data:
            data += self.received()
        head, _, rest = data.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise Failed(f"{head[:100]!r} for {path}")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        missing = int(fields[b"content-length"]) - len(rest)
        while missing > 0:
            missing -= len(self.received())
        return (first - start) * 1e3, (time.perf_counter() - start) * 1e3

    def received(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise Failed("the server closed the connection")
        return data

    def close(self):
        self.socket.close()


def moov_range(path):
    """Offset and size of the movie box."""
    with open(path, "rb") as file:
        at = 0
        while True:
            file.seek(at)
            size, kind = struct.unpack(">I4s", file.read(8))
            if kind == b"moov":
                return at, size
            if size == 1:
                size, = struct.unpack(">Q", file.read(8))
            at += size


def cold_read(path):
    """Milliseconds to read the movie box's bytes from the disk."""
    offset, size = moov_range(path)
    drop(path)
    start = time.perf_counter()
    descriptor = os.open(path, os.O_RDONLY)
    try:
        at = 0
        while at < size:
            at += len(os.pread(descriptor, size - at, offset + at))
    finally:
        os.close(descriptor)
    return (time.perf_counter() - start) * 1e3


class Trial:
    """Fresh copies of a short and a long video, for one try."""

    def __init__(self, library, number, short, long):
        self.files = []
        self.short_id, self.long_id = f"cold{number}", f"coldlong{number}"
        for video_id, source in [(self.short_id, short), (self.long_id, long)]:
            # Written aside, so that the library only ever sees a whole and cold file.
            hidden, place = library / f".{video_id}", library / f"{video_id}.mp4"
            shutil.copyfile(source, hidden)
            drop(hidden)
            os.rename(hidden, place)
            self.files.append(place)

    def remove(self):
        for file in self.files:
            file.unlink(missing_ok=True)


def measure(origin, nginx, library, static, short, long):
    """Medians over `TRIES`, in milliseconds."""
    found = {key: [] for key in ("master", "segment_first_byte", "manifest_2h", "moov_read",
                                 "nginx_first_byte")}
    for number in range(TRIES):
        trial = Trial(library, number, short, long)
        to_origin, to_nginx = Connection(origin), Connection(nginx)
        try:
            # The connections are warm, the file is not.
            to_origin.timed(WARM_ORIGIN)
            to_nginx.timed(WARM_PEER)
            found["master"].append(
                to_origin.timed(f"/videos/{trial.short_id}/hls/master.m3u8")[1])
            found["manifest_2h"].append(
                to_origin.timed(f"/videos/{trial.long_id}/dash/manifest.mpd")[1])
            master = playlists.Master(origin, f"/videos/{trial.short_id}/hls/master.m3u8")
            media = playlists.Media(origin, master.variants[0])
            drop(trial.files[0])
            found["segment_first_byte"].append(to_origin.timed(media.segments[0])[0])
            found["moov_read"].append(cold_read(trial.files[1]))
            segment = static / "cmaf" / "720p" / f"media{number}.m4s"
            drop(segment)
            found["nginx_first_byte"].append(
                to_nginx.timed(f"/cmaf/720p/{segment.name}")[0])
        finally:
            to_origin.close()
            to_nginx.close()
            trial.remove()
    return {key: statistics.median(values) for key, values in found.items()}
