/// What a database says about itself at its end.
///
/// MaxMind DB format 2.0, "Database Metadata"
struct GeoMetadata: Hashable, Sendable {
    var nodeCount: Int
    /// 24, 28 or 32.
    var recordSizeBits: Int
    var isIPv6: Bool
    /// Where the marker before the metadata stands: the end of the data.
    var offsetBytes: Int

    private static let marker = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)

    /// - Throws: `.noMetadata`, `.unsupported`, `.badValue`.
    init(bytes: [UInt8]) throws(GeoDatabaseError) {
        guard let offset = Self.findMarker(bytes) else { throw .noMetadata }
        var values = GeoValues(bytes[(offset + Self.marker.count)...])
        func number(_ key: String) throws(GeoDatabaseError) -> UInt64 {
            guard let value = try values.member(key, ofMapAt: 0) else {
                throw .unsupported(key: key)
            }
            return try values.unsigned(at: value)
        }
        guard try number("binary_format_major_version") == 2 else {
            throw .unsupported(key: "binary_format_major_version")
        }
        let nodeCount = try number("node_count")
        guard (1...UInt64(UInt32.max)).contains(nodeCount) else {
            throw .unsupported(key: "node_count")
        }
        let recordSizeBits = try number("record_size")
        guard [24, 28, 32].contains(recordSizeBits) else { throw .unsupported(key: "record_size") }
        let version = try number("ip_version")
        guard version == 4 || version == 6 else { throw .unsupported(key: "ip_version") }
        self.nodeCount = Int(nodeCount)
        self.recordSizeBits = Int(recordSizeBits)
        isIPv6 = version == 6
        offsetBytes = offset
    }

    /// The marker's last place: data may hold the same bytes.
    private static func findMarker(_ bytes: [UInt8]) -> Int? {
        let last = bytes.count - marker.count
        guard last >= 0 else { return nil }
        let first = max(0, bytes.count - AccessLimits.databaseMetadataSizeBytes)
        return (first...max(first, last)).last { offset in
            bytes[offset...].starts(with: marker)
        }
    }
}
