import Foundation
import TestSupport
import Testing

/// The body at an address; empty where it is no answer of status 200.
func fetched(_ address: String) async -> String {
    let limit = Duration.seconds(15)
    let curl = try? RunningProgram("curl", ["-sfg", "--max-time", "10", address], limit: limit)
    guard let end = await curl?.end(), end.status == 0 else { return "" }
    return String(decoding: end.standardOutput, as: UTF8.self)
}

/// Asks until an answer is as wished; a test in which it never is fails here.
@discardableResult
func fetched(
    _ address: String,
    within limit: Duration = .seconds(30),
    at location: SourceLocation = #_sourceLocation,
    until isRight: (String) -> Bool
) async throws -> String {
    let start = ContinuousClock.now
    while true {
        let text = await fetched(address)
        if isRight(text) { return text }
        let isInTime = ContinuousClock.now - start < limit
        try #require(isInTime, "\(address): \(text)", sourceLocation: location)
    }
}

/// A media playlist once it has segments with numbers up to this.
@discardableResult
func playlist(
    _ address: String,
    with number: Int,
    at location: SourceLocation = #_sourceLocation
) async throws -> String {
    try await fetched(address, within: .seconds(60), at: location) { text in
        let first = tag("#EXT-X-MEDIA-SEQUENCE", in: text).flatMap { Int($0) }
        return first.map { $0 + text.ranges(of: "#EXTINF:").count > number } ?? false
    }
}

/// A text value of a stream's `/live/…/status`.
func status(_ name: String, of stream: String) async throws -> String? {
    let text = await fetched(stream + "/status")
    guard let start = text.range(of: "\"\(name)\":\"") else { return nil }
    return String(text[start.upperBound...].prefix { $0 != "\"" })
}

/// What stands behind the colon of a playlist's tag.
func tag(_ name: String, in playlist: String) -> String? {
    playlist.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        .map { String($0.dropFirst(name.count + 1)) }
}
