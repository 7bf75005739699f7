import Testing

/// Waits until something is so; a test in which it never is fails here.
func eventually(
    _ what: Comment,
    within limit: Duration = .seconds(30),
    at location: SourceLocation = #_sourceLocation,
    _ isMet: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while try await !isMet() {
        try #require(ContinuousClock.now - start < limit, what, sourceLocation: location)
        try await pass(.milliseconds(50))
    }
}

/// Lets time go by where time itself is the subject, such as an encoder that stands still.
func pass(_ time: Duration) async throws {
    try await ContinuousClock().sleep(for: time)
}
