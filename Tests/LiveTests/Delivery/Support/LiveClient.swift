import NIOCore
import NIOPosix

/// A client that sends raw requests, and reads answers just as they come.
final class LiveClient {
    struct Answer {
        var status: Int
        var fields: [String: String]
        var body: [UInt8]

        subscript(_ name: String) -> String? { fields[name] }
        var text: String { String(decoding: body, as: UTF8.self) }
        var lines: [String] { text.split(separator: "\n").map(String.init) }
        var cacheControl: String? { fields["cache-control"] }
    }

    enum ClientError: Error { case closedEarly, noAnswer }

    let channel: any Channel
    private var arrivals: AsyncStream<ByteBuffer>.Iterator
    private(set) var received: [UInt8] = []

    private init(channel: any Channel, arrivals: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.arrivals = arrivals.makeAsyncIterator()
    }

    static func connect(to address: SocketAddress, reads: Bool = true) async throws -> LiveClient {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(continuation))
                }
            }
            .connect(to: address).get()
        return LiveClient(channel: channel, arrivals: stream)
    }

    func send(_ path: String, _ fields: String = "") async throws {
        let request = "GET \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
    }

    func get(_ path: String, _ fields: String = "") async throws -> Answer {
        try await send(path, fields)
        return try await answer()
    }

    /// The next answer: its head, then its body by its size or to its last chunk.
    func answer() async throws -> Answer {
        var answer = try await head()
        if answer["transfer-encoding"] == "chunked" {
            while let chunk = try await chunk() { answer.body += chunk }
        } else {
            answer.body = try await take(answer["content-length"].flatMap { Int($0) } ?? 0)
        }
        return answer
    }

    func head() async throws -> Answer {
        let text = try await line(until: "\r\n\r\n")
        let lines = text.split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw ClientError.noAnswer }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = String(parts.last?.drop { $0 == " " } ?? "")
        }
        return Answer(status: status, fields: fields, body: [])
    }

    /// The next chunk of a body; nil for the last one.
    func chunk() async throws -> [UInt8]? {
        let size = Int(try await line(until: "\r\n"), radix: 16) ?? 0
        let bytes = try await take(size)
        _ = try await take(2)
        return size == 0 ? nil : bytes
    }

    private func line(until marker: String) async throws -> String {
        let end = Array(marker.utf8)
        while true {
            if let found = received.firstRange(of: end) {
                defer { received.removeSubrange(..<found.upperBound) }
                return String(decoding: received[..<found.lowerBound], as: UTF8.self)
            }
            try await more()
        }
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while received.count < count { try await more() }
        defer { received.removeSubrange(..<count) }
        return Array(received[..<count])
    }

    private func more() async throws {
        guard let buffer = await arrivals.next() else { throw ClientError.closedEarly }
        received += buffer.readableBytesView
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
