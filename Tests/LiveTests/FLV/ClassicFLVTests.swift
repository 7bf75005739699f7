import ISOBMFF
import Live
import Packaging
import Segmenting
import TestSupport
import Testing

/// FLV files that ffmpeg wrote, against what ffprobe reads of them.
struct ClassicFLVTests {
    private static let h264 = [
        "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30", "-pix_fmt", "yuv420p",
    ]

    private func feed(_ bytes: [UInt8]) throws -> SourceFeed {
        var feed = SourceFeed()
        for message in FLVMessage.messages(ofFile: bytes) { try feed.send(message) }
        feed.finish()
        return feed
    }

    @Test func h264WithReorderingAndAAC() async throws {
        let bytes = try await TestMedia.made("a.flv", Self.h264 + ["-c:a", "aac"])
        let feed = try feed(bytes)
        let probed = try await ProbedFile(bytes: bytes)
        let tracks = try #require(feed.announcements.first)
        #expect(feed.announcements.count == 1 && feed.discontinuities == 0)
        #expect(tracks.map(\.id.name) == ["v0", "a0"])
        #expect(tracks[0].frameDuration == 3000 && tracks[1].frameDuration == 1024)
        #expect(tracks[0].sampleEntry.video?.width == 320)
        #expect(tracks[0].sampleEntry.codecString.hasPrefix("avc1.64"))
        #expect(tracks[1].sampleEntry.codecString == "mp4a.40.2")
        #expect(tracks[1].timescale == 48_000)

        let video = feed.samples(LiveTrackID(.video))
        let packets = probed.packets.filter { $0.kind == "video" }
        #expect(video.count == 90 && packets.count == 90)
        let base = min(packets[0].decodeTime ?? 0, 0)
        for (sample, packet) in zip(video, packets) {
            #expect(sample.bytes.count == packet.sizeBytes)
            #expect(sample.isSync == packet.isKey)
            #expect(sample.duration == 3000)
            let decode = try #require(packet.decodeTime) - base
            let presentation = try #require(packet.presentationTime) - base
            #expect((sample.decodeTime - decode * 90).magnitude <= 180)
            let presented = sample.decodeTime + Int64(sample.compositionOffset)
            #expect((presented - presentation * 90).magnitude <= 180)
        }
        #expect(Set(video.map { $0.decodeTime + Int64($0.compositionOffset) }).count == 90)
        #expect(video.allSatisfy { $0.compositionOffset % 3000 == 0 })

        let audio = feed.samples(LiveTrackID(.audio))
        let heard = probed.packets.filter { $0.kind == "audio" }
        #expect(audio.map(\.bytes.count) == heard.map(\.sizeBytes))
        #expect(zip(audio, audio.dropFirst()).allSatisfy { $1.decodeTime - $0.decodeTime == 1024 })
        #expect(feed.source.statistics.metadata.width == 320)
        #expect(feed.source.statistics.metadata.encoder.hasPrefix("Lavf"))
        #expect(feed.source.statistics.tracks.first?.keyFrameDistance == 30)
        #expect(feed.source.statistics.drops.isEmpty)
    }

    @Test func samplesPlayAsAnMP4() async throws {
        let bytes = try await TestMedia.made("a.flv", Self.h264 + ["-an"])
        let feed = try feed(bytes)
        let track = try #require(feed.announcements.first?.first)
        let header = CMAFHeader(
            kind: .video,
            timescale: track.timescale,
            sampleEntry: try track.sampleEntry.isoBoxBytes()
        )
        let movie = try MovieReader.read(MemoryByteSource(header.bytes))
        // A header alone has no samples; that it is read is what counts.
        #expect(movie.isFragmented)
        #expect(try track.sampleEntry.isoBoxBytes() == track.sampleEntry.boxBytes)
    }

    @Test func mp3() async throws {
        let bytes = try await TestMedia.made(
            "a.flv",
            ["-vn", "-c:a", "libmp3lame", "-ar", "44100", "-b:a", "96k"]
        )
        let feed = try feed(bytes)
        let track = try #require(feed.announcements.first?.first)
        #expect(track.sampleEntry.codec == .mp3 && track.timescale == 44_100)
        #expect(track.sampleEntry.codecString == "mp4a.6B" && track.frameDuration == 1152)
        let probed = try await ProbedFile(bytes: bytes)
        let audio = feed.samples(LiveTrackID(.audio))
        #expect(audio.map(\.bytes.count) == probed.packets.map(\.sizeBytes))
        #expect(audio.last?.decodeTime == Int64(audio.count - 1) * 1152)
    }

