import CLibAV

/// One coded frame with its times, in the time base of the stream that it came from.
@safe final class Packet {
    var handle: UnsafeMutablePointer<AVPacket>

    init() throws(TranscodingError) {
        guard let packet = unsafe av_packet_alloc() else { throw .damaged(detail: "out of memory") }
        unsafe handle = packet
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe handle
        unsafe av_packet_free(&packet)
    }

    var streamIndex: Int { unsafe Int(handle.pointee.stream_index) }
    var pts: Int64? {
        get { unsafe Self.time(handle.pointee.pts) }
        set { unsafe handle.pointee.pts = newValue ?? MillraceAVNoPTS }
    }
    var dts: Int64? {
        get { unsafe Self.time(handle.pointee.dts) }
        set { unsafe handle.pointee.dts = newValue ?? MillraceAVNoPTS }
    }
    /// 0 where unknown.
    var duration: Int64 { unsafe max(0, handle.pointee.duration) }
    var sizeBytes: Int { unsafe Int(handle.pointee.size) }
    /// Place in the file; nil where the demuxer does not say.
    var offsetBytes: UInt64? { unsafe UInt64(exactly: handle.pointee.pos) }
    var isKey: Bool { unsafe handle.pointee.flags & AV_PKT_FLAG_KEY != 0 }
    /// Outside the edit list: decoded and not shown.
    var isDiscarded: Bool { unsafe handle.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }

    var isEncrypted: Bool {
        unsafe av_packet_get_side_data(handle, AV_PKT_DATA_ENCRYPTION_INFO, nil) != nil
    }

    /// A decoder configuration that holds from this packet on.
    var newConfiguration: [UInt8]? {
        var count = 0
        guard
            let data = unsafe av_packet_get_side_data(handle, AV_PKT_DATA_NEW_EXTRADATA, &count)
        else {
            return nil
        }
        return unsafe Array(UnsafeBufferPointer(start: data, count: count))
    }

    /// A copy of the payload: for subtitles, whose packets are small.
    var bytes: [UInt8] {
        guard let data = unsafe handle.pointee.data, sizeBytes > 0 else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: data, count: sizeBytes))
    }

    /// Cue settings of a WebVTT packet.
    var webVTTSettings: String {
        var count = 0
        guard
            let data = unsafe av_packet_get_side_data(
                handle,
                AV_PKT_DATA_WEBVTT_SETTINGS,
                &count
            )
        else {
            return ""
        }
        return unsafe String(
            decoding: UnsafeBufferPointer(start: data, count: count),
            as: UTF8.self
        )
    }

    private static func time(_ value: Int64) -> Int64? {
        value == MillraceAVNoPTS ? nil : value
    }
}
