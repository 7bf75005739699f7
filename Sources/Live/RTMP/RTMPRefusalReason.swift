/// Why a connection or a publish was turned away.
package enum RTMPRefusalReason: String, CaseIterable, Hashable, Sendable {
    /// Too many connections in all.
    case connectionLimit = "connection_limit"
    /// Too many of one address.
    case addressLimit = "address_limit"
    case publisherLimit = "publisher_limit"
    /// TLS or RTMP; or its time was up.
    case handshake
    case unknownApplication = "unknown_application"
    case unknownKey = "unknown_key"
    case alreadyPublished = "already_published"
    case unavailable
    /// Wanted to play.
    case playback
    /// Chunks, AMF or the order of commands.
    case malformed
    /// Published what nobody could play; the stream's status has the reason.
    case unusable
    /// Did not publish in time.
    case idle

    package init(_ refusal: PublishRefusal) {
        self =
            switch refusal {
            case .unknownKey: .unknownKey
            case .alreadyPublished: .alreadyPublished
            case .unknownApplication: .unknownApplication
            case .unavailable: .unavailable
            }
    }
}
