import NIOCore
import NIOPosix
import OriginServer
import Packaging
import Synchronization

/// An asset store over the `library` and `data` of a folder, with a clock of its own.
struct TestStore: Sendable {
    let store: AssetStore
    private let clock = Clock()

    init(
        _ folder: TemporaryFolder,
        memoryBytes: Int = 1 << 30,
        maximumOpen: Int = 100,
        recheck: TimeAmount = .seconds(1),
        configuration: PackagingConfiguration = PackagingConfiguration()
    ) {
        store = AssetStore(
            library: LibraryFolder(path: folder.path + "/library"),
            loader: AssetLoader(
                configuration: configuration,
                indexFile: IndexFile(dataFolder: folder.path + "/data"),
                logger: .silent
            ),
            threads: Self.thread,
            limits: .init(
                memoryBytes: memoryBytes,
                maximumOpen: maximumOpen,
                recheckInterval: recheck
            ),
            logger: .silent,
            now: { [clock] in clock.now }
        )
    }

    func advance(_ time: TimeAmount) { clock.advance(time) }

    /// The asset, which must be there.
    func asset(_ id: String) async throws -> LoadedAsset { try await store.load(id).get() }

    /// Returns when all is done that the store does behind its answers, such as storing an index.
    func settle() async throws { try await Self.thread.runIfActive {} }

    /// One thread, so that what is asked of it last is done last.
    private static let thread = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()

    private final class Clock: Sendable {
        private let time = Mutex(NIODeadline.uptimeNanoseconds(1_000_000_000))

        var now: NIODeadline { time.withLock { $0 } }

        func advance(_ amount: TimeAmount) { time.withLock { $0 = $0 + amount } }
    }
}
