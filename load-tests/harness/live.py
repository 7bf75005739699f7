"""The servers of the live bench, and the one stream that publishers send."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import media
from servers import Failed, Nginx, Server, free_port

PUSH = Path(__file__).with_name("push.py")
READY_SECONDS = 60

REVISION = 1


def stream_file():
    """Twenty seconds of 720p30 at 2 Mbit/s with AAC, made once."""
    file = media.CACHE / f"live-{REVISION}.flv"
    if not file.exists():
        media.CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=media.CACHE) as folder:
            made = f"{folder}/made.flv"
            media.ffmpeg(
                "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30,noise=alls=8:allf=t",
                "-f", "lavfi", "-i", "sine=r=48000", "-t", 20,
                "-c:v", "libx264", "-preset", "ultrafast", "-g", 60, "-keyint_min", 60,
                "-sc_threshold", 0, "-b:v", "1900k", "-minrate", "1900k", "-maxrate", "1900k",
                "-bufsize", "1900k", "-x264opts", "nal-hrd=cbr", "-c:a", "aac", "-b:a", "96k",
                "-f", "flv", made)
            os.rename(made, file)
    return file


class LiveServer:
    """What both have in common: streams come, and all is forgotten afterwards."""

    def wait_for(self, path, check=lambda: None):
        """The text at `path` once it is there."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            check()
            try:
                return self.get(path).decode()
            except Failed:
                time.sleep(0.05)
        raise Failed(f"{self.name}: nothing at {path}")

    def forget(self):
        shutil.rmtree(self.home, ignore_errors=True)


class LiveOrigin(LiveServer, Server):
    """The product: LL-HLS, LL-DASH, the rewind window and recording, one event loop."""

    def __init__(self, binary, folder, name, options=""):
        self.home = home = folder / name
        (home / "media").mkdir(parents=True)
        media_port, self.rtmp, self.api = free_port(), free_port(), free_port()
        configuration = home / "origin.yaml"
        configuration.write_text(
            "media: {event_loops: 1}\nlog: {level: warning}\n"
            "live:\n  publishers_per_address: 500\n" + options)
        command = [
            binary, "serve", "--config", configuration, "--data", home / "data",
            "--media", home / "media", "--api", f"127.0.0.1:{self.api}",
            "--media-listen", f"127.0.0.1:{media_port}", "--rtmp", f"127.0.0.1:{self.rtmp}",
            "--admin", f"127.0.0.1:{free_port()}",
        ]
        super().__init__(name, command, media_port, home)

    def video_playlist(self, stream):
        """The path of the media playlist that the multivariant one names, once it is there."""
        text = self.wait_for(f"/live/{stream}/master.m3u8")
        uri = next(line for line in text.splitlines() if line and line[0] != "#")
        path = uri if uri.startswith("/") else f"/live/{stream}/{uri}"
        self.wait_for(path)
        return path


class LiveEdge(LiveServer, Server):
    def __init__(self, binary, origin, folder):
        self.home = home = folder / "edge"
        home.mkdir()
        port = free_port()
        file = home / "edge.yaml"
        file.write_text("connections: {event_loops: 1}\nlog: {level: warning}\n")
        url = f"http://127.0.0.1:{origin.port}"
        super().__init__("edge", [
            binary, "serve", "--config", file, "--data", home / "data",
            "--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{free_port()}",
            "--origin-media", url, "--origin-api", f"http://127.0.0.1:{origin.api}",
        ], port, home)


class LiveNginx(LiveServer, Nginx):
    def __init__(self, folder, name):
        self.rtmp, self.home = free_port(), folder / name
        super().__init__(self.home, folder, name, "nginx-live.conf.template", RTMP=self.rtmp)


class Publishers:
    """Encoders of the one stream, `cam0` and so on, in one process; see push.py."""

    def __init__(self, port, application, count, folder, *options):
        self.log = open(folder / "publishers.log", "w+")
        self.process = subprocess.Popen(
            [sys.executable, PUSH, stream_file(), str(port), application, str(count), *options],
            stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + READY_SECONDS
        while "ready\n" not in self.text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Failed(f"publishers: {self.text()[-500:]}")
            time.sleep(0.05)

    def text(self):
        return Path(self.log.name).read_text()

    def check(self):
        if self.process.poll() is not None:
            raise Failed(f"publishers ended: {self.text()[-500:]}")

    def stop(self):
        """The most that a message was late, in milliseconds."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        return max((int(line) for line in self.text().splitlines() if line.isdigit()), default=0)

    def forget(self):
        pass
