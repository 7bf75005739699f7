import ISOBMFF

/// The samples of a part that is being filled.
///
/// Payload bytes are copied once, here, from the sample into what becomes the part's payload.
struct PartBuilder {
    private(set) var decodeTime: Int64 = 0
    private(set) var duration: Int64 = 0
    private(set) var arrivalMicroseconds: Int64 = 0
    private var sizesBytes: [UInt32] = []
    private var durations: [UInt32] = []
    private var compositionOffsets: [Int32] = []
    private var isSync: [Bool] = []
    private var payload: [UInt8] = []
    /// Parts of a track are about as large as each other.
    private var expectedSizeBytes = 0

    var isEmpty: Bool { sizesBytes.isEmpty }
    var endTime: Int64 { decodeTime + duration }
    /// Of the samples, with what the header will need for each.
    var sizeBytes: Int { payload.count + sizesBytes.count * 16 }

    mutating func append(_ sample: LiveSample, duration sampleDuration: Int64) {
        if isEmpty {
            decodeTime = sample.decodeTime
            payload.reserveCapacity(expectedSizeBytes)
        }
        sizesBytes.append(UInt32(clamping: sample.bytes.count))
        durations.append(UInt32(clamping: sampleDuration))
        compositionOffsets.append(sample.compositionOffset)
        isSync.append(sample.isSync)
        payload.append(contentsOf: sample.bytes)
        duration += sampleDuration
        arrivalMicroseconds = max(arrivalMicroseconds, sample.arrivalMicroseconds)
    }

    /// Makes the last sample last longer or, by less than it lasts, shorter.
    mutating func lengthenLast(by ticks: Int64) {
        guard let last = durations.last else { return }
        let changed = max(1, Int64(last) + ticks)
        durations[durations.endIndex - 1] = UInt32(clamping: changed)
        duration += changed - Int64(last)
    }

    /// Takes the samples out as a part with `prefix` in front of its `moof`.
    mutating func take(
        of track: LiveTrackID,
        segmentNumber: UInt64,
        index: Int,
        sequenceNumber: UInt32,
        prefix: [UInt8]
    ) -> LivePart {
        let header = header(of: track.kind, sequenceNumber: sequenceNumber, prefix: prefix)
        let part = LivePart(
            track: track,
            segmentNumber: segmentNumber,
            index: index,
            decodeTime: decodeTime,
            duration: duration,
            isIndependent: isSync.first ?? false,
            header: header,
            payload: payload,
            descriptionIndexOffset: prefix.count + MovieFragment.sampleDescriptionIndexOffset,
            arrivalMicroseconds: arrivalMicroseconds
        )
        expectedSizeBytes = payload.count + payload.count / 4
        payload = []
        sizesBytes.removeAll(keepingCapacity: true)
        durations.removeAll(keepingCapacity: true)
        compositionOffsets.removeAll(keepingCapacity: true)
        isSync.removeAll(keepingCapacity: true)
        duration = 0
        arrivalMicroseconds = 0
        return part
    }

    /// Offsets below zero are written as they are: `trun` is of version 1, as CMAF allows.
    ///
    /// What the VOD packager does with them, shifting all samples and undoing it by an edit list,
    /// takes knowledge of the samples to come. ISO/IEC 23000-19 §7.5.17
    private func header(
        of kind: LiveTrackID.Kind,
        sequenceNumber: UInt32,
        prefix: [UInt8]
    ) -> [UInt8] {
        MovieFragment(
            sequenceNumber: sequenceNumber,
            trackID: CMAFHeader.trackID,
            baseMediaDecodeTime: UInt64(max(0, decodeTime)),
            sizesBytes: sizesBytes,
            durations: durations,
            compositionOffsets: kind == .video ? compositionOffsets : [],
            isSync: kind == .video ? isSync : [],
            sampleDescriptionIndex: 1
        ).header(prefix: prefix)
    }
}
