/// The server of an address that a checker was given: plain HTTP, anywhere.
///
/// A checker sends a few requests a second, as one viewer does, so it need not stay on this
/// machine as crowds must.
package struct CheckTarget: Sendable, Equatable {
    /// As in the `Host` field.
    package let authority: String
    package let host: String
    package let port: Int
    /// Path and query of the multivariant playlist.
    package let path: String

    /// - Throws: `TargetError.malformed`.
    package init(_ text: String) throws(TargetError) {
        guard text.hasPrefix("http://") else { throw .malformed(text) }
        let rest = text.dropFirst(7)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        path = slash == rest.endIndex ? "/" : String(rest[slash...])
        self.authority = String(authority)
        let colon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
        let name = authority[..<(colon ?? authority.endIndex)]
        host = name.first == "[" ? String(name.dropFirst().dropLast()) : String(name)
        guard !host.isEmpty, !authority.contains("@") else { throw .malformed(text) }
        guard let colon else {
            port = 80
            return
        }
        guard let port = Int(authority[authority.index(after: colon)...]),
            (1...65535).contains(port)
        else { throw .malformed(text) }
        self.port = port
    }
}
