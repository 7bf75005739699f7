import Segmenting
import Testing

struct LivePlaylistCostTests {
    /// The mean is below a tenth of this on an idle machine; tests run beside others.
    private static let limit = Duration.microseconds(600)

    @Test func aMinuteWithPartsIsRenderedQuickly() {
        var fixture = LivePlaylistFixture([
            LivePlaylistFixture.video(), LivePlaylistFixture.audio(),
        ])
        fixture.segments(30)
        fixture.begin()
        for _ in 0..<5 { fixture.part() }
        let track = LiveTrackID(.video)
        var shortest = Duration.seconds(1)
        var sizeBytes = 0
        for _ in 0..<20 {
            let time = ContinuousClock().measure {
                for _ in 0..<50 {
                    let bytes = LiveHLS.media(fixture.presentation, track: track, scope: .live)
                    sizeBytes = bytes?.count ?? 0
                }
            }
            shortest = min(shortest, time / 50)
        }
        #expect(sizeBytes > 5000)
        #expect(shortest < Self.limit, "\(shortest) for \(sizeBytes) bytes")
    }
}
