/// Which answers go first. RFC 9218 §4
struct HTTP2Priority: Hashable, Sendable {
    static let standardUrgency = 3
    static let lowestUrgency = 7

    /// 0 first, 7 last.
    var urgency = standardUrgency
    /// Use is made of parts of it, so it shares the way with others of its urgency.
    var isIncremental = false
    /// The client said how urgent it is.
    var isSignalled = false

    /// Takes over a `Priority` field or a PRIORITY_UPDATE; what cannot be read is passed over. §5
    mutating func apply(_ field: some StringProtocol) {
        isSignalled = true
        urgency = Self.standardUrgency
        isIncremental = false
        for member in field.split(separator: ",") {
            let parameter = member.split(separator: ";").first ?? ""
            let text = String(parameter.filter { $0 != " " && $0 != "\t" })
            switch text {
            case "i", "i=?1": isIncremental = true
            case "i=?0": isIncremental = false
            default:
                guard text.hasPrefix("u="), let value = Int(text.dropFirst(2)),
                    (0...Self.lowestUrgency).contains(value)
                else { continue }
                urgency = value
            }
        }
    }

    /// How urgent an answer is where the client did not say: a player that waits for a playlist
    /// cannot ask for anything else, and without the init segment no media is of use.
    static func urgency(of kind: MediaKind) -> Int {
        switch kind {
        case .masterPlaylist, .mediaPlaylist, .manifest, .error: 1
        case .initSegment: 2
        case .videoSegment, .audioSegment, .transportStreamSegment, .progressive, .subtitles,
            .other:
            standardUrgency
        }
    }
}
