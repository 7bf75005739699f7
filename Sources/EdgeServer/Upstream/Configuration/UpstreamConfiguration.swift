/// One group of origins that hold the same, and how they are called.
package struct UpstreamConfiguration: Hashable, Sendable {
    /// At least one, no address twice; an `OriginID` is a place in this list.
    package var origins: [OriginConfiguration]
    /// A token that names this edge in `Via`: one per edge, so that a loop is found.
    package var pseudonym = "millrace-edge"
    /// Added to each request; an origin's listener may ask for it.
    package var sharedSecret: SharedSecret?
    package var tls = UpstreamTLS()
    package var pool = PoolConfiguration()
    package var health = HealthConfiguration()

    package init(origins: [OriginConfiguration]) {
        self.origins = origins
    }
}

package struct OriginConfiguration: Hashable, Sendable {
    package var url: OriginURL
    /// Its share of the calls; 0...1000, where 0 takes it out of use.
    package var weight: Int
    /// Called only while no other origin is healthy.
    package var isBackup: Bool

    package init(url: OriginURL, weight: Int = 1, isBackup: Bool = false) {
        self.url = url
        self.weight = weight
        self.isBackup = isBackup
    }

    package static let weights = 0...1000
}

/// A field that says that a request comes from an edge.
package struct SharedSecret: Hashable, Sendable {
    package var fieldName: String
    package var value: String

    package init(fieldName: String, value: String) {
        self.fieldName = fieldName
        self.value = value
    }
}

/// Files in PEM, read when the group is made and when it is configured again.
package struct UpstreamTLS: Hashable, Sendable {
    /// Who may sign an origin's certificate; without it, those whom the system trusts.
    package var authoritiesFile: String?
    /// Our own certificate with its chain, where origins ask for one.
    package var certificateFile: String?
    package var keyFile: String?
    /// The name that origins' certificates must have; without it, the host in their address.
    package var serverName: String?

    package init() {}
}

package struct PoolConfiguration: Hashable, Sendable {
    /// Connections to one origin, those of all event loops together.
    package var connectionCount = 256
    /// Connections that wait for the next call, for each origin and event loop.
    package var idleCount = 32
    /// Below what origins close idle ones after, so that a call seldom meets a closed one.
    package var idleTime = Duration.seconds(30)
    /// An older connection is not used again: names move, certificates change.
    package var age = Duration.seconds(600)
    /// Calls to one origin that wait for a connection; a further one fails at once.
    package var waitingCount = 1024
    /// How long they wait.
    package var waitingTime = Duration.seconds(2)

    package init() {}
}

package struct HealthConfiguration: Hashable, Sendable {
    /// Asked with GET; any answer below 500 is a sign of life, as not every listener knows the path.
    package var path = "/healthz"
    /// Between two checks of an origin, give or take a tenth; nothing turns checks off.
    package var interval: Duration? = .seconds(2)
    package var timeout = Duration.seconds(1)
    /// This many checks in a row must fail to take an origin down.
    package var failureCount = 3
    /// This many checks in a row must succeed to bring it up again.
    package var successCount = 2
    /// This many calls in a row that got no answer take it down too.
    package var callFailureCount = 5
    /// How long it stays down by calls alone where there are no checks.
    package var downTime = Duration.seconds(10)
    /// An origin that came up gets its full share only after this long; 0 gives it at once.
    package var slowStart = Duration.seconds(10)

    package init() {}
}
