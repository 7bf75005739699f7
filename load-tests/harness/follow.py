"""Viewers that keep what they get: by blocking reload, or by asking again and again."""

import http.client
import re
import threading
import time

from servers import Failed


class Viewer(threading.Thread):
    """Follows one playlist; each part or segment as soon as it is told, kept with its time.

    With `pause` it asks for whole segments every so many seconds.
    """

    def __init__(self, port, playlist, pause=None):
        super().__init__(daemon=True)
        self.port, self.playlist, self.pause = port, playlist, pause
        # (when it was there, its path, its bytes)
        self.found, self.initialization, self.failure, self.ends = [], None, None, False
        self.seen = set()

    def run(self):
        try:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.follow()
        except (OSError, http.client.HTTPException, Failed) as failure:
            self.failure = repr(failure)

    def get(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Failed(f"{answer.status} for {path}")
        return body

    def follow(self):
        base = self.playlist.rpartition("/")[0] + "/"
        query, isFirst = "", True
        while not self.ends:
            text = self.get(self.playlist + query).decode()
            if self.pause is None:
                found = parts(text)
                query = "?" + next_reload(text)
                if self.initialization is None:
                    header = re.findall(r'#EXT-X-MAP:.*?URI="([^"]+)"', text)
                    self.initialization = self.get(absolute(base, header[-1]))
            else:
                found = [(line, True) for line in text.splitlines() if line and line[0] != "#"]
                time.sleep(self.pause)
            for path, isIndependent in found:
                if path in self.seen:
                    continue
                self.seen.add(path)
                # What stood there at the beginning is of no age that tells anything, and what
                # comes before a key frame cannot be decoded.
                if isFirst or not (self.found or isIndependent):
                    continue
                body = self.get(absolute(base, path))
                self.found.append((time.time(), path, body))
            isFirst = False

    def finish(self):
        self.ends = True
        self.join(30)
        if self.failure or not self.found:
            raise Failed(f"a viewer of {self.playlist} at {self.port}: "
                         f"{self.failure or 'found nothing'}")


def parts(text):
    """The path of each part of a playlist, and whether it begins with a key frame."""
    lines = re.findall(r'#EXT-X-PART:(.*)', text)
    return [(re.search(r'URI="([^"]+)"', line)[1], "INDEPENDENT=YES" in line) for line in lines]


def absolute(base, path):
    return path if path.startswith("/") else base + path


def next_reload(text):
    """The query for what comes next. RFC 8216bis §6.2.5.2"""
    number = int(re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text)[1])
    open_segment = text.rpartition("#EXTINF")[2]
    number += text.count("#EXTINF")
    return f"_HLS_msn={number}&_HLS_part={open_segment.count('#EXT-X-PART:')}"
