import Platform

/// The limits that are configured, with the clients and tokens that they count.
struct AccessRates: Sendable {
    private let clientRequests: RateTable?
    private let clientBytes: RateTable?
    private let tokenRequests: RateTable?
    private let tokenBytes: RateTable?

    init(_ configuration: AccessConfiguration) {
        clientRequests = configuration.clientRequests.map { RateTable(limit: $0) }
        clientBytes = configuration.clientBytes.map { RateTable(limit: $0) }
        tokenRequests = configuration.tokenRequests.map { RateTable(limit: $0) }
        tokenBytes = configuration.tokenBytes.map { RateTable(limit: $0) }
    }

    var countsBytes: Bool { clientBytes != nil || tokenBytes != nil }

    func takeRequest(client: IPAddress, at time: AccessTime) throws(AccessRefusal) {
        guard clientRequests != nil || clientBytes != nil else { return }
        let key = client.clientKey
        if let wait = clientBytes?.wait(key, now: time.nanoseconds) {
            throw .clientBytes(retryAfterSeconds: Self.seconds(wait))
        }
        if let wait = clientRequests?.take(key, now: time.nanoseconds) {
            throw .clientRequests(retryAfterSeconds: Self.seconds(wait))
        }
    }

    func takeRequest(token: UInt64, at time: AccessTime) throws(AccessRefusal) {
        if let wait = tokenBytes?.wait(token, now: time.nanoseconds) {
            throw .tokenBytes(retryAfterSeconds: Self.seconds(wait))
        }
        if let wait = tokenRequests?.take(token, now: time.nanoseconds) {
            throw .tokenRequests(retryAfterSeconds: Self.seconds(wait))
        }
    }

    func charge(bytes: UInt64, client: IPAddress, token: UInt64?, at time: AccessTime) {
        let units = Double(bytes)
        clientBytes?.charge(client.clientKey, units: units, now: time.nanoseconds)
        if let token { tokenBytes?.charge(token, units: units, now: time.nanoseconds) }
    }

    /// Whole seconds, rounded up, for `Retry-After`. RFC 9110 §10.2.3
    private static func seconds(_ nanoseconds: UInt64) -> Int {
        Int((nanoseconds + 999_999_999) / 1_000_000_000)
    }
}
