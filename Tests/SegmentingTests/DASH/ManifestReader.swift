import Foundation
import FoundationXML
import Testing

/// A manifest as an independent reader of XML sees it.
final class ManifestNode {
    let name: String
    let attributes: [String: String]
    var children: [ManifestNode] = []

    init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    subscript(name: String) -> [ManifestNode] { children.filter { $0.name == name } }

    func integer(_ name: String) -> Int64? { attributes[name].flatMap { Int64($0) } }

    /// `PT4.004S` in microseconds.
    func microseconds(_ name: String) -> Int64? {
        guard let text = attributes[name], text.hasPrefix("PT"), text.hasSuffix("S"),
            let seconds = Double(text.dropFirst(2).dropLast())
        else { return nil }
        return Int64((seconds * 1_000_000).rounded())
    }

    /// A point in time in microseconds since 1970.
    func date(_ name: String) -> Int64? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        guard let date = attributes[name].flatMap({ formatter.date(from: $0) }) else { return nil }
        return Int64((date.timeIntervalSince1970 * 1000).rounded()) * 1000
    }

    static func read(_ bytes: [UInt8]?) throws -> ManifestNode {
        let reader = Reader()
        let parser = XMLParser(data: Data(try #require(bytes)))
        parser.delegate = reader
        let isWellFormed = parser.parse()
        #expect(isWellFormed, "the manifest is no XML")
        return try #require(reader.root)
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var root: ManifestNode?
        private var open: [ManifestNode] = []

        func parser(
            _ parser: XMLParser,
            didStartElement elementName: String,
            namespaceURI: String?,
            qualifiedName qName: String?,
            attributes attributeDict: [String: String]
        ) {
            let node = ManifestNode(name: elementName, attributes: attributeDict)
            open.last?.children.append(node)
            if open.isEmpty { root = node }
            open.append(node)
        }

        func parser(
            _ parser: XMLParser,
            didEndElement elementName: String,
            namespaceURI: String?,
            qualifiedName qName: String?
        ) {
            open.removeLast()
        }
    }
}

/// A period as a player computes with it, of the first adaptation set.
struct ReadPeriod {
    var id: String
    var start: Int64
    var duration: Int64?
    var startNumber: Int64
    var timescale: Int64
    var presentationTimeOffset: Int64
    /// Nil where segments are listed.
    var segmentDuration: Int64?
    /// Microseconds.
    var availabilityTimeOffset: Int64
    /// Start and duration in ticks of those listed.
    var listed: [(start: Int64, duration: Int64)] = []
    var media: String
    var continuedID: String?

    init(_ node: ManifestNode, set index: Int = 0) throws {
        id = try #require(node.attributes["id"])
        start = try #require(node.microseconds("start"))
        duration = node.microseconds("duration")
        let set = node["AdaptationSet"][index]
        let template = try #require(
            set["SegmentTemplate"].first
                ?? set["Representation"].first?["SegmentTemplate"].first
        )
        startNumber = try #require(template.integer("startNumber"))
        timescale = try #require(template.integer("timescale"))
        presentationTimeOffset = template.integer("presentationTimeOffset") ?? 0
        segmentDuration = template.integer("duration")
        let offset = template.attributes["availabilityTimeOffset"].flatMap { Double($0) } ?? 0
        availabilityTimeOffset = Int64((offset * 1_000_000).rounded())
        media = template.attributes["media"] ?? ""
        continuedID =
            set["SupplementalProperty"].first {
                $0.attributes["schemeIdUri"] == "urn:mpeg:dash:period-continuity:2015"
            }?.attributes["value"]
        var time: Int64 = 0
        for entry in template["SegmentTimeline"].first?["S"] ?? [] {
            time = entry.integer("t") ?? time
            let duration = try #require(entry.integer("d"))
            for _ in 0...(entry.integer("r") ?? 0) {
                listed.append((time, duration))
                time += duration
            }
        }
    }

    /// Microseconds since `availabilityStartTime` at which a number's segment starts by the
    /// manifest.
    func start(ofNumber number: UInt64) -> Int64? {
        let index = Int64(number) - startNumber
        guard index >= 0 else { return nil }
        if let segmentDuration {
            return start + index * segmentDuration * 1_000_000 / timescale
        }
        guard listed.indices.contains(Int(index)) else { return nil }
        return presentation(ofTicks: listed[Int(index)].start)
    }

    /// Microseconds since `availabilityStartTime` at which media of a decode time is shown.
    func presentation(ofTicks ticks: Int64) -> Int64 {
        start + (ticks - presentationTimeOffset) * 1_000_000 / timescale
    }

    /// How many segments a player finds in a period that ended.
    var count: Int64? {
        guard let segmentDuration else { return Int64(listed.count) }
        return duration.map { duration in
            let length = segmentDuration * 1_000_000
            return (duration * timescale + length - 1) / length
        }
    }
}
