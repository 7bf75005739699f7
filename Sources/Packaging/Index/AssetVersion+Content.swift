import ISOBMFF

extension AssetVersion {
    /// Raised whenever another build of packaging makes other bytes from the same files, so that no
    /// cache mixes the two.
    static let formatVersion: UInt64 = 2

    /// The version of an asset: from its files' headers and sizes, its subtitles, and what an
    /// operator has chosen that moves boundaries.
    init(of source: AssetSource, configuration: PackagingConfiguration) {
        var bytes = ByteWriter()
        bytes.append(Self.formatVersion)
        bytes.append(configuration.targetSegmentDuration.value)
        bytes.append(configuration.targetSegmentDuration.timescale)
        bytes.append(UInt8(configuration.allowsHEVCInTransportStream ? 1 : 0))
        bytes.append(UInt32(source.files.count))
        for file in source.files {
            bytes.append(file.name)
            bytes.append(file.sizeBytes)
            bytes.append(file.movie.headerDigest)
        }
        for file in source.subtitles {
            bytes.append(file.name)
            bytes.append(XXH64.hash(file.bytes))
        }
        for text in source.texts {
            bytes.append(text.name)
            bytes.append(text.digest)
        }
        self.init(rawValue: XXH64.hash(bytes.bytes))
    }
}
