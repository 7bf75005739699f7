/// What an operator or an origin wants out of the cache.
package enum PurgeTarget: Hashable, Sendable {
    case everything
    /// Every object that the origin gave this tag.
    case tag(String)
    /// A normalised address: all slices of it, and where it has no query, its answers to all.
    case address(String)
    /// Every address that begins so.
    case prefix(String)

    /// Reads what a person writes: `*`, an address or URL (with `*` at its end, all that begins so),
    /// or else a tag.
    ///
    /// Nothing where it is empty, longer than `PurgeLimits.textBytes`, or has control bytes.
    package init?(_ text: String) {
        guard Self.isUsable(text) else { return nil }
        if text == "*" {
            self = .everything
            return
        }
        guard let address = Self.address(in: text) else {
            self = .tag(text)
            return
        }
        if address.last == "*" {
            self = .prefix(String(address.dropLast()))
        } else {
            self = .address(String(address.prefix { $0 != "#" }))
        }
    }

    /// Whether the log can hold it as it is.
    var isUsable: Bool {
        switch self {
        case .everything: true
        case .tag(let text), .address(let text), .prefix(let text): Self.isUsable(text)
        }
    }

    private static func isUsable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= PurgeLimits.textBytes
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// The path and query of an address or a URL.
    private static func address(in text: String) -> Substring? {
        if text.first == "/" { return text[...] }
        for scheme in ["http://", "https://"] where text.lowercased().hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            return rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        return nil
    }
}

/// The purge log's bounds.
enum PurgeLimits {
    static let textBytes = 2048
    /// Purges that are told apart; beyond, the oldest quarter becomes one of everything until then.
    static let mostTargets = 16_384
    /// Looked through one by one for an object older than the newest purge, so fewer.
    static let mostPrefixes = 64
}
