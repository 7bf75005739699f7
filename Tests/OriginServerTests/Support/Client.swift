import NIOCore
import NIOPosix
import Platform

/// One request over a connection of its own, bytes as they come.
struct Client {
    struct Answer: Sendable {
        var status: Int
        var fields: [String: String]
        var body: [UInt8]

        /// A field's value by its lower-case name.
        subscript(_ name: String) -> String? { fields[name] }

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum Failed: Error { case noAnswer(String) }

    /// - Parameters:
    ///   - address: the listener.
    ///   - target: path and query as they go into the request line.
    ///   - method: `GET` unless told.
    ///   - fields: further lines of the head.
    ///   - pause: done after the head is sent and before anything is read.
    /// - Returns: the answer.
    /// - Throws: what connecting throws, and `Failed` for what is no answer.
    static func get(
        _ address: ListenAddress,
        _ target: String,
        method: String = "GET",
        fields: [String: String] = [:],
        pause: () async throws -> Void = {}
    ) async throws -> Answer {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let received = loop.makePromise(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 64 << 10)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                }
            }
            .connect(host: address.host, port: address.port).get()
        try await channel.writeAndFlush(ByteBuffer(string: head + "\r\n")).get()
        try await pause()
        // A short answer may have come and gone by now.
        try? await channel.setOption(.autoRead, value: true).get()
        return try parse(try await received.futureResult.get())
    }

    private static func parse(_ bytes: [UInt8]) throws -> Answer {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Failed.noAnswer(String(decoding: bytes.prefix(200), as: UTF8.self))
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Failed.noAnswer(String(lines[0])) }
        let fields = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        return Answer(
            status: status,
            fields: Dictionary(fields) { $0 + ", " + $1 },
            body: Array(bytes[end.upperBound...])
        )
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let received: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ received: EventLoopPromise<[UInt8]>) {
        self.received = received
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
    }

    func channelInactive(context: ChannelHandlerContext) {
        received.succeed(bytes)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
