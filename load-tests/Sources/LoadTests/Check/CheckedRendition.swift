/// What a checker knows of one media playlist's media: bytes of parts, until their segment came.
package struct CheckedRendition: Sendable {
    package let name: String
    package let address: String
    package var header: CheckedHeader?
    /// Bytes by address.
    var parts: [String: [UInt8]] = [:]
    /// Addresses of parts that were fetched, oldest first.
    private var order: [String] = []
    /// Lengths and dates of whole segments by number.
    package var segments: [Int: Told] = [:]

    package struct Told: Sendable {
        package var seconds: Double
        package var date: Double?

        package init(seconds: Double, date: Double?) {
            self.seconds = seconds
            self.date = date
        }
    }

    /// Parts whose bytes are kept.
    private static let keptParts = 256

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    package mutating func keep(_ address: String, _ bytes: [UInt8]) {
        if parts.updateValue(bytes, forKey: address) == nil { order.append(address) }
        if order.count > Self.keptParts { parts[order.removeFirst()] = nil }
    }

    /// Holds a part's bytes to what the playlist says of them.
    package func check(_ part: MediaPlaylist.Part, _ bytes: [UInt8], _ findings: CheckFindings) {
        guard let header, let fragment = CheckedFragment(bytes, header: header) else { return }
        let error = abs(fragment.seconds - part.seconds)
        findings.check(
            .partMeasured,
            error <= PlaylistRules.rounding,
            "\(name): \(part.address) lasts \(fragment.seconds) s, not \(part.seconds)"
        )
        guard part.isIndependent, header.isVideo else { return }
        findings.check(.independentParts, fragment.startsWithSync, "\(name): \(part.address)")
    }

    /// Compares a segment with its parts, where all of them were fetched.
    package func check(
        _ segment: CheckedPlaylist.Segment,
        _ bytes: [UInt8],
        _ findings: CheckFindings
    ) {
        let known = segment.parts.compactMap { parts[$0.address] }
        guard known.count == segment.parts.count, !known.isEmpty else { return }
        let whole = Array(known.joined())
        findings.check(
            .segmentIsItsParts,
            whole == bytes,
            "\(name): \(bytes.count) bytes, its parts \(whole.count)"
        )
    }

    /// Holds two renditions to each other.
    package static func checkStep(
        _ one: CheckedRendition,
        _ other: CheckedRendition,
        partTarget: Double,
        _ findings: CheckFindings
    ) {
        for (number, segment) in one.segments {
            guard let match = other.segments[number] else { continue }
            let length = abs(segment.seconds - match.seconds)
            var isInStep = length <= partTarget
            if let date = segment.date, let matching = match.date {
                isInStep = isInStep && abs(date - matching) <= partTarget
            }
            findings.check(
                .inStep,
                isInStep,
                "segment \(number): \(segment) in \(one.name), \(match) in \(other.name)"
            )
        }
    }
}
