import Platform

/// The page at `/watch/{video_id}`: the player and its choices.
package struct WatchPage {
    package var facts: VideoFacts
    package var brand: String
    /// Base address of the media listener as the browser sees it, without a slash at the end.
    package var mediaBase: String
    /// Address of hls.js, empty where the browser's own HLS is to be used.
    package var hlsScript: String

    package init(facts: VideoFacts, brand: String, mediaBase: String, hlsScript: String) {
        self.facts = facts
        self.brand = brand
        self.mediaBase = mediaBase
        self.hlsScript = hlsScript
    }

    package var html: String {
        let title = HTML.escaped(facts.id)
        let body = """
            <div class="stage">
            <video controls playsinline crossorigin="anonymous" preload="auto"></video>
            <div class="notice" role="alert" hidden></div>
            </div>
            <div class="below">
            <div><h1>\(title)</h1><div class="facts">\(HTML.escaped(LibraryPage.factLine(facts)))</div></div>
            <div class="choices">
            <label hidden>Quality<select id="quality"></select></label>
            <label hidden>Audio<select id="audio"></select></label>
            <label hidden>Subtitles<select id="subtitles"></select></label>
            </div>
            </div>
            <div class="links">\(links)</div>
            <script type="application/json" id="video">\(HTML.embedded(json: playerFacts))</script>
            <script src="/static/hls-loader.js" defer></script>
            <script src="/static/watch.js" defer></script>
            """
        return HTML.page(title: "\(facts.id) · \(brand)", brand: brand, body: body)
    }

    private var links: String {
        var links = [
            ("HLS", facts.masterPlaylistPath), ("HLS with MPEG-TS", facts.transportStreamPath),
            ("DASH", facts.manifestPath),
        ]
        links += facts.qualities.map { ("\($0) MP4", facts.progressivePath($0)) }
        return links.map { name, path in
            "<a href=\"\(HTML.escaped(mediaBase + path))\">\(HTML.escaped(name))</a>"
        }.joined()
    }

    /// What the script needs, as JSON.
    private var playerFacts: String {
        let quote = JSONText.quoted
        let audio = facts.audio.map {
            "{\"language\":\(quote($0.language)),\"label\":\(quote($0.label))}"
        }
        let subtitles = facts.subtitles.map { track in
            "{\"language\":\(quote(track.language)),\"label\":\(quote(track.label)),"
                + "\"url\":\(quote(mediaBase + track.path))}"
        }
        return "{\"hls\":\(quote(mediaBase + facts.masterPlaylistPath)),"
            + "\"hlsScript\":\(quote(hlsScript)),"
            + "\"qualities\":[\(facts.qualities.map(quote).joined(separator: ","))],"
            + "\"audio\":[\(audio.joined(separator: ","))],"
            + "\"subtitles\":[\(subtitles.joined(separator: ","))]}"
    }
}
