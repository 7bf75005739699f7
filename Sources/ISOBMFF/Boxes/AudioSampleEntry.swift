/// Sample entry of an audio track, in ISO's form and in QuickTime's versions 0, 1 and 2.
///
/// Channels and rate of the entry are what old readers are told; a codec's configuration knows
/// better and wins.
///
/// ISO/IEC 14496-12 §12.2.3; QuickTime File Format, "Sound Sample Descriptions"
struct AudioSampleEntry {
    let entry: SampleEntry

    /// Reads an entry whose cursor stands behind the data reference number.
    init(_ box: BoxReader, stsdVersion: UInt8) throws(ISOBMFFError) {
        var children = box
        let stated = try Self.readFields(&children, stsdVersion: stsdVersion)
        let coded = try CodedAudio(format: box.type, stated: stated, children: children)
        var entry = SampleEntry(
            format: box.type,
            boxBytes: box.boxBytes,
            codec: coded.codec,
            audio: coded.audio,
            maximumBitrate: coded.maximumBitrate,
            averageBitrate: coded.averageBitrate
        )
        if case .other = coded.codec {
            // What an unknown format appends need not be boxes.
        } else if let box = try children.firstChild("btrt") {
            let rates = try Btrt(box)
            entry.maximumBitrate = rates.maximumBitrate
            entry.averageBitrate = rates.averageBitrate
        }
        self.entry = entry
    }

    /// Reads up to the child boxes.
    private static func readFields(
        _ box: inout BoxReader,
        stsdVersion: UInt8
    ) throws(ISOBMFFError) -> AudioProperties {
        let version = try box.readUInt16()
        try box.skip(2 + 4)  // reserved; QuickTime's revision, vendor
        let channelCount = Int(try box.readUInt16())
        try box.skip(2 + 2 + 2)  // samplesize, pre_defined, reserved
        let sampleRate = try box.readUInt32() >> 16
        let stated = AudioProperties(channelCount: channelCount, sampleRate: sampleRate)
        // In version 1 of stsd an entry's version is ISO's, and adds no fields.
        guard stsdVersion == 0 else { return stated }
        switch version {
        case 1:
            try box.skip(4 * 4)  // samples per packet, bytes per packet, frame and sample
            return stated
        case 2:
            return try readVersion2Fields(&box)
        default:
            return stated
        }
    }

    private static func readVersion2Fields(
        _ box: inout BoxReader
    ) throws(ISOBMFFError) -> AudioProperties {
        _ = try box.readUInt32()  // sizeOfStructOnly
        let rate = Double(bitPattern: try box.readUInt64())
        let channelCount = try box.readUInt32()
        try box.skip(5 * 4)  // always7F000000 … constLPCMFramesPerAudioPacket
        return AudioProperties(
            channelCount: Int(min(channelCount, UInt32(UInt16.max))),
            sampleRate: UInt32(exactly: rate) ?? 0
        )
    }
}
