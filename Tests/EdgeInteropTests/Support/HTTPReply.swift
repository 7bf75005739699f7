/// What a server answered, as far as it came.
struct HTTPReply: Sendable {
    var status: Int
    /// Names in lower case.
    var fields: [(name: String, value: String)]
    var body: [UInt8] = []
    /// Whether all came that the head promised.
    var isWhole = false

    var text: String { String(decoding: body, as: UTF8.self) }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Seconds in `Age`; nothing where it is not said.
    var age: Int? { value("age").flatMap { Int($0) } }
}

/// Takes replies from the bytes of a connection.
struct HTTPReplyReader {
    private var bytes: [UInt8] = []
    private var head: HTTPReply?
    private var isWithoutBody = false

    struct Malformed: Error {
        var text: String
    }

    /// Before each reply; the answer to HEAD has no body whatever it promises.
    mutating func expect(headOnly: Bool) {
        isWithoutBody = headOnly
    }

    mutating func feed(_ more: some Sequence<UInt8>) {
        bytes += more
    }

    /// The next reply once it is whole; interim ones are passed over.
    mutating func next() throws -> HTTPReply? {
        while head == nil {
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let parsed = try Self.head(String(decoding: bytes[..<end.lowerBound], as: UTF8.self))
            bytes.removeSubrange(..<end.upperBound)
            if parsed.status >= 200 || parsed.status == 101 { head = parsed }
        }
        guard var reply = head else { return nil }
        if isWithoutBody || [101, 204, 304].contains(reply.status) {
            reply.isWhole = true
        } else if reply.value("transfer-encoding")?.lowercased() == "chunked" {
            guard let body = try Self.chunked(&bytes) else { return nil }
            reply.body = body
            reply.isWhole = true
        } else if let size = reply.value("content-length").flatMap({ Int($0) }) {
            guard bytes.count >= size else { return nil }
            reply.body = Array(bytes.prefix(size))
            bytes.removeFirst(size)
            reply.isWhole = true
        } else {
            return nil
        }
        head = nil
        return reply
    }

    /// What is left when the connection has closed.
    mutating func last() -> HTTPReply? {
        guard var reply = head else { return nil }
        let isDelimitedByClose =
            reply.value("content-length") == nil && reply.value("transfer-encoding") == nil
        reply.body = bytes
        reply.isWhole = isDelimitedByClose
        (head, bytes) = (nil, [])
        return reply
    }

    /// Bytes behind the last reply.
    var rest: [UInt8] { bytes }

    mutating func takeRest() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private static func head(_ text: String) throws -> HTTPReply {
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.removeFirst().split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Malformed(text: text)
        }
        return HTTPReply(
            status: status,
            fields: try lines.map { line in
                guard let colon = line.firstIndex(of: ":") else { throw Malformed(text: text) }
                return (
                    line[..<colon].lowercased(),
                    String(line[line.index(after: colon)...].trimmingPrefix { $0 == " " })
                )
            }
        )
    }

    /// A whole chunked body, taken from the front. RFC 9112 §7.1
    private static func chunked(_ bytes: inout [UInt8]) throws -> [UInt8]? {
        var body: [UInt8] = []
        var place = bytes.startIndex
        while true {
            guard let line = bytes[place...].firstRange(of: Array("\r\n".utf8)) else { return nil }
            let text = String(decoding: bytes[place..<line.lowerBound], as: UTF8.self)
            guard let size = Int(text.prefix { $0 != ";" }, radix: 16) else {
                throw Malformed(text: text)
            }
            let end = line.upperBound + size + 2
            guard bytes.count >= end else { return nil }
            body += bytes[line.upperBound..<line.upperBound + size]
            place = end
            guard size == 0 else { continue }
            bytes.removeSubrange(..<place)
            return body
        }
    }
}
