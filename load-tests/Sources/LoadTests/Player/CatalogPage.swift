/// What a crowd reads of the API's answers: ids of videos and the next page.
///
/// Not a JSON parser: values of the keys are found as they stand, which ids and cursors of the
/// API, `[A-Za-z0-9._~-]`, allow.
package struct CatalogPage: Sendable, Equatable {
    package var ids: [String]
    package var nextCursor: String?

    /// - Throws: `ResponseFault.malformedPlaylist` where it is no JSON object.
    package init(_ text: String) throws(ResponseFault) {
        guard text.first == "{", text.last == "}" || text.last == "\n" else {
            throw .malformedPlaylist
        }
        ids = Self.values(of: "id", in: text)
        nextCursor = Self.values(of: "next_cursor", in: text).first
    }

    private static func values(of key: String, in text: String) -> [String] {
        var values: [String] = []
        let pattern = Array("\"\(key)\":".utf8)
        let bytes = Array(text.utf8)
        var index = 0
        while index + pattern.count < bytes.count {
            guard bytes[index] == pattern[0],
                bytes[index..<index + pattern.count].elementsEqual(pattern)
            else {
                index += 1
                continue
            }
            index += pattern.count
            while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { continue }
            let start = index + 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) ?? bytes.count
            values.append(String(decoding: bytes[start..<end], as: UTF8.self))
            index = end
            if values.count >= CrowdLimits.catalogVideos { break }
        }
        return values
    }
}
