/// What a field such as `Cache-Control` says to a shared cache.
///
/// Errs towards asking again: a life that cannot be read is 0, of several the smallest counts, a
/// directive that is limited to some fields (`private="Set-Cookie"`) counts for the whole answer.
///
/// RFC 9111 §1.2.2, §4.2.1, §5.2.2
struct CacheDirectives: Hashable, Sendable {
    /// Whose field it is.
    enum Audience: Hashable, Sendable {
        /// `Cache-Control`, for every cache.
        case all
        /// `Surrogate-Control` or `CDN-Cache-Control`.
        case surrogates
    }

    /// Seconds, as all lives here.
    private(set) var maxAge: Int64?
    private(set) var sharedMaxAge: Int64?
    private(set) var staleWhileRevalidate: Int64?
    private(set) var staleIfError: Int64?
    private(set) var isNoStore = false
    private(set) var isNoCache = false
    private(set) var isPrivate = false
    private(set) var isPublic = false
    /// `must-revalidate` or, the same to a shared cache, `proxy-revalidate`.
    private(set) var mustRevalidate = false

    /// Reads a field; unknown directives are passed over.
    init(_ field: String, for audience: Audience = .all) {
        var reader = DirectiveReader(field)
        while let directive = reader.next() {
            // Meant for one surrogate by its name, and this one has none.
            if audience == .surrogates, directive.isTargeted { continue }
            take(directive, audience)
        }
    }

    /// Whether it rules storing by itself, so that lesser fields are not asked.
    var isDecisive: Bool {
        maxAge != nil || sharedMaxAge != nil || isNoStore || isNoCache || isPrivate
    }

    private mutating func take(_ directive: DirectiveReader.Directive, _ audience: Audience) {
        switch directive.name {
        case "max-age":
            let life = DeltaSeconds.lifeAndExtension(directive.value)
            Self.lower(&maxAge, life.seconds)
            if audience == .surrogates, let more = life.extensionSeconds {
                Self.lower(&staleIfError, more)
            }
        case "s-maxage": Self.lower(&sharedMaxAge, DeltaSeconds.read(directive.value) ?? 0)
        case "stale-while-revalidate":
            Self.lower(&staleWhileRevalidate, DeltaSeconds.read(directive.value) ?? 0)
        case "stale-if-error": Self.lower(&staleIfError, DeltaSeconds.read(directive.value) ?? 0)
        case "no-store": isNoStore = true
        case "no-cache": isNoCache = true
        case "private": isPrivate = true
        case "public": isPublic = true
        case "must-revalidate", "proxy-revalidate": mustRevalidate = true
        default: break
        }
    }

    private static func lower(_ life: inout Int64?, _ seconds: Int64) {
        life = min(life ?? seconds, seconds)
    }
}

/// Numbers of seconds in fields. RFC 9111 §1.2.2
enum DeltaSeconds {
    /// What a larger number counts as.
    static let most: Int64 = 1 << 31

    /// A number of digits only; nothing where it is anything else.
    static func read(_ text: String?) -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        var seconds: Int64 = 0
        for byte in text.utf8 {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            seconds = min(seconds * 10 + Int64(digit), most)
        }
        return seconds
    }

    /// `60`, or `60+30`: fresh for a minute, then of use for half of one where nothing newer is to
    /// be had. Edge Architecture Specification 1.0 §2.2
    static func lifeAndExtension(_ text: String?) -> (seconds: Int64, extensionSeconds: Int64?) {
        guard let text, let plus = text.firstIndex(of: "+") else { return (read(text) ?? 0, nil) }
        guard let life = read(String(text[..<plus])),
            let more = read(String(text[text.index(after: plus)...]))
        else { return (0, nil) }
        return (life, more)
    }
}
