"""How each fixture is made: one function a fixture, its doc comment the line in the list.

Pictures are small and the presets fast: together they take less than a minute on two cores.
Sound and picture change all the time, so that no two frames hash alike.
"""

import hashlib
import inspect
import shutil
import subprocess

import patches

ALL = {}


class Failed(Exception):
    pass


class Recipe:
    def __init__(self, function, name, file, uses):
        self.function, self.name, self.file, self.uses = function, name, file, uses
        self.summary = (function.__doc__ or "").strip()

    def key(self):
        """Changes with the recipe, with what all recipes share, and with the fixtures it uses."""
        text = inspect.getsource(self.function) + SHARED + repr(self.file)
        if "patches." in text:
            text += inspect.getsource(patches)
        text += "".join(ALL[name].key() for name in self.uses)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def make(self, path, make_other):
        self.function(path, *[make_other(name) for name in self.uses])


def fixture(file, uses=(), name=None):
    """Registers a recipe; its name is the file's, without the ending, unless told."""

    def register(function):
        chosen = name or file.partition(".")[0]
        ALL[chosen] = Recipe(function, chosen, file, uses)
        return function

    return register


def ffmpeg(*arguments):
    # -bitexact: the same bytes on every run, no encoder version or date in the file.
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments[:-1])]
    command += ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    done = subprocess.run([*command, str(arguments[-1])], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()[-800:]}")


def picture(seconds=12, rate="25", size="320x180"):
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]


def tone(seconds=12, start=220, sample_rate=48000):
    # A sweep: every stretch of it differs from every other.
    sweep = f"0.4*sin(2*PI*t*({start}+15*t))|0.4*sin(2*PI*t*({start * 1.5}+11*t))"
    return ["-f", "lavfi", "-i", f"aevalsrc={sweep}:s={sample_rate}:d={seconds}"]


def h264(gop=50, extra="", bframes=0):
    parameters = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={bframes}{extra}"
    return ["-c:v", "libx264", "-preset", "veryfast", "-crf", "30", "-pix_fmt", "yuv420p",
            "-x264-params", parameters]


def hevc(extra="", pixels="yuv420p"):
    parameters = f"log-level=error:keyint=50:min-keyint=50:scenecut=0:open-gop=0:bframes=2{extra}"
    return ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "32", "-pix_fmt", pixels,
            "-x265-params", parameters]


AAC = ["-c:a", "aac", "-b:a", "96k"]
FRONT = ["-movflags", "+faststart"]
SHARED = "".join(map(inspect.getsource, (ffmpeg, picture, tone, h264, hevc)))
SHARED += repr((AAC, FRONT))


# Tables and timing


@fixture("basic.mp4")
def basic(path):
    """H.264 and AAC, 12 s at 25 fps, key frames 2 s apart, moov in front"""
    ffmpeg(*picture(), *tone(), *h264(), *AAC, *FRONT, path)


@fixture("bframes.mp4")
def bframes(path):
    """B-frame pyramid: two frames of reorder delay, hidden by an edit list"""
    ffmpeg(*picture(), *tone(), *h264(bframes=3, extra=":b-pyramid=normal"), *AAC, *FRONT, path)


@fixture("bframes1.mp4")
def bframes1(path):
    """B frames without a pyramid: one frame of reorder delay"""
    ffmpeg(*picture(), *tone(), *h264(bframes=2, extra=":b-pyramid=none"), *AAC, *FRONT, path)


@fixture("bframes3.mp4", uses=["bframes"])
def bframes3(path, bframes):
    """the same with three frames of delay: offsets and edit list one frame larger"""
    patches.delay_presentation(bframes, path, frames=1)


@fixture("negctts.mp4")
def negctts(path):
    """B frames with signed composition offsets (ctts version 1)"""
    ffmpeg(*picture(), *tone(), *h264(bframes=3), *AAC,
           "-movflags", "+faststart+negative_cts_offsets", path)


@fixture("opengop.mp4")
def opengop(path):
    """open groups: frames decoded after a sync sample, presented before it"""
    ffmpeg(*picture(), *tone(), *h264(bframes=3, extra=":open-gop=1"), *AAC, *FRONT, path)


@fixture("ntsc.mp4")
def ntsc(path):
    """30000/1001 frames a second, key frames 60 frames apart"""
    ffmpeg(*picture(rate="30000/1001"), *tone(), *h264(gop=60, bframes=2), *AAC, *FRONT, path)


@fixture("vfr.mp4")
def vfr(path):
    """variable frame rate: frames dropped in an uneven pattern"""
    ffmpeg(*picture(), *tone(), "-vf", "select='mod(n+1,5)*mod(n+1,7)'", "-vsync", "vfr",
           *h264(gop=40, bframes=2), *AAC, *FRONT, path)


@fixture("gop332.mp4")
def gop332(path):
    """key frames 3.32 s apart: no whole number of seconds anywhere"""
    ffmpeg(*picture(seconds=20), *tone(seconds=20), *h264(gop=83, bframes=2), *AAC, *FRONT, path)


@fixture("allintra.mp4")
def allintra(path):
    """every frame a key frame: no stss box"""
    ffmpeg(*picture(seconds=6), *tone(seconds=6), *h264(gop=1), *AAC, *FRONT, path)


@fixture("audiolate.mp4")
def audiolate(path):
    """audio starts 0.7 s late: an empty edit"""
    ffmpeg(*picture(), "-itsoffset", "0.7", *tone(seconds=11), *h264(bframes=2), *AAC, *FRONT, path)


