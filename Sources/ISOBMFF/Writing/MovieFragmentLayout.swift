/// Which fields a fragment's boxes have, where they lie, and how large it all is.
///
/// A value that all samples share stands once in `tfhd`; `trun` has a column only for what differs.
/// Sync flags take the form that fits: one default, a default and `first_sample_flags` (a key frame
/// and what hangs on it), or a column.
///
/// ISO/IEC 14496-12 §8.8.7, §8.8.8
struct MovieFragmentLayout {
    private let moofSize: Int
    private let mdatHeaderSize: Int
    private let payloadSize: UInt64
    private let trackFlags: UInt32
    private let runFlags: UInt32
    private let defaultFlags: UInt32

    /// Bytes of the `moof` and the `mdat` header together.
    var sizeBytes: Int { moofSize + mdatHeaderSize }

    private enum TrackFlag {
        static let sampleDescriptionIndex: UInt32 = 0x00_0002
        static let defaultDuration: UInt32 = 0x00_0008
        static let defaultSize: UInt32 = 0x00_0010
        static let defaultFlags: UInt32 = 0x00_0020
        static let defaultBaseIsMoof: UInt32 = 0x02_0000
    }

    private enum RunFlag {
        static let dataOffset: UInt32 = 0x00_0001
        static let firstSampleFlags: UInt32 = 0x00_0004
        static let duration: UInt32 = 0x00_0100
        static let size: UInt32 = 0x00_0200
        static let flags: UInt32 = 0x00_0400
        static let compositionOffset: UInt32 = 0x00_0800
    }

    private static let mfhdSize = 16
    private static let tfdtSize = 20
    /// `tfhd` fields that are there or not, 4 bytes each.
    private static let trackFieldFlags: UInt32 = 0x3A

    /// `moof`, `mfhd`, `traf`, then the header, flags and track id of `tfhd`.
    static let descriptionIndexOffset = 8 + mfhdSize + 8 + 16

    init(_ fragment: MovieFragment) {
        var trackFlags = TrackFlag.defaultBaseIsMoof | TrackFlag.defaultFlags
        var runFlags = RunFlag.dataOffset
        if fragment.sampleDescriptionIndex != nil {
            trackFlags |= TrackFlag.sampleDescriptionIndex
        }
        if Self.isUniform(fragment.durations) {
            trackFlags |= TrackFlag.defaultDuration
        } else {
            runFlags |= RunFlag.duration
        }
        if Self.isUniform(fragment.sizesBytes) {
            trackFlags |= TrackFlag.defaultSize
        } else {
            runFlags |= RunFlag.size
        }
        if fragment.compositionOffsets.contains(where: { $0 != 0 }) {
            runFlags |= RunFlag.compositionOffset
        }
        let isFirstSync = fragment.isSync.first ?? true
        let hasLaterSync = fragment.isSync.dropFirst().contains(true)
        let hasLaterNonSync = fragment.isSync.dropFirst().contains(false)
        switch (isFirstSync, hasLaterSync, hasLaterNonSync) {
        case (true, false, true):
            runFlags |= RunFlag.firstSampleFlags
            defaultFlags = SampleFlags.nonSync
        case (true, _, false):
            defaultFlags = SampleFlags.sync
        case (false, false, _):
            defaultFlags = SampleFlags.nonSync
        default:
            runFlags |= RunFlag.flags
            trackFlags &= ~TrackFlag.defaultFlags
            defaultFlags = 0
        }
        let columns = (runFlags & 0xF00).nonzeroBitCount
        let tfhdSize = 16 + 4 * (trackFlags & Self.trackFieldFlags).nonzeroBitCount
        let trunSize =
            20 + 4 * (runFlags & RunFlag.firstSampleFlags).nonzeroBitCount
            + 4 * columns * fragment.sizesBytes.count
        self.trackFlags = trackFlags
        self.runFlags = runFlags
        moofSize = 8 + Self.mfhdSize + 8 + tfhdSize + Self.tfdtSize + trunSize
        payloadSize = fragment.payloadSizeBytes
        mdatHeaderSize = payloadSize + 8 > UInt64(UInt32.max) ? 16 : 8
    }

    private static func isUniform(_ values: [UInt32]) -> Bool {
        guard let first = values.first else { return true }
        for value in values where value != first {
            return false
        }
        return true
    }

