/// Takes what publishers send.
package protocol LiveIngest: Sendable {
    /// A publisher with a right key wants to begin.
    ///
    /// - Parameters:
    ///   - attempt: what it said.
    ///   - grant: what it may.
    ///   - connection: its connection, to be closed when another one takes over.
    /// - Returns: where its messages go, or why it is sent away.
    func begin(
        _ attempt: PublishAttempt,
        grant: PublishGrant,
        connection: any PublisherConnection
    ) -> Result<any Publication, PublishRefusal>
}

/// A publisher's connection as others see it; from any thread.
package protocol PublisherConnection: AnyObject, Sendable {
    /// Ends it soon; `Publication.end` is still called, by its own thread.
    func close(reason: String)
}

/// One publish, from the first message to the last; called on the publisher's thread only.
package protocol Publication: AnyObject, Sendable {
    /// A message of media or data.
    ///
    /// - Parameters:
    ///   - kind: what it holds.
    ///   - timestamp: milliseconds as the chunk stream has them, 32 bits that wrap.
    ///   - body: the message without chunk headers.
    /// - Throws: what makes it senseless to go on; the connection is then closed with the text.
    func receive(_ kind: RTMPMediaKind, timestamp: UInt32, body: Span<UInt8>) throws

    /// Nothing more will come.
    func end(_ end: PublishEnd)
}

/// Messages that concern the media. RTMP 1.0 §7.1
package enum RTMPMediaKind: UInt8, Hashable, Sendable {
    case audio = 8
    case video = 9
    /// AMF0 data: `onMetaData`, `onTextData`, `onCuePoint`.
    case data = 18
}

/// How a publish ended.
package enum PublishEnd: Hashable, Sendable {
    /// The encoder said so.
    case unpublished
    /// The connection went away or stood still.
    case lost(String)
    /// Another publisher took over, or an operator ended it.
    case closed(String)
    /// It sent what cannot be used.
    case invalid(String)
}
