import CLibAV

/// One picture, not compressed.
@safe final class PictureFrame {
    /// Owned.
    let handle: UnsafeMutablePointer<AVFrame>

    init() throws(TranscodingError) {
        guard let frame = unsafe av_frame_alloc() else { throw .damaged(detail: "out of memory") }
        unsafe handle = frame
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe handle
        unsafe av_frame_free(&frame)
    }

    /// As a thumbnail: not larger than may be, in its shape on a screen, in the colours of JPEG.
    func scaled() throws(TranscodingError) -> PictureFrame {
        let source = unsafe handle.pointee
        let aspect = unsafe source.sample_aspect_ratio
        let size = unsafe ThumbnailSize(
            width: source.width,
            height: source.height,
            pixelAspect: aspect.num > 0 && aspect.den > 0
                ? Double(aspect.num) / Double(aspect.den) : 1
        )
        guard let size else { throw .damaged(detail: "the picture has no size") }
        let target = try PictureFrame()
        unsafe target.handle.pointee.width = size.width
        unsafe target.handle.pointee.height = size.height
        unsafe target.handle.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        unsafe target.handle.pointee.color_range = AVCOL_RANGE_JPEG
        unsafe target.handle.pointee.colorspace = AVCOL_SPC_BT470BG
        try check(
            unsafe av_frame_get_buffer(target.handle, 0),
            or: TranscodingError.damaged(detail:)
        )
        guard
            let scaler = unsafe sws_getContext(
                source.width,
                source.height,
                AVPixelFormat(source.format),
                size.width,
                size.height,
                AV_PIX_FMT_YUV420P,
                SWS_AREA,
                nil,
                nil,
                nil
            )
        else { throw .damaged(detail: "the pixels are of no known kind") }
        defer { unsafe sws_freeContext(scaler) }
        unsafe setColours(of: scaler)
        try check(
            unsafe sws_scale_frame(scaler, target.handle, handle),
            or: TranscodingError.damaged(detail:)
        )
        return target
    }

    /// A broadcaster's BT.709 in its limited range is JPEG's BT.601 in full range afterwards.
    private func setColours(of scaler: OpaquePointer) {
        let declared = unsafe handle.pointee.colorspace
        // As players guess where the video does not say: by whether it is high definition.
        let isHigh = unsafe handle.pointee.height >= 720
        let matrix =
            switch declared {
            case AVCOL_SPC_UNSPECIFIED: isHigh ? SWS_CS_ITU709 : SWS_CS_ITU601
            case AVCOL_SPC_BT709: SWS_CS_ITU709
            case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
            default: SWS_CS_ITU601
            }
        let isFull = unsafe handle.pointee.color_range == AVCOL_RANGE_JPEG
        unsafe sws_setColorspaceDetails(
            scaler,
            sws_getCoefficients(matrix),
            isFull ? 1 : 0,
            sws_getCoefficients(SWS_CS_ITU601),
            1,
            0,
            1 << 16,
            1 << 16
        )
    }
}
