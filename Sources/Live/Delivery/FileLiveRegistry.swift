package import Logging
package import NIOPosix
import Platform
import Synchronization

/// A registry in a file that all origins share: a JSON object of stream ids and base addresses.
///
/// Read again when it has changed, which is looked for at most once in `checkInterval`, by a thread;
/// so an answer may be that old. Written whole, under a lock that other processes honour.
///
/// A damaged file is put aside, and what was known of it last stands in for it; whoever finds a claim
/// of its own missing makes it again.
package final class FileLiveRegistry: LiveRegistry {
    private static let checkIntervalMicroseconds: Int64 = 500_000
    private static let fileSizeLimitBytes = 4 << 20

    private struct State {
        var owners: [String: String] = [:]
        /// Streams that this origin has claimed and not released.
        var own: Set<String> = []
        var identity: [Int]?
        var checkedAt = Int64.min / 2
    }

    private let path: String
    private let ownAddress: String
    private let threads: NIOThreadPool
    private let clock: any LiveClock
    private let logger: Logger
    private let state = Mutex(State())

    /// Reads the file, and so blocks.
    ///
    /// - Parameters:
    ///   - path: the file's; it need not be there yet.
    ///   - ownAddress: the base address of this origin, as players reach it.
    ///   - threads: one thread, running.
    ///   - clock: what time it is.
    ///   - logger: for a file that cannot be used.
    package init(
        path: String,
        ownAddress: String,
        threads: NIOThreadPool,
        clock: any LiveClock,
        logger: Logger
    ) {
        self.path = path
        self.ownAddress = ownAddress
        self.threads = threads
        self.clock = clock
        self.logger = logger
        check()
    }

    package func owner(of streamID: String) -> String? {
        let now = clock.steadyMicroseconds
        let (owner, isDue) = state.withLock { state in
            let isDue = now - state.checkedAt >= Self.checkIntervalMicroseconds
            if isDue { state.checkedAt = now }
            return (state.owners[streamID], isDue)
        }
        if isDue { threads.submit { _ in self.check() } }
        return owner == ownAddress ? nil : owner
    }

    package func claim(_ streamID: String) {
        _ = state.withLock { $0.own.insert(streamID) }
        threads.submit { _ in
            self.change { $0[streamID] = self.ownAddress }
        }
    }

    package func release(_ streamID: String) {
        _ = state.withLock { $0.own.remove(streamID) }
        threads.submit { _ in
            self.change { owners in
                if owners[streamID] == self.ownAddress { owners[streamID] = nil }
            }
        }
    }

    // MARK: - On a thread

    private func check() {
        let identity = SmallFile.identity(path)
        guard identity != state.withLock({ $0.identity }) else { return }
        do {
            let owners = try read()
            let isOwnMissing = state.withLock { state in
                state.identity = identity
                guard let owners else { return !state.own.isEmpty }
                state.owners = owners
                return state.own.contains { owners[$0] == nil }
            }
            if isOwnMissing { change { _ in } }
        } catch {
            complain(error)
        }
    }

    private func change(_ edit: (inout [String: String]) -> Void) {
        do {
            try SmallFile.locked(path + ".lock") { () throws(SmallFile.Failure) in
                let before = try read()
                if before == nil { try SmallFile.rename(path, to: path + ".damaged") }
                let (known, own) = state.withLock { ($0.owners, $0.own) }
                var owners = before ?? known
                for id in own where owners[id] == nil { owners[id] = ownAddress }
                edit(&owners)
                guard owners != before else { return }
                try SmallFile.replace(path, with: Self.json(owners), isDurable: false)
            }
            check()
        } catch {
            complain(error)
        }
    }

    /// What the file says; nil where it is no such object, which is logged.
    private func read() throws(SmallFile.Failure) -> [String: String]? {
        guard let bytes = try SmallFile.read(path, limitBytes: Self.fileSizeLimitBytes) else {
            return [:]
        }
        if let owners = FlatJSON.parse(bytes) { return owners }
        logger.error("live registry is no object of texts", metadata: ["path": "\(path)"])
        return nil
    }

    private func complain(_ failure: SmallFile.Failure) {
        logger.error(
            "live registry cannot be used",
            metadata: [
                "path": "\(path)", "call": "\(failure.call)", "errno": "\(failure.errorNumber)",
            ]
        )
    }

    private static func json(_ owners: [String: String]) -> [UInt8] {
        let lines = owners.sorted { $0.key < $1.key }.map { id, address in
            "  \(JSONText.quoted(id)): \(JSONText.quoted(address))"
        }
        return Array(("{\n" + lines.joined(separator: ",\n") + "\n}\n").utf8)
    }
}
