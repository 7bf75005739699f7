package import ISOBMFF

extension CaptionScan {
    /// Whether a sample's head has captions: what stands before its slices.
    ///
    /// - Parameters:
    ///   - sample: from its start on, cut anywhere.
    ///   - codec: its sample entry's.
    /// - Returns: false too for codecs that are not looked into.
    package static func hasCaptions(inHeadOf sample: [UInt8], codec: Codec) -> Bool {
        CaptionSyntax(codec)?.hasCaptions(sample) ?? false
    }
}
