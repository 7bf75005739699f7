import Foundation
import ISOBMFF
import Live
import MediaHTTP
import Packaging
import Segmenting
import Synchronization
import TestSupport
import Testing

struct RecordingTests {
    private static let token = "tokentokentoken1"

    @Test func whatIsServedFromDiskIsWhatViewersGotLive() async throws {
        let events = try await RecordedMedia("basic").events()
        let recording = try RecordingFixture()
        try await recording.publish(events, ends: false)
        for ended in [false, true] {
            if ended {
                try recording.archive().end()
                await RecordingFixture.written(try recording.archive())
            }
            for segment in events.segments {
                let body = try #require(
                    try recording.archive().segment(
                        token: Self.token,
                        track: segment.track,
                        number: segment.number
                    )
                )
                #expect(try body.readAll() == segment.bytes)
            }
            for part in events.parts.suffix(12) {
                let body = try recording.archive().part(
                    token: Self.token,
                    track: part.track,
                    number: part.segmentNumber,
                    index: part.index
                )
                #expect(try body?.readAll() == part.header + part.payload)
            }
        }
        #expect(
            try recording.archive().segment(token: "other", track: .init(.video), number: 0) == nil
        )
    }

    @Test func anEndedPublishIsAVideoWithEverySampleOfIt() async throws {
        let media = try await RecordedMedia("basic")
        let recording = try RecordingFixture()
        try await recording.publish(try media.events())
        let id = "cam-20231114T221320Z"
        #expect(try recording.store.finished.map(\.id) == [id])
        let asset = try recording.asset(id)
        #expect(asset.tracks.count == 2)
        #expect(asset.omissions.isEmpty)
        let folder = recording.folder.path("media/\(id)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let height = media.tracks.first { $0.kind == .video }?.displayHeight ?? 0
        #expect(names == ["\(height)p.mp4", "audio.en.m4a"])
        let source = try await ProbedFile(try await Fixture.path("basic"))
        for (name, kind) in zip(names, ["video", "audio"]) {
            let probed = try await ProbedFile(folder + "/" + name)
            let wanted = source.packets.filter { $0.kind == kind }.map(\.dataHash)
            #expect(wanted.starts(with: probed.packets.map(\.dataHash)))
            // The sound is cut where its last whole segment of the picture's count ends.
            #expect(kind == "audio" || probed.packets.count == wanted.count)
            try await Tool.ffmpeg(["-xerror", "-i", folder + "/" + name, "-f", "null", "-"])
        }
        #expect(try recording.archive().status.isComplete)
    }

    @Test func aFormatThatChangesMidStreamPlaysAndServesWhatWasLive() async throws {
        let first = try await RecordedMedia("basic").events()
        let last = try #require(first.segments.map(\.number).max())
        let second = try await RecordedMedia("bframes").events(
            firstNumber: last + 1,
            initializationNumber: 2,
            discontinuitySequence: 1,
            isDiscontinuity: true,
            startSeconds: 3600
        ).filter { event in
            // The sound stays as it was, so that only the picture changes.
            switch event.action {
            case .initialization(let it): it.track.id.kind == .video
            case .segmentBegan(let it): it.track.kind == .video
            case .part(let it): it.track.kind == .video
            case .segmentEnded(let it): it.track.kind == .video
            default: false
            }
        }
        let recording = try RecordingFixture()
        try await recording.publish(first + second)
        for segment in (first + second).segments {
            let body = try #require(
                try recording.archive().segment(
                    token: Self.token,
                    track: segment.track,
                    number: segment.number
                )
            )
            #expect(try body.readAll() == segment.bytes)
        }
        let folder = recording.folder.path("media/cam-20231114T221320Z")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first {
                $0.hasSuffix("mp4")
            }
        )
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
        let track = try #require(try MovieReader.read(MemoryByteSource(bytes)).tracks.first)
        #expect(track.sampleEntries.count == 2)
        #expect(Set(track.samples.descriptionIndexes) == [0, 1])
        // The gap is in the last duration before it.
        #expect((track.samples.durations.max() ?? 0) > 3000 * track.timescale)
        let asset = try recording.asset("cam-20231114T221320Z")
        #expect(asset.tracks.first?.sampleEntries.count == 2)
        // As players get it: each format behind its own init segment.
        var formats: [Int: [UInt8]] = [:]
        for entry in asset.segments(ofTrack: 0) {
            let format = entry.descriptionIndex
            let header = try CMAF.initSegment(track: asset.tracks[0], descriptionIndex: format)
            let samples = try asset.samples(ofTrack: 0, groups: entry.groups)
            let plan = CMAF.mediaSegment(
                track: asset.tracks[0],
                samples: samples,
                sequenceNumber: 1
            )
            formats[format, default: header.header] += plan.header
            for range in plan.ranges {
                let start = Int(range.offsetBytes)
                formats[format]? += bytes[start..<start + Int(range.sizeBytes)]
            }
        }
        #expect(formats.keys.sorted() == [0, 1])
        var frames = 0
        for (format, media) in formats {
            let path = try recording.folder.write("format\(format).mp4", media)
            let options = ["-v", "error", "-nostdin", "-xerror", "-i", path, "-vsync", "0"]
            frames += try await Tool.run("ffmpeg", options + ["-f", "framemd5", "-"]).lines
                .filter { !$0.hasPrefix("#") }.count
        }
        #expect(frames == track.samples.count)
        #expect(try recording.text().contains("#EXT-X-DISCONTINUITY\n#EXT-X-MAP"))

        // After a restart the window serves the same from the patched file.
        try recording.open()
        for segment in (first + second).segments {
            let body = try recording.archive().segment(
                token: Self.token,
                track: segment.track,
                number: segment.number
            )
            #expect(try body?.readAll() == segment.bytes)
        }
    }

    @Test func aFullDiskMakesGapsAndIsTriedAgain() async throws {
        let events = try await RecordedMedia("basic").events()
        let isFull = Mutex(false)
        let recording = try RecordingFixture(fault: { path, size in
            isFull.withLock { $0 } && path.hasSuffix("v0.mp4") && size > 0 ? ENOSPC : nil
        })
        let archive = try recording.archive()
        archive.begin(
            token: Self.token,
            startMicroseconds: 1_700_000_000_000_000,
            continuation: LiveContinuation()
        )
        for event in events {
            if case .part(let part) = event.action, part.index == 0 {
                await RecordingFixture.written(archive)
                isFull.withLock { $0 = part.segmentNumber == 1 }
            }
            archive.receive(event.action, bytes: event.bytes)
        }
        await RecordingFixture.written(archive)
        let status = archive.status
        #expect(!status.isComplete && status.lostParts > 0 && status.problem.contains("No space"))
        let text = try recording.text()
        #expect(text.split(separator: "\n").filter { $0 == "#EXT-X-GAP" }.count == 1)
        #expect(archive.segment(token: Self.token, track: .init(.video), number: 1) == nil)
        #expect(archive.segment(token: Self.token, track: .init(.audio), number: 1) != nil)
        for segment in events.segments where segment.number != 1 {
            let body = archive.segment(
                token: Self.token,
                track: segment.track,
                number: segment.number
            )
            #expect(try body?.readAll() == segment.bytes)
        }
        archive.end()
        await RecordingFixture.written(archive)
        let video = try #require(try recording.store.finished.first)
        #expect(!video.isComplete)
        _ = try recording.asset(video.id)
    }

    @Test func quotaAndAgeTakeTheOldestRecordingsAndNoOtherVideos() async throws {
        let events = try await RecordedMedia("basic").events()
        let size = UInt64(events.segments.reduce(0) { $0 + $1.bytes.count })
        let recording = try RecordingFixture { configuration in
            configuration.quotaBytes = size * 5 / 2
            configuration.retentionMicroseconds = 3600 * 1_000_000
        }
        try recording.folder.write("media/movie/720p.mp4")
        for hour in 0..<3 {
            try await recording.publish(
                events,
                token: "tokentokentoken\(hour)",
                startMicroseconds: 1_700_000_000_000_000 + Int64(hour) * 1_000_000
            )
            recording.advance(seconds: 1)
        }
        try recording.folder.write("media/cam-20231114T221321Z/fr.vtt")
        #expect(
            try recording.store.finished.map(\.id)
                == ["cam-20231114T221321Z", "cam-20231114T221322Z"]
        )
        recording.advance(seconds: 3601)
        try recording.open()
        #expect(try recording.store.finished.isEmpty)
        let left = try FileManager.default.contentsOfDirectory(
            atPath: recording.folder.path("media")
        )
        // What others put beside a recording is theirs.
        #expect(left.sorted() == ["cam-20231114T221321Z", "movie"])
    }

    @Test func withoutRecordingTheMediaGoWithTheWindow() async throws {
        let events = try await RecordedMedia("basic").events()
        let recording = try RecordingFixture { configuration in
            configuration.isOn = false
            configuration.rewindMicroseconds = 60_000_000
        }
        try await recording.publish(events)
        #expect(try recording.text().contains("0.m4s"))
        #expect(
            try recording.archive().segment(
                token: Self.token,
                track: .init(.video),
                number: 0
            ) != nil
        )
        recording.advance(seconds: 3600)
        try recording.store.sweep()
        await RecordingFixture.written(try recording.archive())
        #expect(try recording.archive().rewindPlaylist(.init(.video)) == nil)
        #expect(try recording.archive().isGoneFromDisk(recording.folder.path("live/cam")))
        #expect(
            try FileManager.default.contentsOfDirectory(
                atPath: recording.folder.path("media")
            ).isEmpty
        )
    }
}

extension StreamArchive {
    func isGoneFromDisk(_ folder: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty
    }
}
