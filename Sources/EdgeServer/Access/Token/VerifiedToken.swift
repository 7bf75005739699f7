import Platform

/// A token whose code was found right, with what it opens; shared by the requests that bring it.
package final class VerifiedToken: Sendable {
    /// As it came.
    let text: [UInt8]
    /// The path prefix that it was signed for.
    let prefix: [UInt8]
    let network: NetworkBlock?
    /// Unix seconds.
    package let expiresAt: Int64
    /// The end of its key.
    let keyNotAfter: Int64?
    package let viewer: String?
    /// For limits and logs: the same for the same token, and of no use to who reads it.
    package let id: UInt64

    init(
        text: Span<UInt8>,
        prefix: Span<UInt8>,
        network: NetworkBlock?,
        expiresAt: Int64,
        keyNotAfter: Int64?,
        viewer: String?,
        id: UInt64
    ) {
        self.text = text.indices.map { text[$0] }
        self.prefix = prefix.indices.map { prefix[$0] }
        self.network = network
        self.expiresAt = expiresAt
        self.keyNotAfter = keyNotAfter
        self.viewer = viewer
        self.id = id
    }

    /// Whether it opens a path to a client at a time.
    ///
    /// - Throws: `.unknownKey`, `.expired`, `.foreignPath`, `.foreignClient`.
    func check(path: Span<UInt8>, client: IPAddress, now: Int64) throws(AccessTokenError) {
        if let keyNotAfter, now > keyNotAfter { throw .unknownKey }
        guard now <= expiresAt else { throw .expired }
        guard begins(path) else { throw .foreignPath }
        if let network, !network.contains(client) { throw .foreignClient }
    }

    private func begins(_ path: Span<UInt8>) -> Bool {
        guard path.count >= prefix.count else { return false }
        for index in prefix.indices where path[index] != prefix[index] { return false }
        return true
    }
}
