/// A host by name, or all below one: `example.org`, `*.example.org`.
///
/// The star stands for at least one label, and so not for `example.org` itself.
package struct HostPattern: Hashable, Sendable {
    /// In lower case, with its dot in front where it had a star.
    private let name: String
    private let isSuffix: Bool

    package init?(_ text: String) {
        let isSuffix = text.hasPrefix("*.")
        let name = isSuffix ? String(text.dropFirst(2)) : text
        guard !name.isEmpty, name.utf8.count <= 253, !name.hasPrefix("."), !name.hasSuffix("."),
            name.utf8.allSatisfy(Self.isHostByte)
        else { return nil }
        self.isSuffix = isSuffix
        self.name = (isSuffix ? "." : "") + name.lowercased()
    }

    /// Whether a host, in lower case and without port, is one of these.
    package func matches(_ host: String) -> Bool {
        isSuffix ? host.utf8.count > name.utf8.count && host.hasSuffix(name) : host == name
    }

    /// Letters, digits, hyphens, dots and underscores; brackets and colons of IPv6 addresses.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
            || "-._[]:".utf8.contains(byte)
    }
}
