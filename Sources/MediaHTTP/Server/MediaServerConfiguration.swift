internal import Glibc

/// What a media server is started with.
package struct MediaServerConfiguration: Sendable {
    package struct Address: Hashable, Sendable {
        /// An IPv4 or IPv6 address, or a name.
        package var host: String
        /// 0 lets the system choose.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// An address, and whether TLS is spoken there.
    package struct Listener: Sendable {
        package var address: Address
        /// Where set, connections speak TLS, and HTTP/2 where the client offers it.
        package var tls: TLSReloading?

        package init(_ address: Address, tls: TLSReloading? = nil) {
            self.address = address
            self.tls = tls
        }
    }

    /// Each is listened on; an IPv6 one takes IPv6 alone, so that `0.0.0.0` can stand beside `::`.
    package var listeners: [Listener]
    package var limits: MediaLimits
    /// Connections that the kernel holds until they are accepted.
    package var backlog: Int32
    /// Whether each connection must begin with a PROXY protocol header, version 2: for listeners
    /// that only load balancers reach, as whoever connects says who the client is.
    package var proxyProtocol: Bool
    /// Where set, it is asked about each connection.
    package var admission: (any ConnectionAdmission)?
    /// How files are read; tests put in others.
    package var reading: FileReading
    /// Unix seconds, for `Date`.
    package var wallClock: @Sendable () -> Int64

    /// Plain listeners.
    package init(
        addresses: [Address],
        limits: MediaLimits = MediaLimits(),
        backlog: Int32 = 1024,
        proxyProtocol: Bool = false,
        reading: FileReading = .system,
        wallClock: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
    ) {
        self.init(
            listeners: addresses.map { Listener($0) },
            limits: limits,
            backlog: backlog,
            proxyProtocol: proxyProtocol,
            reading: reading,
            wallClock: wallClock
        )
    }

    package init(
        listeners: [Listener],
        limits: MediaLimits = MediaLimits(),
        backlog: Int32 = 1024,
        proxyProtocol: Bool = false,
        reading: FileReading = .system,
        wallClock: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
    ) {
        self.listeners = listeners
        self.limits = limits
        self.backlog = backlog
        self.proxyProtocol = proxyProtocol
        self.reading = reading
        self.wallClock = wallClock
    }
}
