"""What is served: a library for the origin, and the same segments as files for the peer.

Made once and kept in .build/bench: four minutes in three renditions, 60 segments each, about
1.5 MB on average over the three, with one AAC track.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".build" / "bench"
# Raised when anything below changes, so that old files are not taken for new ones.
REVISION = 3
SECONDS = 240
SEGMENT_SECONDS = 4
RENDITIONS = [  # name, bits a second; 1.5 MB is 3 Mbit/s for 4 s
    ("1080p", 5_300_000),
    ("720p", 2_700_000),
    ("360p", 1_000_000),
]
VIDEO_ID = "bench"
LONG_VIDEO_ID = "twohours"


def run(*command):
    subprocess.run(list(map(str, command)), check=True, stdin=subprocess.DEVNULL)


def ffmpeg(*arguments):
    run("ffmpeg", "-v", "error", "-y", *arguments)


def fixture(name):
    """The path of a file that tests use too."""
    maker = REPOSITORY / "Tests" / "Fixtures" / "make-fixture"
    made = subprocess.run([maker, name], check=True, capture_output=True, text=True)
    return Path(made.stdout.strip())


def prepared():
    """The cache folder: `library/`, `static/` and nothing half made."""
    folder = CACHE / f"media-{REVISION}"
    if not folder.exists():
        print("bench: making the media, once", flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=CACHE))
        try:
            make_library(temporary / "library")
            make_static(temporary / "library", temporary / "static")
            os.rename(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def make_library(library):
    folder = library / VIDEO_ID
    folder.mkdir(parents=True)
    # Bytes are what counts here, not pixels: a small noisy picture at the rates of large ones.
    picture = f"testsrc2=size=480x270:rate=25:duration={SECONDS},noise=alls=40:allf=t"
    outputs = []
    for name, rate in RENDITIONS:
        outputs += [
            "-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2",
            "-x264-params", "keyint=50:min-keyint=50:scenecut=0:nal-hrd=cbr:filler=1",
            "-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate,
            "-pix_fmt", "yuv420p", "-movflags", "+faststart", folder / f"{name}.mp4",
        ]
    ffmpeg("-f", "lavfi", "-i", picture, *outputs)
    sound = f"aevalsrc='0.3*sin(2*PI*t*(220+t))|0.3*random(0)':s=48000:d={SECONDS}"
    ffmpeg("-f", "lavfi", "-i", sound, "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart",
           folder / "audio.en.m4a")
    os.link(fixture("twohours"), library / f"{LONG_VIDEO_ID}.mp4")


def make_static(library, static):
    """ffmpeg's own packaging of the same samples."""
    source = library / VIDEO_ID
    hls = ["-f", "hls", "-hls_time", SEGMENT_SECONDS, "-hls_playlist_type", "vod"]
    cmaf = [*hls, "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"]
    for name, _ in RENDITIONS:
        folder = static / "cmaf" / name
        folder.mkdir(parents=True)
        ffmpeg("-i", source / f"{name}.mp4", "-map", "0:v", "-c", "copy", *cmaf,
               folder / "media.m3u8")
        folder = static / "ts" / name
        folder.mkdir(parents=True)
        ffmpeg("-i", source / f"{name}.mp4", "-i", source / "audio.en.m4a", "-map", "0:v",
               "-map", "1:a", "-c", "copy", *hls, folder / "media.m3u8")
    folder = static / "cmaf" / "audio"
    folder.mkdir(parents=True)
    ffmpeg("-i", source / "audio.en.m4a", "-c", "copy", *cmaf, folder / "media.m3u8")
