/// What is wrong with the header of a chunk.
package enum ChunkFault: Error, Hashable, Sendable {
    /// A chunk stream's number is beyond `RTMPLimits.chunkStreamCount`.
    case chunkStreamTooHigh(Int)
    /// A short header where no full one came before it.
    case noPreviousHeader(chunkStream: Int)
    /// A new message began before the last one of its chunk stream was whole.
    ///
    /// librtmp would keep the room for the old one and write the new one into it.
    case headerInsideMessage(chunkStream: Int)
    case messageTooLarge(sizeBytes: Int)
    /// Messages that have begun and are not whole.
    case tooMuchInFlight(sizeBytes: Int)
}
