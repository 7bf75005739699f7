import ISOBMFF

/// What an adaptation set says of itself by scheme and value.
///
/// The order is the schema's: channels and properties, label, accessibility, role.
///
/// ISO/IEC 23009-1 §5.8
package enum DASHDescriptor {
    static func write(of track: AssetTrack, to writer: inout TextWriter) {
        writeProperties(of: track, to: &writer)
        writeRoles(of: track, to: &writer)
    }

    /// What stands before the producer's times: channels, properties and the label.
    package static func writeProperties(of track: AssetTrack, to writer: inout TextWriter) {
        if track.kind == .audio, let channels = DASHChannels(track) {
            write("AudioChannelConfiguration", channels.scheme, channels.value, to: &writer)
        }
        writeColor(of: track, to: &writer)
        if case .eac3(isJOC: true) = track.sampleEntries.first?.codec {
            let scheme = "tag:dolby.com,2018:dash:EC3_ExtensionType:2018"
            write("SupplementalProperty", scheme, "JOC", to: &writer)
        }
        if track.kind == .audio { writeLabel(track.label, to: &writer) }
    }

    /// What stands behind them: for whom, and as what.
    package static func writeRoles(of track: AssetTrack, to writer: inout TextWriter) {
        if track.kind == .audio, track.role == .description {
            write("Accessibility", audioPurpose, "1", to: &writer)
        }
        if track.hasClosedCaptions == true {
            write("Accessibility", "urn:scte:dash:cc:cea-608:2015", "CC1", to: &writer)
        }
        writeRole(role(of: track), to: &writer)
    }

    static func writeLabel(_ label: String, to writer: inout TextWriter) {
        guard !label.isEmpty else { return }
        writer.append("<Label>")
        writer.append(xmlText: label)
        writer.append("</Label>\n")
    }

    static func writeRole(_ value: String, to writer: inout TextWriter) {
        write("Role", "urn:mpeg:dash:role:2011", value, to: &writer)
    }

    package static func write(
        _ element: String,
        _ scheme: String,
        _ value: String,
        to writer: inout TextWriter
    ) {
        writer.append("<")
        writer.append(element)
        writer.xml("schemeIdUri", scheme)
        writer.xml("value", value)
        writer.append("/>\n")
    }

    /// 1: for the visually impaired, 2: for the hard of hearing. ETSI TS 102 822-3-1 annex A
    static let audioPurpose = "urn:tva:metadata:cs:AudioPurposeCS:2007"

    private static func role(of track: AssetTrack) -> String {
        switch track.role {
        case .main, .sdh, .forced: "main"
        case .commentary: "commentary"
        case .description: "alternate"
        }
    }

    /// Writes the colour's code points: essential where a display without high dynamic range would
    /// show a wrong picture, supplemental otherwise, and nothing where they are BT.709's.
    ///
    /// DASH-IF Interoperability Points, part 5
    private static func writeColor(of track: AssetTrack, to writer: inout TextWriter) {
        guard let color = track.sampleEntries.first?.video?.color else { return }
        let element =
            track.videoRange == .standard ? "SupplementalProperty" : "EssentialProperty"
        let values = [
            ("ColourPrimaries", color.primaries), ("TransferCharacteristics", color.transfer),
            ("MatrixCoefficients", color.matrix),
        ]
        // 2 is "unspecified".
        for (name, value) in values where value != 1 && value != 2 {
            write(element, "urn:mpeg:mpegB:cicp:\(name)", String(value), to: &writer)
        }
    }
}

/// The channels of an audio track, in the scheme of its codec.
struct DASHChannels {
    var scheme: String
    var value: String

    /// Nil where the number of channels is not known, or no code point stands for it.
    init?(_ track: AssetTrack) {
        guard let entry = track.sampleEntries.first else { return nil }
        switch entry.codec {
        case .ac3, .eac3:
            guard let value = Self.dolby[track.channelCount] else { return nil }
            scheme = "tag:dolby.com,2014:dash:audio_channel_configuration:2011"
            self.value = value
        default:
            guard let value = Self.codePoint(entry.codec, channelCount: track.channelCount) else {
                return nil
            }
            scheme = "urn:mpeg:mpegB:cicp:ChannelConfiguration"
            self.value = String(value)
        }
    }

    /// The code point of a speaker layout.
    ///
    /// AAC's own configurations are the same numbers; elsewhere four channels are two in front and
    /// two behind (10), seven are 6.1 (11) and eight 7.1 with rear channels (12).
    ///
    /// ISO/IEC 23091-3 §6.2
    private static func codePoint(_ codec: Codec, channelCount: Int) -> Int? {
        if case .aac(let configuration) = codec {
            let own = Int(configuration.channelConfiguration)
            let isParametricStereo = configuration.objectType == 29 && own == 1
            if (1...7).contains(own) || [11, 12, 14].contains(own), !isParametricStereo {
                return own
            }
        }
        switch (channelCount, codec) {
        case (1...3, _), (5...6, _): return channelCount
        case (4, .opus), (4, .flac): return 10
        case (4, _): return 4
        case (7, _): return 11
        case (8, _): return 12
        default: return nil
        }
    }

    /// Places as bits, left front first, low frequencies last. ETSI TS 102 366 §I.1.2.1
    private static let dolby: [Int: String] = [
        1: "4000", 2: "A000", 3: "E000", 4: "B800", 5: "F800", 6: "F801", 7: "F901", 8: "FA01",
    ]
}
