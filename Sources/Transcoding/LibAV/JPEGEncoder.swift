import CLibAV

/// Makes a JPEG of a picture in JPEG's colours.
enum JPEGEncoder {
    static func encode(_ picture: PictureFrame) throws(TranscodingError) -> [UInt8] {
        let failure = TranscodingError.damaged(detail:)
        guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw .damaged(detail: "there is no JPEG encoder")
        }
        var encoder = unsafe avcodec_alloc_context3(codec)
        defer { unsafe avcodec_free_context(&encoder) }
        guard let context = unsafe encoder else { throw failure("out of memory") }
        unsafe context.pointee.width = picture.handle.pointee.width
        unsafe context.pointee.height = picture.handle.pointee.height
        unsafe context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        unsafe context.pointee.color_range = AVCOL_RANGE_JPEG
        // One picture: any time base will do.
        unsafe context.pointee.time_base = AVRational(num: 1, den: 1)
        unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE
        unsafe context.pointee.global_quality = quality
        unsafe context.pointee.thread_count = 1
        try check(unsafe avcodec_open2(context, codec, nil), or: failure)
        unsafe picture.handle.pointee.quality = quality
        unsafe picture.handle.pointee.pts = 0
        try check(unsafe avcodec_send_frame(context, picture.handle), or: failure)
        let packet = try Packet()
        try check(unsafe avcodec_receive_packet(context, packet.handle), or: failure)
        return packet.bytes
    }

    private static let quality = ThumbnailLimits.quantizer * FF_QP2LAMBDA
}
