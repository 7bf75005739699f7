import ISOBMFF
import Live
import MediaHTTP
import NIOCore
import Segmenting

/// Makes a segmenter's actions by hand: parts of a third of a second.
struct ActionMaker {
    static let video = LiveTrack(
        id: LiveTrackID(.video),
        timescale: 90_000,
        sampleEntry: SampleEntry(
            format: "avc1",
            boxBytes: [],
            codec: .other("avc1"),
            video: VideoProperties(width: 640, height: 360)
        ),
        frameDuration: 3000
    )
    static let audio = LiveTrack(
        id: LiveTrackID(.audio),
        timescale: 90_000,
        sampleEntry: SampleEntry(format: "mp4a", boxBytes: [], codec: .mp3),
        frameDuration: nil
    )
    static let partDuration: Int64 = 30_000

    static func initialization(_ track: LiveTrack = video, number: Int = 1) -> SegmenterAction {
        .initialization(LiveInitialization(track: track, number: number, bytes: [1, 2, 3]))
    }

    static func began(
        _ number: UInt64,
        _ track: LiveTrack = video,
        discontinuities: UInt64 = 0,
        isDiscontinuity: Bool = false
    ) -> SegmenterAction {
        .segmentBegan(
            SegmentStart(
                track: track.id,
                number: number,
                discontinuitySequence: discontinuities,
                isDiscontinuity: isDiscontinuity,
                initializationNumber: 1,
                decodeTime: Int64(number) * partDuration * 6,
                programDateTime: 0,
                isIndependent: true
            )
        )
    }

    static func part(
        _ number: UInt64,
        _ index: Int,
        _ track: LiveTrack = video,
        sizeBytes: Int = 100,
        arrivalMicroseconds: Int64 = ManualClock.epoch
    ) -> SegmenterAction {
        .part(
            LivePart(
                track: track.id,
                segmentNumber: number,
                index: index,
                decodeTime: 0,
                duration: partDuration,
                isIndependent: index == 0,
                header: [UInt8(truncatingIfNeeded: number), UInt8(index)],
                payload: [UInt8](repeating: UInt8(index), count: sizeBytes - 2),
                descriptionIndexOffset: 0,
                arrivalMicroseconds: arrivalMicroseconds
            )
        )
    }

    static func ended(
        _ number: UInt64,
        _ track: LiveTrack = video,
        parts: Int = 6
    ) -> SegmenterAction {
        .segmentEnded(
            SegmentEnd(track: track.id, number: number, duration: partDuration * Int64(parts))
        )
    }

    /// A whole segment.
    static func segment(
        _ number: UInt64,
        _ track: LiveTrack = video,
        parts: Int = 6,
        sizeBytes: Int = 100
    ) -> [SegmenterAction] {
        [began(number, track)]
            + (0..<parts).map { part(number, $0, track, sizeBytes: sizeBytes) }
            + [ended(number, track, parts: parts)]
    }

    static func bytes(_ number: UInt64, _ index: Int, sizeBytes: Int = 100) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number), UInt8(index)]
            + [UInt8](repeating: UInt8(index), count: sizeBytes - 2)
    }
}

extension LiveStream {
    /// A stream as tests want it.
    static func forTests(
        clock: ManualClock = ManualClock(),
        rendering: PlainRendering = PlainRendering(),
        archive: FakeArchive? = nil,
        limits: LiveStoreLimits = LiveStoreLimits(),
        continuation: LiveContinuation = LiveContinuation(),
        keep: @escaping LiveStream.Keep = { _, _ in }
    ) -> LiveStream {
        LiveStream(
            id: "s",
            continuation: continuation,
            targetDurationSeconds: 2,
            rendering: rendering,
            archive: archive,
            limits: limits,
            clock: clock,
            keep: keep
        )
    }

    /// Its playlist as it is now.
    func lines(_ track: LiveTrack = ActionMaker.video) -> [String] {
        guard let edition else { return [] }
        let text = edition.playlist(track.id, skip: .none).identity
        return String(buffer: text).split(separator: "\n").map(String.init)
    }
}
