/// The entry point that libFuzzer calls: any messages of an encoder must give samples that hold to
/// what their users rely on, and a segmenter must take them.
///
/// An input is messages: a byte of kind and time, the milliseconds since the one before, a size of
/// two bytes, a body.
///
/// Compiled together with sources of Live by `run`.

import ISOBMFF
import Segmenting

private let mostMessages = 512

/// Reads the bytes that the fuzzer made, as the media of one publish.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFLV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    var publish = FuzzedPublish()
    var position = 0
    for _ in 0..<mostMessages {
        guard position + 4 <= bytes.count else { break }
        let kinds: [RTMPMediaKind] = [.audio, .video, .data, .video]
        let kind = kinds[Int(bytes[position] & 3)]
        // Some distances are long, some lead back.
        let shift = UInt32(bytes[position] >> 2 & 0x1F)
        let step = UInt32(bytes[position + 1]) << shift
        let size = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
        position += 4
        let end = min(bytes.count, position + size)
        guard publish.receive(kind, after: step, Array(bytes[position..<end])) else { break }
        position = end
    }
    publish.finish()
    return 0
}

private struct FuzzedPublish {
    private var source = LiveSource()
    private var segmenter = Segmenter(
        configuration: SegmenterConfiguration(),
        continuation: LiveContinuation(),
        startMicroseconds: 1_700_000_000_000_000
    )
    private var timestamp: UInt32 = 0
    private var tracks: [LiveTrackID: LiveTrack] = [:]
    private var decodeTimes: [LiveTrackID: Int64] = [:]
    private var openSegments: [LiveTrackID: UInt64] = [:]
    private var arrival: Int64 = 1_700_000_000_000_000

    mutating func receive(_ kind: RTMPMediaKind, after step: UInt32, _ body: [UInt8]) -> Bool {
        timestamp &+= step
        arrival += Int64(min(step, 100)) * 1000
        var inputs: [LiveInput] = []
        do throws(LiveSourceError) {
            try source.receive(
                kind,
                timestamp: timestamp,
                body: body.span,
                arrivalMicroseconds: arrival,
                into: &inputs
            )
        } catch {
            return false
        }
        take(inputs)
        return true
    }

    mutating func finish() {
        var inputs: [LiveInput] = []
        source.finish(into: &inputs)
        take(inputs)
        var actions: [SegmenterAction] = []
        segmenter.finish(into: &actions)
        check(actions)
        precondition(openSegments.isEmpty, "a segment stays open")
    }

    private mutating func take(_ inputs: [LiveInput]) {
        for input in inputs {
            switch input {
            case .tracks(let described):
                precondition(described.allSatisfy { $0.timescale > 0 })
                tracks = Dictionary(uniqueKeysWithValues: described.map { ($0.id, $0) })
            case .sample(let sample):
                precondition(tracks[sample.track] != nil, "a sample of no track")
                precondition(!sample.bytes.isEmpty, "an empty sample")
                if tracks[sample.track]?.id.kind == .video {
                    let before = decodeTimes[sample.track] ?? .min
                    precondition(sample.decodeTime > before, "time goes back")
                    decodeTimes[sample.track] = sample.decodeTime
                }
            case .discontinuity, .event: break
            }
            var actions: [SegmenterAction] = []
            segmenter.apply(input, into: &actions)
            check(actions)
        }
    }

    private mutating func check(_ actions: [SegmenterAction]) {
        for action in actions {
            switch action {
            case .segmentBegan(let segment):
                precondition(openSegments[segment.track] == nil, "two open segments")
                openSegments[segment.track] = segment.number
            case .part(let part):
                precondition(openSegments[part.track] == part.segmentNumber, "a part of none")
                precondition(part.duration > 0, "a part without time")
                precondition(part.isGap || !part.payload.isEmpty, "a part without bytes")
            case .segmentEnded(let end):
                precondition(openSegments[end.track] == end.number, "the end of none")
                openSegments[end.track] = nil
            case .initialization, .lowLatency, .event: break
            }
        }
    }
}
