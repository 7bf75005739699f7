/// What a player reads of a media playlist.
struct LivePlaylist: Sendable {
    struct Segment: Hashable, Sendable {
        var number: Int
        var address: String
        var seconds: Double
        /// Discontinuities before it since the stream began.
        var discontinuities: Int
    }

    var targetDuration = 0
    var partTarget: Double?
    var mediaSequence = 0
    var discontinuitySequence = 0
    var segments: [Segment] = []
    var parts: [Double] = []
    /// Those behind the last whole segment.
    var newestParts: [Double] = []
    var partAddresses: [String] = []
    var isEnded = false

    init(_ text: String) {
        var discontinuities = 0
        var seconds = 0.0
        for line in text.split(separator: "\n") {
            func value(_ tag: String) -> Substring? {
                line.hasPrefix(tag) ? line.dropFirst(tag.count) : nil
            }
            if let number = value("#EXT-X-TARGETDURATION:") {
                targetDuration = Int(number) ?? 0
            } else if let number = value("#EXT-X-MEDIA-SEQUENCE:") {
                mediaSequence = Int(number) ?? 0
            } else if let number = value("#EXT-X-DISCONTINUITY-SEQUENCE:") {
                discontinuitySequence = Int(number) ?? 0
            } else if let number = value("#EXT-X-PART-INF:PART-TARGET=") {
                partTarget = Double(number)
            } else if let fields = value("#EXT-X-PART:DURATION=") {
                parts.append(Double(fields.prefix { $0 != "," }) ?? 0)
                newestParts.append(parts.last ?? 0)
                if let address = fields.split(separator: "\"").dropFirst().first {
                    partAddresses.append(String(address))
                }
            } else if line == "#EXT-X-DISCONTINUITY" {
                discontinuities += 1
            } else if let number = value("#EXTINF:") {
                seconds = Double(number.prefix { $0 != "," }) ?? 0
            } else if line == "#EXT-X-ENDLIST" {
                isEnded = true
            } else if !line.hasPrefix("#") {
                newestParts = []
                segments.append(
                    Segment(
                        number: mediaSequence + segments.count,
                        address: String(line),
                        seconds: seconds,
                        discontinuities: discontinuitySequence + discontinuities
                    )
                )
            }
        }
    }

    /// Of all media that it shows: whole segments, and parts behind them.
    var seconds: Double {
        segments.reduce(0) { $0 + $1.seconds } + newestParts.reduce(0, +)
    }

    /// Which publish a segment is of.
    static func publish(_ segment: Segment) -> Substring {
        segment.address.split(separator: "/").first { $0 != ".." } ?? ""
    }
}

/// What players of a stream rely on from one reload to the next, whatever happens to its encoder.
struct PlaylistWatch: Sendable {
    private(set) var newest: LivePlaylist?
    private var segments: [Int: LivePlaylist.Segment] = [:]
    private(set) var faults: [String] = []

    /// Compares a playlist with those before it.
    ///
    /// RFC 8216bis §6.2.1 and §6.2.2.
    mutating func take(_ playlist: LivePlaylist) {
        if let before = newest {
            expect(playlist.targetDuration == before.targetDuration, "the target duration changes")
            expect(
                before.partTarget == nil || playlist.partTarget == nil
                    || playlist.partTarget == before.partTarget,
                "the part target changes"
            )
            expect(playlist.mediaSequence >= before.mediaSequence, "the media sequence goes back")
            expect(
                playlist.discontinuitySequence >= before.discontinuitySequence,
                "the discontinuity sequence goes back"
            )
            let (last, lastBefore) = (playlist.segments.last, before.segments.last)
            if let lastBefore {
                let number = last?.number ?? playlist.mediaSequence
                expect(number >= lastBefore.number, "segments go away at the end")
            }
        }
        for segment in playlist.segments {
            expect(
                Int(segment.seconds.rounded()) <= playlist.targetDuration,
                "segment \(segment.number) has \(segment.seconds) s"
            )
            if let before = segments.updateValue(segment, forKey: segment.number) {
                expect(before == segment, "segment \(before) becomes \(segment)")
            }
        }
        if let target = playlist.partTarget {
            for part in playlist.parts { expect(part <= target + 0.0005, "a part has \(part) s") }
        }
        newest = playlist
    }

    private mutating func expect(_ isSo: Bool, _ fault: String) {
        if !isSo, !faults.contains(fault) { faults.append(fault) }
    }
}
