"""How each fixture is made: one function a fixture, its doc comment the line in the list.

Pictures are small and the presets fast: together they take less than a minute on two cores.
Sound and picture change all the time, so that no two frames hash alike.
"""

import hashlib
import inspect
import subprocess

import boxes
import captions
import joining
import sample_entries
import text_tracks
import timing

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
        for module in (timing, sample_entries, joining, captions, text_tracks):
            if f"{module.__name__}." in text:
                text += inspect.getsource(module) + inspect.getsource(boxes)
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


def hdr(transfer, path, extra=""):
    tags = f":colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    ffmpeg(*picture(seconds=8), *tone(seconds=8), *hevc(tags + extra, pixels="yuv420p10le"),
           "-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc",
           "-tag:v", "hvc1", *AAC, *FRONT, path)


AAC = ["-c:a", "aac", "-b:a", "96k"]
FRONT = ["-movflags", "+faststart"]
VP9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-crf", "45",
       "-b:v", "0", "-g", "50", "-keyint_min", "50"]
MASTER = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
SHARED = "".join(map(inspect.getsource, (ffmpeg, picture, tone, h264, hevc, hdr)))
SHARED += repr((AAC, FRONT, VP9, MASTER))


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
    timing.delay_presentation(bframes, path, frames=1)


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


@fixture("editlist.mp4")
def editlist(path):
    """trimmed by edit lists: the first 1.3 s of the media is not presented"""
    whole = path.with_suffix(".whole.mp4")
    # Without noise substitution, which makes decoded sound depend on where decoding began.
    ffmpeg(*picture(), *tone(), *h264(bframes=3, extra=":b-pyramid=normal"), *AAC,
           "-aac_pns", "0", *FRONT, whole)
    ffmpeg("-ss", "1.3", "-i", whole, "-map", "0", "-c", "copy", *FRONT, path)
    whole.unlink()


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
    timing.shift_fragments(fragmented, path, seconds=18000)


@fixture("over4g.mp4", uses=["bframes"])
def over4g(path, bframes):
    """sparse, 5 GiB: samples below and beyond 4 GiB, co64, an mdat with a 64-bit size"""
    timing.spread_over_4_gib(bframes, path)


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


# Captions and text inside


def captioned(path, codec, raw, kind):
    plain, marked = path.with_suffix(f".plain.{raw}"), path.with_suffix(f".{raw}")
    ffmpeg(*picture(), *codec, "-f", raw, plain)
    captions.insert(plain, marked, kind)
    # A raw stream has no times: constant rate, decoded in the order it is shown.
    ffmpeg("-r", "25", "-i", marked, *tone(), "-map", "0:v", "-map", "1:a", "-c:v", "copy", *AAC,
           *FRONT, path)
    plain.unlink()
    marked.unlink()


@fixture("captions.mp4")
def captions_avc(path):
    """H.264 with CEA-608 captions in its SEI messages, and AAC"""
    captioned(path, h264(), "h264", captions.AVC)


@fixture("captions-hevc.mp4")
def captions_hevc(path):
    """the same in HEVC"""
    captioned(path, hevc(":bframes=0"), "hevc", captions.HEVC)


def cue_file(path):
    cues = [f"{n + 1}\n00:00:{n:02},200 --> 00:00:{n:02},900\nsecond {n} <&>\nline 2\n"
            for n in range(12)]
    path.write_text("\n".join(cues))
    return path


@fixture("tx3g.mp4", uses=["basic"])
def tx3g(path, basic):
    """timed text inside (tx3g, as mov_text), English, with gaps between the cues"""
    subtitles = cue_file(path.with_suffix(".srt"))
    ffmpeg("-i", basic, "-i", subtitles, "-map", "0", "-map", "1", "-c", "copy",
           "-c:s", "mov_text", "-metadata:s:s", "language=eng", *FRONT, path)
    subtitles.unlink()


@fixture("wvtt.mp4", uses=["tx3g"])
def wvtt(path, tx3g):
    """WebVTT inside (wvtt), German: a cue over two samples, settings, a style sheet"""
    text_tracks.append_wvtt(tx3g, path)


# Codecs


