/// Messages about the chunks and the connection that something is done about.
///
/// RTMP 1.0 §5.4, §7.1.7
enum RTMPControl: Hashable, Sendable {
    case setChunkSize(Int)
    case windowAcknowledgementSize(UInt32)
    /// To be answered with its timestamp.
    case ping(UInt32)

    /// Nothing where nothing is to be done.
    init?(_ type: UInt8, _ body: Span<UInt8>) {
        func integer(_ offset: Int) -> UInt32? {
            guard body.count >= offset + 4 else { return nil }
            return (offset..<offset + 4).reduce(0) { $0 << 8 | UInt32(body[$1]) }
        }
        switch type {
        case RTMPMessageType.setChunkSize:
            guard let size = integer(0) else { return nil }
            self = .setChunkSize(Int(size & 0x7FFF_FFFF))
        case RTMPMessageType.windowAcknowledgementSize:
            guard let size = integer(0) else { return nil }
            self = .windowAcknowledgementSize(size)
        case RTMPMessageType.userControl:
            guard body.count >= 2, body[0] == 0, body[1] == 6, let stamp = integer(2) else {
                return nil
            }
            self = .ping(stamp)
        default: return nil
        }
    }
}

/// When the encoder is to be told how much has come.
///
/// RTMP 1.0 §5.4.3
package struct AcknowledgementWindow: Sendable {
    /// The encoder's.
    package var window = RTMPLimits.acknowledgementWindowBytes
    private var acknowledged: UInt32 = 0

    package init() {}

    /// Whether it is time; it is then counted as done.
    ///
    /// - Parameter receivedByteCount: all that has come; wraps.
    /// - Returns: true once for each half of the window.
    package mutating func isDue(receivedByteCount: UInt32) -> Bool {
        guard receivedByteCount &- acknowledged >= window / 2 else { return false }
        acknowledged = receivedByteCount
        return true
    }
}
