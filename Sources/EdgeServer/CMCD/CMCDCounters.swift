import Platform

/// Counts what players tell: how their playback goes, seen from this region; from any thread.
package final class CMCDCounters: Sendable {
    /// By object type; the last one has none that is known.
    let requests: [Counter]
    let formats: [Counter]
    let streamTypes: [Counter]
    let starvations = Counter()
    let startups = Counter()
    let malformed = Counter()
    let hints = Counter()
    /// Of media that is video, so that audio does not blur it.
    let bitrateKbps = BucketHistogram(
        bounds: [250, 500, 1000, 2000, 3000, 4500, 6000, 9000, 12_000, 18_000, 25_000]
    )
    let bufferMilliseconds = BucketHistogram(
        bounds: [0, 500, 1000, 2000, 4000, 8000, 12_000, 20_000, 30_000, 60_000]
    )
    let throughputKbps = BucketHistogram(
        bounds: [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000]
    )
    let sessions = SessionEstimate()
    let second: @Sendable () -> Int64

    /// - Parameter second: seconds of a clock that does not go back.
    package init(second: @escaping @Sendable () -> Int64) {
        self.second = second
        requests = (0...CMCDData.ObjectType.allCases.count).map { _ in Counter() }
        formats = (0...CMCDData.StreamingFormat.allCases.count).map { _ in Counter() }
        streamTypes = (0...CMCDData.StreamType.allCases.count).map { _ in Counter() }
    }

    /// Reads and counts what comes with a request for media.
    ///
    /// Without a query and fields it costs two comparisons; a query without CMCD is run over once;
    /// with `header`, a request without CMCD costs one look-up.
    ///
    /// - Parameters:
    ///   - query: as sent, without the question mark.
    ///   - header: looks a field up by its name in lower case; nothing where fields are not read.
    /// - Returns: what the player told, for those who act on its hints.
    @discardableResult
    package func note(query: String?, header: ((String) -> String?)? = nil) -> CMCDData? {
        if let query, let data = CMCDData(query: query) {
            count(data)
            return data
        }
        guard let header, let data = CMCDData(header: header) else { return nil }
        count(data)
        return data
    }

    package func count(_ data: CMCDData) {
        if data.faultCount > 0 { malformed.add() }
        requests[Self.index(data.objectType)].add()
        formats[Self.index(data.streamingFormat)].add()
        streamTypes[Self.index(data.streamType)].add()
        if data.isBufferStarved { starvations.add() }
        if data.isStartup { startups.add() }
        if data.nextObject != nil { hints.add() }
        if let buffer = data.bufferLengthMilliseconds { bufferMilliseconds.observe(buffer) }
        if let throughput = data.measuredThroughputKbps { throughputKbps.observe(throughput) }
        if let bitrate = data.encodedBitrateKbps, data.objectType?.isVideo ?? true {
            bitrateKbps.observe(bitrate)
        }
        if let hash = data.sessionHash { sessions.add(hash: hash, second: second()) }
    }

    private static func index<Value: CaseIterable & Equatable>(_ value: Value?) -> Int
    where Value.AllCases == [Value] {
        let cases = Value.allCases
        return value.flatMap { cases.firstIndex(of: $0) } ?? cases.count
    }
}

extension CMCDData.ObjectType {
    fileprivate var isVideo: Bool { self == .video || self == .muxed }
}