@fixture("hevc.mp4")
def hevc_hvc1(path):
    """HEVC, parameter sets in the sample entry (hvc1)"""
    ffmpeg(*picture(seconds=8), *tone(seconds=8), *hevc(), "-tag:v", "hvc1", *AAC, *FRONT, path)


@fixture("hevc-hev1.mp4", uses=["hevc"])
def hevc_hev1(path, hevc):
    """HEVC, parameter sets allowed in the samples (hev1)"""
    ffmpeg("-i", hevc, "-map", "0", "-c", "copy", "-tag:v", "hev1", *FRONT, path)


@fixture("hdr-pq.mp4")
def hdr_pq(path):
    """HEVC Main 10, BT.2020 and PQ, with mastering display and content light boxes"""
    plain = path.with_suffix(".plain.mp4")
    hdr("smpte2084", plain, ":hdr10=1:master-display=" + MASTER + ":max-cll=1000,400")
    light = [sample_entries.mdcv(), sample_entries.clli(1000, 400)]
    sample_entries.append_to_video_entry(plain, path, light)
    plain.unlink()


@fixture("hdr-hlg.mp4")
def hdr_hlg(path):
    """HEVC Main 10, BT.2020 and HLG"""
    hdr("arib-std-b67", path)


@fixture("dolby-vision.mp4", uses=["hdr-pq"])
def dolby_vision(path, hdr_pq):
    """hdr-pq with a dvvC box that says profile 8.1 (no RPU in the stream)"""
    configuration = sample_entries.dvvc(profile=8, level=3, compatible=1)
    sample_entries.append_to_video_entry(hdr_pq, path, [configuration])


@fixture("vp9.mp4")
def vp9(path):
    """VP9 and Opus in MP4"""
    ffmpeg(*picture(seconds=8), *tone(seconds=8), *VP9, "-c:a", "libopus", *FRONT, path)


@fixture("av1.mp4")
def av1(path):
    """AV1 and AAC"""
    ffmpeg(*picture(seconds=8), *tone(seconds=8), "-c:v", "libsvtav1", "-preset", "12",
           "-crf", "50", "-g", "50", "-svtav1-params", "scd=0", *AAC, *FRONT, path)


def with_sound(path, basic, *codec):
    ffmpeg("-i", basic, *tone(), "-map", "0:v", "-map", "1:a", "-c:v", "copy", *codec,
           "-strict", "experimental", *FRONT, path)


@fixture("heaac.mp4")
def heaac(path):
    """HE-AAC as signalled: AAC-LC at 24 kHz whose configuration says SBR to 48 kHz"""
    # Debian has no encoder for it. Decoders play such a file at 48 kHz, the upper band empty.
    plain = path.with_suffix(".plain.mp4")
    ffmpeg(*picture(), *tone(sample_rate=24000), *h264(), "-c:a", "aac", "-b:a", "48k",
           *FRONT, plain)
    sample_entries.signal_sbr(plain, path)
    plain.unlink()


@fixture("opus.mp4", uses=["basic"])
def opus(path, basic):
    """H.264 and Opus"""
    with_sound(path, basic, "-c:a", "libopus", "-b:a", "64k")


@fixture("flac.mp4", uses=["basic"])
def flac(path, basic):
    """H.264 and FLAC"""
    with_sound(path, basic, "-c:a", "flac")


@fixture("mp3.mp4", uses=["basic"])
def mp3(path, basic):
    """H.264 and MP3"""
    with_sound(path, basic, "-c:a", "libmp3lame", "-b:a", "96k")


@fixture("ac3.mp4", uses=["basic"])
def ac3(path, basic):
    """H.264 and AC-3"""
    with_sound(path, basic, "-c:a", "ac3", "-b:a", "128k")


@fixture("eac3.mp4", uses=["basic"])
def eac3(path, basic):
    """H.264 and E-AC-3"""
    with_sound(path, basic, "-c:a", "eac3", "-b:a", "128k")


@fixture("codecchange.mp4")
def codecchange(path):
    """two sample entries: 6 s of 320x180, then 6 s of 640x360, over one AAC track"""
    first, second = path.with_suffix(".1.mp4"), path.with_suffix(".2.mp4")
    ffmpeg(*picture(seconds=6), *tone(), *h264(bframes=2), *AAC, *FRONT, first)
    ffmpeg(*picture(seconds=6, size="640x360"), *h264(bframes=2), second)
    joining.append_video(first, second, path)
    first.unlink()
    second.unlink()


