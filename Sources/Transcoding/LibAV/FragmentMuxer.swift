import CLibAV

/// Writes one track as fragmented MP4 whose fragments end where the caller says.
///
/// The `moov` waits for the first fragment, so that the edit list can say where the presentation
/// starts; its unit is the track's own tick, so that it says it exactly.
///
/// ISO/IEC 14496-12 §8.8
@safe final class FragmentMuxer {
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private let output: OutputBytes
    private let codec: String
    private var filter: BitstreamFilter?
    private var samplesInFragment = 0
    private var hasHeader = false

    /// A muxer for one stream; `language` is an ISO 639-2 code, which is all that `mdhd` can hold.
    ///
    /// - Throws: `cannotMux`, or why nothing can be written.
    init(
        stream index: Int,
        of demuxer: Demuxer,
        timescale: UInt32,
        language: String,
        output: OutputBytes
    ) throws(TranscodingError) {
        self.output = output
        guard let description = demuxer.streams[index]?.description,
            let source = unsafe demuxer.handle(of: index)
        else {
            throw .nothingToImport
        }
        codec = MediaCodec.name(description.codec)
        unsafe avformat_alloc_output_context2(&context, nil, "mp4", nil)
        guard let muxer = unsafe context, let track = unsafe avformat_new_stream(muxer, nil) else {
            throw .cannotMux(codec: codec, detail: "out of memory")
        }
        unsafe muxer.pointee.pb = output.context
        unsafe muxer.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        unsafe muxer.pointee.avoid_negative_ts = 0
        // libavformat counts dvcC and dvvC as unofficial and FLAC in MP4 as experimental.
        unsafe muxer.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
        // AAC without a configuration of its own has it in every frame: ADTS.
        let id = unsafe source.pointee.codecpar.pointee.codec_id
        if id == AV_CODEC_ID_AAC, unsafe source.pointee.codecpar.pointee.extradata_size == 0 {
            filter = try unsafe BitstreamFilter("aac_adtstoasc", stream: source)
        }
        try unsafe copyParameters(from: source, to: track)
        unsafe av_dict_set(&track.pointee.metadata, "language", language, 0)
        if let title = description.title {
            unsafe av_dict_set(&track.pointee.metadata, "handler_name", title, 0)
        }
        unsafe track.pointee.time_base = AVRational(num: 1, den: CInt(timescale))
        try unsafe writeHeader(muxer, timescale: timescale, isVideo: description.kind == .video)
        guard unsafe track.pointee.time_base.den == CInt(timescale) else {
            throw .cannotMux(codec: codec, detail: "timescale \(timescale)")
        }
    }

    deinit {
        unsafe avformat_free_context(context)
    }

    /// Adds a sample to the current fragment; the packet's own times are overwritten.
    func write(_ packet: Packet, at time: SampleTime) throws(TranscodingError) {
        try filter?.apply(to: packet)
        unsafe packet.handle.pointee.stream_index = 0
        unsafe packet.handle.pointee.pts = time.pts
        unsafe packet.handle.pointee.dts = time.dts
        unsafe packet.handle.pointee.duration = time.duration
        try check(unsafe av_write_frame(context, packet.handle), or: failure)
        samplesInFragment += 1
    }

    /// Writes the samples since the last call as one `moof` and one `mdat`.
    func endFragment() throws(TranscodingError) {
        guard samplesInFragment > 0 else { return }
        if !hasHeader {
            // The first flush writes the delayed moov and nothing else.
            try check(unsafe av_write_frame(context, nil), or: failure)
            hasHeader = true
        }
        try check(unsafe av_write_frame(context, nil), or: failure)
        if let error = output.writeError { throw error }
        samplesInFragment = 0
    }

    /// Ends the last fragment and the file, and brings it onto the medium.
    func finish() throws(TranscodingError) {
        try endFragment()
        try check(unsafe av_write_trailer(context), or: failure)
        try output.synchronise()
    }

    private func failure(_ text: String) -> TranscodingError {
        output.writeError ?? .cannotMux(codec: codec, detail: text)
    }

    private func copyParameters(
        from source: UnsafeMutablePointer<AVStream>,
        to track: UnsafeMutablePointer<AVStream>
    ) throws(TranscodingError) {
        try check(
            unsafe avcodec_parameters_copy(track.pointee.codecpar, source.pointee.codecpar),
            or: failure
        )
        // hvc1 is what Apple's players take; every other tag is the muxer's choice.
        let isHEVC = unsafe source.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_HEVC
        unsafe track.pointee.codecpar.pointee.codec_tag = isHEVC ? Self.hvc1 : 0
        unsafe track.pointee.avg_frame_rate = source.pointee.avg_frame_rate
        unsafe track.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
        unsafe track.pointee.disposition = AV_DISPOSITION_DEFAULT
        for index in unsafe 0..<Int(source.pointee.nb_side_data) {
            let item = unsafe source.pointee.side_data[index]
            guard unsafe Self.keptSideData.contains(item.type.rawValue),
                let copy = unsafe av_stream_new_side_data(track, item.type, item.size)
            else {
                continue
            }
            unsafe copy.update(from: item.data, count: item.size)
        }
    }

    private func writeHeader(
        _ muxer: UnsafeMutablePointer<AVFormatContext>,
        timescale: UInt32,
        isVideo: Bool
    ) throws(TranscodingError) {
        var options: OpaquePointer?
        defer { unsafe av_dict_free(&options) }
        let flags = "+frag_custom+delay_moov+default_base_moof"
        unsafe av_dict_set(&options, "movflags", flags, 0)
        unsafe av_dict_set(&options, "use_editlist", "1", 0)
        unsafe av_dict_set_int(&options, "movie_timescale", Int64(timescale), 0)
        if isVideo {
            unsafe av_dict_set_int(&options, "video_track_timescale", Int64(timescale), 0)
        }
        try check(unsafe avformat_write_header(muxer, &options), or: failure)
    }

    /// 'hvc1' in the byte order of codec tags.
    private static let hvc1: UInt32 = 0x3163_7668

    /// What belongs to the track as a whole: rotation, HDR, Dolby Vision, rates.
    private static let keptSideData: Set<UInt32> = [
        AV_PKT_DATA_DISPLAYMATRIX.rawValue, AV_PKT_DATA_MASTERING_DISPLAY_METADATA.rawValue,
        AV_PKT_DATA_CONTENT_LIGHT_LEVEL.rawValue, AV_PKT_DATA_DOVI_CONF.rawValue,
        AV_PKT_DATA_CPB_PROPERTIES.rawValue, AV_PKT_DATA_SPHERICAL.rawValue,
        AV_PKT_DATA_STEREO3D.rawValue,
    ]
}
