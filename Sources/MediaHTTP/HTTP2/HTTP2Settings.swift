import NIOCore

/// What the client said of itself. RFC 9113 §6.5.2
struct HTTP2Settings: Hashable, Sendable {
    enum Name: UInt16, Sendable {
        case headerTableSize = 0x1
        case enablePush = 0x2
        case maxConcurrentStreams = 0x3
        case initialWindowSize = 0x4
        case maxFrameSize = 0x5
        case maxHeaderListSize = 0x6
        /// RFC 9218 §2.1
        case noRFC7540Priorities = 0x9
    }

    static let entrySizeBytes = 6

    var headerTableSizeBytes = 4096
    var initialWindowBytes = HTTP2Window.standardBytes
    var framePayloadSizeBytes = HTTP2FrameHeader.standardPayloadSizeBytes

    /// Takes over what a SETTINGS frame says; what we have no use for is only checked.
    ///
    /// - Throws: `HTTP2Fault.connection` for values that are not allowed.
    mutating func apply(_ payload: ByteBuffer) throws(HTTP2Fault) {
        var payload = payload
        while let (name, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
            switch Name(rawValue: name) {
            case .headerTableSize:
                headerTableSizeBytes = Int(value)
            case .enablePush:
                guard value <= 1 else { throw .connection(.protocolError) }
            case .initialWindowSize:
                guard value <= HTTP2Window.largestBytes else {
                    throw .connection(.flowControlError)
                }
                initialWindowBytes = Int(value)
            case .maxFrameSize:
                guard (16_384...16_777_215).contains(value) else {
                    throw .connection(.protocolError)
                }
                framePayloadSizeBytes = Int(value)
            case .maxConcurrentStreams, .maxHeaderListSize, .noRFC7540Priorities, nil:
                break
            }
        }
    }
}
