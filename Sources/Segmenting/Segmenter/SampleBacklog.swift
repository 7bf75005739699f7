/// Samples of one track that wait, in their order, and what they take.
struct SampleBacklog: Sendable {
    private(set) var samples: [LiveSample] = []
    /// Of memory.
    private(set) var sizeBytes = 0

    var isEmpty: Bool { samples.isEmpty }
    var count: Int { samples.count }
    var first: LiveSample? { samples.first }

    mutating func append(_ sample: LiveSample) {
        samples.append(sample)
        sizeBytes += sample.memoryBytes
    }

    mutating func removeFirst(_ count: Int) {
        guard count > 0 else { return }
        for sample in samples.prefix(count) { sizeBytes -= sample.memoryBytes }
        samples.removeFirst(count)
    }

    /// Takes them all out.
    mutating func take() -> [LiveSample] {
        defer { self = SampleBacklog() }
        return samples
    }
}

extension LiveSample {
    /// What it takes while it waits: tiny ones take more than their bytes.
    var memoryBytes: Int { bytes.count + SegmenterLimits.sampleOverheadBytes }
}

extension LiveInput {
    var memoryBytes: Int {
        switch self {
        case .sample(let sample): sample.memoryBytes
        case .event(let event): event.payload.sizeBytes + SegmenterLimits.sampleOverheadBytes
        case .tracks, .discontinuity: SegmenterLimits.sampleOverheadBytes
        }
    }
}

extension LiveEvent.Payload {
    fileprivate var sizeBytes: Int {
        switch self {
        case .id3(let bytes), .spliceInfo(let bytes): bytes.count
        case .text(let text): text.utf8.count
        }
    }
}
