/// Addresses within one server, as they stand in a request's first line.
package enum Address {
    /// The address that a playlist or a redirect names, seen from the address it came from.
    ///
    /// Nil where it leads to another server. RFC 3986 §5.2, as far as playlists use it.
    package static func resolve(
        _ reference: String,
        from base: String,
        authority: String
    ) -> String? {
        for scheme in ["http://", "https://"] where reference.hasPrefix(scheme) {
            let rest = reference.dropFirst(scheme.count)
            guard rest.hasPrefix(authority) else { return nil }
            let path = rest.dropFirst(authority.count)
            return path.isEmpty ? "/" : path.first == "/" ? String(path) : nil
        }
        guard !reference.hasPrefix("//") else { return nil }
        if reference.first == "/" { return reference }
        var folder = base.prefix { $0 != "?" }
        guard let slash = folder.lastIndex(of: "/") else { return nil }
        folder = folder[...slash]
        guard reference.hasPrefix("../") || reference.hasPrefix("./") else {
            return String(folder) + reference
        }
        var rest = Substring(reference)
        while true {
            if rest.hasPrefix("./") {
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("../") {
                rest = rest.dropFirst(3)
                guard let parent = folder.dropLast().lastIndex(of: "/") else { continue }
                folder = folder[...parent]
            } else {
                return String(folder + rest)
            }
        }
    }
}
