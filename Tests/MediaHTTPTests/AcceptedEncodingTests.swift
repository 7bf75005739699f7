import MediaHTTP
import Testing

/// Encodings, RFC 9110 §12.5.3.
struct AcceptedEncodingTests {
    @Test(
        arguments: [
            (nil, .identity), ("", .identity), ("gzip", .gzip), ("GZIP", .gzip), ("x-gzip", .gzip),
            ("br, gzip;q=0.5", .gzip), ("gzip;q=0", .identity), ("gzip; q=0.000", .identity),
            ("gzip;q=0.001", .gzip), ("*", .gzip), ("*;q=0", .identity), ("*, gzip;q=0", .identity),
            ("gzip;q=0, *", .identity), ("identity", .identity),
            ("gzip;q=0.5, identity", .identity),
            ("gzip;q=0.5, identity;q=0.4", .gzip), ("identity;q=0, gzip", .gzip),
            ("deflate, br", .identity), ("gzip;q=x", .identity), ("gzip ; q=1.0", .gzip),
            (",,gzip,,", .gzip), ("gzip;level=9", .gzip),
        ] as [(String?, AcceptedEncoding)]
    )
    func aFieldAllowsThisEncoding(field: String?, expected: AcceptedEncoding) {
        #expect(AcceptedEncoding(field) == expected)
    }
}
