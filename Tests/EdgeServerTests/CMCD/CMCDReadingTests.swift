import EdgeServer
import TestSupport
import Testing

struct CMCDReadingTests {
    /// Every key of CTA-5004 once, as it is sent in a query.
    static let everyKey =
        "bl%3D21300%2Cbr%3D3200%2Cbs%2Ccid%3D%22faec5fc2-ac30-11ea-bb37-0242ac130002%22%2Cd%3D4004"
        + "%2Cdl%3D18500%2Cmtp%3D48100%2Cnor%3D%22..%252F300kbps%252Ftrack.m4v%22%2Cnrr%3D%2212323"
        + "-48763%22%2Cot%3Dv%2Cpr%3D1.08%2Crtp%3D12000%2Csf%3Dd%2Csid%3D%226e2fb550-c457-11e9-bb97"
        + "-0800200c9a66%22%2Cst%3Dv%2Csu%2Ctb%3D6000"

    private func read(_ text: String) -> CMCDData {
        var data = CMCDData()
        data.read(text)
        return data
    }

    @Test func everyKeyOfTheSpecificationIsRead() throws {
        let data = try #require(CMCDData(query: "start=1&CMCD=" + Self.everyKey + "&end=2"))
        #expect(data.bufferLengthMilliseconds == 21_300)
        #expect(data.encodedBitrateKbps == 3200)
        #expect(data.isBufferStarved)
        #expect(data.contentHash != nil)
        #expect(data.objectDurationMilliseconds == 4004)
        #expect(data.deadlineMilliseconds == 18_500)
        #expect(data.measuredThroughputKbps == 48_100)
        #expect(data.nextObject == "../300kbps/track.m4v")
        #expect(data.nextRange == "12323-48763")
        #expect(data.objectType == .video)
        #expect(data.playbackRateHundredths == 108)
        #expect(data.requestedThroughputKbps == 12_000)
        #expect(data.streamingFormat == .dash)
        #expect(data.sessionHash != nil)
        #expect(data.streamType == .vod)
        #expect(data.isStartup)
        #expect(data.topBitrateKbps == 6000)
        #expect(data.version == 1)
        #expect(data.faultCount == 0)
    }

    @Test(arguments: ["", "a=1", "XCMCD=br%3D1", "CMC=1", "a=CMCD=1", "CMCD"])
    func aQueryWithoutTheParameterIsNone(_ query: String) {
        #expect(CMCDData(query: query) == nil)
    }

    @Test func theFourFieldsAreOne() throws {
        let fields = [
            "cmcd-object": "br=3200,d=4004,ot=v,tb=6000",
            "cmcd-request": "bl=21300,dl=18500,mtp=48100",
            "cmcd-session": #"sid="a",sf=h,st=l"#,
            "cmcd-status": "bs,rtp=12000",
        ]
        let data = try #require(CMCDData { fields[$0] })
        #expect(data.encodedBitrateKbps == 3200)
        #expect(data.bufferLengthMilliseconds == 21_300)
        #expect(data.streamType == .live)
        #expect(data.isBufferStarved)
        #expect(data.faultCount == 0)
    }

    @Test func aRequestWithoutFieldsCostsOneLookUp() {
        var names: [String] = []
        let data = CMCDData { name in
            names.append(name)
            return nil
        }
        #expect(data == nil)
        #expect(names == ["cmcd-session"])
    }

    @Test(arguments: [("1", 100), ("1.5", 150), ("0.257", 25), ("2.", 200), ("10.01", 1001)])
    func ratesAreReadInHundredths(_ text: String, _ hundredths: UInt64) {
        #expect(read("pr=" + text).playbackRateHundredths == hundredths)
    }

    @Test func sessionsThatDifferAnywhereDiffer() {
        let ids = ["a", "b", "abcdefgh", "abcdefgi", "abcdefghi", "babcdefghi", "aabcdefgh"]
        #expect(Set(ids.map { read("sid=\"\($0)\"").sessionHash }).count == ids.count)
        #expect(read("sid=\"a\"").sessionHash == read("sid=a").sessionHash)
    }

    @Test func escapesInStringsAreUndone() {
        let data = read(#"nrr="a\"b\\c",ot=a"#)
        #expect(data.nextRange == #"a"b\c"#)
        #expect(data.objectType == .audio)
    }

    @Test func ofVersionTwosListsTheFirstMemberIsTaken() {
        let data = read(
            #"v=2,br=(5000;v 128;a),bl=(4000),nor=("seg%2D2.m4s" "b.m4s";r="0-9"),bs=?0,su=?1,st=ll,x"#
        )
        #expect(data.version == 2)
        #expect(data.encodedBitrateKbps == 5000)
        #expect(data.bufferLengthMilliseconds == 4000)
        #expect(data.nextObject == "seg-2.m4s")
        #expect(!data.isBufferStarved)
        #expect(data.isStartup)
        #expect(data.streamType == .lowLatency)
        #expect(data.faultCount == 0)
    }

    @Test func keysThatNobodyKnowsAreFine() {
        let data = read(#"com.example-rate=7,tbl=3000,sta=p,com.example-name="x,y",br=1"#)
        #expect(data.encodedBitrateKbps == 1)
        #expect(data.faultCount == 0)
    }

    @Test(arguments: [
        ("br=x,ot=v", 1), ("br,ot=v", 1), ("br=-1,ot=v", 1), ("br=1234567890123456,ot=v", 1),
        ("ot=zz,ot=v", 1), ("=1,ot=v", 1), (",ot=v", 1), ("br=\"1\",ot=v", 1), ("pr=1.x,ot=v", 1),
        ("br=1=2,ot=v", 1), ("a b,ot=v", 1), ("bs=maybe,ot=v", 1), ("sid=\"\",ot=v", 1),
        ("nor=\"%zz\",ot=v", 1), ("nor=a,ot=v", 1), ("br=,bl=,ot=v", 2),
    ])
    func whatBreaksTheGrammarIsCountedAndTheRestIsRead(_ text: String, _ faultCount: Int) {
        let data = read(text)
        #expect(data.faultCount == faultCount)
        #expect(data.objectType == .video)
        #expect(data.encodedBitrateKbps == nil)
    }

    @Test(arguments: ["sid=\"abc", "sid=\"abc\\", "br=(1", "%", "\"", "("])
    func whatEndsTooSoonIsCounted(_ text: String) {
        #expect(read(text).sessionHash == nil)
        #expect(CMCDData(query: "CMCD=" + text)?.sessionHash == nil)
    }

    @Test func whatIsTooLongIsNotRead() {
        let long = "br=1," + String(repeating: "a", count: 5000)
        #expect(read(long).faultCount == 1)
        #expect(read(long).encodedBitrateKbps == nil)
        #expect(CMCDData(query: "CMCD=" + long)?.encodedBitrateKbps == nil)
        let many = read(String(repeating: "a,", count: 65) + "br=1")
        #expect(many.faultCount == 1)
        #expect(many.encodedBitrateKbps == nil)
    }

    @Test func anythingIsReadWithoutATrap() {
        var random = SplitMix(state: 5004)
        let alphabet = Array(#"brlsunoct=,"\();%2.C?1&"#.utf8)
        for _ in 0..<20_000 {
            let count = Int(random.next() % 40)
            let bytes = (0..<count).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))]
            }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = read(text)
            _ = CMCDData(query: "CMCD=" + text)?.nextObject(after: "/a/b")
        }
    }
}
