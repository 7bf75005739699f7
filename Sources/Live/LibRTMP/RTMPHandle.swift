// Unsafe: drives librtmp through its structures. What it does with each of them is said where it is
// done; only chunks that `ChunkGuard` has seen reach it.

internal import CLibRTMP
internal import Glibc

/// A connection of librtmp as the server's side: for one thread, which it blocks.
///
/// It has no time limits of its own: whoever wants its end shuts the socket down from another thread.
/// librtmp closes its descriptor at any failure of its own accord, so that the number must not be
/// used by anyone else.
///
/// Signals have to be blocked on the thread: librtmp sends without `MSG_NOSIGNAL`.
@safe
final class RTMPHandle {
    private let rtmp: UnsafeMutablePointer<RTMP>
    private var packet = unsafe RTMPPacket()

    /// Whether small messages wait for what comes behind them.
    private var isGathering = false
    /// `SO_RCVLOWAT` as it is.
    private var lowWaterBytes: Int32 = 1

    /// Bytes that have come, handshake and all; wraps. RTMP 1.0 §5.4.3
    private(set) var receivedByteCount: UInt32 = 0

    /// What has become of a chunk.
    enum ReadChunk {
        /// The message that it belongs to is not whole yet.
        case part
        /// `withMessage` shows it.
        case message
        /// The peer has gone, or somebody shut the socket down.
        case closed
        case refused(ChunkFault)
    }

    /// - Parameter descriptor: a connected socket, which is the handle's from now on.
    init?(descriptor: Int32) {
        guard let rtmp = unsafe RTMP_Alloc() else {
            close(descriptor)
            return nil
        }
        unsafe self.rtmp = unsafe rtmp
        unsafe RTMP_Init(rtmp)
        unsafe rtmp.pointee.m_sb.sb_socket = descriptor
        // Acknowledgements are ours: librtmp's counter stops for 2 GiB at 2 GiB.
        unsafe rtmp.pointee.m_bSendCounter = 0
    }

    deinit {
        unsafe RTMPPacket_Free(&packet)
        // Asks a TLS peer for its goodbye, and would wait for it.
        unsafe shutdown(rtmp.pointee.m_sb.sb_socket, Int32(SHUT_RD))
        unsafe RTMP_Close(rtmp)
        unsafe RTMP_Free(rtmp)
    }

    // MARK: Bytes

    /// Does the TLS handshake.
    func accept(_ context: RTMPTLSContext) -> Bool {
        unsafe RTMP_TLS_Accept(rtmp, context.pointer) != 0
    }

