/// Bounds and thresholds of content steering.
enum SteeringLimits {
    static let regionCount = 32
    static let idSizeBytes = 64
    static let hostSizeBytes = 255
    /// Seconds that a steering manifest may be told to hold.
    static let ttlSeconds = 1...3600
    /// Of a steering request's query; a longer one says nothing.
    static let querySizeBytes = 2048
    /// Of a playlist or manifest that steering is put into; a longer one stays as it is.
    static let textSizeBytes = 1 << 20
    /// Of what a region says of its health.
    static let healthSizeBytes = 1024

    /// Failed looks in a row after which a region counts as unhealthy.
    static let failureCount = 3
    /// Answers in a row after which it counts as healthy again.
    static let recoveryCount = 2
    /// Smoothed load from which a region counts as overloaded, and below which no more.
    static let overload = 0.9
    static let release = 0.75

    /// Share of the players that are told to move at one asking: home to a region that is better
    /// by configuration and empty, and between equal ones of which one has much more room.
    static let homecomingShare = 0.25
    static let balancingShare = 0.1
    /// Load to which players who leave an overloaded region bring both: between the two above, or
    /// two regions that are nearly full would send a crowd back and forth.
    static let spreadLoad = 0.825
    /// Difference in room, as a share of the largest region, that is worth a move.
    static let roomMargin = 0.2
}
