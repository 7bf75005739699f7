import ISOBMFF
import Packaging
import Segmenting
import TestSupport
import Testing

/// What a player computes from manifest after manifest of one stream.
struct LiveDASHTimelineTests {
    /// Follows a stream and holds its manifests to their rules.
    private struct Watch {
        var fixture: LiveDASHFixture
        var timeline = LiveDASHTimeline()
        private var told: [String: ReadPeriod] = [:]
        var periods: [ReadPeriod] = []

        init(_ fixture: LiveDASHFixture) {
            self.fixture = fixture
        }

        /// Every period that was ever told.
        var tellings: [ReadPeriod] { told.values.sorted { $0.start < $1.start } }

        mutating func append(_ length: Int64) throws {
            fixture.append(length)
            timeline.follow(fixture.presentation)
            try check()
        }

        mutating func check() throws {
            let bytes = LiveDASH.manifest(fixture.presentation, timeline: timeline)
            let manifest = try ManifestNode.read(bytes)
            #expect(manifest.date("availabilityStartTime") == LiveDASHFixture.startMicroseconds)
            periods = try manifest["Period"].map { try ReadPeriod($0) }
            var end: Int64 = -1
            for period in periods {
                #expect(period.start > end || period.start == end, "periods overlap")
                end = period.start + (period.duration ?? 0)
                if let known = told[period.id] {
                    #expect(known.start == period.start)
                    #expect(known.presentationTimeOffset == period.presentationTimeOffset)
                    #expect(known.segmentDuration == period.segmentDuration)
                    #expect(known.media == period.media)
                    if period.segmentDuration != nil {
                        #expect(known.startNumber == period.startNumber)
                    }
                    if known.duration != nil { #expect(known.duration == period.duration) }
                }
                told[period.id] = period
            }
            #expect(periods.dropLast().allSatisfy { $0.duration != nil })
            checkSegments()
        }

        /// Each segment that exists is found, where it is said to be, and not before it exists.
        private func checkSegments() {
            let zero = LiveDASHFixture.startMicroseconds
            for (index, period) in periods.enumerated() {
                let segments = fixture.presentation.renditions[0].segments.filter { segment in
                    period.media.hasPrefix(segment.token) && segment.number >= period.startNumber
                        && (index + 1 == periods.count
                            || segment.number < periods[index + 1].startNumber)
                }
                for segment in segments {
                    guard let told = period.start(ofNumber: segment.number) else {
                        Issue.record("number \(segment.number) is not told")
                        continue
                    }
                    let shown = period.presentation(ofTicks: segment.start.decodeTime)
                    #expect(abs(shown - told) <= 500_000 + 1000, "a number is off its segment")
                    let wall = segment.start.programDateTime - zero
                    #expect(abs(shown - wall) <= 500_000 + 1000, "media is off the wall clock")
                }
                let next = index + 1 < periods.count ? periods[index + 1] : nil
                let token = period.media.prefix { $0 != "/" }
                if let last = segments.last, period.duration != nil, let count = period.count,
                    next?.media.hasPrefix(token) != true
                {
                    #expect(count == Int64(last.number) - period.startNumber + 1)
                }
            }
        }
    }

    @Test func aRegularStreamTellsTheSameForHours() throws {
        var watch = Watch(LiveDASHFixture())
        for _ in 0..<3600 { try watch.append(2_000_000) }
        #expect(watch.tellings.map(\.id) == ["0-100"])
        let period = watch.periods[0]
        #expect(period.startNumber == 100)
        #expect(period.availabilityTimeOffset == 1_666_000)
        // Number N is there when its first part is: at its start, and a part.
        let number: UInt64 = 3000
        let available =
            (period.start(ofNumber: number) ?? 0) + 2_000_000 - period.availabilityTimeOffset
        #expect(available == 2900 * 2_000_000 + LiveDASHFixture.partMicroseconds)
    }

    @Test(arguments: [100, -100] as [Int64])
    func aDriftingEncoderCostsAPeriodInAWhile(millionths: Int64) throws {
        var fixture = LiveDASHFixture()
        fixture.drift = millionths
        var watch = Watch(fixture)
        var offsets: Set<Int64> = []
        for _ in 0..<14_400 {
            try watch.append(2_000_000)
            offsets.insert(watch.periods.last?.availabilityTimeOffset ?? 0)
        }
        // 8 h at 100 ppm are 2.88 s.
        #expect(watch.tellings.count == 6)
        #expect(watch.tellings.allSatisfy { $0.segmentDuration == 180_000 })
        #expect(offsets.max() == 1_666_000)
        #expect(offsets.min() == (millionths > 0 ? 1_166_000 : 1_666_000))
    }

