package import ISOBMFF

/// A text track inside a media file, read as subtitles: `wvtt`, or `tx3g`.
///
/// Its samples are all read when the index is built: they are few and small, and from then on it is
/// like a WebVTT file beside the video.
package struct EmbeddedText: Sendable {
    /// The media file's name.
    package var name: String
    /// BCP 47, `und` where unknown.
    package var language: String
    /// Cues on the file's own timeline, or why there are none.
    package var document: Result<WebVTTDocument, PackagingError>
    /// XXH64 of the samples, of which the file's headers say nothing.
    package var digest: UInt64

    /// Reads a track of a file.
    ///
    /// - Parameters:
    ///   - track: of kind `.text`.
    ///   - name: the file's name.
    ///   - source: the file; reads may block.
    /// - Throws: what the source throws; what is wrong with the track is in `document`.
    package init(_ track: Track, name: String, in source: some ByteSource) throws {
        var reading = TextReading(track)
        self.name = name
        self.language = LanguageTag.shortest(of: track.language)
        do {
            document = .success(try reading.document(from: source))
        } catch let error as PackagingError {
            document = .failure(error)
        } catch is ISOBMFFError {
            document = .failure(.damagedSamples(file: name))
        }
        digest = reading.digest
    }

    /// Whether the text of a track is in a format that is read.
    package static func reads(_ track: Track) -> Bool {
        track.kind == .text
            && track.sampleEntries.allSatisfy { $0.codec == .webVTT || $0.codec == .timedText }
    }
}

/// Goes through the samples of a text track.
private struct TextReading {
    private let track: Track
    private(set) var digest: UInt64 = 0
    private var cues: [WebVTTDocument.Cue] = []
    private var sizeBytes = 0
    /// Places in `cues` of those that the last sample showed, by what may go on in the next one.
    private var shown: [VTTCue: Int] = [:]

    init(_ track: Track) {
        self.track = track
    }

    mutating func document(from source: some ByteSource) throws -> WebVTTDocument {
        let samples = track.samples
        guard samples.isConsistent(entryCount: track.sampleEntries.count) else {
            throw PackagingError.limitExceeded("a consistent sample table")
        }
        var timed = try TimedTrack(track)
        timed.place(rebasedBy: 0)
        for (place, index) in timed.range.enumerated() {
            let size = Int(samples.sizesBytes[index])
            sizeBytes += size
            guard sizeBytes <= WebVTTLimits.documentBytes else {
                throw PackagingError.limitExceeded("WebVTTLimits.documentBytes")
            }
            guard size > TimedTextSample.emptySizeBytes else {
                shown = [:]
                continue
            }
            let bytes = try source.read(offsetBytes: samples.offsetsBytes[index], count: size)
            digest = XXH64.hash(bytes, seed: digest)
            let start = timed.presentationTimes[place]
            let (sum, overflows) = start.addingReportingOverflow(Int64(samples.durations[index]))
            guard !overflows, sum > 0 else { continue }
            try add(bytes, entry: samples.descriptionIndex(index), max(start, 0)..<sum)
        }
        return WebVTTDocument(preamble: try preamble(), cues: WebVTTDocument.inOrder(cues))
    }

    private mutating func add(_ bytes: [UInt8], entry: Int, _ ticks: Range<Int64>) throws {
        func milliseconds(_ ticks: Int64) -> Int64 {
            MediaTime(ticks, timescale: track.timescale).rounded(toTimescale: 1000)
        }
        let (start, end) = (milliseconds(ticks.lowerBound), milliseconds(ticks.upperBound))
        guard start < end, end <= IndexLimits.spanSeconds * 1000 else { return }
        var showing: [VTTCue: Int] = [:]
        for cue in try read(bytes, entry: entry) where !cue.payload.isEmpty {
            if let before = shown[cue], cues[before].endMilliseconds == start {
                cues[before].endMilliseconds = end
                showing[cue] = before
                continue
            }
            guard cues.count < WebVTTLimits.cues else {
                throw PackagingError.limitExceeded("WebVTTLimits.cues")
            }
            showing[cue] = cues.count
            cues.append(
                WebVTTDocument.Cue(
                    identifier: cue.identifier,
                    startMilliseconds: start,
                    endMilliseconds: end,
                    settings: cue.settings,
                    payload: cue.payload
                )
            )
        }
        shown = showing
    }

    /// The cues of a sample, in lines that a WebVTT file can hold.
    private func read(_ bytes: [UInt8], entry: Int) throws -> [VTTCue] {
        switch track.sampleEntries[entry].codec {
        case .webVTT:
            return try VTTCue.cues(ofSample: bytes).map { cue in
                var cue = cue
                cue.identifier = WebVTTText.oneLine(cue.identifier)
                cue.settings = WebVTTText.oneLine(cue.settings)
                cue.payload = WebVTTText.lines(cue.payload)
                return cue
            }
        default:
            let text = try TimedTextSample.text(ofSample: bytes)
            return [VTTCue(payload: WebVTTText.escaped(text))]
        }
    }

    /// Style sheets and regions of the sample entries.
    private func preamble() throws -> [String] {
        for entry in track.sampleEntries where entry.codec == .webVTT {
            guard let header = try VTTCue.fileHeader(ofEntry: entry) else { continue }
            return (try? WebVTTDocument(parsing: header))?.preamble ?? []
        }
        return []
    }
}
