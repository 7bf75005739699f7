extension AccessGate {
    /// A request's path, taken apart.
    struct Target {
        /// Where the token stands, if one does.
        var token: Range<Int>?
        /// Where the path proper begins.
        var start: Int
        /// Whether rules for media hold for it.
        var isProtected: Bool

        func path(of path: String) -> Substring {
            start == 0 ? path[...] : path[path.utf8.index(path.startIndex, offsetBy: start)...]
        }
    }

    /// - Throws: `.malformedPath`.
    func target(of path: String) throws(AccessRefusal) -> Target {
        let bytes = path.utf8.span
        var target = Target(token: nil, start: 0, isProtected: false)
        if TokenPath.hasToken(bytes) {
            guard let (token, start) = TokenPath.split(bytes) else { throw .malformedPath }
            target.token = token
            target.start = start
        }
        let rest = bytes.extracting(target.start..<bytes.count)
        switch PathForm(rest) {
        // In its one spelling only: any other is refused where a token is needed.
        case .plain: target.isProtected = isProtected(rest) && !LivePage.isNamed(by: rest)
        case .resolved(let resolved): target.isProtected = isProtected(resolved.span)
        case .malformed: throw .malformedPath
        }
        return target
    }

    private func isProtected(_ path: Span<UInt8>) -> Bool {
        for prefix in configuration.protectedPrefixes where ASCIIText.begins(path, prefix) {
            return true
        }
        return false
    }

    /// A path for the log: whatever stands where a token would is left out.
    static func withoutToken(_ path: String) -> Substring {
        guard TokenPath.hasToken(path.utf8.span) else { return path[...] }
        let rest = path.utf8.dropFirst(TokenPath.lead.utf8.count)
        return Substring(rest.drop { $0 != UInt8(ascii: "/") })
    }
}
