/// Conditional requests against one representation. RFC 9110 §13
package struct Preconditions: Sendable {
    /// The representation's opaque tag, without quotes; strong.
    package let entityTag: String?
    /// Unix seconds.
    package let lastModified: Int64?

    package init(entityTag: String?, lastModified: Int64?) {
        self.entityTag = entityTag
        self.lastModified = lastModified
    }

    /// Whether a GET or HEAD is answered with 304.
    ///
    /// `If-None-Match` decides alone where it is sent, whatever `If-Modified-Since` says. §13.2.2
    package func isNotModified(ifNoneMatch: String?, ifModifiedSince: String?) -> Bool {
        if let ifNoneMatch {
            return matchesWeakly(ifNoneMatch)
        }
        guard let ifModifiedSince, let lastModified,
            let since = HTTPDate.parse(ifModifiedSince)
        else { return false }
        return lastModified <= since
    }

    /// Whether a range may be answered with 206: no condition, or one that holds strongly. §13.1.5
    package func allowsRange(ifRange: String?) -> Bool {
        guard let ifRange else { return true }
        if ifRange.utf8.first == UInt8(ascii: "\"") {
            guard let entityTag else { return false }
            return ifRange == "\"\(entityTag)\""
        }
        // A weak tag never holds; it is no date either.
        guard let date = HTTPDate.parse(ifRange), let lastModified else { return false }
        return date == lastModified
    }

    /// A list of tags, or an asterisk; weakness is ignored.
    ///
    /// A tag may hold commas, so quotes are followed.
    private func matchesWeakly(_ list: String) -> Bool {
        let bytes = Array(list.utf8)
        if bytes == [UInt8(ascii: "*")] { return true }
        guard let entityTag else { return false }
        let wanted = Array(entityTag.utf8)
        let quote = UInt8(ascii: "\"")
        var index = 0
        while let open = bytes[index...].firstIndex(of: quote) {
            guard let close = bytes[(open + 1)...].firstIndex(of: quote) else { return false }
            if bytes[(open + 1)..<close].elementsEqual(wanted) { return true }
            index = close + 1
        }
        return false
    }
}
