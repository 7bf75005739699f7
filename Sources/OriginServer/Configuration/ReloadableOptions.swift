package import Platform
import Synchronization

/// The options that take effect when the configuration is read again, without a restart: the level
/// of logs, the pages, and who may publish.
package final class ReloadableOptions: Sendable {
    package let logThreshold: LogThreshold
    private let current: Mutex<OriginConfiguration>
    private let publishers = Mutex<(@Sendable ([OriginConfiguration.StreamKey]) -> Void)?>(nil)

    package init(_ configuration: OriginConfiguration) {
        logThreshold = LogThreshold(configuration.log.level)
        current = Mutex(configuration)
    }

    package var page: OriginConfiguration.PageOptions { current.withLock { $0.page } }

    /// Calls back whenever other stream keys are configured, with all of them.
    func onStreamKeys(_ take: @escaping @Sendable ([OriginConfiguration.StreamKey]) -> Void) {
        publishers.withLock { $0 = take }
    }

    /// Takes over what can be, and names the groups of options that differ but need a restart.
    package func reload(_ configuration: OriginConfiguration) -> [String] {
        var old = current.withLock { current in
            let old = current
            current.page = configuration.page
            current.log.level = configuration.log.level
            current.live.keys = configuration.live.keys
            return old
        }
        if old.live.keys != configuration.live.keys {
            publishers.withLock { $0 }?(configuration.live.keys)
            old.live.keys = configuration.live.keys
        }
        logThreshold.level = configuration.log.level
        let fixed: [(String, (OriginConfiguration) -> String)] = [
            ("data", { $0.dataFolder }), ("library", { $0.mediaFolder }),
            ("api", { "\($0.api)" }), ("admin", { "\($0.admin)" }), ("media", { "\($0.media)" }),
            ("packaging", { "\($0.packaging)" }), ("assets", { "\($0.assets)" }),
            ("live", { "\($0.live)" }),
            ("log.format", { $0.log.format.rawValue }),
            ("log.access_sample", { "\($0.log.accessSample)" }),
        ]
        return fixed.filter { $0.1(old) != $0.1(configuration) }.map(\.0)
    }
}
