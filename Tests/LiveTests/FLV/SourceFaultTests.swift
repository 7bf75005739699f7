import Live
import Segmenting
import TestSupport
import Testing

/// Streams that go wrong.
struct SourceFaultTests {
    private static let arguments = [
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30",
        "-pix_fmt", "yuv420p", "-c:a", "aac",
    ]

    private func messages() async throws -> [FLVMessage] {
        FLVMessage.messages(ofFile: try await TestMedia.made("a.flv", Self.arguments))
    }

    /// What every user of a source relies on.
    private func check(_ inputs: [LiveInput]) {
        var known: [LiveTrackID: LiveTrack] = [:]
        var last: [LiveTrackID: Double] = [:]
        for input in inputs {
            switch input {
            case .tracks(let tracks):
                known = Dictionary(uniqueKeysWithValues: tracks.map { ($0.id, $0) })
                #expect(tracks.allSatisfy { $0.timescale > 0 })
            case .sample(let sample):
                guard let track = known[sample.track] else {
                    Issue.record("a sample of a track that was not announced")
                    return
                }
                let seconds = Double(sample.decodeTime) / Double(track.timescale)
                if let before = last[sample.track] { #expect(seconds > before) }
                last[sample.track] = seconds
                #expect(!sample.bytes.isEmpty)
            case .discontinuity, .event:
                break
            }
        }
    }

    @Test(arguments: [-100_000, 40_000, 1_000_000])
    func aJumpIsOneDiscontinuity(jump: Int) async throws {
        var feed = SourceFeed()
        for message in try await messages() {
            let time = message.milliseconds + 200_000
            let isBehind = message.milliseconds > 1500
            try feed.send(message.kind, at: isBehind ? time + jump : time, message.body)
        }
        check(feed.inputs)
        #expect(feed.discontinuities == 1 && feed.source.statistics.jumps == 1)
        let (video, audio) = (
            feed.samples(LiveTrackID(.video)), feed.samples(LiveTrackID(.audio))
        )
        #expect(video.count == 90)
        let apart =
            Double(video[89].decodeTime) / 90_000
            - Double(try #require(audio.last).decodeTime) / 48_000
        #expect(apart.magnitude < 0.1)
    }

    @Test func audioAloneStartsAfterAWait() async throws {
        var feed = SourceFeed()
        for message in try await messages() where message.kind == .audio {
            if feed.announcements.isEmpty { #expect(message.milliseconds <= 1100) }
            try feed.send(message)
        }
        #expect(feed.announcements.map { $0.map(\.id.name) } == [["a0"]])
    }

    @Test func aKindThatComesLateIsANewSetOfTracks() async throws {
        var feed = SourceFeed()
        for message in try await messages() where message.kind != .data {
            let isHeader = message.body[1] == 0
            guard message.kind == .video || isHeader || message.milliseconds > 2000 else {
                continue
            }
            try feed.send(message)
        }
        check(feed.inputs)
        #expect(feed.announcements.map { $0.map(\.id.name) } == [["v0"], ["v0", "a0"]])
    }

    @Test func aTrackThatFallsSilentIsGone() async throws {
        var feed = SourceFeed()
        let all = try await messages()
        for round in 0..<5 {
            for message in all where message.kind == .video || round == 0 || round == 4 {
                guard round == 0 || message.body[1] != 0 || message.body[0] == 0x27 else {
                    continue
                }
                try feed.send(message.kind, at: message.milliseconds + round * 3000, message.body)
            }
        }
        check(feed.inputs)
        #expect(feed.announcements.map(\.count) == [2, 1, 2])
    }

    @Test func nothingStartsBeforeAKeyFrame() async throws {
        var feed = SourceFeed()
        var frames = 0
        for message in try await messages() where message.kind == .video {
            let isFrame = message.body[1] == 1
            if isFrame { frames += 1 }
            // The flag lies: a frame in mid-GOP says key.
            var body = message.body
            if isFrame { body[0] = 0x17 }
            if isFrame, frames < 10 { continue }
            try feed.send(.video, at: message.milliseconds, body)
        }
        feed.finish()
        let video = feed.samples(LiveTrackID(.video))
        #expect(video.count == 60 && video.first?.isSync == true)
        #expect(video.count { $0.isSync } == 2)
        #expect(feed.drops(.beforeKeyFrame) == 21)
    }

    /// Browsers start at IDR pictures only, and such streams have one at their very beginning.
    @Test(arguments: ["intra-refresh=1:keyint=20", "open-gop=1:keyint=20:bframes=2"])
    func aStreamThatNobodyCanJoinIsRefusedByName(parameters: String) async throws {
        var configuration = LiveSourceConfiguration()
        configuration.limits.keyFrameMicroseconds = 2_000_000
        var feed = SourceFeed(configuration)
        let arguments = [
            "-c:v", "libx264", "-x264-params", parameters, "-pix_fmt", "yuv420p", "-an",
        ]
        let file = try await TestMedia.made("a.flv", seconds: 5, arguments)
        #expect(throws: LiveSourceError.noKeyFrame(seconds: 2, hasRecoveryPoints: true)) {
            for message in FLVMessage.messages(ofFile: file) { try feed.send(message) }
        }
    }

    @Test func keyFramesMayBeRare() async throws {
        var configuration = LiveSourceConfiguration()
        configuration.limits.keyFrameMicroseconds = 1_000_000
        var feed = SourceFeed(configuration)
        let arguments = ["-c:v", "libx264", "-g", "300", "-pix_fmt", "yuv420p", "-an"]
        let file = try await TestMedia.made("a.flv", arguments)
        for message in FLVMessage.messages(ofFile: file) { try feed.send(message) }
        #expect(feed.samples(LiveTrackID(.video)).count == 90)
    }

    @Test func picturesThatNeverBeginAreRefused() async throws {
        var configuration = LiveSourceConfiguration()
        configuration.limits.keyFrameMicroseconds = 1_000_000
        let all = try await messages().filter { $0.kind == .video }
        var headless = SourceFeed(configuration)
        #expect(throws: LiveSourceError.noConfiguration(seconds: 1)) {
            for message in all where message.body[1] == 1 { try headless.send(message) }
        }
        var keyless = SourceFeed(configuration)
        #expect(throws: LiveSourceError.noKeyFrame(seconds: 1, hasRecoveryPoints: false)) {
            for message in all where message.body[0] != 0x17 || message.body[1] == 0 {
                try keyless.send(message)
            }
        }
    }

