import EdgeCache
import EdgeServer
import NIOCore
import Synchronization

/// Origins that answer what a test says, when it says so.
final class ScriptedUpstream: UpstreamCalling {
    final class Call: UpstreamCall, @unchecked Sendable {
        let request: UpstreamRequest
        let excluded: Set<OriginID>
        let receiver: any UpstreamReceiver
        let eventLoop: any EventLoop
        var isReading = true
        var canSendMore: Bool { true }
        var isCancelled = false
        /// Those that the caller did not exclude are asked in order.
        var origin: OriginID? { (0..<8).map(OriginID.init).first { !excluded.contains($0) } }

        init(
            _ request: UpstreamRequest,
            _ excluded: Set<OriginID>,
            _ receiver: any UpstreamReceiver,
            _ eventLoop: any EventLoop
        ) {
            self.request = request
            self.excluded = excluded
            self.receiver = receiver
            self.eventLoop = eventLoop
        }

        func send(_ bytes: ByteBuffer) {}
        func sendEnd() {}
        func cancel() { isCancelled = true }

        func field(_ name: String) -> String? {
            request.fields.first { $0.0.lowercased() == name.lowercased() }?.1
        }

        func head(
            _ status: Int = 200,
            _ fields: [(name: String, value: String)] = [("cache-control", "max-age=60")],
            length: UInt64? = nil,
            origin: Int = 0
        ) {
            receiver.head(
                UpstreamHead(
                    status: status,
                    fields: fields,
                    contentLengthBytes: length,
                    origin: OriginID(index: origin)
                )
            )
        }

        func body(_ text: String) { receiver.body(ByteBuffer(string: text)) }
        func end() { receiver.end() }
        func fail(_ error: UpstreamError) { receiver.failed(error) }
    }

    private let state = Mutex<[Call]>([])

    var calls: [Call] { state.withLock { $0 } }

    func call(
        _ request: UpstreamRequest,
        excluding: Set<OriginID>,
        on eventLoop: any EventLoop,
        receiver: any UpstreamReceiver
    ) -> any UpstreamCall {
        let call = Call(request, excluding, receiver, eventLoop)
        state.withLock { $0.append(call) }
        return call
    }
}
