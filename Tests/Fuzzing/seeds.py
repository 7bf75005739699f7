#!/usr/bin/python3
"""Writes small MP4 files of many kinds into a folder, as a fuzzer's first inputs.

    seeds.py FOLDER

Each is made by ffmpeg and lasts well under a second, so that a file is a few kilobytes and most of
its bytes are headers.
"""

import subprocess
import sys
from pathlib import Path

PICTURE = ["-f", "lavfi", "-i", "color=size=32x32:rate=10:duration=0.6"]
TONE = ["-f", "lavfi", "-i", "sine=sample_rate=48000:duration=0.3"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "3"]
FRAGMENTS = "frag_keyframe+empty_moov"

SEEDS = {
    "progressive.mp4": [*PICTURE, *TONE, *H264, "-c:a", "aac"],
    "front.mp4": [*PICTURE, *H264, "-movflags", "faststart"],
    "negative.mp4": [*PICTURE, *H264, "-movflags", "negative_cts_offsets"],
    "quicktime.mov": [*PICTURE, *TONE, *H264, "-c:a", "aac", "-timecode", "00:00:00:00"],
    "fragments.mp4": [
        *PICTURE, *TONE, *H264, "-c:a", "aac", "-movflags", FRAGMENTS + "+default_base_moof",
    ],
    "offsets.mp4": [*PICTURE, *H264, "-movflags", FRAGMENTS],
    "hybrid.mp4": [*PICTURE, *H264, "-movflags", "frag_keyframe"],
    "index.mp4": [*PICTURE, *H264, "-movflags", "dash+global_sidx+" + FRAGMENTS],
    "hevc.mp4": [*PICTURE, "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1"],
    "vp9.mp4": [*PICTURE, "-c:v", "libvpx-vp9", "-deadline", "realtime"],
    "opus.mp4": [*TONE, "-c:a", "libopus"],
    "flac.mp4": [*TONE, "-c:a", "flac", "-strict", "-2"],
    "ac3.mp4": [*TONE, "-c:a", "ac3"],
    "eac3.mp4": [*TONE, "-c:a", "eac3"],
    "mp3.mp4": [*TONE, "-c:a", "libmp3lame"],
}


def main(folder):
    for name, arguments in SEEDS.items():
        path = Path(folder) / name
        if not path.exists():
            command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments, str(path)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