@fixture("codecchange-fragmented.mp4")
def codecchange_fragmented(path):
    """the same change in fragments (tfhd names the sample entry), no audio"""
    first, second = path.with_suffix(".1.mp4"), path.with_suffix(".2.mp4")
    flags = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof+delay_moov"]
    ffmpeg(*picture(seconds=6), *h264(bframes=2), *flags, first)
    ffmpeg(*picture(seconds=6, size="640x360"), *h264(bframes=2), *flags, second)
    joining.append_video_fragments(first, second, path, seconds=6)
    first.unlink()
    second.unlink()


# Other containers, for the import


@fixture("mkv2audio.mkv", uses=["ladder", "bframes"])
def mkv2audio(path, ladder, bframes):
    """Matroska: H.264, AAC in English and German, SubRip subtitles"""
    subtitles = path.with_suffix(".srt")
    cues = [f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n:02},900\nsecond {n}\n" for n in range(12)]
    subtitles.write_text("\n".join(cues))
    ffmpeg("-i", bframes, "-i", ladder / "audio.en.m4a", "-i", ladder / "audio.de.m4a",
           "-i", subtitles, "-map", "0:v", "-map", "1", "-map", "2", "-map", "3", "-c", "copy",
           "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger",
           "-metadata:s:s", "language=eng", path)
    subtitles.unlink()


@fixture("webm.webm")
def webm(path):
    """WebM: VP9 and Opus"""
    ffmpeg(*picture(seconds=8), *tone(seconds=8), *VP9, "-c:a", "libopus", path)


def contained(path, source, *arguments):
    ffmpeg("-i", source, "-map", "0", "-c", "copy", *arguments, path)


@fixture("mov.mov", uses=["bframes"])
def mov(path, bframes):
    """QuickTime: H.264 and AAC"""
    contained(path, bframes)


@fixture("ts.ts", uses=["bframes"])
def ts(path, bframes):
    """MPEG transport stream: H.264 and AAC"""
    contained(path, bframes)


@fixture("flv.flv", uses=["bframes"])
def flv(path, bframes):
    """FLV: H.264 and AAC"""
    contained(path, bframes)


@fixture("avi.avi", uses=["mp3"])
def avi(path, mp3):
    """AVI: H.264 without B frames, and MP3"""
    contained(path, mp3, "-bsf:v", "h264_mp4toannexb")


@fixture("unpackageable.mkv")
def unpackageable(path):
    """Matroska: MPEG-1 video and PCM, which no segment format here can carry"""
    ffmpeg(*picture(seconds=2), *tone(seconds=2), "-c:v", "mpeg1video", "-c:a", "pcm_s16le", path)


# Long ones, for the index and the bench


@fixture("twohours.mp4")
def twohours(path):
    """two hours: 180 000 video and 337 500 audio samples, tiny ones"""
    # 64 s are 1600 video frames and 3000 of AAC exactly, so a loop leaves no seam.
    sound = path.with_suffix(".aac")
    ffmpeg(*tone(seconds=64), "-c:a", "aac", "-b:a", "16k", "-frames:a", "3000", sound)
    sound.write_bytes(sound.read_bytes() * 113)
    two_hours(path, "128x72", ["-i", sound])
    sound.unlink()


@fixture("twohours-ladder", name="twohours-ladder", uses=["twohours"])
def twohours_ladder(path, twohours):
    """a folder: three renditions of two hours, the same sound in each"""
    path.mkdir()
    for name, size in [("720p", "128x72"), ("480p", "112x64"), ("240p", "96x54")]:
        two_hours(path / f"{name}.mp4", size, ["-i", twohours])


def two_hours(path, size, sound):
    loop = path.with_suffix(".loop.mp4")
    ffmpeg(*picture(seconds=64, size=size), *h264(bframes=2), "-crf", "50", loop)
    ffmpeg("-stream_loop", "112", "-i", loop, *sound, "-map", "0:v", "-map", "1:a",
           "-t", "7200", "-c", "copy", *FRONT, path)
    loop.unlink()
