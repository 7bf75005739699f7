/// A movie while its boxes are read: first `moov`, then each `moof` in file order.
struct MovieAssembly {
    /// Whether `moov` says that fragments follow.
    let isFragmented: Bool
    private let timescale: UInt32
    private let fileSizeBytes: UInt64
    private let limits: ISOBMFFLimits
    private var tracks: [TrackAssembly] = []
    private var fragmentCount = 0
    private var budget: SampleBudget
    private var digest: UInt64
    /// Set after a fragment with samples outside the file: fine if it is the last one.
    private var cutFragment: ISOBMFFError?

    init(
        _ moov: BoxReader,
        fileSizeBytes: UInt64,
        limits: ISOBMFFLimits
    ) throws(ISOBMFFError) {
        self.fileSizeBytes = fileSizeBytes
        self.limits = limits
        self.budget = SampleBudget(limits: limits, fileSizeBytes: fileSizeBytes)
        self.digest = moov.digest(seed: 0)
        if try moov.firstChild("cmov") != nil {
            throw .unsupported(feature: .compressedMovie)
        }
        let timescale = try Mvhd(try moov.requiredChild("mvhd")).timescale
        self.timescale = timescale
        let extends = try moov.firstChild("mvex")
        self.isFragmented = extends != nil
        let reader = TrackReader(
            movieTimescale: timescale,
            fileSizeBytes: fileSizeBytes,
            defaults: try extends.map(Self.defaults) ?? [:],
            limits: limits
        )
        var children = moov
        while let child = try children.nextBox() {
            guard child.type == "trak" else { continue }
            guard tracks.count < limits.tracks else {
                let limit = UInt64(limits.tracks)
                throw .tooMany(box: child.type, count: limit + 1, limit: limit)
            }
            let track = try reader.read(child, budget: &budget)
            guard !tracks.contains(where: { $0.track.id == track.track.id }) else {
                throw .invalid(box: "tkhd", field: "track_ID", value: Int64(track.track.id))
            }
            tracks.append(track)
        }
    }

    private static func defaults(
        _ extends: BoxReader
    ) throws(ISOBMFFError) -> [UInt32: SampleDefaults] {
        var extends = extends
        var defaults: [UInt32: SampleDefaults] = [:]
        while let child = try extends.nextBox() {
            guard child.type == "trex" else { continue }
            let trex = try Trex(child)
            defaults[trex.trackId] = trex.defaults
        }
        return defaults
    }

    /// Adds a fragment's samples.
    mutating func append(_ moof: BoxReader) throws(ISOBMFFError) {
        if let cutFragment { throw cutFragment }
        fragmentCount += 1
        guard fragmentCount <= limits.fragments else {
            let (count, limit) = (UInt64(fragmentCount), UInt64(limits.fragments))
            throw .tooMany(box: moof.type, count: count, limit: limit)
        }
        let before = tracks.map(\.mark)
        let reader = FragmentReader(fileSizeBytes: fileSizeBytes)
        do throws(ISOBMFFError) {
            try reader.read(moof, into: &tracks, budget: &budget)
            digest = moof.digest(seed: digest)
        } catch {
            guard case .outOfFile = error else { throw error }
            cutFragment = error
            for index in tracks.indices {
                tracks[index].goBack(to: before[index])
            }
        }
    }

    /// What all boxes come to.
    consuming func movie() throws(ISOBMFFError) -> Movie {
        let found = tracks.compactMap { $0.finished() }
        if found.isEmpty, let cutFragment { throw cutFragment }
        let size = (0..<8).map { UInt8(truncatingIfNeeded: fileSizeBytes >> ($0 * 8)) }
        return Movie(
            timescale: timescale,
            isFragmented: isFragmented,
            tracks: found,
            headerDigest: XXH64.hash(size, seed: digest)
        )
    }
}

extension BoxReader {
    /// Hash of the whole box as it stands in the file.
    fileprivate func digest(seed: UInt64) -> UInt64 {
        XXH64.hash(bytes, in: boxRange, seed: seed)
    }
}