    /// Bytes of the handshake; nil where the peer has gone.
    func read(count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard fill(1) else { return nil }
            let taken = min(count - bytes.count, bufferedCount)
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: taken))
            consume(taken)
        }
        receivedByteCount &+= UInt32(count)
        return bytes
    }

    /// Writes bytes as they are.
    func write(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            var rest = unsafe bytes[...]
            while unsafe !rest.isEmpty {
                let piece = unsafe UnsafeRawBufferPointer(rebasing: rest)
                let address = unsafe piece.baseAddress?.assumingMemoryBound(to: CChar.self)
                let count = unsafe RTMPSockBuf_Send(
                    &rtmp.pointee.m_sb,
                    address,
                    Int32(piece.count)
                )
                guard count > 0 else { return false }
                unsafe rest = rest.dropFirst(Int(count))
            }
            return true
        }
    }

    /// Reads and drops what comes, until the peer has gone or this much has come.
    func drain(byteCount: Int) {
        var rest = byteCount
        while rest > 0, fill(1) {
            rest -= bufferedCount
            consume(bufferedCount)
        }
    }

    /// Says that nothing more will be written.
    func finishWriting() {
        unsafe shutdown(rtmp.pointee.m_sb.sb_socket, Int32(SHUT_WR))
    }

    // MARK: Messages

    /// Follows the encoder's chunk size, in `RTMPLimits.chunkSizes`.
    func setReceivedChunkSize(_ size: Int) {
        unsafe rtmp.pointee.m_inChunkSize = Int32(size)
    }

    /// Lets small messages wait for larger ones, or for a moment.
    ///
    /// Two of three messages are audio of a few hundred bytes, and waking up for one costs several
    /// times as much as taking it in. Frames of video are larger: they come at once, with the audio
    /// before them. Not over TLS, whose library reads for itself.
    func gatherMessages(_ isGathering: Bool) {
        guard unsafe rtmp.pointee.m_sb.sb_ssl == nil else { return }
        self.isGathering = isGathering
        if !isGathering { setLowWater(1) }
    }

    /// Reads one chunk; blocks until it has come.
    func readChunk(_ chunkGuard: inout ChunkGuard) -> ReadChunk {
        guard fill(1) else { return .closed }
        while true {
            let buffered = unsafe UnsafeBufferPointer(
                start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self),
                count: bufferedCount
            )
            switch unsafe chunkGuard.inspect(buffered.span) {
            case .needs(let byteCount):
                guard fill(byteCount) else { return .closed }
            case .refused(let fault):
                return .refused(fault)
            case .sound(let chunk):
                return read(chunk)
            }
        }
    }

    /// Shows the message that `readChunk` has completed, and frees it.
    func withMessage<Failure: Error>(
        _ body: (RTMPMessageHeader, Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        defer {
            unsafe RTMPPacket_Free(&packet)
            unsafe packet = unsafe RTMPPacket()
        }
        let header = unsafe RTMPMessageHeader(
            type: packet.m_packetType,
            timestamp: packet.m_nTimeStamp,
            messageStream: UInt32(bitPattern: packet.m_nInfoField2)
        )
        let bytes = unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(packet.m_body)?.assumingMemoryBound(to: UInt8.self),
            count: packet.m_body == nil ? 0 : Int(packet.m_nBodySize)
        )
        try unsafe body(header, bytes.span)
    }

    /// Sends a message.
    ///
    /// - Returns: false where the peer has gone.
    func send(_ message: RTMPReply) -> Bool {
        // librtmp writes its header in front of the body, and those of further chunks into it.
        let room = Int(RTMP_MAX_HEADER_SIZE)
        var bytes = [UInt8](repeating: 0, count: room) + message.body
        let isSent = unsafe bytes.withUnsafeMutableBytes { bytes in
            var packet = unsafe RTMPPacket()
            unsafe packet.m_nChannel = message.chunkStream
            unsafe packet.m_headerType = UInt8(RTMP_PACKET_SIZE_LARGE)
            unsafe packet.m_packetType = message.type
            unsafe packet.m_nInfoField2 = Int32(bitPattern: message.messageStream)
            unsafe packet.m_nBodySize = UInt32(message.body.count)
            unsafe packet.m_body = bytes.baseAddress?.advanced(by: room)
                .assumingMemoryBound(to: CChar.self)
            return unsafe RTMP_SendPacket(rtmp, &packet, 0) != 0
        }
        if isSent, let size = message.announcedChunkSize {
            unsafe rtmp.pointee.m_outChunkSize = Int32(size)
        }
        return isSent
    }

    // MARK: librtmp's own

    private func read(_ chunk: ChunkGuard.Chunk) -> ReadChunk {
        prepareTimestamp(of: chunk)
        // Of the end of a chunk librtmp waits for each byte.
        if isGathering, bufferedCount < headerCount(of: chunk) + chunk.payloadCount {
            setLowWater(1)
        }
        unsafe packet = unsafe RTMPPacket()
        unsafe rtmp.pointee.m_nBytesIn = 0
        guard unsafe RTMP_ReadPacket(rtmp, &packet) != 0 else {
            // Where the message had begun before, its memory went when librtmp closed, or will.
            if !chunk.beginsMessage { unsafe packet.m_body = nil }
            unsafe RTMPPacket_Free(&packet)
            return .closed
        }
        receivedByteCount &+= UInt32(bitPattern: unsafe rtmp.pointee.m_nBytesIn)
        return unsafe packet.m_nBytesRead == packet.m_nBodySize ? .message : .part
    }

    /// Tells librtmp whether four bytes of timestamp follow a header of type 3.
    ///
    /// It looks for the mark of an extended timestamp in what it kept of the last header: put there,
    /// it reads four bytes; with the timestamp itself there, it takes that and reads none.
    private func prepareTimestamp(of chunk: ChunkGuard.Chunk) {
        guard chunk.timestamp != .plain,
            chunk.chunkStream < Int(unsafe rtmp.pointee.m_channelsAllocatedIn),
            let previous = unsafe rtmp.pointee.m_vecChannelsIn[chunk.chunkStream]
        else { return }
        // librtmp would add it to the time before.
        if chunk.isAbsoluteAgain { unsafe previous.pointee.m_hasAbsTimestamp = 1 }
        switch chunk.timestamp {
        case .plain: break
        case .extended: unsafe previous.pointee.m_nTimeStamp = Self.extendedMark
        case .extendedButOmitted(let value):
            // The one value that is the mark itself is a millisecond too early.
            unsafe previous.pointee.m_nTimeStamp = value == Self.extendedMark ? value - 1 : value
        }
    }

    private static let extendedMark: UInt32 = 0xFF_FFFF

    private var bufferedCount: Int { Int(unsafe rtmp.pointee.m_sb.sb_size) }

    private var start: UnsafeMutablePointer<CChar>? { unsafe rtmp.pointee.m_sb.sb_start }

    private func consume(_ count: Int) {
        guard let start = unsafe start else { return }
        unsafe rtmp.pointee.m_sb.sb_start = unsafe start + count
        unsafe rtmp.pointee.m_sb.sb_size -= Int32(count)
    }

    /// Waits until so many bytes are in librtmp's buffer, which has room for any header.
    private func fill(_ count: Int) -> Bool {
        while bufferedCount < count {
            if bufferedCount > 0, let start = unsafe start,
                let buffer = unsafe MillraceSocketBuffer(rtmp), unsafe start != buffer
            {
                unsafe memmove(buffer, start, bufferedCount)
                unsafe rtmp.pointee.m_sb.sb_start = buffer
            }
            if isGathering, bufferedCount == 0 {
                guard gather() else { return false }
                continue
            }
            setLowWater(1)
            // GnuTLS' negative codes would be added to the size: nothing is read after one.
            guard unsafe rtmp.pointee.m_sb.sb_socket >= 0,
                unsafe RTMPSockBuf_Fill(&rtmp.pointee.m_sb) >= 1
            else { return false }
        }
        return true
    }
}

