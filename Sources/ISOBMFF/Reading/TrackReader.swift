/// Reads a `trak`: what its headers say, and the samples that `moov` describes.
///
/// ISO/IEC 14496-12 §8.3
struct TrackReader {
    let movieTimescale: UInt32
    let fileSizeBytes: UInt64
    /// From `mvex`, by track.
    let defaults: [UInt32: SampleDefaults]
    let limits: ISOBMFFLimits

    func read(
        _ trak: BoxReader,
        budget: inout SampleBudget
    ) throws(ISOBMFFError) -> TrackAssembly {
        let header = try Tkhd(try trak.requiredChild("tkhd"))
        let mdia = try trak.requiredChild("mdia")
        let media = try Mdhd(try mdia.requiredChild("mdhd"))
        let handler = try Hdlr(try mdia.requiredChild("hdlr"), limits: limits)
        let tag = try mdia.firstChild("elng").map { box throws(ISOBMFFError) in
            try Elng(box, limits: limits).tag
        }
        var track = Track(
            id: header.trackId,
            kind: handler.kind,
            timescale: media.timescale,
            language: (tag ?? nil) ?? media.language,
            name: handler.name,
            isEnabled: header.isEnabled,
            rotationDegrees: header.rotationDegrees,
            displayWidth: header.width,
            displayHeight: header.height,
            matrix: header.matrix,
            sampleEntries: [],
            samples: SampleTable()
        )
        let defaults = defaults[header.trackId] ?? SampleDefaults()
        do throws(ISOBMFFError) {
            try readMedia(trak, mdia, into: &track, budget: &budget)
        } catch {
            guard track.isUnknown else { throw error }
            return TrackAssembly(track: track, defaults: defaults, isLeftOut: true)
        }
        return TrackAssembly(
            track: track,
            defaults: defaults,
            editTolerance: (Int64(media.timescale) - 1) / Int64(movieTimescale) + 1
        )
    }

    private func readMedia(
        _ trak: BoxReader,
        _ mdia: BoxReader,
        into track: inout Track,
        budget: inout SampleBudget
    ) throws(ISOBMFFError) {
        let minf = try mdia.requiredChild("minf")
        let stbl = try minf.requiredChild("stbl")
        let stsd = try Stsd(try stbl.requiredChild("stsd"), kind: track.kind, limits: limits)
        track.sampleEntries = stsd.entries
        if let dinf = try minf.firstChild("dinf"), let box = try dinf.firstChild("dref") {
            let dref = try Dref(box)
            guard !stsd.dataReferenceNumbers.contains(where: dref.isExternal) else {
                throw .unsupported(feature: .externalData)
            }
        }
        if let edts = try trak.firstChild("edts"), let elst = try edts.firstChild("elst") {
            track.edit = try Edit(
                try Elst(elst, limits: limits),
                movieTimescale: movieTimescale,
                trackTimescale: track.timescale
            )
        }
        track.samples = try SampleTableReader(
            fileSizeBytes: fileSizeBytes,
            entryCount: stsd.entries.count
        ).read(stbl, budget: &budget)
    }
}

extension Track {
    /// Of a kind or in a codec that nobody can package: what is wrong with it is no reason to
    /// refuse the tracks beside it.
    fileprivate var isUnknown: Bool {
        if case .other = kind { return true }
        return !sampleEntries.isEmpty
            && sampleEntries.allSatisfy { entry in
                if case .other = entry.codec { true } else { false }
            }
    }
}
