/// How players behave; the same for all of a crowd.
package struct PlayerSettings: Sendable {
    /// Media seconds that pass in a second of the clock.
    package var speed = 1.0
    package var targetBufferSeconds = 24.0
    /// The chance of a seek after a segment.
    package var seekChance = 0.02
    /// Media seconds that a session lasts on average; nil: until the video's end.
    package var meanSessionSeconds: Double? = 180
    /// Bits per second of the viewers' lines; each viewer gets one of them.
    package var lineBits: [Double] = [2e6, 4e6, 8e6, 20e6, 50e6]
    package var cmcd: CMCDMode = .none
    /// One connection for playlists and media, without hinted parts.
    package var isSingleConnection = false
    package var apiThinkSeconds = 2.0
    package var apiBase = "/api/v1"

    package init() {}
}

/// How players tell about themselves.
package enum CMCDMode: String, Sendable, CaseIterable {
    case none, query, header
}
