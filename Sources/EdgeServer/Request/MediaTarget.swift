package import EdgeCache
package import MediaHTTP

/// A media address, checked and normalised.
///
/// The addresses of `/videos/` and `/live/` have one spelling each: what another program could read
/// in another way (percent-encoding, empty or dotted segments) is refused, so that nothing can be
/// kept under one name and be found under another.
package struct MediaTarget: Hashable, Sendable {
    package var kind: ContentKind
    package var mediaKind: MediaKind
    /// Path and known query parameters in order of their names: the key, and what the origin is asked.
    package var key: CacheKey

    package init(kind: ContentKind, mediaKind: MediaKind, key: CacheKey) {
        self.kind = kind
        self.mediaKind = mediaKind
        self.key = key
    }

    package enum Outcome: Hashable, Sendable {
        case media(MediaTarget)
        /// No media address: for the origin's API.
        case foreign
        case malformed
    }

    /// - Parameters:
    ///   - path: as sent, without token and query.
    ///   - query: as sent, without the question mark.
    /// - Returns: the target, or why there is none.
    package static func parse(path: String, query: String?) -> Outcome {
        var utf8 = path
        return utf8.withUTF8 { bytes in
            let bytes = unsafe bytes.span
            guard let root = root(bytes) else { return .foreign }
            guard isCanonical(bytes, from: root.prefixCount) else { return .malformed }
            guard !LivePage.isNamed(by: bytes) else { return .foreign }
            var kind = kind(bytes, root)
            let mediaKind = mediaKind(bytes, kind)
            guard let query, let known = knownParameters(kind) else {
                return .media(MediaTarget(kind: kind, mediaKind: mediaKind, key: CacheKey(path)))
            }
            guard let parameters = QueryParameters(query, known: known) else { return .malformed }
            if kind == .livePlaylist, parameters.has("_HLS_msn") { kind = .liveBlockingPlaylist }
            let text = parameters.isEmpty ? path : path + "?" + parameters.text
            return .media(MediaTarget(kind: kind, mediaKind: mediaKind, key: CacheKey(text)))
        }
    }

    // MARK: - Roots

    private enum Root {
        case videos, live

        var prefixCount: Int {
            switch self {
            case .videos: 8
            case .live: 6
            }
        }
    }

    private static func root(_ bytes: Span<UInt8>) -> Root? {
        if hasPrefix(bytes, "/videos/") { return .videos }
        if hasPrefix(bytes, "/live/") { return .live }
        return nil
    }

    private static func hasPrefix(_ bytes: Span<UInt8>, _ prefix: StaticString) -> Bool {
        matches(bytes, at: 0, prefix)
    }

    private static func hasSuffix(_ bytes: Span<UInt8>, _ suffix: StaticString) -> Bool {
        let start = bytes.count - suffix.utf8CodeUnitCount
        return start >= 0 && matches(bytes, at: start, suffix)
    }

    private static func matches(_ bytes: Span<UInt8>, at start: Int, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count >= start + count else { return false }
        return word.withUTF8Buffer { expected in
            for index in 0..<count {
                guard unsafe bytes[start + index] == expected[index] else { return false }
            }
            return true
        }
    }

    /// Segments of `[A-Za-z0-9._~-]+` that do not begin with a dot.
    private static func isCanonical(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        guard bytes.count > start else { return false }
        var isSegmentStart = true
        for index in start..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "/") {
                guard !isSegmentStart else { return false }
                isSegmentStart = true
                continue
            }
            guard isNameByte(byte), !isSegmentStart || byte != UInt8(ascii: ".") else {
                return false
            }
            isSegmentStart = false
        }
        return !isSegmentStart
    }

    /// `unreserved` of RFC 3986 §2.3.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        // One bit a byte: 0x00-0x3F, then 0x40-0x7F.
        let bits: UInt64 = byte < 64 ? 0x03FF_6000_0000_0000 : 0x47FF_FFFE_87FF_FFFE
        return byte < 128 && (bits >> UInt64(byte & 63)) & 1 == 1
    }

    // MARK: - Kinds

    private static func kind(_ bytes: Span<UInt8>, _ root: Root) -> ContentKind {
        let isManifest = hasSuffix(bytes, ".m3u8") || hasSuffix(bytes, ".mpd")
        switch root {
        case .live: return isManifest ? .livePlaylist : .liveMedia
        case .videos where isManifest: return .vodManifest
        case .videos where hasSuffix(bytes, ".mp4") && segmentCount(bytes) == 3:
            return .progressive
        case .videos where hasSuffix(bytes, ".jpg") || hasSuffix(bytes, ".webp"):
            return .thumbnail
        case .videos: return .vodSegment
        }
    }

    private static func mediaKind(_ bytes: Span<UInt8>, _ kind: ContentKind) -> MediaKind {
        if kind == .progressive { return .progressive }
        if hasSuffix(bytes, "/master.m3u8") { return .masterPlaylist }
        if hasSuffix(bytes, ".m3u8") { return .mediaPlaylist }
        if hasSuffix(bytes, ".mpd") { return .manifest }
        if hasSuffix(bytes, ".ts") { return .transportStreamSegment }
        if hasSuffix(bytes, ".vtt") { return .subtitles }
        if hasSuffix(bytes, ".m4s") { return .videoSegment }
        if hasSuffix(bytes, ".mp4") { return .initSegment }
        return .other
    }

    /// Of `/videos/{id}/{file}`: three.
    private static func segmentCount(_ bytes: Span<UInt8>) -> Int {
        var count = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "/") { count += 1 }
        return count
    }

    /// What may stand in the key; nothing where a query has no meaning and is dropped.
    private static func knownParameters(_ kind: ContentKind) -> [String]? {
        switch kind {
        case .vodManifest: ["audio", "end", "quality", "start"]
        case .livePlaylist:
            ["_HLS_msn", "_HLS_part", "_HLS_skip", "audio", "end", "quality", "segments", "start"]
        default: nil
        }
    }
}
