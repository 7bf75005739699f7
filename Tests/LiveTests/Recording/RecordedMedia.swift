import Foundation
import ISOBMFF
import NIOCore
import Segmenting
import TestSupport

/// Live actions made of a file's tracks, as a segmenter would tell them.
struct RecordedMedia {
    struct Event {
        var action: SegmenterAction
        var bytes: ByteBuffer?
    }

    private let bytes: [UInt8]
    let tracks: [Track]

    init(_ fixture: String) async throws {
        bytes = try await Fixture.bytes(fixture)
        tracks = try MovieReader.read(MemoryByteSource(bytes)).tracks.filter { $0.kind != .text }
    }

    /// A publish's worth of actions; parts hold ten samples, segments a second or more.
    func events(
        firstNumber: UInt64 = 0,
        initializationNumber: Int = 1,
        discontinuitySequence: UInt64 = 0,
        isDiscontinuity: Bool = false,
        startSeconds: Int64 = 0,
        startMicroseconds: Int64 = 1_700_000_000_000_000
    ) throws -> [Event] {
        var events: [Event] = []
        var segments: [[[Event]]] = []
        for track in tracks {
            let id = LiveTrackID(track.kind == .video ? .video : .audio)
            events.append(
                Event(
                    action: .initialization(
                        LiveInitialization(
                            track: LiveTrack(
                                id: id,
                                timescale: track.timescale,
                                sampleEntry: track.sampleEntries[0],
                                frameDuration: nil,
                                language: "en"
                            ),
                            number: initializationNumber,
                            bytes: try header(track).bytes
                        )
                    )
                )
            )
            segments.append(
                cut(track).enumerated().map { place, samples in
                    segment(
                        track,
                        samples,
                        SegmentStart(
                            track: id,
                            number: firstNumber + UInt64(place),
                            discontinuitySequence: discontinuitySequence,
                            isDiscontinuity: isDiscontinuity && place == 0,
                            initializationNumber: initializationNumber,
                            decodeTime: time(track, samples.lowerBound)
                                + startSeconds * Int64(track.timescale),
                            programDateTime: startMicroseconds + startSeconds * 1_000_000
                                + time(track, samples.lowerBound) * 1_000_000
                                / Int64(track.timescale),
                            isIndependent: true
                        )
                    )
                }
            )
        }
        for place in 0..<(segments.map(\.count).min() ?? 0) {
            for track in segments { events += track[place] }
        }
        return events
    }

    private func header(_ track: Track) throws -> CMAFHeader {
        CMAFHeader(
            kind: track.kind,
            timescale: track.timescale,
            language: "en",
            displayWidth: track.displayWidth,
            displayHeight: track.displayHeight,
            sampleEntry: try track.sampleEntries[0].isoBoxBytes()
        )
    }

    private func time(_ track: Track, _ sample: Int) -> Int64 {
        track.samples.durations[..<sample].reduce(0) { $0 + Int64($1) }
    }

    private func isSync(_ track: Track, _ sample: Int) -> Bool {
        track.samples.dependencies.isEmpty || track.samples.dependencies[sample] == .sync
    }

    /// Samples of each segment: from a sync sample to one at least a second later.
    private func cut(_ track: Track) -> [Range<Int>] {
        var segments: [Range<Int>] = []
        var first = 0
        var duration: Int64 = 0
        for sample in 0..<track.samples.count {
            if duration >= Int64(track.timescale), isSync(track, sample) {
                segments.append(first..<sample)
                (first, duration) = (sample, 0)
            }
            duration += Int64(track.samples.durations[sample])
        }
        return segments + [first..<track.samples.count]
    }

    private func segment(_ track: Track, _ samples: Range<Int>, _ start: SegmentStart) -> [Event] {
        var events = [Event(action: .segmentBegan(start))]
        var decodeTime = start.decodeTime
        for (index, first) in stride(from: samples.lowerBound, to: samples.upperBound, by: 10)
            .enumerated()
        {
            let part = first..<min(first + 10, samples.upperBound)
            let duration = part.reduce(Int64(0)) { $0 + Int64(track.samples.durations[$1]) }
            let (header, place) = Self.header(track, part, decodeTime: decodeTime, index: index)
            let payload = part.flatMap { sample in
                let start = Int(track.samples.offsetsBytes[sample])
                return bytes[start..<start + Int(track.samples.sizesBytes[sample])]
            }
            events.append(
                Event(
                    action: .part(
                        LivePart(
                            track: start.track,
                            segmentNumber: start.number,
                            index: index,
                            decodeTime: decodeTime,
                            duration: duration,
                            isIndependent: index == 0,
                            header: header,
                            payload: payload,
                            descriptionIndexOffset: place,
                            arrivalMicroseconds: 0
                        )
                    ),
                    bytes: ByteBuffer(bytes: header + payload)
                )
            )
            decodeTime += duration
        }
        events.append(
            Event(
                action: .segmentEnded(
                    SegmentEnd(
                        track: start.track,
                        number: start.number,
                        duration: decodeTime - start.decodeTime
                    )
                )
            )
        )
        return events
    }

    /// `moof` and the header of `mdat`, with `sample_description_index` in `tfhd`, and its place.
    private static func header(
        _ track: Track,
        _ part: Range<Int>,
        decodeTime: Int64,
        index: Int
    ) -> ([UInt8], Int) {
        let samples = track.samples
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: UInt64(decodeTime),
            sizesBytes: Array(samples.sizesBytes[part]),
            durations: Array(samples.durations[part]),
            compositionOffsets: samples.compositionOffsets.isEmpty
                ? [] : Array(samples.compositionOffsets[part]),
            isSync: samples.dependencies.isEmpty
                ? [] : samples.dependencies[part].map { $0 == .sync }
        )
        var bytes = fragment.header()
        // moof, mfhd, traf, tfhd, tfdt, trun: ISO/IEC 14496-12 §8.8
        let (traf, tfhd) = (24, 32)
        let tfhdSize = Int(read(bytes, tfhd))
        let trun = tfhd + tfhdSize + 20
        for box in [0, traf, tfhd] { write(read(bytes, box) + 4, at: box, &bytes) }
        write(read(bytes, tfhd + 8) | 2, at: tfhd + 8, &bytes)
        write(read(bytes, trun + 16) + 4, at: trun + 16, &bytes)
        bytes.insert(contentsOf: [0, 0, 0, 1], at: tfhd + 16)
        return (bytes, tfhd + 16)
    }

    private static func read(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func write(_ value: UInt32, at offset: Int, _ bytes: inout [UInt8]) {
        for place in 0..<4 { bytes[offset + place] = UInt8(value >> (24 - 8 * place) & 0xFF) }
    }
}
