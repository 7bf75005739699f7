import Live
import MediaHTTP
import NIOCore
import NIOPosix
import Segmenting
import Synchronization
import TestSupport
import Testing

struct LiveStreamTests {
    private typealias Make = ActionMaker
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let video = LiveTrackID(.video)

    private func stream(
        archive: FakeArchive? = nil,
        limits: LiveStoreLimits = LiveStoreLimits()
    ) -> LiveStream {
        let stream = LiveStream.forTests(archive: archive, limits: limits)
        _ = stream.beginPublish(token: "t", startMicroseconds: 0)
        return stream
    }

    private func part(_ stream: LiveStream, _ segment: UInt64, _ index: Int) -> LiveMediaAnswer {
        stream.part(token: "t", track: video, segment: segment, index: index, on: nil) { _, _ in
            .error(status: 500, code: "", message: "")
        }
    }

    private func segment(_ stream: LiveStream, _ number: UInt64) -> LiveMediaAnswer {
        stream.segment(token: "t", track: video, number: number, on: nil) { _, _ in
            .error(status: 500, code: "", message: "")
        }
    }

    @Test func aPartIsItsHeaderAndPayload() throws {
        let stream = stream()
        let actions = [Make.initialization(), Make.began(0), Make.part(0, 0)]
        #expect(stream.apply(actions, token: "t") == .taken)
        guard case .bytes(let bytes) = part(stream, 0, 0) else {
            Issue.record("no part")
            return
        }
        #expect(Array(bytes.readableBytesView) == Make.bytes(0, 0))
        #expect(stream.lines() == ["0 1 open"])
        let header = stream.initialization(token: "t", track: video, number: 1)
        #expect(header == ByteBuffer(bytes: [1, 2, 3]))
        #expect(stream.initialization(token: "u", track: video, number: 1) == nil)
    }

    @Test func aSegmentIsItsParts() {
        let stream = stream()
        _ = stream.apply([Make.initialization()] + Make.segment(0, parts: 3), token: "t")
        guard case .growing(let body, let size) = segment(stream, 0) else {
            Issue.record("no segment")
            return
        }
        #expect(size == 300)
        var bytes: [UInt8] = []
        while case .bytes(let more) = body.read(at: UInt64(bytes.count), atMost: 70) {
            #expect(more.readableBytes <= 70)
            bytes += more.readableBytesView
        }
        #expect(bytes == (0..<3).flatMap { Make.bytes(0, $0) })
    }

    @Test func mediaOfAnotherTokenIsNotTaken() {
        let stream = stream()
        let actions = [Make.initialization(), Make.began(0)]
        #expect(stream.apply(actions, token: "other") == .replaced)
        #expect(stream.edition == nil)
    }

    @Test func whatIsOnDiskLeavesMemoryButForTheNewestSegment() {
        let archive = FakeArchive()
        let stream = stream(archive: archive)
        _ = stream.apply([Make.initialization()], token: "t")
        for number in 0..<5 { _ = stream.apply(Make.segment(UInt64(number)), token: "t") }
        #expect(stream.snapshot.memoryBytes == 5 * 600)
        archive.state.withLock {
            $0.keptBelow = 100
            $0.body = StoredBody(header: [9], ranges: [], sizeBytes: 1)
        }
        _ = stream.apply(Make.segment(5), token: "t")
        #expect(stream.snapshot.memoryBytes == 600)
        #expect(stream.lines().count == 6)
        guard case .stored(let body) = segment(stream, 2) else {
            Issue.record("not from disk")
            return
        }
        #expect(body.sizeBytes == 1)
        guard case .stored = part(stream, 2, 1) else {
            Issue.record("not from disk")
            return
        }
        guard case .growing = segment(stream, 5) else {
            Issue.record("not from memory")
            return
        }
    }

    @Test func withoutADiskTheWindowShrinksToTheMemoryThereIs() {
        var limits = LiveStoreLimits()
        limits.memoryBytes = 10_000
        let stream = stream(limits: limits)
        _ = stream.apply([Make.initialization()], token: "t")
        for number in 0..<40 {
            _ = stream.apply(Make.segment(UInt64(number), sizeBytes: 150), token: "t")
        }
        #expect(stream.snapshot.memoryBytes <= 10_000)
        // Three target durations stay, whatever they take.
        #expect(stream.lines().count >= 3)
        limits.memoryBytes = 1
        let tiny = self.stream(limits: limits)
        _ = tiny.apply([Make.initialization()], token: "t")
        for number in 0..<40 { _ = tiny.apply(Make.segment(UInt64(number)), token: "t") }
        #expect(tiny.lines().count == 3)
        guard case .growing = segment(tiny, 37) else {
            Issue.record("a listed segment is gone")
            return
        }
    }

    @Test func segmentsStayForAWindowBehindThePlaylist() {
        var limits = LiveStoreLimits()
        limits.windowMicroseconds = 10_000_000
        let stream = stream(limits: limits)
        _ = stream.apply([Make.initialization()], token: "t")
        for number in 0..<30 { _ = stream.apply(Make.segment(UInt64(number)), token: "t") }
        #expect(stream.lines().first == "25 6 whole")
        guard case .growing = segment(stream, 20) else {
            Issue.record("gone too soon")
            return
        }
        guard case .missing(isPast: true) = segment(stream, 19) else {
            Issue.record("kept too long")
            return
        }
    }

