import Logging
import OriginServer
import Platform

/// An origin in this process, over the `library` and `data` of a folder of the test.
struct RunningOrigin: Sendable {
    let addresses: OriginService.Addresses
    let folder: TemporaryFolder

    enum Failed: Error { case endedEarly }

    /// Runs an origin for as long as the body does.
    ///
    /// - Parameters:
    ///   - folder: holds `library` and `data`, made where they are missing.
    ///   - options: what differs from the defaults, by key; files are looked at for each request.
    ///   - body: the test.
    /// - Throws: what the body throws, and what keeps the origin from starting.
    static func serving(
        _ folder: TemporaryFolder,
        options: [String: String] = [:],
        _ body: @Sendable @escaping (RunningOrigin) async throws -> Void
    ) async throws {
        let configuration = try configuration(folder, options)
        let (ready, continuation) = AsyncThrowingStream.makeStream(
            of: OriginService.Addresses.self
        )
        let service = OriginService(
            configuration: configuration,
            reloadable: ReloadableOptions(configuration),
            logger: .silent,
            log: LogWriter(format: .text)
        ) { continuation.yield($0) }
        let running = Task {
            do {
                try await service.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        do {
            var addresses = ready.makeAsyncIterator()
            guard let first = try await addresses.next() else { throw Failed.endedEarly }
            try await body(RunningOrigin(addresses: first, folder: folder))
        } catch {
            running.cancel()
            await running.value
            throw error
        }
        running.cancel()
        await running.value
    }

    static func configuration(
        _ folder: TemporaryFolder,
        _ options: [String: String] = [:]
    ) throws -> OriginConfiguration {
        var values = ConfigurationValues(environment: [:])
        values.override("data", folder.path + "/data")
        values.override("library", folder.path + "/library")
        values.override("assets.recheck", "0s")
        for key in ["api.listen", "media.listen", "admin.listen", "live.rtmp.listen"] {
            values.override(key, "127.0.0.1:0")
        }
        for (key, value) in options { values.override(key, value) }
        return try OriginConfiguration(&values)
    }

    func media(
        _ target: String,
        method: String = "GET",
        fields: [String: String] = [:]
    ) async throws -> Client.Answer {
        try await Client.get(addresses.media, target, method: method, fields: fields)
    }

    func api(_ target: String) async throws -> Client.Answer {
        try await Client.get(addresses.api, target)
    }

    func admin(_ target: String) async throws -> Client.Answer {
        try await Client.get(addresses.admin, target)
    }

    /// Addresses of a playlist below its own, without comments: what a player asks for next.
    func references(_ playlist: String) async throws -> [String] {
        let base = playlist.prefix { $0 != "?" }.split(separator: "/").dropLast()
        return try await media(playlist).text.split(separator: "\n").flatMap { line in
            line.hasPrefix("#")
                ? line.split(separator: "URI=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
                : [line]
        }.map { reference in
            var path = Array(base)
            for part in reference.split(separator: "/") {
                if part == ".." { path.removeLast() } else { path.append(part) }
            }
            return "/" + path.joined(separator: "/")
        }
    }
}

extension Logger {
    /// Tests make errors on purpose.
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
