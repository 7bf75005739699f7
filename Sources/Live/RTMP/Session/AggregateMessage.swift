/// Splits a message that holds several, each like a tag of FLV.
///
/// RTMP 1.0 §7.1.6
struct AggregateMessage {
    struct Part: Hashable {
        var type: UInt8
        var timestamp: UInt32
        /// Where its body stands in the aggregate's.
        var range: Range<Int>
    }

    private let timestamp: UInt32
    private var firstTimestamp: UInt32?
    private var offset = 0

    /// - Parameter timestamp: the aggregate's, which its first part has.
    init(timestamp: UInt32) {
        self.timestamp = timestamp
    }

    /// The next part; nil behind the last, and where one does not fit in.
    mutating func next(in body: Span<UInt8>) -> Part? {
        guard body.count - offset >= Self.headerCount else { return nil }
        func integer(_ at: Int) -> UInt32 {
            UInt32(body[at]) << 16 | UInt32(body[at + 1]) << 8 | UInt32(body[at + 2])
        }
        let size = Int(integer(offset + 1))
        let stamp = integer(offset + 4) | UInt32(body[offset + 7]) << 24
        let start = offset + Self.headerCount
        guard size <= body.count - start else { return nil }
        let first = firstTimestamp ?? stamp
        firstTimestamp = first
        // Behind each stands its size once more.
        let end = start + size + 4
        defer { offset = min(end, body.count) }
        return Part(
            type: body[offset],
            timestamp: timestamp &+ (stamp &- first),
            range: start..<start + size
        )
    }

    private static let headerCount = 11
}
