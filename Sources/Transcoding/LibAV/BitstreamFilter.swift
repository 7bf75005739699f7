import CLibAV

/// One of libavcodec's bitstream filters that make one packet from one packet.
@safe final class BitstreamFilter {
    private var context: UnsafeMutablePointer<AVBSFContext>?

    /// A filter for one stream; `name` is libavcodec's, such as `aac_adtstoasc`.
    ///
    /// - Throws: `TranscodingError.damaged` where it cannot filter this stream.
    init(
        _ name: String,
        stream: UnsafeMutablePointer<AVStream>
    ) throws(TranscodingError) {
        let failure = { (text: String) in TranscodingError.damaged(detail: "\(name): \(text)") }
        guard let filter = unsafe av_bsf_get_by_name(name) else { throw failure("missing") }
        try check(unsafe av_bsf_alloc(filter, &context), or: failure)
        guard let context = unsafe context else { throw failure("out of memory") }
        try check(
            unsafe avcodec_parameters_copy(context.pointee.par_in, stream.pointee.codecpar),
            or: failure
        )
        unsafe context.pointee.time_base_in = stream.pointee.time_base
        try check(unsafe av_bsf_init(context), or: failure)
    }

    deinit {
        unsafe av_bsf_free(&context)
    }

    /// Replaces the packet by what the filter makes of it.
    func apply(to packet: Packet) throws(TranscodingError) {
        try check(
            unsafe av_bsf_send_packet(context, packet.handle),
            or: TranscodingError.damaged(detail:)
        )
        try check(
            unsafe av_bsf_receive_packet(context, packet.handle),
            or: TranscodingError.damaged(detail:)
        )
    }
}
