import NIOCore
import NIOPosix
import Synchronization

/// An origin's addresses, looked up off the event loops and believed for a while.
///
/// Old ones stay in use while new ones are looked up, and when that fails: an origin outlives its
/// name server. Used from any thread.
final class OriginAddresses: Sendable {
    private struct Known {
        var addresses: [SocketAddress] = []
        var until: NIODeadline?
        var lookup: EventLoopFuture<[SocketAddress]>?
    }

    private let url: OriginURL
    private let limits: UpstreamLimits
    private let resolve: NameResolution.Resolve
    private let threads: NIOThreadPool
    private let known: Mutex<Known>

    init(
        url: OriginURL,
        limits: UpstreamLimits,
        resolve: @escaping NameResolution.Resolve,
        threads: NIOThreadPool = .singleton
    ) {
        self.url = url
        self.limits = limits
        self.resolve = resolve
        self.threads = threads
        var known = Known()
        let fixed =
            url.scheme == .unix
            ? try? SocketAddress(unixDomainSocketPath: url.host)
            : try? SocketAddress(ipAddress: url.host, port: url.port)
        if let fixed {
            known.addresses = [fixed]
            known.until = .distantFuture
        }
        self.known = Mutex(known)
    }

    /// The addresses to try, best first; never none.
    func current(on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let now = NIODeadline.now()
        let (addresses, lookup) = known.withLock { known in
            if known.until.map({ now >= $0 }) ?? true, known.lookup == nil {
                known.lookup = startLookup(eventLoop)
            }
            return (known.addresses, known.lookup)
        }
        if addresses.isEmpty, let lookup { return lookup.hop(to: eventLoop) }
        return eventLoop.makeSucceededFuture(addresses)
    }

    /// Puts one that answered before the others.
    func prefer(_ address: SocketAddress) {
        known.withLock { known in
            guard known.addresses.first != address,
                let index = known.addresses.firstIndex(of: address)
            else { return }
            known.addresses.remove(at: index)
            known.addresses.insert(address, at: 0)
        }
    }

    private func startLookup(_ eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let promise = eventLoop.makePromise(of: [SocketAddress].self)
        threads.submit { [self] state in
            let found = Result {
                guard case .active = state else { throw NameResolution.Failed(code: 0) }
                let addresses = try resolve(url.host, url.port).prefix(limits.addressCount)
                guard !addresses.isEmpty else { throw NameResolution.Failed(code: 0) }
                return Array(addresses)
            }
            known.withLock { known in
                known.lookup = nil
                known.until = .now() + limits.addressLife
                if case .success(let addresses) = found { known.addresses = addresses }
                // One that never was found is looked up again by the next call.
                if known.addresses.isEmpty { known.until = nil }
            }
            promise.completeWith(found)
        }
        return promise.futureResult
    }
}