    @Test func aNewPublishIsANewPeriodUnderItsOwnToken() throws {
        var watch = Watch(LiveDASHFixture())
        for _ in 0..<5 { try watch.append(2_000_000) }
        try watch.append(1_300_000)
        watch.fixture.republish(token: "token-number-000002", after: 20_000_000)
        for _ in 0..<5 { try watch.append(2_000_000) }
        #expect(watch.periods.map(\.id) == ["0-100", "1-106"])
        #expect(watch.periods.map(\.start) == [0, 31_300_000])
        #expect(watch.periods[0].duration == 11_300_000)
        #expect(watch.periods[1].media.hasPrefix("token-number-000002/"))
        #expect(watch.periods[1].presentationTimeOffset == 0)
        #expect(watch.periods[1].continuedID == nil)
        for _ in 0..<40 { try watch.append(2_000_000) }
        #expect(watch.periods.map(\.id) == ["1-106"])
        #expect(watch.periods[0].start == 31_300_000)
    }

    @Test func aReturningPublishIsToldWithItsFirstPart() throws {
        var watch = Watch(LiveDASHFixture())
        for _ in 0..<5 { try watch.append(2_000_000) }
        watch.fixture.republish(token: "token-number-000002", after: 3_000_000)
        watch.fixture.append(334_000, isComplete: false)
        watch.timeline.follow(watch.fixture.presentation)
        try watch.check()
        #expect(watch.periods.map(\.id) == ["0-100", "1-105"])
    }

    @Test func aLongLastSegmentNamesNoNumberOfTheNextPublish() throws {
        var watch = Watch(LiveDASHFixture())
        for _ in 0..<5 { try watch.append(2_000_000) }
        try watch.append(2_400_000)
        watch.fixture.republish(token: "token-number-000002", after: 0)
        for _ in 0..<3 { try watch.append(2_000_000) }
        #expect(watch.periods[0].count == 6)
        #expect(watch.periods[0].duration == 12_000_000)
    }

    @Test func irregularSegmentsAreListedAndRegularOnesNumberedAgain() throws {
        var watch = Watch(LiveDASHFixture())
        for _ in 0..<4 { try watch.append(2_000_000) }
        for length: Int64 in [2_700_000, 1_100_000, 3_000_000, 1_500_000] {
            try watch.append(length)
        }
        #expect(watch.periods.map(\.id) == ["0-100", "0-105"])
        #expect(watch.periods[1].segmentDuration == nil)
        #expect(watch.periods[1].continuedID == "0-100")
        for _ in 0..<12 { try watch.append(2_000_000) }
        #expect(watch.periods.map { $0.segmentDuration != nil } == [true, false, true])
        // In stride: what is shown when does not move at either boundary.
        let shown = watch.periods.map { $0.presentation(ofTicks: 900_000) }
        #expect(Set(shown).count == 1)
    }

    @Test func anotherFormatIsAPeriodWithItsOwnHeader() throws {
        var watch = Watch(LiveDASHFixture())
        for _ in 0..<3 { try watch.append(2_000_000) }
        watch.fixture.initialization = 2
        watch.fixture.discontinuity += 1
        watch.fixture.isDiscontinuity = true
        watch.fixture.presentation.renditions[0].track.sampleEntry.video =
            VideoProperties(width: 640, height: 360)
        for _ in 0..<2 { try watch.append(2_000_000) }
        let bytes = LiveDASH.manifest(watch.fixture.presentation, timeline: watch.timeline)
        let periods = try ManifestNode.read(bytes)["Period"]
        let widths = periods.map { period in
            period["AdaptationSet"][0]["Representation"][0].integer("width")
        }
        #expect(widths == [1280, 640])
        let headers = periods.map { period in
            period["AdaptationSet"][0]["SegmentTemplate"][0].attributes["initialization"]?.suffix(
                10
            )
        }
        #expect(headers == ["init-1.mp4", "init-2.mp4"])
        #expect(watch.periods[1].presentationTimeOffset == 540_000)
        #expect(watch.periods[1].start == 6_000_000)
    }

    @Test func anyStreamKeepsTheRules() throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            var random = SplitMix(state: seed)
            var watch = Watch(LiveDASHFixture(isLowLatency: seed % 4 != 0))
            watch.fixture.drift = Int64.random(in: -300...300, using: &random)
            for step in 0..<400 {
                switch Int.random(in: 0..<60, using: &random) {
                case 0:
                    let pause = Int64.random(in: 0...30_000_000, using: &random)
                    watch.fixture.republish(token: "token-number-\(seed)-\(step)-x", after: pause)
                case 1...4:
                    try watch.append(Int64.random(in: 300_000...6_000_000, using: &random))
                default:
                    try watch.append(2_000_000)
                }
                if watch.fixture.presentation.renditions[0].segments.isEmpty { continue }
            }
        }
    }
}
