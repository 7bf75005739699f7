import NIOCore
import Synchronization

/// Bodies that were made, so that a crowd costs the stand-in little.
package final class BodyStore: Sendable {
    private static let sizeBytes = 64 * 1024 * 1024

    private struct State {
        var bodies: [String: ByteBuffer] = [:]
        var sizeBytes = 0
    }

    private let state = Mutex(State())

    package init() {}

    func body(_ name: String, sizeBytes: Int) -> ByteBuffer {
        kept(name) { DeterministicBytes.body(name, sizeBytes: sizeBytes) }
    }

    func text(_ name: String, _ make: () -> String) -> ByteBuffer {
        kept(name) { ByteBuffer(string: make()) }
    }

    private func kept(_ name: String, _ make: () -> ByteBuffer) -> ByteBuffer {
        if let known = state.withLock({ $0.bodies[name] }) { return known }
        let body = make()
        state.withLock { state in
            if state.sizeBytes + body.readableBytes > Self.sizeBytes {
                state.bodies.removeAll()
                state.sizeBytes = 0
            }
            state.bodies[name] = body
            state.sizeBytes += body.readableBytes
        }
        return body
    }
}
