/// The parameters of a query that a resource knows, in order of their names; others are dropped.
struct QueryParameters {
    /// A value of this many bytes has no meaning to anybody.
    static let valueSizeBytes = 64

    private var values: [(name: String, value: Substring)] = []

    /// Nothing where a known name comes twice, or with a value that is none: another program might
    /// choose another one of them.
    init?(_ query: String, known: [String]) {
        for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = known.first(where: { $0 == parts[0] }) else { continue }
            guard parts.count == 2, Self.isValue(parts[1]), !has(name) else { return nil }
            values.append((name, parts[1]))
        }
        values.sort { $0.name < $1.name }
    }

    var isEmpty: Bool { values.isEmpty }

    func has(_ name: String) -> Bool { values.contains { $0.name == name } }

    var text: String { values.map { "\($0.name)=\($0.value)" }.joined(separator: "&") }

    /// Numbers and words: no parameter of ours needs percent-encoding.
    private static func isValue(_ value: Substring) -> Bool {
        (1...valueSizeBytes).contains(value.utf8.count)
            && value.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
