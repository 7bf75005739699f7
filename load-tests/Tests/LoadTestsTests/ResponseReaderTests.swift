import LoadTests
import NIOCore
import Testing

/// RFC 9112: responses in any pieces, and what is wrong with them.
struct ResponseReaderTests {
    private static func read(
        _ text: String,
        pieces: Int = .max
    ) throws -> (ResponseReader.Progress, ResponseHead?, BodySink) {
        var reader = ResponseReader()
        var sink = BodySink(keepsText: true)
        var rest = ByteBuffer(string: text)
        var progress = ResponseReader.Progress.needsMore
        while progress == .needsMore, rest.readableBytes > 0 {
            var piece = rest.readSlice(length: min(pieces, rest.readableBytes)) ?? ByteBuffer()
            progress = try reader.read(&piece, into: &sink)
        }
        return (progress, reader.head, sink)
    }

    @Test(arguments: [1, 2, 3, 5, 17, 1000])
    func aSizedBody(pieces: Int) throws {
        let (progress, head, sink) = try Self.read(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nAGE:  7 \r\n\r\nhello",
            pieces: pieces
        )
        #expect(progress == .complete)
        #expect(head?.status == 200)
        #expect(head?.age == 7)
        #expect(head?.keepsAlive == true)
        #expect(sink.text.map { String(buffer: $0) } == "hello")
    }

    @Test(arguments: [1, 2, 3, 5, 17, 1000])
    func aChunkedBody(pieces: Int) throws {
        let (progress, _, sink) = try Self.read(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
            pieces: pieces
        )
        #expect(progress == .complete)
        #expect(sink.text.map { String(buffer: $0) } == "abc0123456789")
    }

    @Test func aBodyThatEndsWithItsConnection() throws {
        let (progress, head, sink) = try Self.read("HTTP/1.0 200 OK\r\n\r\nabc")
        #expect(progress == .needsMore)
        #expect(head?.keepsAlive == false)
        #expect(sink.sizeBytes == 3)
    }

    @Test func anInterimResponseIsPassedOver() throws {
        let (progress, head, _) = try Self.read(
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n"
        )
        #expect(progress == .complete)
        #expect(head?.status == 304)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/2 200 OK\r\nContent-Length: 5\r\n\r\n",
        "nonsense\r\n\r\n",
    ])
    func brokenHeadsAreFaults(text: String) {
        #expect(throws: ResponseFault.malformedHead) { try Self.read(text) }
    }

    @Test func aHeadWithoutEndIsAFault() {
        let text = "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 20_000)
        #expect(throws: ResponseFault.headTooLarge) { try Self.read(text) }
    }

    @Test func aBrokenChunkIsAFault() {
        let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
        #expect(throws: ResponseFault.malformedChunk) { try Self.read(text) }
    }
}
