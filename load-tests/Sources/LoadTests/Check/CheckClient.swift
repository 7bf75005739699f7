import NIOCore
import NIOPosix

/// Asks one server, a connection for each request.
struct CheckClient: Sendable {
    struct Answer: Sendable {
        var head: ResponseHead
        var body: [UInt8]
        /// From the request to the end of the answer.
        var seconds: Double
        var endedAt: NIODeadline

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let target: CheckTarget
    /// Held requests take up to three target durations and are not cut before.
    let timeout: TimeAmount

    /// - Throws: `ResponseFault`.
    func get(_ path: String, takesGzip: Bool = false) async throws -> Answer {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let connection = try await eventLoop.submit {
            NIOLoopBound(
                ViewerConnection(shared: SharedReadBuffer()) {},
                eventLoop: eventLoop
            )
        }.get()
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: eventLoop)
                .connectTimeout(CrowdLimits.connectTime)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(connection.value)
                    }
                }
                .connect(host: target.host, port: target.port)
                .get()
        } catch {
            throw ResponseFault.connectFailed
        }
        let request = ByteBuffer(
            string: "GET \(path) HTTP/1.1\r\nHost: \(target.authority)\r\n"
                + (takesGzip ? "Accept-Encoding: gzip\r\n" : "") + "Connection: close\r\n\r\n"
        )
        let promise = eventLoop.makePromise(of: Answer.self)
        eventLoop.execute {
            let timer = eventLoop.assumeIsolated().scheduleTask(in: timeout) {
                connection.value.fail(.timedOut)
            }
            let sentAt = NIODeadline.now()
            connection.value.send(request, keepsText: true, at: sentAt) { result in
                timer.cancel()
                switch result {
                case .failure(let fault): promise.fail(fault)
                case .success(let answer):
                    let now = NIODeadline.now()
                    promise.succeed(
                        Answer(
                            head: answer.head,
                            body: answer.sink.text.map { Array($0.readableBytesView) } ?? [],
                            seconds: Double((now - sentAt).nanoseconds) / 1e9,
                            endedAt: now
                        )
                    )
                }
            }
        }
        defer { channel.close(promise: nil) }
        return try await promise.futureResult.get()
    }
}