    @Test func manyInvalidMessagesEndThePublish() throws {
        var feed = SourceFeed()
        for _ in 0..<512 { try feed.send(.video, at: 0, [0x17]) }
        #expect(throws: LiveSourceError.tooManyInvalidMessages(512)) {
            try feed.send(.video, at: 0, [0x17])
        }
    }

    @Test func anOversizedMessageEndsThePublish() {
        var configuration = LiveSourceConfiguration()
        configuration.limits.messageBytes = 10
        var feed = SourceFeed(configuration)
        #expect(throws: LiveSourceError.messageTooLarge(sizeBytes: 11, limitBytes: 10)) {
            try feed.send(.audio, at: 0, [UInt8](repeating: 0xAF, count: 11))
        }
    }

    @Test func tracksBeyondTheLimitAreDropped() throws {
        var feed = SourceFeed()
        for track in 0..<12 as Range<UInt8> {
            let body = [0x95, 0x01] + Array("Opus".utf8) + [track, 0xFC, 0, 0]
            for time in 0..<3 { try feed.send(.audio, at: time * 20, body) }
        }
        feed.finish()
        #expect(feed.announcements.first?.count == 8)
        #expect(feed.drops(.trackLimit) == 12)
    }

    @Test(arguments: 0..<20)
    func randomDamageNeverBreaksWhatComesOut(seed: Int) async throws {
        var random = SplitMix(state: UInt64(seed))
        var feed = SourceFeed()
        for var message in try await messages() {
            if Int.random(in: 0..<4, using: &random) == 0, !message.body.isEmpty {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let most = Bool.random(using: &random) ? message.body.count : 24
                    let place = Int.random(in: 0..<min(most, message.body.count), using: &random)
                    message.body[place] = UInt8.random(in: 0...255, using: &random)
                }
                if Int.random(in: 0..<4, using: &random) == 0 {
                    message.body.removeLast(Int.random(in: 0..<message.body.count, using: &random))
                }
                if Int.random(in: 0..<8, using: &random) == 0 {
                    message.milliseconds = Int(UInt32.random(in: 0...(.max), using: &random))
                }
            }
            do {
                try feed.send(message)
            } catch is LiveSourceError {
                // A codec that nobody has: what came before stands.
            }
        }
        feed.finish()
        check(feed.inputs)
    }
}
