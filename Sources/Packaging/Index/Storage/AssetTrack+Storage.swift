import ISOBMFF

extension ByteWriter {
    mutating func append(_ track: AssetTrack) {
        append(track.name)
        append(track.label)
        append(track.kind.rawValue)
        append(UInt32(track.fileIndex))
        append(track.timescale)
        append(track.language)
        append(track.role.rawValue)
        append(track.sampleEntries) { $0.append($1) }
        append(UInt32(track.rotationDegrees))
        append(track.matrix) { $0.append($1) }
        append(UInt32(track.displayWidth))
        append(UInt32(track.displayHeight))
        append(track.editMediaTime)
        append(track.frameRateNumerator)
        append(track.frameRateDenominator)
        append(track.isReordered)
        append(track.hasClosedCaptions) { $0.append($1) }
        append(track.isWholeFile)
    }

    mutating func append(_ track: SubtitleTrack) {
        append(track.name)
        append(track.label)
        append(track.language)
        append(track.role.rawValue)
        append(track.document.preamble) { $0.append($1) }
        append(track.document.cues) { writer, cue in
            writer.append(cue.identifier)
            writer.append(cue.startMilliseconds)
            writer.append(cue.endMilliseconds)
            writer.append(cue.settings)
            writer.append(cue.payload)
        }
    }
}

extension ByteReader {
    mutating func track() throws(PackagingError) -> AssetTrack {
        let track = AssetTrack(
            name: try string(),
            label: try string(),
            kind: try kind(),
            fileIndex: Int(try integer(UInt32.self)),
            timescale: try timescale(),
            language: try string(),
            role: try role(),
            sampleEntries: try list(atMost: IndexLimits.descriptions, elementSize: 20) {
                reader throws(PackagingError) in try reader.sampleEntry()
            },
            rotationDegrees: try dimension(),
            matrix: try list(atMost: 9, elementSize: 4) { reader throws(PackagingError) in
                try reader.integer()
            },
            displayWidth: try dimension(),
            displayHeight: try dimension(),
            editMediaTime: try integer(),
            frameRateNumerator: try integer(),
            frameRateDenominator: try integer(),
            isReordered: try bool(),
            hasClosedCaptions: try optional { reader throws(PackagingError) in try reader.bool() },
            isWholeFile: try bool()
        )
        guard track.matrix.count == 9, track.frameRateDenominator > 0,
            (0...Int64.max / 4).contains(track.editMediaTime), !track.sampleEntries.isEmpty
        else {
            throw .unusableIndex("a track cannot be")
        }
        return track
    }

    private mutating func kind() throws(PackagingError) -> AssetTrack.Kind {
        guard let kind = AssetTrack.Kind(rawValue: try integer()) else {
            throw .unusableIndex("a track is neither video nor audio")
        }
        return kind
    }

    private mutating func role() throws(PackagingError) -> TrackRole {
        guard let role = TrackRole(rawValue: try string()) else {
            throw .unusableIndex("a role is not known")
        }
        return role
    }

    /// A length in pixels or an angle: small enough for any arithmetic.
    mutating func dimension() throws(PackagingError) -> Int {
        let value = try integer(UInt32.self)
        guard value <= UInt32(Int32.max) else { throw .unusableIndex("a picture is too large") }
        return Int(value)
    }

    mutating func subtitleTrack() throws(PackagingError) -> SubtitleTrack {
        SubtitleTrack(
            name: try string(),
            label: try string(),
            language: try string(),
            role: try role(),
            document: WebVTTDocument(
                preamble: try list(elementSize: 4) { reader throws(PackagingError) in
                    try reader.string()
                },
                cues: try list(elementSize: 28) { reader throws(PackagingError) in
                    try reader.cue()
                }
            )
        )
    }

    private mutating func cue() throws(PackagingError) -> WebVTTDocument.Cue {
        let cue = WebVTTDocument.Cue(
            identifier: try string(),
            startMilliseconds: try integer(),
            endMilliseconds: try integer(),
            settings: try string(),
            payload: try string()
        )
        let times = 0...IndexLimits.spanSeconds * 1000
        guard times.contains(cue.startMilliseconds), times.contains(cue.endMilliseconds) else {
            throw .unusableIndex("a cue's times cannot be")
        }
        return cue
    }
}