    /// Stores the boxes; `raw` has at least `sizeBytes` behind `start`.
    func write(_ fragment: MovieFragment, into raw: inout MutableRawSpan, at start: Int) {
        var offset = start
        let count = fragment.sizesBytes.count
        let trafSize = moofSize - 8 - Self.mfhdSize
        raw.store(UInt32(moofSize), at: &offset)
        raw.store(FourCC("moof").rawValue, at: &offset)

        raw.store(UInt32(Self.mfhdSize), at: &offset)
        raw.store(FourCC("mfhd").rawValue, at: &offset)
        raw.store(UInt32(0), at: &offset)
        raw.store(fragment.sequenceNumber, at: &offset)

        raw.store(UInt32(trafSize), at: &offset)
        raw.store(FourCC("traf").rawValue, at: &offset)
        writeTrackHeader(fragment, into: &raw, at: &offset)

        raw.store(UInt32(Self.tfdtSize), at: &offset)
        raw.store(FourCC("tfdt").rawValue, at: &offset)
        raw.store(UInt32(1) << 24, at: &offset)
        raw.store(fragment.baseMediaDecodeTime, at: &offset)

        raw.store(UInt32(start + moofSize - offset), at: &offset)
        raw.store(FourCC("trun").rawValue, at: &offset)
        raw.store(UInt32(1) << 24 | runFlags, at: &offset)
        raw.store(UInt32(count), at: &offset)
        raw.store(UInt32(sizeBytes), at: &offset)
        if runFlags & RunFlag.firstSampleFlags != 0 {
            raw.store(SampleFlags.sync, at: &offset)
        }
        writeColumns(fragment, into: &raw, at: &offset)
        writeMediaDataHeader(into: &raw, at: &offset)
    }

    private func writeTrackHeader(
        _ fragment: MovieFragment,
        into raw: inout MutableRawSpan,
        at offset: inout Int
    ) {
        raw.store(UInt32(16 + 4 * (trackFlags & Self.trackFieldFlags).nonzeroBitCount), at: &offset)
        raw.store(FourCC("tfhd").rawValue, at: &offset)
        raw.store(trackFlags, at: &offset)
        raw.store(fragment.trackID, at: &offset)
        if let index = fragment.sampleDescriptionIndex {
            raw.store(index, at: &offset)
        }
        if trackFlags & TrackFlag.defaultDuration != 0 {
            raw.store(fragment.durations[0], at: &offset)
        }
        if trackFlags & TrackFlag.defaultSize != 0 {
            raw.store(fragment.sizesBytes[0], at: &offset)
        }
        if trackFlags & TrackFlag.defaultFlags != 0 {
            raw.store(defaultFlags, at: &offset)
        }
    }

    private func writeColumns(
        _ fragment: MovieFragment,
        into raw: inout MutableRawSpan,
        at offset: inout Int
    ) {
        let hasDuration = runFlags & RunFlag.duration != 0
        let hasSize = runFlags & RunFlag.size != 0
        let hasFlags = runFlags & RunFlag.flags != 0
        let hasCompositionOffset = runFlags & RunFlag.compositionOffset != 0
        guard hasDuration || hasSize || hasFlags || hasCompositionOffset else { return }
        for index in fragment.sizesBytes.indices {
            if hasDuration {
                raw.store(fragment.durations[index], at: &offset)
            }
            if hasSize {
                raw.store(fragment.sizesBytes[index], at: &offset)
            }
            if hasFlags {
                let isSync = fragment.isSync[index]
                raw.store(isSync ? SampleFlags.sync : SampleFlags.nonSync, at: &offset)
            }
            if hasCompositionOffset {
                raw.store(UInt32(bitPattern: fragment.compositionOffsets[index]), at: &offset)
            }
        }
    }

    private func writeMediaDataHeader(into raw: inout MutableRawSpan, at offset: inout Int) {
        let isLarge = mdatHeaderSize == 16
        raw.store(isLarge ? 1 : UInt32(payloadSize + 8), at: &offset)
        raw.store(FourCC("mdat").rawValue, at: &offset)
        if isLarge {
            raw.store(payloadSize + 16, at: &offset)
        }
    }
}

extension MutableRawSpan {
    fileprivate mutating func store(_ value: UInt32, at offset: inout Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
        offset += 4
    }

    fileprivate mutating func store(_ value: UInt64, at offset: inout Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
        offset += 8
    }
}
