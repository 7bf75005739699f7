import Live
import Segmenting
import Testing

/// Data messages on their way to events.
struct DataMessageTests {
    private func text(_ text: String) -> [UInt8] {
        [2, UInt8(text.utf8.count >> 8), UInt8(text.utf8.count & 0xFF)] + text.utf8
    }

    private func object(_ properties: [(String, [UInt8])]) -> [UInt8] {
        properties.reduce([3]) { $0 + text($1.0).dropFirst() + $1.1 } + [0, 0, 9]
    }

    /// The events that come of messages, two seconds into a stream of Opus.
    private func events(_ bodies: [[UInt8]]) throws -> [LiveEvent] {
        var feed = SourceFeed()
        for time in 0..<100 {
            try feed.send(.audio, at: 5000 + time * 20, [0x91] + Array("Opus".utf8) + [0xFC, 1, 2])
        }
        for body in bodies { try feed.send(.data, at: 7000, body) }
        return feed.inputs.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    @Test func textIsAnEvent() throws {
        let body =
            text("onTextData") + object([("text", text("hello")), ("language", text("eng"))])
        #expect(
            try events([body]) == [
                LiveEvent(timeMicroseconds: 2_000_000, payload: .text("hello"))
            ]
        )
    }

    @Test func cuesAreSpliceSections() throws {
        let section: [UInt8] =
            [0xFC, 0x30, 0x11, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xF0, 0, 0, 0, 0, 0x7A, 0x4F, 0xBF, 0xFF]
        let encoded = "/DARAAAAAAAAAP/wAAAAAHpPv/8="
        let bodies = [
            text("onCuePoint")
                + object([
                    ("name", text("scte35")),
                    ("parameters", object([("data", text(encoded))])),
                ]),
            text("scte35") + text(encoded),
            text("scte35") + text("0xFC301100000000000000FFF0000000007A4FBFFF"),
        ]
        #expect(
            try events(bodies).map(\.payload) == [
                .spliceInfo(section), .spliceInfo(section), .spliceInfo(section),
            ]
        )
    }

    @Test func id3IsTakenWhole() throws {
        // ID3, version 4, no frames.
        let payloads = try events([text("onID3") + text("SUQzBAAAAAAAAA==")]).map(\.payload)
        #expect(payloads == [.id3([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0])])
    }

    @Test func otherCuePointsAreTheirNames() throws {
        let body = text("onCuePoint") + object([("name", text("chapter 2"))])
        #expect(try events([body]).map(\.payload) == [.text("chapter 2")])
    }

    @Test func metadataIsKept() throws {
        var feed = SourceFeed()
        func number(_ value: Double) -> [UInt8] {
            [0] + (0..<8).reversed().map { UInt8(value.bitPattern >> ($0 * 8) & 0xFF) }
        }
        var body = text("@setDataFrame") + text("onMetaData")
        body += object([
            ("width", number(1280)), ("height", number(720)), ("framerate", number(29.97)),
            ("videodatarate", number(2500)), ("audiodatarate", number(160)),
            ("encoder", text("obs")),
        ])
        try feed.send(.data, at: 0, body)
        let metadata = feed.source.statistics.metadata
        #expect(metadata.width == 1280 && metadata.height == 720 && metadata.encoder == "obs")
        #expect(metadata.videoBitrate == 2_500_000 && metadata.audioBitrate == 160_000)
        #expect(metadata.framesPerSecond == 29.97)
    }

    @Test(
        arguments: [
            [], [2], [2, 0, 5, 65], [2, 0xFF, 0xFF], [3], [0, 0, 0],
            [2, 0, 1, 65] + [UInt8](repeating: 10, count: 1000),
            [2, 0, 10] + Array("onTextData".utf8) + [10, 0xFF, 0xFF, 0xFF, 0xFF, 5],
        ] as [[UInt8]]
    )
    func nonsenseIsCounted(body: [UInt8]) throws {
        var feed = SourceFeed()
        try feed.send(.data, at: 0, body)
        #expect(feed.drops(.data) == 1 && feed.inputs.isEmpty)
    }

    @Test func nestingHasALimit() throws {
        var body = text("onTextData")
        for _ in 0..<5000 { body += [3, 0, 1, 97] }
        var feed = SourceFeed()
        try feed.send(.data, at: 0, body)
        #expect(feed.drops(.data) == 1)
    }
}
