/// How parent and child talk: each message is its size, four bytes in big-endian order, and that
/// many bytes.
///
/// A request is an init segment and media that begin with a key frame; its answer is a JPEG, or
/// nothing where no picture can be made of it.
package struct ThumbnailMessage {
    private static let sizeFieldBytes = 4
    private let limitBytes: Int
    private var received: [UInt8] = []

    /// - Parameter limitBytes: a larger message is none that was ever sent.
    package init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    package static func framed(_ body: [UInt8]...) -> [UInt8] {
        let count = UInt32(body.reduce(0) { $0 + $1.count })
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sizeFieldBytes + Int(count))
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        for part in body { bytes += part }
        return bytes
    }

    /// Takes bytes as they come.
    ///
    /// - Returns: the message's body once it is whole.
    /// - Throws: `childFailed` where it would be too large, or more follows it.
    package mutating func receive(_ bytes: [UInt8]) throws(TranscodingError) -> [UInt8]? {
        received += bytes
        guard received.count >= Self.sizeFieldBytes else { return nil }
        let count = Int(
            received.prefix(Self.sizeFieldBytes).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        )
        let end = Self.sizeFieldBytes + count
        guard count <= limitBytes, received.count <= end else { throw .childFailed(exitCode: 0) }
        guard received.count == end else { return nil }
        defer { received = [] }
        return Array(received[Self.sizeFieldBytes...])
    }
}
