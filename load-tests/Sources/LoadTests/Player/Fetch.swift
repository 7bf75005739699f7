package import NIOCore

/// What a request is for; latencies are kept apart by it.
package enum ResourceKind: Int, CaseIterable, Sendable {
    case multivariantPlaylist
    case mediaPlaylist
    /// A playlist that the server holds until it has something new.
    case blockingPlaylist
    case initialization
    case segment
    case part
    /// A part that the server holds until it exists.
    case hintedPart
    case api

    package var name: String {
        switch self {
        case .multivariantPlaylist: "multivariant playlist"
        case .mediaPlaylist: "media playlist"
        case .blockingPlaylist: "blocking playlist"
        case .initialization: "initialization"
        case .segment: "segment"
        case .part: "part"
        case .hintedPart: "hinted part"
        case .api: "API"
        }
    }

    /// Whether the server is meant to let the viewer wait, so that its latency says nothing.
    package var isHeld: Bool { self == .blockingPlaylist || self == .hintedPart }

    package var isPlaylist: Bool {
        self == .multivariantPlaylist || self == .mediaPlaylist || self == .blockingPlaylist
    }

    var keepsText: Bool { isPlaylist || self == .api }
}

/// One thing that a player asks for.
package struct Fetch: Sendable {
    /// As in the request's first line.
    package var address: String
    package var kind: ResourceKind
    /// Which of the viewer's connections carries it; one request at a time on each.
    package var lane = 0
    /// Whether the bytes under this address never change.
    package var isImmutable = false
    /// Whether the viewer waited for it, so that its delay behind the first viewer counts.
    package var followsEdge = false
    /// The part that a blocking reload waits for.
    package var awaited: PartPosition?
    /// Media time in it; 0 where it is none.
    package var seconds = 0.0
    package var bandwidth = 0
    /// What is told about the player with it.
    package var facts: CMCD?

    package init(_ address: String, _ kind: ResourceKind) {
        self.address = address
        self.kind = kind
    }
}

/// A part within a live stream; ordered by time.
package struct PartPosition: Sendable, Hashable, Comparable {
    package var number: Int
    package var part: Int

    package init(number: Int, part: Int) {
        self.number = number
        self.part = part
    }

    package static func < (left: PartPosition, right: PartPosition) -> Bool {
        (left.number, left.part) < (right.number, right.part)
    }
}

/// What came back, complete.
package struct Reply: Sendable {
    package var fetch: Fetch
    package var fault: ResponseFault?
    package var sizeBytes = 0
    package var sentAt: NIODeadline
    package var endedAt: NIODeadline
    package var playlist: Playlist?
    package var page: CatalogPage?
    /// Seconds after which the server asks to be asked again.
    package var retryAfter: Int?

    package init(_ fetch: Fetch, sentAt: NIODeadline, endedAt: NIODeadline) {
        self.fetch = fetch
        self.sentAt = sentAt
        self.endedAt = endedAt
    }
}
