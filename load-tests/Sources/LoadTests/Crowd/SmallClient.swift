import Foundation
package import NIOCore
import NIOPosix

/// Asks a loopback server a few things before and after a run: its catalog, its counts.
package struct SmallClient: Sendable {
    package let target: LoopbackTarget

    package init(_ target: LoopbackTarget) {
        self.target = target
    }

    /// A body of status 200.
    ///
    /// - Throws: `ResponseFault`.
    package func get(_ path: String, method: String = "GET") async throws -> ByteBuffer {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = eventLoop.makePromise(of: ByteBuffer.self)
        let target = target
        let connection = try await eventLoop.submit {
            let connection = ViewerConnection(shared: SharedReadBuffer()) {}
            return NIOLoopBound(connection, eventLoop: eventLoop)
        }.get()
        let channel = try await Crowd.connect(connection, to: target).get()
        eventLoop.execute {
            let request = ByteBuffer(
                string:
                    "\(method) \(target.prefix)\(path) HTTP/1.1\r\nHost: \(target.authority)\r\n"
                    + "Connection: close\r\n\r\n"
            )
            connection.value.send(request, keepsText: true, at: .now()) { result in
                switch result {
                case .success(let reply) where reply.head.status == 200:
                    answer.succeed(reply.sink.text ?? ByteBuffer())
                case .success(let reply): answer.fail(ResponseFault.status(reply.head.status))
                case .failure(let fault): answer.fail(fault)
                }
            }
        }
        let body = try await answer.futureResult.get()
        try? await channel.close()
        return body
    }

    /// The ids of all videos of a catalog, page by page.
    ///
    /// - Throws: `CrowdError.catalogFailed`.
    package func videos() async throws(CrowdError) -> [String] {
        var ids: [String] = []
        var cursor: String?
        repeat {
            let position = cursor.map { "&cursor=\($0)" } ?? ""
            do {
                let body = try await get("/api/v1/videos?limit=100\(position)")
                let page = try CatalogPage(String(buffer: body))
                ids += page.ids
                guard page.nextCursor != cursor else { break }
                cursor = page.nextCursor
            } catch {
                throw .catalogFailed("\(error)")
            }
        } while cursor != nil && ids.count < CrowdLimits.catalogVideos
        guard !ids.isEmpty else { throw .noVideos }
        return ids
    }

    /// The stand-in's counts of addresses that begin with `prefix`.
    package func counts(prefix: String) async throws -> UpstreamCounts {
        let body = try await get("/counts?prefix=\(prefix)")
        return try JSONDecoder().decode(UpstreamCounts.self, from: Data(String(buffer: body).utf8))
    }

    package func resetCounts() async throws {
        _ = try await get("/counts", method: "DELETE")
    }
}
