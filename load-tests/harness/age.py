"""How old frames are when they can be had: from a camera that shows the time to decoded pictures."""

import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import frames
from servers import Failed

FRAMES = Path(frames.__file__)
KEY_FRAMES = 30


class Camera:
    """One encoder, whose packets go to all servers at once; with `sound` it has a tone too."""

    def __init__(self, addresses, folder, sound=False):
        self.log = open(folder / "camera.log", "wb")
        self.pictures = subprocess.Popen([sys.executable, FRAMES], stdout=subprocess.PIPE)
        slaves = "|".join(f"[f=flv:flvflags=no_duration_filesize]{address}"
                          for address in addresses)
        tone = ["-re", "-f", "lavfi", "-i", "sine=r=48000"] if sound else []
        mapped = ["-map", "0:v"] + (["-map", "1:a", "-c:a", "aac"] if sound else [])
        self.encoder = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-probesize", "32", "-analyzeduration", "0",
             "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{frames.WIDTH}x{frames.HEIGHT}",
             "-r", str(frames.RATE), "-i", "pipe:0", *tone, *mapped, "-c:v", "libx264",
             "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1",
             "-g", str(KEY_FRAMES), "-keyint_min", str(KEY_FRAMES), "-sc_threshold", "0",
             "-flags", "+global_header", "-f", "tee", slaves],
            stdin=self.pictures.stdout, stdout=self.log, stderr=self.log)
        self.pictures.stdout.close()

    def check(self):
        if self.encoder.poll() is not None:
            raise Failed(f"the encoder ended: {Path(self.log.name).read_text()[-500:]}")

    def forget(self):
        pass

    def stop(self):
        for process in (self.encoder, self.pictures):
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.log.close()


class Ages:
    """Milliseconds from a picture's time to the moment that it was fetched."""

    def __init__(self):
        self.newest, self.all = [], []

    def add(self, fetched, moments):
        known = [moment for moment in moments if moment is not None]
        if known:
            self.newest.append((fetched - known[-1]) * 1e3)
            self.all += [(fetched - moment) * 1e3 for moment in known]

    @property
    def median(self):
        return statistics.median(self.newest)

    @property
    def p95(self):
        return sorted(self.newest)[int(len(self.newest) * 0.95)]

    @property
    def mean(self):
        return statistics.fmean(self.all)


def of_parts(viewer):
    """Parts are decoded as one stream; how many pictures each has is in its `trun`."""
    bodies = [body for _, _, body in viewer.found]
    moments = frames.times(viewer.initialization + b"".join(bodies), "mp4", time.time())
    ages, place = Ages(), 0
    for (fetched, _, _), body in zip(viewer.found, bodies):
        count = samples(body)
        ages.add(fetched, moments[place:place + count])
        place += count
    if place != len(moments):
        raise Failed(f"{place} samples, but {len(moments)} pictures")
    return needed(ages, place)


def of_segments(viewer):
    ages, count = Ages(), 0
    for fetched, _, body in viewer.found:
        moments = frames.times(body, "mpegts", time.time())
        ages.add(fetched, moments)
        count += len(moments)
    return needed(ages, count)


def needed(ages, count):
    if not ages.newest or len(ages.all) < count * 0.95:
        raise Failed(f"only {len(ages.all)} of {count} pictures can be read")
    return ages


def samples(part):
    """The sample count of all `trun` boxes. ISO/IEC 14496-12 §8.8.8"""
    count, place = 0, part.find(b"trun")
    end = part.find(b"mdat")
    while 0 <= place < end:
        count += int.from_bytes(part[place + 8:place + 12], "big")
        place = part.find(b"trun", place + 4)
    return count