    @Test func aTakeoverEndsOpenSegmentsInStep() {
        let archive = FakeArchive()
        let stream = stream(archive: archive)
        let actions: [SegmenterAction] =
            [Make.initialization(), Make.initialization(Make.audio)]
            + Make.segment(0) + Make.segment(0, Make.audio)
            + [Make.began(1), Make.part(1, 0), Make.began(1, Make.audio)]
        _ = stream.apply(actions, token: "t")
        let continuation = stream.beginPublish(token: "u", startMicroseconds: 0)
        #expect(continuation.nextSegmentNumber == 2)
        #expect(stream.lines() == ["0 6 whole", "1 1 whole"])
        #expect(stream.lines(Make.audio) == ["0 6 whole", "1 0 gap"])
        #expect(archive.events.suffix(4) == ["v0 1 ended", "a0 1 ended", "end", "begin 2"])
    }

    @Test func aTakeoverAddsGapsWhereATrackIsBehind() {
        let stream = stream()
        let actions: [SegmenterAction] =
            [Make.initialization(), Make.initialization(Make.audio)]
            + Make.segment(0) + Make.segment(1) + [Make.began(2), Make.part(2, 0)]
            + [Make.began(0, Make.audio), Make.part(0, 0, Make.audio)]
        _ = stream.apply(actions, token: "t")
        let continuation = stream.beginPublish(token: "u", startMicroseconds: 0)
        #expect(continuation.nextSegmentNumber == 3)
        #expect(stream.lines(Make.audio) == ["0 1 whole", "1 0 gap", "2 0 gap"])
    }

    @Test func aTakeoverTakesBackWhatNobodyHasAnythingOf() {
        let kept = Mutex<[LiveContinuation]>([])
        let stream = LiveStream.forTests(keep: { value, _ in kept.withLock { $0.append(value) } })
        _ = stream.beginPublish(token: "t", startMicroseconds: 0)
        let began = Make.began(1, discontinuities: 1, isDiscontinuity: true)
        _ = stream.apply([Make.initialization()] + Make.segment(0) + [began], token: "t")
        #expect(stream.lines() == ["0 6 whole", "1 0 open discontinuity"])
        let continuation = stream.beginPublish(token: "u", startMicroseconds: 0)
        #expect(continuation.nextSegmentNumber == 1)
        #expect(continuation.discontinuitySequence == 0)
        #expect(stream.lines() == ["0 6 whole"])
        #expect(kept.withLock { $0.map(\.nextSegmentNumber) } == [1, 2, 1])
    }

    @Test func aPublishBehindTheEndIsANewPresentationWithLaterNumbers() {
        let stream = stream()
        _ = stream.apply(
            [Make.initialization(), .lowLatency(.parts(targetMicroseconds: 333_334))]
                + Make.segment(0),
            token: "t"
        )
        stream.endPublish(token: "t", releasesWaiters: true)
        stream.end()
        #expect(stream.lines() == ["0 6 whole", "end"])
        #expect(stream.snapshot.phase == .ended)
        let continuation = stream.beginPublish(token: "u", startMicroseconds: 0)
        #expect(continuation.nextSegmentNumber == 1)
        #expect(continuation.partTargetMicroseconds == 333_334)
        #expect(stream.edition == nil)
    }

    @Test func textsAreMadeOncePerChange() {
        let rendering = PlainRendering()
        let stream = LiveStream.forTests(rendering: rendering)
        _ = stream.beginPublish(token: "t", startMicroseconds: 0)
        _ = stream.apply([Make.initialization()] + Make.segment(0), token: "t")
        for _ in 0..<10 { _ = stream.lines() }
        #expect(rendering.playlistCount == 1)
        _ = stream.apply([Make.began(1), Make.part(1, 0)], token: "t")
        for _ in 0..<10 { _ = stream.lines() }
        #expect(rendering.playlistCount == 2)
    }

    @Test func memoryStaysFlatOverHours() {
        let archive = FakeArchive()
        archive.state.withLock {
            $0.keptBelow = .max
            $0.body = StoredBody(header: [9], ranges: [], sizeBytes: 1)
        }
        let stream = stream(archive: archive)
        _ = stream.apply([Make.initialization()], token: "t")
        for number in 0..<14_400 {
            _ = stream.apply(Make.segment(UInt64(number)), token: "t")
            if number % 100 == 0 { archive.state.withLock { $0.events = [] } }
        }
        #expect(stream.snapshot.memoryBytes == 600)
        #expect(stream.lines().count == 30)
    }

    /// Headers of a publish stayed for as long as it went on, however often its coding changed.
    @Test func headersGoWithTheirSegments() {
        let stream = LiveStream(
            id: "s",
            continuation: LiveContinuation(),
            targetDurationSeconds: 2,
            rendering: SegmentingRendering(),
            archive: nil,
            limits: LiveStoreLimits(),
            clock: ManualClock(),
            keep: { _, _ in }
        )
        _ = stream.beginPublish(token: "t", startMicroseconds: 0)
        for number in 1...200 {
            let actions = Make.segment(UInt64(number)).map { action in
                guard case .segmentBegan(var start) = action else { return action }
                start.initializationNumber = number
                return .segmentBegan(start)
            }
            _ = stream.apply([Make.initialization(number: number)] + actions, token: "t")
        }
        _ = stream.apply([Make.initialization(number: 201)], token: "t")
        func isKept(_ number: Int) -> Bool {
            stream.initialization(token: "t", track: video, number: number) != nil
        }
        #expect((1...201).count(where: isKept) < 100)
        #expect((180...201).allSatisfy(isKept))
    }
}
