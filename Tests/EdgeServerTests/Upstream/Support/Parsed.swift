import EdgeServer
import NIOCore

/// What a parser makes of bytes, fed whole or cut in pieces.
struct Parsed: Hashable {
    var interim: [Int] = []
    var status: Int?
    var fields: [String] = []
    var contentLength: UInt64?
    var body = ""
    var isWhole = false
    var keepsAlive = false
    var hasLeftover = false
    var fault: ResponseFault?

    init(
        _ answer: String,
        request: ResponseParser.Request = .init(),
        endsConnection: Bool = false
    ) {
        self.init([Array(answer.utf8)], request: request, endsConnection: endsConnection)
    }

    init(
        _ pieces: [[UInt8]],
        request: ResponseParser.Request = .init(),
        limits: UpstreamLimits = UpstreamLimits(),
        endsConnection: Bool = false
    ) {
        var parser = ResponseParser(limits: limits)
        parser.begin(request)
        var bytes: [UInt8] = []
        do throws(ResponseFault) {
            for piece in pieces {
                parser.feed(ByteBuffer(bytes: piece))
                while let event = try parser.next() { take(event, &bytes) }
            }
            if endsConnection, !isWhole, let event = try parser.finish() { take(event, &bytes) }
        } catch {
            fault = error
        }
        body = String(decoding: bytes, as: UTF8.self)
        keepsAlive = parser.keepsAlive
        hasLeftover = parser.hasLeftover
    }

    private mutating func take(_ event: ResponseParser.Event, _ bytes: inout [UInt8]) {
        switch event {
        case .interim(let head): interim.append(head.status)
        case .head(let head):
            status = head.status
            fields = head.fields.map { "\($0.name): \($0.value)" }
            contentLength = head.contentLengthBytes
        case .body(let slice): bytes += slice.readableBytesView
        case .end: isWhole = true
        }
    }
}
