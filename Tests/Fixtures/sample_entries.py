"""Box surgery on sample entries: colour and Dolby Vision boxes, and SBR in esds."""

import struct

from boxes import Box, find_moov, read, sample_table, video_and_sound, write_resized


def append_to_video_entry(source, path, extra):
    """Puts boxes at the end of the only video sample entry."""
    boxes = read(source)
    moov = find_moov(boxes)
    before = len(bytes(moov))
    video, _ = video_and_sound(moov)
    stsd = sample_table(video).find(b"stsd")
    entry = stsd.payload[8:] + b"".join(map(bytes, extra))
    stsd.payload = stsd.payload[:8] + struct.pack(">I", len(entry)) + entry[4:]
    write_resized(boxes, path, before)


def mdcv():
    primaries = (13250, 34500, 7500, 3000, 34000, 16000)  # green, blue, red: P3
    return Box(b"mdcv", struct.pack(">8H2I", *primaries, 15635, 16450, 10000000, 50))


def clli(content, frame_average):
    return Box(b"clli", struct.pack(">2H", content, frame_average))


def dvvc(profile, level, compatible):
    # Version 1.0, profile (7 bits), level (6), RPU, EL and BL flags, compatibility (4).
    bits = profile << 25 | level << 19 | 1 << 18 | 0 << 17 | 1 << 16 | compatible << 12
    return Box(b"dvvC", struct.pack(">BBI", 1, 0, bits) + bytes(18))


def signal_sbr(source, path):
    """Says in an AAC-LC file's esds, explicitly and hierarchically, that SBR doubles 24 kHz."""
    boxes = read(source)
    moov = find_moov(boxes)
    before = len(bytes(moov))
    _, sound = video_and_sound(moov)
    stsd = sample_table(sound).find(b"stsd")
    start = stsd.payload.index(b"esds")
    size, = struct.unpack_from(">I", stsd.payload, start - 4)
    esds = stsd.payload[start + 4 : start - 4 + size]
    # Object type 5, 24 kHz (6), stereo (2), extended to 48 kHz (3), then object type 2.
    configuration = (5 << 27 | 6 << 23 | 2 << 19 | 3 << 15 | 2 << 10).to_bytes(4, "big")
    esds = set_decoder_specific_info(esds, configuration)
    box = bytes(Box(b"esds", esds))
    payload = stsd.payload[: start - 4] + box + stsd.payload[start - 4 + size :]
    entry_size = len(payload) - 8
    stsd.payload = payload[:8] + struct.pack(">I", entry_size) + payload[12:]
    write_resized(boxes, path, before)


def descriptor(tag, body):
    """ISO/IEC 14496-1 §8.3.3, with the four-byte length that ffmpeg writes too."""
    return bytes([tag, 0x80, 0x80, 0x80, len(body)]) + body


def set_decoder_specific_info(esds, configuration):
    """A new esds body: ES and DecoderConfig descriptors as they were, another configuration."""
    config_at = esds.index(b"\x04\x80\x80\x80") + 5
    head = esds[config_at : config_at + 13]
    config = descriptor(4, head + descriptor(5, configuration))
    return esds[:4] + descriptor(3, esds[9:12] + config + descriptor(6, b"\x02"))
