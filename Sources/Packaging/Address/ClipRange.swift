/// The part of a video that a manifest is asked for: `?start=12.5&end=20`, in seconds.
///
/// Equal ranges have one text, whatever zeros the query had, so that caches hold them once.
package struct ClipRange: Hashable, Sendable {
    /// Microseconds from the start of the video; nil: its start.
    package var startMicroseconds: Int64?
    /// Microseconds from the start of the video; nil: its end.
    package var endMicroseconds: Int64?

    /// - Throws: `PackagingError.invalidClip` unless the start is before the end.
    package init(
        startMicroseconds: Int64?,
        endMicroseconds: Int64?
    ) throws(PackagingError) {
        guard (startMicroseconds ?? 0) >= 0, (startMicroseconds ?? 0) < endMicroseconds ?? .max
        else {
            throw .invalidClip
        }
        self.startMicroseconds = startMicroseconds == 0 ? nil : startMicroseconds
        self.endMicroseconds = endMicroseconds
    }

    /// Reads a query as it stands behind the `?`; nil where it asks for no clip, or for all.
    ///
    /// Other parameters are none of its business.
    ///
    /// - Throws: `PackagingError.invalidClip` for values that are no decimal seconds (at most nine
    ///   digits and six decimals), for a start that is not before the end, and for repetitions.
    package init?(query: some StringProtocol) throws(PackagingError) {
        var values: [String: Int64] = [:]
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(decoding: parts[0], as: UTF8.self)
            guard name == "start" || name == "end" else { continue }
            guard parts.count == 2, values[name] == nil, let value = Self.microseconds(parts[1])
            else {
                throw .invalidClip
            }
            values[name] = value
        }
        try self.init(startMicroseconds: values["start"], endMicroseconds: values["end"])
        if startMicroseconds == nil && endMicroseconds == nil { return nil }
    }

    /// The query that stands for this range in every address: `?start=12.5&end=20`.
    package var query: String {
        let parts = [("start", startMicroseconds), ("end", endMicroseconds)].compactMap {
            name,
            value in value.map { "\(name)=\(Self.seconds($0))" }
        }
        return "?" + parts.joined(separator: "&")
    }

    private static func seconds(_ microseconds: Int64) -> String {
        let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        if fraction == 0 { return String(whole) }
        var digits = String(1_000_000 + fraction).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    /// Reads `12`, `12.5` or `012.500000`.
    private static func microseconds(_ text: some Collection<UInt8>) -> Int64? {
        let parts = text.split(
            separator: UInt8(ascii: "."),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let whole = number(parts[0], maximumDigits: AddressLimits.clipDigits) else {
            return nil
        }
        guard parts.count == 2 else { return whole * 1_000_000 }
        guard let fraction = number(parts[1], maximumDigits: AddressLimits.clipDecimals) else {
            return nil
        }
        let scale = (parts[1].count..<6).reduce(Int64(1)) { scale, _ in scale * 10 }
        return whole * 1_000_000 + fraction * scale
    }

    private static func number(_ digits: some Collection<UInt8>, maximumDigits: Int) -> Int64? {
        guard !digits.isEmpty, digits.count <= maximumDigits else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
