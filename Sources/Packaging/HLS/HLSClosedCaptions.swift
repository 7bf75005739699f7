/// CEA-608 captions inside the video.
///
/// NONE may only be said of all variants together, so only where all videos are known to have
/// none. What is not known is not said. Captions that are there are announced as the first channel,
/// which is where they are by custom; the sample tables do not tell.
///
/// RFC 8216bis §4.4.6.2, CLOSED-CAPTIONS
package struct HLSClosedCaptions {
    private var exist: Bool
    private var areRuledOut: Bool

    package init(_ videos: [AssetTrack]) {
        exist = videos.contains { $0.hasClosedCaptions == true }
        areRuledOut = videos.allSatisfy { $0.hasClosedCaptions == false }
    }

    package func writeMedia(to writer: inout TextWriter) {
        guard exist else { return }
        writer.append("#EXT-X-MEDIA:")
        writer.attribute("TYPE", "CLOSED-CAPTIONS")
        writer.attribute("GROUP-ID", quoted: "captions")
        writer.attribute("NAME", quoted: "CC1")
        writer.attribute("DEFAULT", "NO")
        writer.attribute("AUTOSELECT", "YES")
        writer.attribute("INSTREAM-ID", quoted: "CC1")
        writer.append("\n")
    }

    /// The value of the attribute; nil: leave it out.
    package func attribute(of video: AssetTrack) -> String? {
        if video.hasClosedCaptions == true { return "\"captions\"" }
        return areRuledOut ? "NONE" : nil
    }
}