// MARK: Gathering

extension RTMPHandle {
    /// Bytes of the header in front of a chunk, which is in the buffer.
    private func headerCount(of chunk: ChunkGuard.Chunk) -> Int {
        guard let first = unsafe start.map({ unsafe UInt8(bitPattern: $0.pointee) }) else {
            return 0
        }
        let basic = first & 0x3F == 0 ? 2 : first & 0x3F == 1 ? 3 : 1
        let message = [11, 7, 3, 0][Int(first >> 6)]
        return basic + message + (chunk.timestamp == .extended ? 4 : 0)
    }

    private func setLowWater(_ bytes: Int32) {
        guard bytes != lowWaterBytes else { return }
        lowWaterBytes = bytes
        var value = bytes
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(rtmp.pointee.m_sb.sb_socket, SOL_SOCKET, SO_RCVLOWAT, &value, size)
    }

    /// Fills the empty buffer with what has come when there is enough of it or the time is up.
    ///
    /// - Returns: false where the peer has gone.
    private func gather() -> Bool {
        setLowWater(RTMPLimits.gatheredBytes)
        guard let buffer = unsafe MillraceSocketBuffer(rtmp) else { return false }
        let descriptor = unsafe rtmp.pointee.m_sb.sb_socket
        let room = Int(RTMP_BUFFER_CACHE_SIZE) - 1
        while descriptor >= 0 {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&waiting, 1, RTMPLimits.gatheringMilliseconds)
            let count = unsafe recv(descriptor, buffer, room, Int32(MSG_DONTWAIT))
            if count > 0 {
                unsafe rtmp.pointee.m_sb.sb_start = buffer
                unsafe rtmp.pointee.m_sb.sb_size = Int32(count)
                return true
            }
            guard count < 0, errno == EAGAIN || errno == EINTR else { return false }
        }
        return false
    }
}
