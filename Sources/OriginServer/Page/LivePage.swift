import Platform

/// The page at `/live/{stream_id}`: the stream a moment behind the camera, and back in time.
package struct LivePage {
    package var streamID: String
    package var brand: String
    /// Base address of the media listener as the browser sees it, without a slash at the end.
    package var mediaBase: String
    /// Address of hls.js, empty where the browser's own HLS is to be used.
    package var hlsScript: String

    package init(streamID: String, brand: String, mediaBase: String, hlsScript: String) {
        self.streamID = streamID
        self.brand = brand
        self.mediaBase = mediaBase
        self.hlsScript = hlsScript
    }

    package var html: String {
        let body = """
            <div class="stage">
            <video controls playsinline muted crossorigin="anonymous" preload="auto"></video>
            <div class="notice" role="alert" hidden></div>
            </div>
            <div class="live-bar">
            <button id="go-live" type="button" disabled><span class="dot"></span>Live</button>
            <input id="rewind" type="range" min="0" max="0" step="1" value="0" aria-label="Rewind" hidden>
            <output id="behind" aria-live="off"></output>
            </div>
            <div class="below">
            <div><h1>\(HTML.escaped(streamID))</h1><div class="facts" id="facts"></div></div>
            <div class="choices">
            <label hidden>Quality<select id="quality"></select></label>
            <label hidden>Audio<select id="audio"></select></label>
            </div>
            </div>
            <div class="links">\(links)</div>
            <script type="application/json" id="stream">\(HTML.embedded(json: playerFacts))</script>
            <script src="/static/hls-loader.js" defer></script>
            <script src="/static/live.js" defer></script>
            """
        return HTML.page(title: "\(streamID) · live · \(brand)", brand: brand, body: body)
    }

    private var root: String { mediaBase + "/live/" + streamID }

    private var links: String {
        let links = [
            ("HLS", "/master.m3u8"), ("HLS, rewind window", "/dvr/master.m3u8"),
            ("DASH", "/manifest.mpd"), ("Status", "/status"),
        ]
        return links.map { name, path in
            "<a href=\"\(HTML.escaped(root + path))\">\(name)</a>"
        }.joined()
    }

    /// What the script needs, as JSON.
    private var playerFacts: String {
        let quote = JSONText.quoted
        return "{\"hls\":\(quote(root + "/master.m3u8")),"
            + "\"rewind\":\(quote(root + "/dvr/master.m3u8")),"
            + "\"status\":\(quote(root + "/status")),"
            + "\"hlsScript\":\(quote(hlsScript))}"
    }
}
