/// One step of writing a segment: a PES packet, or a transport packet with a PCR alone.
struct TransportUnit: Sendable {
    enum Kind: UInt8, Sendable {
        /// One access unit.
        case video
        /// One or more frames.
        case audio
        /// A PCR between access units that are far apart.
        case clock
    }

    var kind: Kind
    /// Whether the parameter sets stand in front and `random_access_indicator` is set.
    var isSync = false
    /// Whether its first transport packet carries a PCR.
    var hasClock = false
    /// The samples, as places in the slices of the segment's input.
    var firstSlice = 0
    var sliceCount = 0
    /// Bytes of PES header and payload at most.
    var plannedSizeBytes = 0
    /// Transport packets that it takes, whatever its payload turns out to be.
    var packetCount = 1
    /// Ticks of 90 kHz on the timeline of the stream, not wrapped.
    var presentationTime: Int64 = 0
    var decodeTime: Int64 = 0

    /// Ticks of the PCR base that goes with it.
    var clockTime: Int64 { decodeTime - TransportTime.clockLead }

    /// Bytes of the PES header: 9, and 5 for each time. ISO/IEC 13818-1 §2.4.3.6
    var headerSizeBytes: Int { presentationTime == decodeTime ? 14 : 19 }

    /// Fewest transport packets that hold `plannedSizeBytes`.
    mutating func countPackets() {
        let first =
            PacketWriter.payloadSizeBytes - (hasClock ? PacketWriter.clockFieldSizeBytes : 0)
        let rest = max(0, plannedSizeBytes - first)
        packetCount =
            1 + (rest + PacketWriter.payloadSizeBytes - 1) / PacketWriter.payloadSizeBytes
    }
}
