extension SteeringInsertion {
    /// A multivariant playlist with `EXT-X-CONTENT-STEERING`, all of whose variants are this
    /// region's pathway.
    ///
    /// Named rather than left to be `.`: so a pathway is called the same whichever region's
    /// playlist a player began with, and any region can be asked. The other regions are clones,
    /// which the steering manifest makes of it.
    ///
    /// RFC 8216bis §4.4.6.6, §4.4.6.2
    package func multivariantPlaylist(_ text: String) -> String {
        let bytes = text.utf8.span
        guard bytes.count <= SteeringLimits.textSizeBytes, Self.begins(bytes, 0, "#EXTM3U") else {
            return text
        }
        let pathway = ",PATHWAY-ID=\"\(own.id)\"".utf8
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4 + 256)
        var hasTag = false
        var hasVariant = false
        var start = 0
        while start < bytes.count {
            let end = Self.lineEnd(bytes, start)
            if !hasTag, !Self.isHead(bytes, start) {
                hasTag = true
                result += tag(
                    isCarriageReturned: Self.textEnd(bytes, 0) + 1 < Self.lineEnd(bytes, 0)
                )
            }
            if Self.begins(bytes, start, "#EXT-X-CONTENT-STEERING") { return text }
            guard Self.isVariant(bytes, start) else {
                for index in start..<end { result.append(bytes[index]) }
                start = end
                continue
            }
            let attributesEnd = Self.textEnd(bytes, start)
            for index in start..<attributesEnd where bytes[index] == UInt8(ascii: ",") {
                if Self.begins(bytes, index, ",PATHWAY-ID=") { return text }
            }
            hasVariant = true
            for index in start..<attributesEnd { result.append(bytes[index]) }
            result += pathway
            for index in attributesEnd..<end { result.append(bytes[index]) }
            start = end
        }
        return hasVariant ? String(decoding: result, as: UTF8.self) : text
    }

    private func tag(isCarriageReturned: Bool) -> String.UTF8View {
        ("#EXT-X-CONTENT-STEERING:SERVER-URI=\"\(address(.hls, isCloned: true))\""
            + ",PATHWAY-ID=\"\(own.id)\"" + (isCarriageReturned ? "\r\n" : "\n")).utf8
    }

    /// What stands before everything else by custom.
    private static func isHead(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
        begins(bytes, start, "#EXTM3U") || begins(bytes, start, "#EXT-X-VERSION:")
            || begins(bytes, start, "#EXT-X-INDEPENDENT-SEGMENTS")
    }

    private static func isVariant(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
        begins(bytes, start, "#EXT-X-STREAM-INF:")
            || begins(bytes, start, "#EXT-X-I-FRAME-STREAM-INF:")
    }

    private static func begins(_ bytes: Span<UInt8>, _ start: Int, _ word: String) -> Bool {
        var index = start
        for byte in word.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// Behind the line feed, or the end.
    private static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        return min(end + 1, bytes.count)
    }

    /// Where a line's end begins: CR, LF, or the text's end.
    private static func textEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        return end > start && bytes[end - 1] == 0x0D ? end - 1 : end
    }
}
