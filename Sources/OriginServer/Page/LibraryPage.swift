/// The page at `/`: who is live, and what is in the library.
package struct LibraryPage {
    /// Ids of streams that are live now.
    package var live: [String]
    package var videos: [VideoFacts]
    package var brand: String
    package var mediaBase: String

    package init(
        live: [String] = [],
        videos: [VideoFacts],
        brand: String,
        mediaBase: String
    ) {
        self.live = live
        self.videos = videos
        self.brand = brand
        self.mediaBase = mediaBase
    }

    package var html: String {
        let library =
            videos.isEmpty
            ? """
            <p class="empty">The library is empty. Bring a video in with \
            <code>origin import PATH</code>, or put an MP4 file into the media folder.</p>
            """
            : "<h1>Library</h1><ul class=\"grid\">\(videos.map(card).joined())</ul>"
        let now =
            live.isEmpty
            ? "" : "<h1>Live now</h1><ul class=\"grid\">\(live.map(liveCard).joined())</ul>"
        return HTML.page(title: brand, brand: brand, body: now + library)
    }

    private func liveCard(_ id: String) -> String {
        let name = HTML.escaped(id)
        let still = HTML.escaped(mediaBase + "/live/" + id + "/thumbnail.jpg")
        return """
            <li><a class="card" href="/live/\(name)">
            <div class="still"><img src="\(still)" alt="" onerror="this.remove()">\
            <span class="tag-live">Live</span></div>
            <div class="words"><div class="name">\(name)</div></div></a></li>
            """
    }

    private func card(_ video: VideoFacts) -> String {
        // The smallest rendition's own first seconds are the still: no thumbnail has to be made.
        let still = video.qualities.last.map { quality in
            let address = mediaBase + video.progressivePath(quality)
            let moment = min(2, video.durationSeconds / 2)
            return "<video muted playsinline preload=\"metadata\" tabindex=\"-1\" "
                + "src=\"\(HTML.escaped(address))#t=\(moment)\"></video>"
        }
        return """
            <li><a class="card" href="/watch/\(HTML.escaped(video.id))">
            <div class="still">\(still ?? "")<span class="length">\
            \(Self.clock(video.durationSeconds))</span></div>
            <div class="words"><div class="name">\(HTML.escaped(video.id))</div>
            <div class="facts">\(HTML.escaped(Self.factLine(video)))</div></div></a></li>
            """
    }

    /// Says in a line what a video has: `1080p · 2 languages · subtitles`.
    static func factLine(_ video: VideoFacts) -> String {
        var facts: [String] = []
        if let best = video.qualities.first {
            facts.append(best)
        } else {
            facts.append("audio")
        }
        if video.audio.count > 1 { facts.append("\(video.audio.count) languages") }
        if !video.subtitles.isEmpty { facts.append("subtitles") }
        return facts.joined(separator: " · ")
    }

    /// Writes a length as a clock shows it: `4:05`, `1:02:03`.
    package static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.down))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        if hours == 0 { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }
}
