import Segmenting
import Testing

/// Every rule that a playlist alone can break, over streams that grow at random.
struct LiveMediaPlaylistRuleTests {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func randomStreamsKeepEveryRule(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var fixture = LivePlaylistFixture([
            LivePlaylistFixture.video(0), LivePlaylistFixture.video(1),
            LivePlaylistFixture.audio(0),
        ])
        var before: [LivePlaylistReader?] = [nil, nil, nil]
        var initialization = 1
        var hadSegment = false
        for _ in 0..<45 {
            let isBroken = hadSegment && random.next() % 8 == 0
            if isBroken, random.next() % 2 == 0 {
                fixture.token = "token-\(random.next())-abcdefgh"
                initialization = 1
            } else if isBroken {
                initialization += 1
            }
            fixture.begin(isDiscontinuity: isBroken, initialization: initialization)
            hadSegment = true
            for index in 0..<(1 + Int(random.next() % 9)) {
                fixture.part(isIndependent: index == 0)
                try check(fixture, &before)
            }
            fixture.end()
            try check(fixture, &before)
            // As a window slides: never below three target durations.
            while fixture.presentation.renditions[0].segments.count > 35 {
                for index in fixture.presentation.renditions.indices {
                    fixture.presentation.renditions[index].segments.removeFirst()
                }
            }
        }
        fixture.presentation.isEnded = true
        let ended = try LivePlaylistReader(fixture.text())
        #expect(ended.hasEnded && ended.hints.isEmpty)
    }

    private func check(
        _ fixture: LivePlaylistFixture,
        _ before: inout [LivePlaylistReader?]
    ) throws {
        var controls: Set<[String: String]> = []
        for (index, rendition) in fixture.presentation.renditions.enumerated() {
            let id = rendition.track.id
            let text = fixture.text(id)
            let playlist = try LivePlaylistReader(text)
            controls.insert(playlist.serverControl)
            checkHead(playlist)
            checkSegments(playlist)
            if let older = before[index] { checkUpdate(playlist, after: older) }
            before[index] = playlist
            // Reports are those of the other playlists as they are now.
            let others = fixture.presentation.renditions.map(\.track.id).filter { $0 != id }
            #expect(playlist.reports.map { $0["URI"] } == others.map { "\($0.name).m3u8" })
            let last = try #require(playlist.segments.last)
            for report in playlist.reports {
                #expect(report["LAST-MSN"] == String(last.number))
                #expect(report["LAST-PART"] == String(last.parts.count - 1))
            }
            let delta = try LivePlaylistReader(fixture.text(id, delta: .segments))
            #expect(
                playlist.segments.suffix(delta.segments.count).map(\.number)
                    == delta.segments.map(\.number)
            )
            #expect((delta.skipped == nil) == (delta.version == 6))
            let plain = try LivePlaylistReader(fixture.text(id, offersParts: false))
            #expect(plain.segments.map(\.uri) == playlist.segments.map(\.uri).filter { $0 != nil })
            #expect(plain.partTarget == nil && plain.hints.isEmpty)
        }
        #expect(controls.count == 1, "SERVER-CONTROL is the same everywhere")
    }

    private func checkHead(_ playlist: LivePlaylistReader) {
        let single = playlist.tags.filter {
            [
                "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-SERVER-CONTROL",
                "#EXT-X-PART-INF",
                "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE",
            ].contains($0)
        }
        #expect(single.count == 6 && Set(single).count == 6)
        #expect(playlist.version == 6 && playlist.targetDuration == 6)
        let target = playlist.partTarget ?? 0
        func seconds(_ name: String) -> Double { Double(playlist.serverControl[name] ?? "") ?? 0 }
        #expect(seconds("PART-HOLD-BACK") >= 3 * target - 1e-9)
        #expect(seconds("HOLD-BACK") >= 3 * playlist.targetDuration)
        #expect(seconds("CAN-SKIP-UNTIL") >= 6 * playlist.targetDuration)
        #expect(playlist.serverControl["CAN-BLOCK-RELOAD"] == "YES")
        #expect(playlist.hints.map { $0["TYPE"] } == ["PART"])
        let uris = playlist.segments.flatMap(\.parts).map(\.uri)
        #expect(!uris.contains(playlist.hints.first?["URI"] ?? ""))
    }

    private func checkSegments(_ playlist: LivePlaylistReader) {
        let target = playlist.partTarget ?? 0
        var distance = 0.0
        for segment in playlist.segments.reversed() {
            #expect(segment.map != nil && segment.programDateTime != nil)
            #expect(segment.duration.rounded() <= playlist.targetDuration)
            let parts = segment.parts.reduce(0) { $0 + $1.duration }
            distance += max(segment.duration, parts)
            #expect(segment.parts.isEmpty == (distance > 18.0001))
            for part in segment.parts.dropLast() {
                #expect(part.isIndependent || part.duration >= 0.85 * target)
            }
            #expect(segment.parts.allSatisfy { $0.duration <= target })
            if segment.uri != nil, !segment.parts.isEmpty {
                #expect(abs(parts - segment.duration) < 0.0001)
            }
        }
        #expect(playlist.segments.dropLast().allSatisfy { $0.uri != nil })
    }

    private func checkUpdate(_ playlist: LivePlaylistReader, after older: LivePlaylistReader) {
        #expect(playlist.mediaSequence >= older.mediaSequence)
        for segment in older.segments {
            guard let now = playlist.segments.first(where: { $0.number == segment.number }) else {
                #expect(segment.number < playlist.mediaSequence)
                continue
            }
            #expect(now.discontinuity == segment.discontinuity && now.map == segment.map)
            #expect(segment.uri == nil || now.uri == segment.uri)
            #expect(now.parts.isEmpty || now.parts.starts(with: segment.parts))
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
