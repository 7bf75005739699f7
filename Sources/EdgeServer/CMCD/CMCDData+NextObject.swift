extension CMCDData {
    /// The path that the player will ask for next, if it told.
    ///
    /// Untrusted as any request's: it must go through the same checks before anything is fetched.
    /// Only relative references to a path count; what names a scheme or a host, climbs above the
    /// root or holds other than visible ASCII is nothing.
    ///
    /// - Parameter path: of this request, as sent, without its query.
    /// - Returns: an absolute path without query and fragment. RFC 3986 §5.2
    package func nextObject(after path: String) -> String? {
        guard let nextObject else { return nil }
        let reference = nextObject.prefix { $0 != "?" && $0 != "#" }
        guard !reference.isEmpty, !reference.hasPrefix("//"), !reference.contains(":"),
            reference.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        var segments: [Substring] = []
        if !reference.hasPrefix("/") {
            let folders = path.split(separator: "/", omittingEmptySubsequences: false)
            segments = Array(folders.dropFirst().dropLast())
        }
        let added = reference.hasPrefix("/") ? reference.dropFirst() : reference
        for segment in added.split(separator: "/", omittingEmptySubsequences: false) {
            switch segment {
            case ".": continue
            case "..":
                guard !segments.isEmpty else { return nil }
                segments.removeLast()
            case "": return nil
            default: segments.append(segment)
            }
        }
        guard !segments.isEmpty else { return nil }
        return "/" + segments.joined(separator: "/")
    }
}
