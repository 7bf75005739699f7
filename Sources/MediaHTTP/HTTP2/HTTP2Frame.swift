import NIOCore

/// The nine bytes before each frame's payload. RFC 9113 §4.1
struct HTTP2FrameHeader: Hashable, Sendable {
    static let sizeBytes = 9
    /// Of payloads, unless a peer allows more; we never do. §4.2
    static let standardPayloadSizeBytes = 16_384

    var payloadSizeBytes: Int
    var kind: UInt8
    var flags: Flags
    /// 0 is the connection itself.
    var streamID: UInt32

    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let endStream = Flags(rawValue: 0x1)
        static let acknowledgement = Flags(rawValue: 0x1)
        static let endHeaders = Flags(rawValue: 0x4)
        static let padded = Flags(rawValue: 0x8)
        static let priority = Flags(rawValue: 0x20)
    }

    /// Kinds; those that are not named here are passed over. §6, RFC 9218 §7.1
    enum Kind {
        static let data: UInt8 = 0x0
        static let headers: UInt8 = 0x1
        static let priority: UInt8 = 0x2
        static let resetStream: UInt8 = 0x3
        static let settings: UInt8 = 0x4
        static let pushPromise: UInt8 = 0x5
        static let ping: UInt8 = 0x6
        static let goAway: UInt8 = 0x7
        static let windowUpdate: UInt8 = 0x8
        static let continuation: UInt8 = 0x9
        static let priorityUpdate: UInt8 = 0x10
    }
}

extension ByteBuffer {
    /// The next frame's header, if its nine bytes are here; they stay.
    func peekFrameHeader() -> HTTP2FrameHeader? {
        guard
            let (word, flags, stream) = getMultipleIntegers(
                at: readerIndex,
                as: (UInt32, UInt8, UInt32).self
            )
        else { return nil }
        return HTTP2FrameHeader(
            payloadSizeBytes: Int(word >> 8),
            kind: UInt8(truncatingIfNeeded: word),
            flags: .init(rawValue: flags),
            // The first bit is reserved, and ignored.
            streamID: stream & 0x7FFF_FFFF
        )
    }

    mutating func writeFrameHeader(_ header: HTTP2FrameHeader) {
        writeMultipleIntegers(
            UInt32(truncatingIfNeeded: header.payloadSizeBytes) << 8 | UInt32(header.kind),
            header.flags.rawValue,
            header.streamID
        )
    }

    mutating func writeDataFrame(_ bytes: ByteBuffer, streamID: UInt32, isLast: Bool) {
        writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: bytes.readableBytes,
                kind: HTTP2FrameHeader.Kind.data,
                flags: isLast ? .endStream : [],
                streamID: streamID
            )
        )
        writeImmutableBuffer(bytes)
    }

    mutating func writeResetFrame(_ code: HTTP2ErrorCode, streamID: UInt32) {
        writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: 4,
                kind: HTTP2FrameHeader.Kind.resetStream,
                flags: [],
                streamID: streamID
            )
        )
        writeInteger(code.rawValue)
    }

    mutating func writeGoAwayFrame(_ code: HTTP2ErrorCode, lastStreamID: UInt32) {
        writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: 8,
                kind: HTTP2FrameHeader.Kind.goAway,
                flags: [],
                streamID: 0
            )
        )
        writeMultipleIntegers(lastStreamID, code.rawValue)
    }

    mutating func writeWindowUpdateFrame(_ increment: Int, streamID: UInt32) {
        writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: 4,
                kind: HTTP2FrameHeader.Kind.windowUpdate,
                flags: [],
                streamID: streamID
            )
        )
        writeInteger(UInt32(truncatingIfNeeded: increment))
    }

    mutating func writePingFrame(_ data: UInt64, isAcknowledgement: Bool) {
        writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: 8,
                kind: HTTP2FrameHeader.Kind.ping,
                flags: isAcknowledgement ? .acknowledgement : [],
                streamID: 0
            )
        )
        writeInteger(data)
    }

    /// Settings, or the acknowledgement of the peer's where there are none.
    mutating func writeSettingsFrame(_ settings: [(HTTP2Settings.Name, UInt32)]) {
        writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: settings.count * HTTP2Settings.entrySizeBytes,
                kind: HTTP2FrameHeader.Kind.settings,
                flags: settings.isEmpty ? .acknowledgement : [],
                streamID: 0
            )
        )
        for (name, value) in settings { writeMultipleIntegers(name.rawValue, value) }
    }
}
