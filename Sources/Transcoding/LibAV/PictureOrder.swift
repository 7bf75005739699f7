import CLibAV

/// Reads from each coded picture its place in the order of showing: the picture order count.
///
/// For containers that do not say when reordered pictures are shown, such as AVI.
///
/// ISO/IEC 14496-10 §8.2.1
@safe final class PictureOrder {
    private var parser: UnsafeMutablePointer<AVCodecParserContext>?
    private var codec: UnsafeMutablePointer<AVCodecContext>?

    /// Nil for codecs whose pictures are not numbered.
    init?(stream index: Int, of demuxer: Demuxer) {
        guard let stream = unsafe demuxer.handle(of: index),
            let parameters = unsafe stream.pointee.codecpar,
            unsafe parameters.pointee.codec_id == AV_CODEC_ID_H264
        else {
            return nil
        }
        unsafe parser = av_parser_init(CInt(parameters.pointee.codec_id.rawValue))
        unsafe codec = avcodec_alloc_context3(nil)
        guard let parser = unsafe parser, let codec = unsafe codec,
            unsafe avcodec_parameters_to_context(codec, parameters) >= 0
        else {
            return nil
        }
        unsafe parser.pointee.flags |= PARSER_FLAG_COMPLETE_FRAMES
    }

    deinit {
        unsafe av_parser_close(parser)
        unsafe avcodec_free_context(&codec)
    }

    /// The picture's count since the last one that set it to 0.
    func count(of packet: Packet) -> Int32 {
        guard let parser = unsafe parser, let codec = unsafe codec else { return 0 }
        var output: UnsafeMutablePointer<UInt8>?
        var outputCount: CInt = 0
        unsafe av_parser_parse2(
            parser,
            codec,
            &output,
            &outputCount,
            packet.handle.pointee.data,
            packet.handle.pointee.size,
            MillraceAVNoPTS,
            MillraceAVNoPTS,
            -1
        )
        return unsafe parser.pointee.output_picture_number
    }
}
