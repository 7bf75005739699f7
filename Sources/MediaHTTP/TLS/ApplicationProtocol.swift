/// What a client and the lane may speak, by its name in ALPN, the preferred one first. RFC 7301
enum ApplicationProtocol: String, CaseIterable {
    case http2 = "h2"
    case http1 = "http/1.1"
}
