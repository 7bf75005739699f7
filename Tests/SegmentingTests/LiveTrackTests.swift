import Segmenting
import Testing

@Test func tracksHaveShortNamesAndVideoComesFirst() {
    #expect(LiveTrackID(.audio, 1).name == "a1")
    #expect(LiveTrackID(.video).name == "v0")
    #expect(LiveTrackID(.video, 3) < LiveTrackID(.audio))
    #expect(LiveTrackID(.audio) < LiveTrackID(.audio, 1))
}
