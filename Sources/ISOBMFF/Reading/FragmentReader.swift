/// Reads a `moof` and adds its samples to the tracks.
///
/// ISO/IEC 14496-12 §8.8.4
struct FragmentReader {
    let fileSizeBytes: UInt64

    func read(
        _ moof: BoxReader,
        into tracks: inout [TrackAssembly],
        budget: inout SampleBudget
    ) throws(ISOBMFFError) {
        var dataEnd = moof.offsetBytes
        var children = moof
        while let traf = try children.nextBox() {
            guard traf.type == "traf" else { continue }
            let tfhd = try Tfhd(try traf.requiredChild("tfhd"))
            guard let index = tracks.firstIndex(where: { $0.track.id == tfhd.trackId }) else {
                throw .invalid(box: "tfhd", field: "track_ID", value: Int64(tfhd.trackId))
            }
            // Without either flag, data starts where that of the track before ends.
            let base =
                tfhd.baseDataOffset ?? (tfhd.isDefaultBaseMoof ? moof.offsetBytes : dataEnd)
            dataEnd = try read(traf, tfhd, base: base, into: &tracks[index], budget: &budget)
        }
    }

    /// - Returns: the place behind the fragment's last sample.
    private func read(
        _ traf: BoxReader,
        _ tfhd: Tfhd,
        base: UInt64,
        into assembly: inout TrackAssembly,
        budget: inout SampleBudget
    ) throws(ISOBMFFError) -> UInt64 {
        let defaults = tfhd.defaults(inheriting: assembly.defaults)
        if let box = try traf.firstChild("tfdt") {
            try assembly.start(at: try Tfdt(box).baseMediaDecodeTime)
        }
        let entryIndex = try assembly.entryIndex(number: defaults.descriptionNumber)
        let firstSample = assembly.track.samples.count
        var position = base
        var randomAccess: Sbgp?
        var children = traf
        while let child = try children.nextBox() {
            switch child.type {
            case "trun":
                let trun = try Trun(child)
                if let offset = trun.dataOffset {
                    position = try place(base: base, offset: offset)
                }
                let run = TrackRunExpansion(trun: trun, defaults: defaults, position: position)
                position = try run.append(
                    to: &assembly.track.samples,
                    entryIndex: entryIndex,
                    fileSizeBytes: fileSizeBytes,
                    decodeTime: &assembly.nextDecodeTime,
                    budget: &budget
                )
            case "sbgp":
                let sbgp = try Sbgp(child)
                if sbgp.groupingType == "rap " { randomAccess = sbgp }
            default:
                break
            }
        }
        if let randomAccess {
            assembly.track.samples.mark(randomAccess, from: firstSample)
        }
        return position
    }

    private func place(base: UInt64, offset: Int32) throws(ISOBMFFError) -> UInt64 {
        guard base <= fileSizeBytes else {
            throw .outOfFile(offsetBytes: base, sizeBytes: 0)
        }
        let place = Int64(base) + Int64(offset)
        guard place >= 0 else {
            throw .invalid(box: "trun", field: "data_offset", value: Int64(offset))
        }
        return UInt64(place)
    }
}

extension TrackAssembly {
    /// Makes a fragment start at a decode time: what `tfdt` says is true, and a difference from the
    /// samples so far is one in the last sample's duration.
    fileprivate mutating func start(at time: Int64) throws(ISOBMFFError) {
        if isLeftOut { return }
        let last = track.samples.durations.count - 1
        guard last >= 0 else {
            track.samples.firstDecodeTime = time
            nextDecodeTime = time
            return
        }
        let duration = Int64(track.samples.durations[last]) + time - nextDecodeTime
        guard duration >= 0 else {
            throw .decodeTimeGoesBack(trackId: track.id, expected: nextDecodeTime, found: time)
        }
        guard let duration = UInt32(exactly: duration) else {
            throw .invalid(box: "tfdt", field: "baseMediaDecodeTime", value: time)
        }
        track.samples.durations[last] = duration
        nextDecodeTime = time
    }

    /// The 0-based index of the sample entry with a 1-based number.
    fileprivate func entryIndex(number: UInt32) throws(ISOBMFFError) -> UInt8 {
        if isLeftOut { return 0 }
        guard number >= 1, number <= track.sampleEntries.count else {
            let value = Int64(number)
            throw .invalid(box: "tfhd", field: "sample_description_index", value: value)
        }
        return UInt8(number - 1)
    }
}
