import Packaging
import Testing

struct HLSMediaPlaylistTests {
    private func playlist(
        _ segments: [SegmentEntry],
        content: HLSMediaPlaylist.Content = .cmaf,
        timescale: UInt32 = 90_000,
        longest: MediaTime = MediaTime(4, timescale: 1)
    ) -> String {
        ManifestFixtures.text(
            HLSMediaPlaylist(
                content: content,
                segments: segments,
                timescale: timescale,
                longestSegment: longest
            ).bytes
        )
    }

    /// The values of all `EXTINF` in microseconds.
    private func durations(_ playlist: String) -> [Int64] {
        playlist.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("#EXTINF:"), line.hasSuffix(",") else { return nil }
            return Int64(line.dropFirst(8).dropLast().filter { $0 != "." })
        }
    }

    @Test func cmafPlaylistIsExactlyThis() {
        let segments = ManifestFixtures.segments(3, duration: 360_360, sizeBytes: 1)
        #expect(
            playlist(segments) == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:4
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-MAP:URI="init-1.mp4"
                #EXTINF:4.004000,
                1.m4s
                #EXTINF:4.004000,
                2.m4s
                #EXTINF:4.004000,
                3.m4s
                #EXT-X-ENDLIST

                """
        )
    }

    @Test func transportStreamPlaylistHasVersion3AndNoMap() {
        let segments = ManifestFixtures.segments(1, duration: 360_360, sizeBytes: 1)
        #expect(
            playlist(segments, content: .transportStream) == """
                #EXTM3U
                #EXT-X-VERSION:3
                #EXT-X-TARGETDURATION:4
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXTINF:4.004000,
                1.ts
                #EXT-X-ENDLIST

                """
        )
    }

    @Test(arguments: [
        (MediaAddress.HLSFormat.cmaf, "1.vtt"), (.transportStream, "1-ts.vtt"),
    ])
    func subtitlePlaylistNamesItsSegments(_ format: MediaAddress.HLSFormat, _ name: String) {
        let segments = ManifestFixtures.segments(1, duration: 360_000, sizeBytes: 0)
        let text = playlist(segments, content: .subtitles(format))
        #expect(text.contains("\n\(name)\n"))
        #expect(text.contains("#EXT-X-VERSION:3\n"))
        #expect(!text.contains("#EXT-X-MAP"))
    }

    @Test func aPartOfASegmentIsNamedByItsGroups() {
        let segments = [
            SegmentEntry(groups: 7..<9, number: nil, start: 0, duration: 90_000, sizeBytes: 1),
            SegmentEntry(groups: 9..<11, number: 5, start: 90_000, duration: 90_000, sizeBytes: 1),
        ]
        let text = playlist(segments)
        #expect(text.contains("\n7-9.m4s\n"))
        #expect(text.contains("\n5.m4s\n"))
    }

    @Test func aDiscontinuityIsMarkedAndBringsItsInitSegment() {
        var segments = ManifestFixtures.segments(3, duration: 90_000, sizeBytes: 1)
        segments[1].isDiscontinuity = true
        segments[1].descriptionIndex = 1
        segments[2].descriptionIndex = 1
        #expect(
            playlist(segments).contains(
                """
                1.m4s
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="init-2.mp4"
                #EXTINF:1.000000,
                2.m4s
                #EXTINF:1.000000,
                3.m4s

                """
            )
        )
    }

    @Test func aDiscontinuityWithTheSameDescriptionKeepsTheMap() {
        var segments = ManifestFixtures.segments(2, duration: 90_000, sizeBytes: 1)
        segments[1].isDiscontinuity = true
        let text = playlist(segments)
        #expect(text.contains("1.m4s\n#EXT-X-DISCONTINUITY\n#EXTINF"))
    }

    @Test(arguments: [
        (MediaTime(449, timescale: 100), 4, 5), (MediaTime(45, timescale: 10), 5, 5),
        (MediaTime(4, timescale: 1), 4, 4), (MediaTime(664, timescale: 100), 7, 7),
        (MediaTime(360_360, timescale: 90_000), 4, 5), (MediaTime(1, timescale: 10), 1, 1),
    ])
    func targetDurationIsRoundedFromVersion6OnAndRoundedUpBefore(
        _ longest: MediaTime,
        _ rounded: Int,
        _ roundedUp: Int
    ) {
        let segments = ManifestFixtures.segments(1, duration: 9000, sizeBytes: 1)
        let cmaf = playlist(segments, longest: longest)
        let transport = playlist(segments, content: .transportStream, longest: longest)
        #expect(cmaf.contains("#EXT-X-TARGETDURATION:\(rounded)\n"))
        #expect(transport.contains("#EXT-X-TARGETDURATION:\(roundedUp)\n"))
    }

    @Test func noSegmentExceedsTheTargetDurationOfItsVersion() {
        for duration in stride(from: Int64(30_000), through: 900_000, by: 7919) {
            let segments = ManifestFixtures.segments(1, duration: duration, sizeBytes: 1)
            let track = ManifestFixtures.video(segments: segments)
            let longest = ManifestTrack.longestSegment(of: [track])
            for content in [HLSMediaPlaylist.Content.cmaf, .transportStream] {
                let text = playlist(segments, content: content, longest: longest)
                let target = text.split(separator: "\n").first { $0.contains("TARGETDURATION") }
                let seconds = Int64(target?.split(separator: ":").last ?? "") ?? 0
                let slack: Int64 = content == .cmaf ? 45_000 : 0
                #expect(duration <= seconds * 90_000 + slack)
            }
        }
    }

    @Test(arguments: [90_000, 48_000, 44_100, 30_000, 24_000, 1000, 7, 1])
    func durationsSumToTheWholeHoweverManyThereAre(_ timescale: UInt32) {
        var generator = SystemRandomNumberGenerator()
        var start: Int64 = 0
        var segments: [SegmentEntry] = []
        for index in 0..<2000 {
            let duration = Int64.random(in: 1...Int64(timescale) * 8, using: &generator)
            segments.append(
                SegmentEntry(
                    groups: index..<index + 1,
                    number: index + 1,
                    start: start,
                    duration: duration,
                    sizeBytes: 1
                )
            )
            start += duration
        }
        let printed = durations(playlist(segments, timescale: timescale))
        #expect(printed.count == 2000)
        let sum = printed.reduce(0, +)
        let exact = MediaTime(start, timescale: timescale).rounded(toTimescale: 1_000_000)
        #expect(abs(sum - exact) <= 1)
        for (segment, microseconds) in zip(segments, printed) {
            let own = MediaTime(segment.duration, timescale: timescale)
            #expect(abs(own.rounded(toTimescale: 1_000_000) - microseconds) <= 1)
        }
    }

    @Test func longestSegmentIsOverAllTracks() {
        let video = ManifestFixtures.video()
        let audio = ManifestFixtures.audio()
        #expect(
            ManifestTrack.longestSegment(of: [video, audio]) == MediaTime(4004, timescale: 1000)
        )
        #expect(ManifestTrack.longestSegment(of: []) == MediaTime(1, timescale: 1))
    }

    @Test func obsoleteAndUnneededTagsAreLeftOut() {
        let text = playlist(ManifestFixtures.segments(2, duration: 9000, sizeBytes: 1))
        for tag in ["ALLOW-CACHE", "PROGRAM-ID", "EXT-X-START", "MEDIA-SEQUENCE", "INDEPENDENT"] {
            #expect(!text.contains(tag))
        }
    }
}
