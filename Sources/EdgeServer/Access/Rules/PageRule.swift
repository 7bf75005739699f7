/// Which pages may show media: by `Origin`, else by `Referer`.
///
/// What a client sends can be made up; this stops pages, whose visitors' browsers do not lie for them.
/// RFC 9110 §10.1.3, RFC 6454 §7
package struct PageRule: Hashable, Sendable {
    /// Pages of these hosts may; empty: pages of all hosts.
    package var hosts: [HostPattern]
    /// Whether requests may that name no page: apps, televisions, browsers that send no `Referer`.
    package var allowsUnnamedPage = true
    /// Whether pages of the host that is asked itself may.
    package var allowsOwnHost = true

    package init(hosts: [HostPattern] = []) {
        self.hosts = hosts
    }

    package var isOpen: Bool { hosts.isEmpty }

    func allows(header: (String) -> String?) -> Bool {
        guard let page = Self.page(header) else { return allowsUnnamedPage }
        guard let host = Self.host(ofAddress: page) else { return false }
        if hosts.contains(where: { $0.matches(host) }) { return true }
        guard allowsOwnHost, let own = header("host") else { return false }
        return Self.host(ofAuthority: own[...]) == host
    }

    /// The page's address; an `Origin` of `null`, which sandboxes and files send, names none.
    private static func page(_ header: (String) -> String?) -> String? {
        if let origin = header("origin"), origin != "null" { return origin }
        return header("referer").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The host of `https://host:port/path`, in lower case.
    static func host(ofAddress address: String) -> String? {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        let rest = address[scheme.upperBound...]
        // A backslash is a slash to browsers.
        let end = rest.firstIndex { "/\\?#".contains($0) } ?? rest.endIndex
        return host(ofAuthority: rest[..<end])
    }

    /// The host of `user@host:port`, in lower case and without the root's dot. RFC 3986 §3.2
    private static func host(ofAuthority authority: Substring) -> String? {
        var host = authority[...]
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        if let bracket = host.firstIndex(of: "]") {
            host = host[...bracket]
        } else if let colon = host.firstIndex(of: ":") {
            host = host[..<colon]
        }
        if host.hasSuffix(".") { host = host.dropLast() }
        return host.isEmpty ? nil : host.lowercased()
    }
}
