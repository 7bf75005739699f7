import ISOBMFF

/// The index as a file: magic, format version, XXH64 of all that follows, then the members.
///
/// Whoever reads one has to trust nothing in it: all counts are checked against the bytes that
/// remain, and all values against each other, so that a damaged file is refused as a whole and
/// nothing that an index is asked later can fail.
extension AssetIndex {
    private static let magic = Array("MILLRACE".utf8)
    /// Raised whenever the stored form changes; older files are then rebuilt.
    private static let storageVersion: UInt32 = 2
    private static let headerSize = 20

    package func serialized() -> [UInt8] {
        var body = ByteWriter()
        body.reserveCapacity(storageSizeBytes + 65536)
        body.append(version.rawValue)
        body.append(files) {
            $0.append($1.name)
            $0.append($1.sizeBytes)
        }
        body.append(omissions) {
            $0.append($1.file)
            $0.append($1.reason)
        }
        body.append(duration.value)
        body.append(duration.timescale)
        body.append(timelineTimescale)
        body.append(tracks) { $0.append($1) }
        body.append(subtitles) { $0.append($1) }
        body.append(groupStarts) { $0.append($1) }
        body.append(segmentFirsts) { $0.append($1) }
        body.append(discontinuities) { $0.append($1) }
        body.append(packedTracks) { $0.append($1) }
        body.append(packedBytes)
        var file = ByteWriter()
        file.reserveCapacity(Self.headerSize + body.bytes.count)
        for byte in Self.magic { file.append(byte) }
        file.append(Self.storageVersion)
        file.append(XXH64.hash(body.bytes))
        return file.bytes + body.bytes
    }

    /// Reads a stored index.
    ///
    /// - Throws: `PackagingError.unusableIndex` for anything but what `serialized()` gave.
    package init(serialized bytes: [UInt8]) throws(PackagingError) {
        guard bytes.count > Self.headerSize, bytes.starts(with: Self.magic) else {
            throw .unusableIndex("this is not an index")
        }
        var reader = ByteReader(bytes, from: Self.magic.count)
        guard try reader.integer(UInt32.self) == Self.storageVersion else {
            throw .unusableIndex("another format version")
        }
        let checksum = try reader.integer(UInt64.self)
        guard checksum == XXH64.hash(bytes, in: Self.headerSize..<bytes.count, seed: 0) else {
            throw .unusableIndex("the checksum is wrong")
        }
        version = AssetVersion(rawValue: try reader.integer())
        files = try reader.list(atMost: IndexLimits.files, elementSize: 12) {
            reader throws(PackagingError) in
            IndexedFile(name: try reader.string(), sizeBytes: try reader.integer())
        }
        omissions = try reader.list(elementSize: 8) { reader throws(PackagingError) in
            Omission(file: try reader.string(), reason: try reader.string())
        }
        duration = try reader.mediaTime()
        timelineTimescale = try reader.timescale()
        let trackLimit = IndexLimits.renditions + IndexLimits.audioTracks
        tracks = try reader.list(atMost: trackLimit, elementSize: 80) {
            reader throws(PackagingError) in
            try reader.track()
        }
        subtitles = try reader.list(atMost: IndexLimits.subtitles, elementSize: 21) {
            reader throws(PackagingError) in try reader.subtitleTrack()
        }
        groupStarts = try reader.list(atMost: IndexLimits.groups + 1, elementSize: 8) {
            reader throws(PackagingError) in try reader.integer()
        }
        segmentFirsts = try reader.list(elementSize: 4) { reader throws(PackagingError) in
            try reader.integer()
        }
        discontinuities = try reader.list(elementSize: 4) { reader throws(PackagingError) in
            try reader.integer()
        }
        packedTracks = try reader.list(atMost: trackLimit, elementSize: 30) {
            reader throws(PackagingError) in try reader.packedTrack()
        }
        packedBytes = try reader.byteList()
        try reader.finish()
        try validate()
    }
}

extension ByteReader {
    mutating func timescale() throws(PackagingError) -> UInt32 {
        let timescale = try integer(UInt32.self)
        guard (1...IndexLimits.timescale).contains(timescale) else {
            throw .unusableIndex("a timescale is out of bounds")
        }
        return timescale
    }

    mutating func mediaTime() throws(PackagingError) -> MediaTime {
        MediaTime(try integer(), timescale: try timescale())
    }
}
