package import ISOBMFF

extension SampleEntry {
    /// The `codecs` parameter of this entry as it stands: with the entry's own four characters.
    ///
    /// RFC 6381 §3.3, ISO/IEC 14496-15 annex E
    package var codecString: String {
        var writer = TextWriter(capacity: 32)
        switch codec {
        case .avc(let configuration):
            configuration.writeCodecString(format: format, to: &writer)
        case .hevc(let configuration):
            if format == "dvh1" || format == "dvhe", let dolbyVision = video?.dolbyVision {
                dolbyVision.writeCodecString(format: format, to: &writer)
            } else {
                configuration.writeCodecString(format: format, to: &writer)
            }
        case .av1(let configuration):
            configuration.writeCodecString(color: video?.color, to: &writer)
        case .vp9(let configuration):
            configuration.writeCodecString(to: &writer)
        case .aac(let configuration):
            writer.append("mp4a.40.")
            writer.append(Int(configuration.objectType))
        case .mp3:
            // What `esds` says, and the only name that browsers' media sources take; 40.34 is for
            // transport streams, where there is no `esds`.
            writer.append("mp4a.6B")
        case .opus: writer.append("opus")
        case .flac: writer.append("fLaC")
        case .ac3: writer.append("ac-3")
        case .eac3: writer.append("ec-3")
        case .webVTT: writer.append("wvtt")
        case .timedText: writer.append("tx3g")
        case .other(let format): writer.append(format.description)
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The same for a transport stream, in which AVC and HEVC carry parameter sets in band or not
    /// as they like and MP3 has no `esds`.
    package var transportStreamCodecString: String {
        codec == .mp3 ? "mp4a.40.34" : codecString
    }
}

extension AVCConfiguration {
    /// `avc1.PPCCLL`: profile, constraints and level. RFC 6381 §3.3
    fileprivate func writeCodecString(format: FourCC, to writer: inout TextWriter) {
        writer.append(format.description)
        writer.append("." as Unicode.Scalar)
        for byte in [profile, compatibility, level] {
            writer.append(hexadecimal: UInt64(byte), digits: 2)
        }
    }
}

extension HEVCConfiguration {
    /// `hvc1.1.6.L93.B0`. ISO/IEC 14496-15 annex E.3
    fileprivate func writeCodecString(format: FourCC, to writer: inout TextWriter) {
        writer.append(format.description)
        writer.append("." as Unicode.Scalar)
        if (1...3).contains(profileSpace) {
            writer.append(Unicode.Scalar(UInt8(ascii: "A") + profileSpace - 1))
        }
        writer.append(Int(profile))
        writer.append("." as Unicode.Scalar)
        writer.append(hexadecimal: UInt64(profileCompatibility.bitReversed), isUpper: true)
        writer.append(isHighTier ? ".H" : ".L")
        writer.append(Int(level))
        var rest = constraints & 0xFFFF_FFFF_FFFF
        while rest != 0 {
            writer.append("." as Unicode.Scalar)
            writer.append(hexadecimal: rest >> 40, isUpper: true)
            rest = rest << 8 & 0xFFFF_FFFF_FFFF
        }
    }
}

extension UInt32 {
    /// The same bits, the least significant first.
    fileprivate var bitReversed: UInt32 {
        (0..<32).reduce(0) { $0 << 1 | self >> UInt32($1) & 1 }
    }
}
