/// What may be wrong with what a server answers; each is counted under its name.
package enum ResponseFault: Error, Sendable, Hashable {
    case malformedHead
    case headTooLarge
    case malformedChunk
    case playlistTooLarge
    /// The connection ended inside a response.
    case truncated
    /// The connection ended before a response.
    case connectionLost
    case connectFailed
    case timedOut
    case status(Int)
    case invalidAge
    case malformedPlaylist
    /// An address that leads away from the server under test.
    case foreignAddress
    /// The bytes are not those that others got under this address.
    case wrongBody
    /// The bytes are not those of the reference.
    case differsFromReference
    /// An answer to a blocking reload that lacks what was waited for.
    case unchangedPlaylist
    /// An older playlist after a newer one.
    case playlistWentBack
    /// Media that left the playlist before this viewer could have it.
    case gap

    /// Whether a viewer saw wrong bytes: no number of these is ever fine.
    package var isWrongBytes: Bool {
        self == .wrongBody || self == .differsFromReference
    }

    package var name: String {
        switch self {
        case .status(let code): "status \(code)"
        default: "\(self)"
        }
    }
}
