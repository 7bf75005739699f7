import Segmenting

/// One file of a recording: what its journal says of it.
struct RecordedTrack: Sendable {
    /// As it was coded first.
    let track: LiveTrack
    /// 1-based: later ones hold what one file could not.
    let generation: Int
    var header: RecordingHeader
    var endBytes: UInt64
    /// Places where the whole file has another number than 1, ascending.
    private(set) var patches: [Patch] = []

    struct Patch: Hashable, Sendable {
        let offsetBytes: UInt64
        let entryNumber: Int
    }

    init(track: LiveTrack, generation: Int, header: RecordingHeader) {
        self.track = track
        self.generation = generation
        self.header = header
        endBytes = UInt64(header.sizeBytes)
    }

    /// While it is written.
    var fileName: String {
        RecordingPlaces.fileName(track.id.name, generation: generation)
    }

    mutating func add(_ part: JournalPart, entryNumber: Int) {
        endBytes = part.offsetBytes + UInt64(part.sizeBytes)
        guard entryNumber > 1 else { return }
        let offset = part.offsetBytes + UInt64(part.descriptionIndexOffset)
        patches.append(Patch(offsetBytes: offset, entryNumber: entryNumber))
    }

    /// Makes a file that anybody can play of one that held parts for viewers.
    ///
    /// May be done again after it was cut short. The readers of `file` are told first, so that
    /// they go on to get what was live; an answer that is on its way just now may have the new
    /// numbers in a segment behind a format change.
    func complete(in folder: String, file: RecordedFile?) throws(RecordingError) {
        let path = folder + "/" + fileName
        let writer = try WritableFile(path)
        file?.note(patches: patches.map(\.offsetBytes))
        try writer.write(header.bytes, at: 0)
        let reader = try RecordedFile(opening: path, headerBytes: header.sizeBytes)
        for patch in patches {
            let number = UInt32(patch.entryNumber)
            let wanted = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
            guard let found = try? reader.bytes(offsetBytes: patch.offsetBytes, count: 4),
                found == [0, 0, 0, 1] || found == wanted
            else {
                throw .damagedPart(path: path, offsetBytes: patch.offsetBytes)
            }
            try writer.write(wanted, at: patch.offsetBytes)
        }
    }
}
