import EdgeServer
import Testing

struct SteeringInsertionTests {
    private let insertion: SteeringInsertion

    init() throws {
        insertion = SteeringInsertion(try Regions.configuration())
    }

    private static let playlist = """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS

        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="a.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
        v.m3u8
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100,URI="i.m3u8"

        """

    private static let steered = """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-CONTENT-STEERING:SERVER-URI="/steering/hls.json?base=eu",PATHWAY-ID="eu"

        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="a.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a",PATHWAY-ID="eu"
        v.m3u8
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100,URI="i.m3u8",PATHWAY-ID="eu"

        """

    @Test func variantsBecomeThisRegionsPathway() {
        #expect(insertion.multivariantPlaylist(Self.playlist) == Self.steered)
    }

    @Test func linesKeepTheirEnds() {
        let result = insertion.multivariantPlaylist(Self.playlist.replacing("\n", with: "\r\n"))
        #expect(result == Self.steered.replacing("\n", with: "\r\n"))
    }

    @Test(arguments: [
        "", "#EXTM3U", "#EXTM3U\n#EXTINF:4,\n1.m4s\n", "no playlist\n#EXT-X-STREAM-INF:A=1\nx",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,PATHWAY-ID=\"x\"\nv.m3u8\n", Self.steered,
    ])
    func otherPlaylistsStayAsTheyAre(_ text: String) {
        #expect(insertion.multivariantPlaylist(text) == text)
    }

    private static let manifest = """
        <?xml version="1.0" encoding="UTF-8"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">
        <Period id="1"><BaseURL>sub/</BaseURL></Period>
        </MPD>

        """

    @Test func aManifestNamesThisRegionAndWhoSteers() {
        #expect(
            insertion.manifest(Self.manifest) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">
                <BaseURL serviceLocation="eu">./</BaseURL>
                <ContentSteering defaultServiceLocation="eu">\
                https://eu.example.org/steering/dash.json?base=eu</ContentSteering>
                <Period id="1"><BaseURL>sub/</BaseURL></Period>
                </MPD>

                """
        )
    }

    @Test func withItsFolderAManifestNamesAllRegions() {
        let text = insertion.manifest(Self.manifest, directory: "/t/a&b/videos/x/dash/")
        #expect(
            text.contains(
                """
                type="static">
                <BaseURL serviceLocation="eu">https://eu.example.org/t/a&amp;b/videos/x/dash/</BaseURL>
                <BaseURL serviceLocation="us">https://us.example.org/t/a&amp;b/videos/x/dash/</BaseURL>
                <BaseURL serviceLocation="asia">https://asia.example.org/t/a&amp;b/videos/x/dash/</BaseURL>
                <ContentSteering defaultServiceLocation="eu">\
                https://eu.example.org/steering/dash.json</ContentSteering>
                <Period
                """
            )
        )
    }

    @Test func baseAddressesFollowTheProgramsDescription() {
        let text = "<MPD><ProgramInformation/>\n<ProgramInformation>x</ProgramInformation><Period/>"
        #expect(
            insertion.manifest(text).hasPrefix(
                "<MPD><ProgramInformation/>\n<ProgramInformation>x</ProgramInformation>"
                    + "<BaseURL serviceLocation=\"eu\">./</BaseURL>\n<ContentSteering"
            )
        )
    }

    @Test func anAttributeMayHoldWhatEndsTags() {
        let text = insertion.manifest("<MPD a='\">' b=\">\">\n<Period/></MPD>")
        #expect(text.hasPrefix("<MPD a='\">' b=\">\">\n<BaseURL serviceLocation=\"eu\">"))
    }

    @Test(arguments: [
        "", "<MPD>", "<MPD/>", "<html><Period></html>",
        "<MPD><BaseURL>https://x/</BaseURL><Period/></MPD>",
        "<MPD><ContentSteering>x</ContentSteering><Period/></MPD>",
        "<MPD><!-- <Period/> --><Period/></MPD>",
    ])
    func otherManifestsStayAsTheyAre(_ text: String) {
        #expect(insertion.manifest(text) == text)
    }

    @Test func theEntityTagFollowsTheConfiguration() throws {
        let other = SteeringInsertion(try Regions.configuration(own: "us"))
        let again = SteeringInsertion(try Regions.configuration(ttlSeconds: 5))
        #expect(insertion.entityTagSuffix != other.entityTagSuffix)
        #expect(insertion.entityTagSuffix == again.entityTagSuffix)
        #expect(insertion.entityTagSuffix.hasPrefix("-s"))
    }

    @Test func aTextThatIsTooLongStaysAsItIs() {
        let playlist = Self.playlist + String(repeating: "#\n", count: 1 << 19)
        #expect(insertion.multivariantPlaylist(playlist) == playlist)
        let manifest = Self.manifest + String(repeating: " ", count: 1 << 20)
        #expect(insertion.manifest(manifest) == manifest)
    }
}
