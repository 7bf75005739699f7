"""Addresses found as a player finds them: from the master playlist down."""

import re
from urllib.parse import urljoin


def attributes(line):
    """The attribute list of a playlist tag. RFC 8216 §4.2"""
    found = re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)', line.partition(":")[2])
    return {key: value.strip('"') for key, value in found}


class Master:
    def __init__(self, server, path):
        self.variants, self.audio = [], []
        streams = None
        for line in server.get(path).decode().splitlines():
            if line.startswith("#EXT-X-STREAM-INF:"):
                streams = attributes(line)
            elif line.startswith("#EXT-X-MEDIA:"):
                media = attributes(line)
                if media["TYPE"] == "AUDIO" and "URI" in media:
                    self.audio.append(urljoin(path, media["URI"]))
            elif line and not line.startswith("#"):
                self.variants.append(urljoin(path, line))
        # A variant is listed once for each audio group.
        self.variants = list(dict.fromkeys(self.variants))
        self.audio = list(dict.fromkeys(self.audio))


class Media:
    def __init__(self, server, path):
        self.path, self.initial, self.segments = path, [], []
        for line in server.get(path).decode().splitlines():
            if line.startswith("#EXT-X-MAP:"):
                self.initial.append(urljoin(path, attributes(line)["URI"]))
            elif line and not line.startswith("#"):
                self.segments.append(urljoin(path, line))
