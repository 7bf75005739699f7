/// Which encoding of a text an `Accept-Encoding` field allows. RFC 9110 §12.5.3
package enum AcceptedEncoding: Hashable, Sendable {
    case identity
    case gzip

    /// gzip where it is named (or `*`) with a weight above 0 and not below identity's.
    package init(_ field: String?) {
        self = .identity
        guard let field else { return }
        var gzip: Int?
        var identity: Int?
        var other: Int?
        for element in field.split(separator: ",") {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false)
                .map(Self.trimmed)
            guard let coding = parts.first?.lowercased() else { continue }
            let weight = Self.weight(parts.dropFirst())
            switch coding {
            case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
            case "identity": identity = weight
            case "*": other = weight
            default: break
            }
        }
        let gzipWeight = gzip ?? other ?? 0
        if gzipWeight > 0, gzipWeight >= identity ?? 0 { self = .gzip }
    }

    /// A `q` parameter in thousandths; 1000 where there is none, 0 where it cannot be read.
    private static func weight(_ parameters: ArraySlice<Substring>) -> Int {
        for parameter in parameters where parameter.lowercased().hasPrefix("q=") {
            let digits = Array(parameter.utf8.dropFirst(2))
            guard let first = digits.first,
                first == UInt8(ascii: "0") || first == UInt8(ascii: "1"),
                digits.count == 1 || digits[1] == UInt8(ascii: "."), digits.count <= 5
            else { return 0 }
            var value = Int(first - UInt8(ascii: "0")) * 1000
            var scale = 100
            for digit in digits.dropFirst(2) {
                guard ASCII.isDigit(digit) else { return 0 }
                value += Int(digit - UInt8(ascii: "0")) * scale
                scale /= 10
            }
            return min(value, 1000)
        }
        return 1000
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
