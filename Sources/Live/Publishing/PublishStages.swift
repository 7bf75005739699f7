package import Segmenting

/// Makes samples of messages: the first stage of a publish, on its publisher's thread.
package protocol PublishSource {
    /// - Parameters:
    ///   - kind: what the message holds.
    ///   - timestamp: milliseconds, 32 bits that wrap.
    ///   - body: the message.
    ///   - arrivalMicroseconds: when its last byte came, since 1970.
    ///   - inputs: gets what it says, in order.
    /// - Throws: what makes it senseless to go on.
    mutating func receive(
        _ kind: RTMPMediaKind,
        timestamp: UInt32,
        body: Span<UInt8>,
        arrivalMicroseconds: Int64,
        into inputs: inout [LiveInput]
    ) throws

    /// Nothing more will come: what was held back does now.
    mutating func finish(into inputs: inout [LiveInput])

    var figures: LiveSourceFigures { get }
}

/// Makes parts of samples: the second stage.
package protocol PublishSegmenter {
    mutating func apply(_ input: LiveInput, into actions: inout [SegmenterAction])
    mutating func finish(into actions: inout [SegmenterAction])
    /// Of memory: what it was given and has not told yet.
    var heldBytes: Int { get }
}

/// How the stages are made.
package struct PublishStages: Sendable {
    package var makeSource: @Sendable () -> any PublishSource
    /// With where the stream goes on, and the wall clock at the publish's time zero.
    package var makeSegmenter: @Sendable (LiveContinuation, Int64) -> any PublishSegmenter

    package init(
        makeSource: @escaping @Sendable () -> any PublishSource,
        makeSegmenter: @escaping @Sendable (LiveContinuation, Int64) -> any PublishSegmenter
    ) {
        self.makeSource = makeSource
        self.makeSegmenter = makeSegmenter
    }
}