    @Test func whatLowDelayMakesOfAPublishIsTaken() async throws {
        let bytes = try await TestMedia.made(
            "a.flv",
            Self.h264 + ["-flags", "low_delay", "-tune", "zerolatency", "-an"]
        )
        let feed = try feed(bytes)
        #expect(feed.samples(LiveTrackID(.video)).count == 90)
        #expect(feed.announcements.first?.first?.sampleEntry.video?.width == 320)
        #expect(feed.source.statistics.drops.isEmpty)
    }

    @Test func emptySequenceHeaderAndByteStream() async throws {
        let bytes = try await TestMedia.made(
            "a.flv",
            ["-c:v", "libx264", "-g", "30", "-an"]
                + ["-pix_fmt", "yuv420p", "-tune", "zerolatency", "-preset", "ultrafast"]
        )
        // Nothing in the header, start codes and sets in the frames.
        var feed = SourceFeed()
        try feed.send(.video, at: 0, [0x17, 0, 0, 0, 0])
        var sets: [UInt8] = []
        for message in FLVMessage.messages(ofFile: bytes) where message.kind == .video {
            if message.body[1] == 0 {
                let record = Array(message.body[5...])
                let size = Int(record[6]) << 8 | Int(record[7])
                let picture = 8 + size + 3
                sets =
                    [0, 0, 0, 1] + record[8..<8 + size] + [0, 0, 0, 1]
                    + record[
                        picture..<picture
                            + (Int(record[picture - 2]) << 8
                                | Int(record[picture - 1]))
                    ]
                continue
            }
            var stream: [UInt8] = message.body[0] >> 4 == 1 ? sets : []
            var rest = message.body[5...]
            while rest.count > 4 {
                let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                stream += [0, 0, 0, 1] + rest.dropFirst(4).prefix(size)
                rest = rest.dropFirst(4 + size)
            }
            try feed.send(.video, at: message.milliseconds, Array(message.body[..<5]) + stream)
        }
        feed.finish()
        let plain = try self.feed(bytes)
        let id = LiveTrackID(.video)
        #expect(feed.samples(id).count == 90)
        #expect(feed.samples(id).map(\.bytes) == plain.samples(id).map(\.bytes))
        #expect(
            feed.announcements.first?.first?.sampleEntry
                == plain.announcements.first?.first?.sampleEntry
        )
    }

    @Test func offsetPublishersCrossTheShortWrap() async throws {
        let bytes = try await TestMedia.made("a.flv", Self.h264 + ["-c:a", "aac"])
        let plain = try feed(bytes)
        for wraps in [false, true] {
            var feed = SourceFeed()
            for message in FLVMessage.messages(ofFile: bytes) {
                let isHeader = message.body[1] == 0
                var time = message.milliseconds + 16_776_000
                if wraps { time &= 0xFF_FFFF }
                try feed.send(message.kind, at: isHeader ? 0 : time, message.body)
            }
            feed.finish()
            #expect(feed.discontinuities == 0)
            for id in [LiveTrackID(.video), LiveTrackID(.audio)] {
                #expect(
                    feed.samples(id).map(\.decodeTime) == plain.samples(id).map(\.decodeTime)
                )
            }
        }
    }

    @Test func aChangedResolutionIsAnnounced() async throws {
        let first = try await TestMedia.made("a.flv", Self.h264 + ["-c:a", "aac"])
        let second = try await TestMedia.made(
            "a.flv",
            Self.h264 + ["-s", "640x360", "-c:a", "aac", "-ar", "44100"]
        )
        var feed = SourceFeed()
        for message in FLVMessage.messages(ofFile: first) { try feed.send(message) }
        for message in FLVMessage.messages(ofFile: second) where message.kind != .data {
            try feed.send(message.kind, at: message.milliseconds + 3000, message.body)
        }
        #expect(feed.announcements.count == 2)
        #expect(feed.announcements.last?[0].sampleEntry.video?.width == 640)
        #expect(feed.announcements.last?[1].timescale == 44_100)
        let video = feed.samples(LiveTrackID(.video))
        #expect(video.count == 180)
        #expect(zip(video, video.dropFirst()).allSatisfy { $0.decodeTime < $1.decodeTime })
    }
}
