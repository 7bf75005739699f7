import NIOCore

/// A request as the stand-in reads it.
struct StandInRequest: Sendable {
    var method: String
    /// Path and query as they came.
    var target: String
    var path: String
    var query: [String: String]
    var ifNoneMatch: String?
    var ifRange: String?
    /// `bytes=a-b`, one range only; others are ignored, as RFC 9110 §14.2 allows.
    var range: (first: Int?, last: Int?)?
    var contentLength = 0
    var keepsAlive = true

    /// - Parameter head: all lines of a head without the empty one.
    init?(head: String) {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)
        guard let first = lines.first?.split(separator: " "), first.count == 3 else { return nil }
        method = String(first[0])
        target = String(first[1])
        let halves = target.split(separator: "?", maxSplits: 1)
        path = String(halves.first ?? "/")
        query = [:]
        for pair in halves.dropFirst().first?.split(separator: "&") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard let name = parts.first else { continue }
            query[String(name)] = parts.count > 1 ? String(parts[1]) : ""
        }
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon].lowercased() {
            case "if-none-match": ifNoneMatch = String(value)
            case "if-range": ifRange = String(value)
            case "range": range = Self.range(value)
            case "connection": keepsAlive = value.lowercased() != "close"
            case "content-length":
                guard let length = Int(value), length >= 0 else { return nil }
                contentLength = length
            default: break
            }
        }
    }

    private static func range(_ text: Substring) -> (first: Int?, last: Int?)? {
        guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        let range = (Int(ends[0]), Int(ends[1]))
        return range.0 == nil && range.1 == nil ? nil : range
    }
}
