import Live
import Logging
import Platform
import TestSupport

/// An RTMP server on free ports that ends with its owner.
final class TestServer: Sendable {
    let ingest: RecordingIngest
    let server: RTMPServer
    let port: Int
    let tlsPort: Int

    init(
        limits: RTMPLimits = RTMPLimits(),
        certificate: (chain: String, key: String)? = nil,
        ingest: RecordingIngest = RecordingIngest()
    ) throws {
        let free = ListenAddress(host: "127.0.0.1", port: 0)
        self.ingest = ingest
        server = RTMPServer(
            configuration: RTMPConfiguration(
                listen: free,
                listenTLS: certificate == nil ? nil : free,
                certificateChain: certificate?.chain,
                privateKey: certificate?.key,
                limits: limits
            ),
            authority: ingest,
            ingest: ingest,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let addresses = try server.start()
        port = addresses.plain?.port ?? 0
        tlsPort = addresses.tls?.port ?? 0
    }

    deinit {
        server.stop()
    }

    /// The address that an encoder is given.
    func address(key: String? = nil) -> String {
        "rtmp://127.0.0.1:\(port)/live/\(key ?? ingest.key)"
    }

    /// Talks to it as a client that says what it likes, on a thread of its own.
    func client<Value: Sendable>(
        _ talk: @escaping @Sendable (inout RawClient) throws -> Value
    ) async throws -> Value {
        let port = port
        return try await onThread {
            var client = try RawClient(port: port)
            defer { client.close() }
            return try talk(&client)
        }
    }
}
