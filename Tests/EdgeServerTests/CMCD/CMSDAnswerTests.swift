import EdgeServer
import Testing

struct CMSDAnswerTests {
    @Test func staticDataIsADictionary() {
        var data = CMSDAnswer.Static()
        #expect(data.value == nil)
        data.objectType = .video
        data.streamingFormat = .hls
        data.streamType = .live
        data.encodedBitrateKbps = 2000
        data.objectDurationMilliseconds = 5000
        data.heldMilliseconds = 1033
        data.name = "OriginProviderA"
        #expect(data.value == #"ot=v,sf=h,st=l,br=2000,d=5000,ht=1033,n="OriginProviderA""#)
    }

    @Test func dynamicDataNamesTheHopFirst() {
        var data = CMSDAnswer.Dynamic(name: "CDNB-3ak1")
        #expect(data.value() == #""CDNB-3ak1""#)
        data.estimatedThroughputKbps = 96
        data.maximumSuggestedBitrateKbps = 5000
        data.responseDelayMilliseconds = 3
        data.roundTripMilliseconds = 8
        data.isUnderDuress = true
        #expect(data.value() == #""CDNB-3ak1";etp=96;mb=5000;rd=3;rtt=8;du"#)
    }

    @Test func aHopFollowsThoseBeforeIt() {
        let data = CMSDAnswer.Dynamic(name: "eu")
        #expect(data.value(after: #""origin";etp=1"#) == #""origin";etp=1,"eu""#)
    }

    @Test func aNameCannotBreakItsString() {
        let data = CMSDAnswer.Dynamic(name: "a\"b\\c\r\nX: yü")
        #expect(data.value() == #""a\"b\\cX: y""#)
    }
}
