/// What a publisher said of itself before its first frame.
package struct PublishAttempt: Hashable, Sendable {
    /// The application of the address, `live`; without slashes around it.
    package var application: String
    /// The stream key without its query.
    package var key: String
    /// What stood behind `?` in the key, empty where nothing did.
    package var query: String
    /// The peer's address, without its port.
    package var clientAddress: String
    /// `flashVer`: what the encoder calls itself.
    package var encoder: String
    /// Came over TLS.
    package var isSecure: Bool

    package init(
        application: String,
        key: String,
        query: String = "",
        clientAddress: String,
        encoder: String = "",
        isSecure: Bool = false
    ) {
        self.application = application
        self.key = key
        self.query = query
        self.clientAddress = clientAddress
        self.encoder = encoder
        self.isSecure = isSecure
    }
}

/// What a key allows.
package struct PublishGrant: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable {
        case primary
        /// Takes over when the primary goes, gives way when it comes back.
        case backup
    }

    package var streamID: String
    package var role: Role

    package init(streamID: String, role: Role = .primary) {
        self.streamID = streamID
        self.role = role
    }
}

/// Why a publisher is sent away; told in RTMP's own words.
package enum PublishRefusal: Error, Hashable, Sendable {
    /// `NetStream.Publish.BadName`
    case unknownKey
    /// `NetStream.Publish.BadName`: another one publishes and the policy keeps it.
    case alreadyPublished
    case unknownApplication
    /// Authority, disk or limits: try again later. The text is for the encoder's operator.
    case unavailable(String)
}

/// Decides who may publish what.
package protocol PublishAuthority: Sendable {
    /// Called on the publisher's own thread; may block within its own time limit.
    func decide(_ attempt: PublishAttempt) -> Result<PublishGrant, PublishRefusal>
}
