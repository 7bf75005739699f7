/// Finds the client of a request that came through proxies.
///
/// `X-Forwarded-For` is a list that each proxy adds its own peer to, so only its end can be
/// trusted: it is read backwards from the connection's peer for as long as the one who said it is
/// in a trusted network. What the client itself may have put in front is never believed.
package enum ForwardedAddress {
    /// Elements that are read; more proxies than that stand behind each other nowhere.
    package static let elementCountLimit = 32

    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - forwardedFor: the values of `X-Forwarded-For`, several lines joined by commas.
    ///   - trusted: the networks of proxies whose word is taken.
    /// - Returns: the first address, from the end, that no trusted proxy has; the last that was
    ///   understood where all are trusted or one cannot be read.
    package static func client(
        peer: IPAddress,
        forwardedFor: String?,
        trusted: [NetworkBlock]
    ) -> IPAddress {
        guard let forwardedFor, !forwardedFor.isEmpty else { return peer }
        var client = peer
        let elements = forwardedFor.split(separator: ",", omittingEmptySubsequences: false)
        for element in elements.suffix(elementCountLimit).reversed() {
            guard trusted.contains(where: { $0.contains(client) }) else { return client }
            guard let next = address(element) else { return client }
            client = next
        }
        return client
    }

    /// The address of `192.0.2.1:50000`, `[2001:db8::1]:50000`, or of either without a port.
    package static func address(_ text: some StringProtocol) -> IPAddress? {
        var rest = Substring(text)
        while let first = rest.utf8.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.utf8.last, isBlank(last) { rest.removeLast() }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            return IPAddress(rest[rest.index(after: rest.startIndex)..<end])
        }
        if let colon = rest.firstIndex(of: ":"), colon == rest.lastIndex(of: ":") {
            rest = rest[..<colon]
        }
        return IPAddress(rest)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
