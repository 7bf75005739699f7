/// Reads a media playlist by the letter of RFC 8216bis, independently of what writes them.
struct LivePlaylistReader {
    struct Segment: Equatable {
        var number: UInt64
        var uri: String?
        var duration: Double = 0
        var map: String?
        var programDateTime: String?
        var discontinuity: UInt64
        var hasDiscontinuityTag = false
        var isGap = false
        var parts: [Part] = []
    }

    struct Part: Equatable {
        var uri: String
        var duration: Double
        var isIndependent: Bool
        var isGap: Bool
    }

    enum Failure: Error, Equatable {
        case line(String)
    }

    var version = 1
    var targetDuration = 0.0
    var serverControl: [String: String] = [:]
    var partTarget: Double?
    var mediaSequence: UInt64 = 0
    var skipped: [String: String]?
    /// The last one has no `uri` where only parts of it are there.
    var segments: [Segment] = []
    var hints: [[String: String]] = []
    var reports: [[String: String]] = []
    var dateRanges: [[String: String]] = []
    var tags: [String] = []
    var hasEnded = false

    init(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.removeFirst() == "#EXTM3U", lines.popLast() == "" else {
            throw Failure.line("ends")
        }
        var discontinuity: UInt64 = 0
        var map: String?
        var open: Segment?
        for line in lines {
            let tag = String(line.prefix { $0 != ":" })
            let value = String(line.dropFirst(tag.count + 1))
            if line.hasPrefix("#") { tags.append(tag) }
            func segment() -> Segment {
                let skip = skipped?["SKIPPED-SEGMENTS"].flatMap(UInt64.init) ?? 0
                let number = mediaSequence + skip + UInt64(segments.count)
                return open
                    ?? Segment(number: number, map: map, discontinuity: discontinuity)
            }
            switch tag {
            case "#EXT-X-VERSION": version = Int(value) ?? 0
            case "#EXT-X-TARGETDURATION": targetDuration = Double(value) ?? 0
            case "#EXT-X-SERVER-CONTROL": serverControl = try Self.attributes(value)
            case "#EXT-X-PART-INF":
                partTarget = try Self.attributes(value)["PART-TARGET"].flatMap(Double.init)
            case "#EXT-X-MEDIA-SEQUENCE": mediaSequence = UInt64(value) ?? .max
            case "#EXT-X-DISCONTINUITY-SEQUENCE": discontinuity = UInt64(value) ?? .max
            case "#EXT-X-SKIP": skipped = try Self.attributes(value)
            case "#EXT-X-DATERANGE": dateRanges.append(try Self.attributes(value))
            case "#EXT-X-ENDLIST": hasEnded = true
            case "#EXT-X-PRELOAD-HINT": hints.append(try Self.attributes(value))
            case "#EXT-X-RENDITION-REPORT": reports.append(try Self.attributes(value))
            case "#EXT-X-INDEPENDENT-SEGMENTS": break
            case "#EXT-X-DISCONTINUITY":
                guard open?.parts.isEmpty ?? true else { throw Failure.line(line) }
                discontinuity += 1
                open = segment()
                open?.discontinuity = discontinuity
                open?.hasDiscontinuityTag = true
            case "#EXT-X-MAP":
                guard open?.parts.isEmpty ?? true else { throw Failure.line(line) }
                map = try Self.attributes(value)["URI"]
                open = segment()
                open?.map = map
            case "#EXT-X-PROGRAM-DATE-TIME":
                guard open?.parts.isEmpty ?? true else { throw Failure.line(line) }
                open = segment()
                open?.programDateTime = value
            case "#EXT-X-GAP":
                open = segment()
                open?.isGap = true
            case "#EXT-X-PART":
                open = segment()
                open?.parts.append(try Part(Self.attributes(value)))
            case "#EXTINF":
                open = segment()
                guard value.hasSuffix(","), let seconds = Double(value.dropLast()) else {
                    throw Failure.line(line)
                }
                open?.duration = seconds
            case _ where !line.hasPrefix("#"):
                guard var whole = open, whole.duration > 0, !line.isEmpty else {
                    throw Failure.line(line)
                }
                whole.uri = line
                segments.append(whole)
                open = nil
            default: throw Failure.line(line)
            }
        }
        if let open { segments.append(open) }
    }

    static func attributes(_ text: String) throws -> [String: String] {
        var result: [String: String] = [:]
        var rest = text[...]
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { throw Failure.line(text) }
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            var value: Substring
            if rest.first == "\"" {
                rest = rest.dropFirst()
                guard let quote = rest.firstIndex(of: "\"") else { throw Failure.line(text) }
                value = rest[..<quote]
                rest = rest[rest.index(after: quote)...]
            } else {
                value = rest.prefix { $0 != "," }
                rest = rest[value.endIndex...]
            }
            guard result.updateValue(String(value), forKey: name) == nil,
                name.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x5A).contains($0) })
            else {
                throw Failure.line(text)
            }
            if rest.first == "," {
                rest = rest.dropFirst()
            } else if !rest.isEmpty {
                throw Failure.line(text)
            }
        }
        return result
    }
}

extension LivePlaylistReader.Part {
    init(_ attributes: [String: String]) throws {
        guard let uri = attributes["URI"],
            let duration = attributes["DURATION"].flatMap(Double.init)
        else {
            throw LivePlaylistReader.Failure.line("part")
        }
        self.init(
            uri: uri,
            duration: duration,
            isIndependent: attributes["INDEPENDENT"] == "YES",
            isGap: attributes["GAP"] == "YES"
        )
    }
}
