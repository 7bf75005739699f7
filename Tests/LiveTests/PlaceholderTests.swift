import Live
import Testing

@Test func aGrantIsForThePrimaryUnlessSaid() {
    #expect(PublishGrant(streamID: "a").role == .primary)
}
