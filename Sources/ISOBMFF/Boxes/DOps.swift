extension OpusConfiguration {
    /// Samples a second of every Opus track.
    static let sampleRate: UInt32 = 48_000

    /// Reads `dOps`. Encapsulation of Opus in ISO Base Media File Format §4.3.2
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let version = try box.readUInt8()
        guard version == 0 else {
            throw .invalid(box: box.type, field: "Version", value: Int64(version))
        }
        let channelCount = try box.readUInt8()
        guard channelCount > 0 else {
            throw .invalid(box: box.type, field: "OutputChannelCount", value: 0)
        }
        self.init(channelCount: channelCount, preSkip: try box.readUInt16())
    }
}
