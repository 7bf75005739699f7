/// The attributes of a playlist's tag.
///
/// RFC 8216bis §4.2.
struct AttributeList {
    private var values: [(name: Substring, value: Substring)] = []

    init(_ text: Substring) {
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals]
            rest = rest[rest.index(after: equals)...]
            let value: Substring
            if rest.first == "\"" {
                rest.removeFirst()
                guard let close = rest.firstIndex(of: "\"") else { return }
                value = rest[..<close]
                rest = rest[rest.index(after: close)...]
            } else {
                value = rest[..<(rest.firstIndex(of: ",") ?? rest.endIndex)]
                rest = rest[value.endIndex...]
            }
            values.append((name, value))
            if rest.first == "," { rest.removeFirst() }
        }
    }

    subscript(_ name: String) -> Substring? {
        values.first { $0.name == name }?.value
    }

    func string(_ name: String) -> String? { self[name].map(String.init) }
    func number(_ name: String) -> Double? { self[name].flatMap { Double($0) } }
    func integer(_ name: String) -> Int? { self[name].flatMap { Int($0) } }
    func isYes(_ name: String) -> Bool { self[name] == "YES" }
}
