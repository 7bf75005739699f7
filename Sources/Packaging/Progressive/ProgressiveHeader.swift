import ISOBMFF

/// All of a progressive file in front of its samples: `ftyp`, `moov` and the `mdat` header.
///
/// ISO/IEC 14496-12 §6.2.3
struct ProgressiveHeader {
    private let fileType: FileTypeBox
    private var movie: MovieBox
    private let payloadSizeBytes: UInt64

    /// Makes the header of a file with `tracks`, each with the tables of its samples, of which it
    /// has some; `payloadSizeBytes` is all samples together.
    init(tracks: [(track: AssetTrack, table: SampleTableBuilder)], payloadSizeBytes: UInt64) throws
    {
        // The finest of the tracks' timescales: every edit survives the way into it and back.
        guard let timescale = tracks.map(\.track.timescale).max() else {
            throw PackagingError.nothingToPackage
        }
        var boxes: [TrackBox] = []
        for (track, table) in tracks {
            var box = try Self.trackBox(track, table, movieTimescale: timescale)
            box.header.trackID = UInt32(boxes.count) + 1
            box.header.isEnabled = !boxes.contains { $0.kind == box.kind }
            boxes.append(box)
        }
        self.movie = MovieBox(
            timescale: timescale,
            duration: boxes.map(\.header.duration).max() ?? 0,
            tracks: boxes,
            isFragmented: false
        )
        self.fileType = Self.fileType(tracks.flatMap { $0.track.sampleEntries.flatMap(\.brands) })
        self.payloadSizeBytes = payloadSizeBytes
    }

    /// The bytes, chunk offsets settled: where the samples start hangs on how long the tables are,
    /// and how wide the offsets in them must be hangs on where the samples end.
    consuming func bytes() -> [UInt8] {
        let mediaDataHeaderSize = payloadSizeBytes + 8 > UInt64(UInt32.max) ? 16 : 8
        var front = frontSize + mediaDataHeaderSize
        let isLarge = UInt64(front) + payloadSizeBytes > UInt64(UInt32.max)
        if isLarge {
            front +=
                4 * movie.tracks.reduce(0) { $0 + $1.sampleTable.chunkOffset.offsetsBytes.count }
        }
        for index in movie.tracks.indices {
            movie.tracks[index].sampleTable.chunkOffset.move(by: UInt64(front), isLarge: isLarge)
        }
        var writer = BoxWriter(reservingBytes: front)
        fileType.write(to: &writer)
        movie.write(to: &writer)
        writer.append(mediaDataHeaderSize == 16 ? 1 : UInt32(payloadSizeBytes + 8))
        writer.append("mdat")
        if mediaDataHeaderSize == 16 {
            writer.append(payloadSizeBytes + 16)
        }
        precondition(writer.bytes.count == front, "the chunk offsets count on this size")
        return writer.bytes
    }

    /// Size of `ftyp` and `moov`: measured with empty tables, and what the tables add.
    private var frontSize: Int {
        var empty = movie
        var tablesSize = 0
        for index in empty.tracks.indices {
            tablesSize += empty.tracks[index].sampleTable.sizeBytes
            empty.tracks[index].sampleTable = SampleTableBox(sampleEntries: [])
            tablesSize -= empty.tracks[index].sampleTable.sizeBytes
        }
        var writer = BoxWriter()
        fileType.write(to: &writer)
        empty.write(to: &writer)
        return writer.bytes.count + tablesSize
    }

    private static func fileType(_ codecBrands: [FourCC]) -> FileTypeBox {
        var brands: [FourCC] = ["isom", "iso6", "mp41"]
        for brand in codecBrands where !brands.contains(brand) {
            brands.append(brand)
        }
        return FileTypeBox(majorBrand: "isom", minorVersion: 512, compatibleBrands: brands)
    }

    private static func trackBox(
        _ track: AssetTrack,
        _ table: SampleTableBuilder,
        movieTimescale: UInt32
    ) throws -> TrackBox {
        let edits = edits(of: track, table, movieTimescale: movieTimescale)
        let duration = MediaTime(Int64(table.mediaDuration), timescale: track.timescale)
        let display = track.displaySize(of: track.sampleEntries.first)
        return TrackBox(
            header: TrackHeaderBox(
                trackID: 0,
                duration: edits.isEmpty
                    ? UInt64(clamping: duration.rounded(toTimescale: movieTimescale))
                    : edits.reduce(0) { $0 + $1.segmentDuration },
                alternateGroup: track.kind == .audio ? 1 : 0,
                volume: track.kind == .audio ? 0x0100 : 0,
                matrix: track.matrix,
                displayWidth: display.width,
                displayHeight: display.height
            ),
            kind: track.handlerKind,
            name: track.label,
            media: MediaHeaderBox(
                timescale: track.timescale,
                duration: table.mediaDuration,
                language: track.language
            ),
            edits: edits,
            sampleTable: table.sampleTable(
                sampleEntries: try track.sampleEntries.map { try $0.isoBoxBytes() }
            )
        )
    }

    /// An empty edit where the track starts late, then all of its media from `editMediaTime` on.
    ///
    /// Where no sample is shown at `editMediaTime` yet, the wait for the first one is part of the
    /// empty edit: ffmpeg puts the first sample of an edit at the edit's start, whatever its time.
    private static func edits(
        of track: AssetTrack,
        _ table: SampleTableBuilder,
        movieTimescale: UInt32
    ) -> [EditListBox.Entry] {
        let start = Int64(clamping: table.firstDecodeTime ?? 0)
        guard start > 0 || track.editMediaTime != 0 else { return [] }
        let ticks = { (value: Int64) in
            UInt64(
                clamping: MediaTime(value, timescale: track.timescale)
                    .rounded(toTimescale: movieTimescale)
            )
        }
        let mediaTime = max(track.editMediaTime, table.compositionStart)
        let wait = start + mediaTime - track.editMediaTime
        let media = EditListBox.Entry(
            segmentDuration: ticks(table.compositionEnd - mediaTime),
            mediaTime: mediaTime
        )
        guard wait > 0 else { return [media] }
        return [EditListBox.Entry(segmentDuration: ticks(wait), mediaTime: nil), media]
    }
}
