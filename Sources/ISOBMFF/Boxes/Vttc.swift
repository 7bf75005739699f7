/// A cue of a sample of a `wvtt` track.
///
/// ISO/IEC 14496-30 §7.5
package struct VTTCue: Hashable, Sendable {
    /// Equal in all samples that hold parts of one cue: `vsid`.
    package var sourceID: UInt32?
    /// What a player's scripts call it: `iden`.
    package var identifier = ""
    /// Where it stands in the picture: `sttg`.
    package var settings = ""
    /// WebVTT text: `payl`.
    package var payload = ""

    package init(payload: String) {
        self.payload = payload
    }

    /// Reads the cues of a sample, none where it is an empty one (`vtte`).
    ///
    /// - Throws: `ISOBMFFError` where a box is cut.
    package static func cues(ofSample bytes: [UInt8]) throws(ISOBMFFError) -> [VTTCue] {
        var sample = BoxReader(type: "wvtt", bytes: bytes)
        var cues: [VTTCue] = []
        while let box = try sample.nextBox() {
            if box.type == "vttc" { cues.append(try VTTCue(box)) }
        }
        return cues
    }

    /// The file header of a `wvtt` sample entry with its style sheets and regions: `vttC`.
    ///
    /// - Throws: `ISOBMFFError` where a box is cut.
    package static func fileHeader(
        ofEntry entry: SampleEntry
    ) throws(ISOBMFFError) -> [UInt8]? {
        var bytes = BoxReader(type: entry.format, bytes: entry.boxBytes)
        // The box's own header, then what every sample entry begins with.
        try bytes.skip(BoxHeader.smallSizeBytes + 8)
        guard var header = try bytes.firstChild("vttC") else { return nil }
        return try header.readBytes(header.remaining)
    }

    private init(_ vttc: BoxReader) throws(ISOBMFFError) {
        var vttc = vttc
        while var box = try vttc.nextBox() {
            switch box.type {
            case "vsid": sourceID = try box.readUInt32()
            case "iden": identifier = try box.readText()
            case "sttg": settings = try box.readText()
            case "payl": payload = try box.readText()
            default: break
            }
        }
    }
}

extension BoxReader {
    /// All that is left, as UTF-8.
    fileprivate mutating func readText() throws(ISOBMFFError) -> String {
        String(decoding: try readBytes(remaining), as: UTF8.self)
    }
}
