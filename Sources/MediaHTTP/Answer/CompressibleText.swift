package import NIOCore
import Synchronization

/// A text and, once somebody asked for it, its gzip form; shared by all requests that hold it.
package final class CompressibleText: Sendable {
    package let identity: ByteBuffer
    private let compressed = Mutex<ByteBuffer?>(nil)

    package init(_ text: String) {
        self.identity = ByteBuffer(string: text)
    }

    package init(buffer: ByteBuffer) {
        self.identity = buffer
    }

    package init(bytes: [UInt8]) {
        self.identity = ByteBuffer(bytes: bytes)
    }

    /// The gzip form if it was made before.
    var readyGzip: ByteBuffer? { compressed.withLock { $0 } }

    /// The gzip form, made now if need be.
    ///
    /// Not made under the lock, so that nobody waits for it there; when two make it at once, the
    /// first one's is kept.
    ///
    /// - Throws: `GzipError`, so that the caller sends the identity form.
    func makeGzip() throws(GzipError) -> ByteBuffer {
        if let ready = readyGzip { return ready }
        let made = try Gzip.compress(identity)
        return compressed.withLock { kept in
            if let kept { return kept }
            kept = made
            return made
        }
    }
}
