/// What the chunk headers of a message said.
struct RTMPMessageHeader {
    var type: UInt8
    /// Milliseconds, absolute; wraps.
    var timestamp: UInt32
    var messageStream: UInt32
}

/// Types of messages. RTMP 1.0 §5.4, §6.2, §7.1
package enum RTMPMessageType {
    static let setChunkSize: UInt8 = 1
    static let abort: UInt8 = 2
    static let acknowledgement: UInt8 = 3
    static let userControl: UInt8 = 4
    static let windowAcknowledgementSize: UInt8 = 5
    static let setPeerBandwidth: UInt8 = 6
    static let audio: UInt8 = 8
    static let video: UInt8 = 9
    static let dataAMF3: UInt8 = 15
    static let commandAMF3: UInt8 = 17
    static let data: UInt8 = 18
    package static let command: UInt8 = 20
    static let aggregate: UInt8 = 22
}

/// A message of ours.
package struct RTMPReply: Hashable, Sendable {
    package var type: UInt8
    package var chunkStream: Int32
    package var messageStream: UInt32 = 0
    package var body: [UInt8]
    /// The chunk size of what is sent after it.
    package var announcedChunkSize: Int?

    static func command(_ values: [AMF0Value], on messageStream: UInt32 = 0) -> RTMPReply {
        var writer = AMF0Writer()
        for value in values { writer.write(value) }
        return RTMPReply(
            type: RTMPMessageType.command,
            chunkStream: messageStream == 0 ? 3 : 5,
            messageStream: messageStream,
            body: writer.bytes
        )
    }

    static func acknowledgement(_ byteCount: UInt32) -> RTMPReply {
        control(RTMPMessageType.acknowledgement, bytes(byteCount))
    }

    static func windowAcknowledgementSize(_ byteCount: UInt32) -> RTMPReply {
        control(RTMPMessageType.windowAcknowledgementSize, bytes(byteCount))
    }

    /// The limit is dynamic. RTMP 1.0 §5.4.5
    static func setPeerBandwidth(_ byteCount: UInt32) -> RTMPReply {
        control(RTMPMessageType.setPeerBandwidth, bytes(byteCount) + [2])
    }

    static func setChunkSize(_ size: Int) -> RTMPReply {
        var reply = control(RTMPMessageType.setChunkSize, bytes(UInt32(size)))
        reply.announcedChunkSize = size
        return reply
    }

    // RTMP 1.0 §7.1.7, event 0
    static func streamBegin(_ messageStream: UInt32) -> RTMPReply {
        control(RTMPMessageType.userControl, [0, 0] + bytes(messageStream))
    }

    // RTMP 1.0 §7.1.7, event 7
    static func pingResponse(_ timestamp: UInt32) -> RTMPReply {
        control(RTMPMessageType.userControl, [0, 7] + bytes(timestamp))
    }

    private static func control(_ type: UInt8, _ body: [UInt8]) -> RTMPReply {
        RTMPReply(type: type, chunkStream: 2, body: body)
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
