/// Every limit of the media lane, in one place.
package struct MediaLimits: Hashable, Sendable {
    /// A request head may have this many bytes, its request line included.
    ///
    /// Below 64 KiB.
    package var headSizeBytes = 16 * 1024
    /// A request line may have this many bytes, so a target nearly as many.
    package var requestLineSizeBytes = 8 * 1024
    /// A request head may have this many field lines.
    package var fieldCount = 64
    /// A body that a GET brings along is read and dropped up to this size; more is 413.
    package var ignoredBodySizeBytes: UInt64 = 64 * 1024
    /// A line that gives a chunk's size, its extensions included, may have this many bytes.
    package var chunkLineSizeBytes = 256
    /// Chunk extensions and trailers of one body may have this many bytes; all are dropped.
    package var chunkExtraSizeBytes = 8 * 1024
    /// Request bytes kept while an answer is under way; the socket is not read beyond it.
    package var pipelinedSizeBytes = 64 * 1024
    /// A PROXY protocol header may have this many bytes, further information included.
    package var proxyHeaderSizeBytes = 4096
    /// Answers written between two flushes when requests come pipelined.
    package var pipelineDepth = 16

    /// Connections open at once; a further one gets 503 and is closed.
    package var connectionCount = 8192
    /// Connections that may be refused politely at once; beyond it they are just closed.
    package var refusalCount = 256

    /// A kept connection without a request is closed after this long.
    package var idleTime = Duration.seconds(75)
    /// A head must be complete this long after its first byte, or after the connection opened.
    package var headTime = Duration.seconds(15)
    /// An answer that the client does not read any byte of for this long is cut.
    package var writeStallTime = Duration.seconds(30)
    /// An answer must also move this many bytes in each `writeStallTime`; 0 asks for any progress.
    package var minimumProgressBytes = 0
    /// A relayed request's body must bring some bytes in this time, unless the relay holds it back.
    package var bodyStallTime = Duration.seconds(60)
    /// A connection that switched protocols is closed when nothing has moved for this long.
    package var switchedIdleTime = Duration.seconds(3600)
    /// After the last answer, a client has this long to close its side.
    package var lingerTime = Duration.seconds(2)

    /// A stored body is read and sent in pieces of at most this size.
    package var pieceSizeBytes = 2 * 1024 * 1024
    /// Runs of a file from this size on go by sendfile when they are in the page cache.
    ///
    /// Smaller ones are read and gathered. `Int.max` turns sendfile off.
    package var sendfileMinimumBytes = 96 * 1024
    /// The piece while memory is short.
    package var smallPieceSizeBytes = 128 * 1024
    /// What is not in the page cache is read in pieces of this size, so that the first byte leaves
    /// early; what follows is read ahead meanwhile.
    package var coldPieceSizeBytes = 64 * 1024
    /// Buffers for pieces, of all connections of one event loop.
    package var pieceMemoryBytes = 256 * 1024 * 1024
    /// Idle buffers that one event loop keeps while they are needed again within seconds.
    package var idlePieceMemoryBytes = 96 * 1024 * 1024
    /// Connections of one event loop that may wait for piece memory; beyond it 503.
    package var memoryWaiterCount = 4096
    /// They get 503 after this long.
    package var memoryWaitTime = Duration.seconds(5)
    /// Bodies up to this size are kept in memory when they are asked for again; 0 keeps none.
    package var hotBodySizeBytes = 128 * 1024
    /// Bytes of such bodies that one event loop keeps.
    package var hotMemoryBytes = 12 * 1024 * 1024
    /// A transform's input may be this large; larger is 503, as it is read whole.
    package var transformInputSizeBytes = 64 * 1024 * 1024

    /// Threads for reads that would block.
    package var blockingThreadCount = 8
    /// Blocking reads waiting or running; beyond it 503.
    package var blockingReadCount = 512

    /// Streams that an HTTP/2 connection may have open at once.
    package var streamCount = 100
    /// Streams that a client may reset, or spoil, in each `floodTime`; more ends its connection.
    package var streamResetCount = 200
    /// Pings, settings and other frames without a request in each `floodTime`; likewise.
    package var controlFrameCount = 500
    package var floodTime = Duration.seconds(10)
    /// A stored body goes over HTTP/2 in pieces of at most this size, as many streams share a client.
    package var streamPieceSizeBytes = 256 * 1024
    /// Bytes of a relayed answer that wait for the client.
    package var relayedSizeBytes = 256 * 1024
    /// Bytes that one HTTP/2 connection may send before others have their turn.
    package var turnSizeBytes = 1024 * 1024

    /// Texts below this size are not compressed.
    package var compressionMinimumBytes = 512
    /// Texts from this size on are compressed on a thread.
    package var compressionOnThreadBytes = 32 * 1024

    package init() {}
}
