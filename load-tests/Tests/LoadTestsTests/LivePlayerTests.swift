import LoadTests
import NIOCore
import Testing

/// A live viewer, fed by hand: what it asks for, and what it finds wrong.
struct LivePlayerTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private static func player() -> LivePlayer {
        var settings = PlayerSettings()
        settings.meanSessionSeconds = nil
        return LivePlayer(
            address: "/live/a/master.m3u8",
            authority: "127.0.0.1:1",
            settings: settings,
            seed: 1,
            now: start
        )
    }

    /// The stand-in's playlist while `edge` is the first part that does not exist.
    private static func text(_ number: Int, _ part: Int) -> String {
        LivePlaylistText(options: StandInOptions(), epochMilliseconds: 0)
            .media(edge: PartPosition(number: number, part: part))
    }

    private static func answer(
        _ player: inout LivePlayer,
        _ fetch: Fetch,
        _ text: String? = nil
    ) throws -> PlayerOutput {
        var reply = Reply(fetch, sentAt: start, endedAt: start)
        if let text { reply.playlist = try Playlist(text) }
        var output = PlayerOutput()
        player.received(reply, start, &output)
        return output
    }

    private static let master =
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000\nvideo/media.m3u8\n"

    /// A player that has its first media playlist, and what it asked for then.
    private static func tuned(_ text: String) throws -> (LivePlayer, [Fetch]) {
        var player = player()
        var output = PlayerOutput()
        player.begin(start, &output)
        output = try answer(&player, output.fetches[0], master)
        output = try answer(&player, output.fetches[0], text)
        return (player, output.fetches)
    }

    @Test func tuneInGoesToTheEdgeAndWaitsThere() throws {
        var (player, fetches) = try Self.tuned(Self.text(20, 2))
        let reload = "/live/a/video/media.m3u8?_HLS_msn=20&_HLS_part=2"
        #expect(fetches.map(\.address) == ["/live/a/video/init.mp4", reload])
        var asked: [Fetch] = []
        var next = fetches[0]
        for _ in 0..<7 {
            let output = try Self.answer(&player, next)
            guard let fetch = output.fetches.first else { break }
            asked.append(fetch)
            next = fetch
        }
        let stems = ["p19.0", "p19.1", "p19.2", "p19.3", "p20.0", "p20.1", "p20.2"]
        #expect(asked.map(\.address) == stems.map { "/live/a/video/\($0).m4s" })
        #expect(asked.map(\.kind) == Array(repeating: .part, count: 6) + [.hintedPart])
        #expect(asked.map(\.followsEdge) == Array(repeating: false, count: 6) + [true])
        #expect(player.playback?.levelSeconds == 6)
    }

    @Test(arguments: [
        (20, 2, ResponseFault.unchangedPlaylist), (20, 1, .playlistWentBack),
        (19, 3, .playlistWentBack), (90, 0, .gap),
    ])
    func aBadReloadIsNamed(number: Int, part: Int, fault: ResponseFault) throws {
        var (player, fetches) = try Self.tuned(Self.text(20, 2))
        let output = try Self.answer(&player, fetches[1], Self.text(number, part))
        #expect(output.faults == [fault])
        #expect(!output.isFinished)
    }

    @Test func aGoodReloadAsksForTheNext() throws {
        var (player, fetches) = try Self.tuned(Self.text(20, 2))
        let output = try Self.answer(&player, fetches[1], Self.text(20, 3))
        #expect(output.faults.isEmpty)
        let reload = "/live/a/video/media.m3u8?_HLS_msn=20&_HLS_part=3"
        #expect(output.fetches.map(\.address) == [reload])
    }

    @Test func withoutBlockingReloadsItWaitsATargetDuration() throws {
        let plain = """
            #EXTM3U
            #EXT-X-TARGETDURATION:4
            #EXT-X-MEDIA-SEQUENCE:7
            #EXTINF:4.0,
            s7.m4s
            #EXTINF:4.0,
            s8.m4s
            #EXTINF:4.0,
            s9.m4s
            #EXTINF:4.0,
            s10.m4s
            """
        var (player, fetches) = try Self.tuned(plain)
        // Three target durations from the end.
        #expect(fetches.map(\.address) == ["/live/a/video/s8.m4s"])
        var output = try Self.answer(&player, fetches[0])
        #expect(output.fetches.map(\.address) == ["/live/a/video/s9.m4s"])
        output = PlayerOutput()
        player.woke(Self.start + .milliseconds(3900), &output)
        #expect(output.fetches.isEmpty)
        output = PlayerOutput()
        player.woke(Self.start + .seconds(4), &output)
        #expect(output.fetches.map(\.address) == ["/live/a/video/media.m3u8"])
    }

    @Test func audioHasLanesOfItsOwn() throws {
        var player = Self.player()
        var output = PlayerOutput()
        player.begin(Self.start, &output)
        output = try Self.answer(
            &player,
            output.fetches[0],
            "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",URI=\"audio/media.m3u8\"\n"
                + "#EXT-X-STREAM-INF:BANDWIDTH=200000,AUDIO=\"a\"\nvideo/media.m3u8\n"
        )
        let names = ["video", "audio"].map { "/live/a/\($0)/media.m3u8" }
        #expect(output.fetches.map(\.address) == names)
        #expect(output.fetches.map(\.lane) == [0, 2])
    }

    @Test func anEndedStreamEndsTheSession() throws {
        let ended = Self.text(2, 0).split(separator: "#EXT-X-PRELOAD-HINT")[0] + "#EXT-X-ENDLIST\n"
        var (player, fetches) = try Self.tuned(String(ended))
        var output = PlayerOutput()
        while let fetch = fetches.first {
            output = try Self.answer(&player, fetch)
            fetches = output.fetches
        }
        #expect(!output.isFinished)
        output = PlayerOutput()
        player.woke(Self.start + .seconds(30), &output)
        #expect(output.isFinished)
        #expect(player.playback?.rebufferCount == 0)
    }

    @Test func aViewerGivesUpAfterFaultsInARow() throws {
        var player = Self.player()
        var output = PlayerOutput()
        player.begin(Self.start, &output)
        var now = Self.start
        var faults = 0
        while !output.isFinished, faults < 20, let fetch = output.fetches.first {
            var reply = Reply(fetch, sentAt: now, endedAt: now)
            reply.fault = .status(404)
            faults += 1
            output = PlayerOutput()
            player.received(reply, now, &output)
            guard !output.isFinished else { break }
            now = now + .seconds(60)
            output = PlayerOutput()
            player.woke(now, &output)
        }
        #expect(output.isFinished)
        #expect(faults == CrowdLimits.faultsInARow)
        #expect(player.quality.hasFailed)
    }
}
