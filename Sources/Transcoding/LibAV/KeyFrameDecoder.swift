import CLibAV
import Glibc

/// Decodes the key frame that fragmented MP4 begins with.
enum KeyFrameDecoder {
    /// - Parameter media: an init segment and media behind it, perhaps cut off behind its first
    ///   sample.
    /// - Returns: its picture.
    /// - Throws: `damaged` where it is not what it should be, `unsupportedVideo`, `nothingToImport`
    ///   where there is no key frame.
    static func firstPicture(of media: [UInt8]) throws(TranscodingError) -> PictureFrame {
        let input = try MemoryInput(media)
        var format = try unsafe open(input)
        defer { unsafe avformat_close_input(&format) }
        guard let context = unsafe format else { throw .damaged(detail: "") }
        for index in unsafe 0..<Int(context.pointee.nb_streams) {
            guard let stream = unsafe context.pointee.streams[index],
                let parameters = unsafe stream.pointee.codecpar,
                unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO
            else { continue }
            let packet = try unsafe keyPacket(of: index, in: context)
            return try unsafe decode(packet, parameters)
        }
        throw .nothingToImport
    }

    /// Packets of all streams that are looked at for a key frame.
    private static let packetLimit = 64
    /// Boxes before the first sample are known: nothing has to be looked for in the media.
    private static let containers = "mov"

    private static func open(
        _ input: MemoryInput
    ) throws(TranscodingError) -> UnsafeMutablePointer<AVFormatContext>? {
        var context = unsafe avformat_alloc_context()
        guard let new = unsafe context else { throw .damaged(detail: "out of memory") }
        unsafe new.pointee.pb = input.context
        unsafe new.pointee.max_streams = ImportLimits.streams
        unsafe new.pointee.protocol_whitelist = av_strdup("file")
        // Whatever the media refers to stays unopened.
        unsafe new.pointee.io_open = { _, _, _, _, _ in -EPERM }
        // On failure libavformat frees the context.
        try check(
            unsafe avformat_open_input(&context, "", av_find_input_format(containers), nil),
            or: TranscodingError.damaged(detail:)
        )
        return unsafe context
    }

    private static func keyPacket(
        of index: Int,
        in context: UnsafeMutablePointer<AVFormatContext>
    ) throws(TranscodingError) -> Packet {
        let packet = try Packet()
        for _ in 0..<packetLimit {
            try check(
                unsafe av_read_frame(context, packet.handle),
                or: TranscodingError.damaged(detail:)
            )
            if packet.streamIndex == index, packet.isKey { return packet }
            unsafe av_packet_unref(packet.handle)
        }
        throw .nothingToImport
    }

    /// One decoder for each codec, chosen by name: what else the system has is not let at it.
    private static let decoders: [(AVCodecID, String)] = [
        (AV_CODEC_ID_H264, "h264"), (AV_CODEC_ID_HEVC, "hevc"), (AV_CODEC_ID_VP9, "vp9"),
        (AV_CODEC_ID_AV1, "libdav1d"),
    ]

    private static func decode(
        _ packet: Packet,
        _ parameters: UnsafeMutablePointer<AVCodecParameters>
    ) throws(TranscodingError) -> PictureFrame {
        let id = unsafe parameters.pointee.codec_id
        guard let name = decoders.first(where: { $0.0 == id })?.1,
            let codec = unsafe avcodec_find_decoder_by_name(name)
        else {
            throw .unsupportedVideo(codec: unsafe String(cString: avcodec_get_name(id)))
        }
        var decoder = unsafe avcodec_alloc_context3(codec)
        defer { unsafe avcodec_free_context(&decoder) }
        guard let context = unsafe decoder else { throw .damaged(detail: "out of memory") }
        let failure = TranscodingError.damaged(detail:)
        try check(unsafe avcodec_parameters_to_context(context, parameters), or: failure)
        // A thread more for each frame costs more memory than it saves time: one frame is decoded.
        unsafe context.pointee.thread_count = 1
        unsafe context.pointee.max_pixels = ThumbnailLimits.sourcePixels
        try check(unsafe avcodec_open2(context, codec, nil), or: failure)
        try check(unsafe avcodec_send_packet(context, packet.handle), or: failure)
        // Nothing follows: frames that it would hold back for their order come out at once.
        try check(unsafe avcodec_send_packet(context, nil), or: failure)
        let frame = try PictureFrame()
        try check(unsafe avcodec_receive_frame(context, frame.handle), or: failure)
        guard unsafe frame.handle.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0 else {
            throw .damaged(detail: "the key frame is damaged")
        }
        return frame
    }
}