@fixture("editlist.mp4", uses=["bframes"])
def editlist(path, bframes):
    """trimmed by edit lists: the first 1.3 s of the media is not presented"""
    ffmpeg("-ss", "1.3", "-i", bframes, "-map", "0", "-c", "copy", *FRONT, path)


@fixture("noaudio.mp4")
def noaudio(path):
    """video alone"""
    ffmpeg(*picture(), *h264(bframes=2), *FRONT, path)


@fixture("audioonly.mp4")
def audioonly(path):
    """audio alone"""
    ffmpeg(*tone(), *AAC, *FRONT, path)


@fixture("rotated.mp4", uses=["basic"])
def rotated(path, basic):
    """display matrix: turned by 90 degrees"""
    ffmpeg("-i", basic, "-map", "0", "-c", "copy", "-metadata:s:v", "rotate=90", *FRONT, path)


# Layout of the file


@fixture("moovend.mp4", uses=["basic"])
def moovend(path, basic):
    """moov behind mdat"""
    ffmpeg("-i", basic, "-map", "0", "-c", "copy", path)


@fixture("fragmented.mp4", uses=["bframes"])
def fragmented(path, bframes):
    """fragments at key frames, offsets relative to the moof (default-base-is-moof)"""
    ffmpeg("-i", bframes, "-map", "0", "-c", "copy",
           "-movflags", "+frag_keyframe+empty_moov+default_base_moof", path)


@fixture("fragmented-base-offset.mp4", uses=["bframes"])
def fragmented_base_offset(path, bframes):
    """fragments with absolute base data offsets in tfhd"""
    ffmpeg("-i", bframes, "-map", "0", "-c", "copy",
           "-movflags", "+frag_keyframe+empty_moov", path)


@fixture("fragmented-sidx.mp4", uses=["bframes"])
def fragmented_sidx(path, bframes):
    """fragments with a sidx in front"""
    ffmpeg("-i", bframes, "-map", "0", "-c", "copy",
           "-movflags", "+frag_keyframe+empty_moov+default_base_moof+global_sidx", path)


@fixture("fragmented-editlist.mp4", uses=["bframes"])
def fragmented_editlist(path, bframes):
    """fragments, with edit lists in the moov for reorder delay and audio priming"""
    ffmpeg("-i", bframes, "-map", "0", "-c", "copy",
           "-movflags", "+frag_keyframe+empty_moov+default_base_moof+delay_moov", path)


@fixture("hours5.mp4", uses=["fragmented-editlist"])
def hours5(path, fragmented):
    """fragments whose decode times begin at five hours: as in a recording that was cut"""
    patches.shift_fragments(fragmented, path, seconds=18000)


@fixture("over4g.mp4", uses=["bframes"])
def over4g(path, bframes):
    """sparse, 5 GiB: samples below and beyond 4 GiB, co64, an mdat with a 64-bit size"""
    patches.spread_over_4_gib(bframes, path)


# Several files, several tracks


@fixture("ladder", name="ladder")
def ladder(path):
    """a folder: 1080p, 720p and 360p with the same key frames, two languages, two subtitles"""
    path.mkdir()
    renditions = [("1080p", "1920x1080"), ("720p", "1280x720"), ("360p", "640x360")]
    outputs = []
    for name, size in renditions:
        outputs += ["-map", "0:v", "-s", size, *h264(bframes=2), "-preset", "ultrafast",
                    *FRONT, path / f"{name}.mp4"]
    ffmpeg(*picture(size="640x360"), *outputs)
    for language, start in [("en", 220), ("de", 330)]:
        ffmpeg(*tone(start=start), *AAC, "-metadata:s:a", f"language={language}", *FRONT,
               path / f"audio.{language}.m4a")
    for language, word in [("en", "second"), ("de", "Sekunde")]:
        cues = [f"00:00:{second:02}.000 --> 00:00:{second:02}.900\n{word} {second}\n"
                for second in range(12)]
        (path / f"{language}.vtt").write_text("WEBVTT\n\n" + "\n".join(cues))


@fixture("misaligned", name="misaligned")
def misaligned(path):
    """a folder: key frames 2 s apart in 360p, 3.32 s in 180p: none in common but the first"""
    path.mkdir()
    ffmpeg(*picture(seconds=20), "-map", "0:v", "-s", "640x360", *h264(gop=50), *FRONT,
           path / "360p.mp4", "-map", "0:v", *h264(gop=83), *FRONT, path / "180p.mp4")


@fixture("misaligned-common", name="misaligned-common")
def misaligned_common(path):
    """a folder: key frames 2 s apart in 360p, 3 s in 180p: every 6 s in common"""
    path.mkdir()
    ffmpeg(*picture(seconds=20), "-map", "0:v", "-s", "640x360", *h264(gop=50), *FRONT,
           path / "360p.mp4", "-map", "0:v", *h264(gop=75), *FRONT, path / "180p.mp4")


@fixture("flashbeep.mp4")
def flashbeep(path):
    """a white flash and a 1 kHz beep at 0.4 s of every second, 10 s, with B frames"""
    flash = "drawbox=c=white:t=fill:enable='between(mod(n,25),10,12)'"
    beep = "0.8*sin(2*PI*1000*t)*gte(mod(t,1),0.4)*lt(mod(t,1),0.52)"
    ffmpeg("-f", "lavfi", "-i", "color=black:size=320x180:rate=25:duration=10",
           "-f", "lavfi", "-i", f"aevalsrc='{beep}':s=48000:d=10",
           "-vf", flash, *h264(bframes=3), *AAC, *FRONT, path)
