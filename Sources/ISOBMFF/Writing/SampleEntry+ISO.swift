extension SampleEntry {
    /// The entry as ISO/IEC 14496-12 gives it, to stand in a file whose only data reference is 1.
    package func isoBoxBytes() throws(ISOBMFFError) -> [UInt8] {
        guard boxBytes.count >= 16 else { throw .truncated(box: format, offsetBytes: 0) }
        var bytes = boxBytes
        (bytes[14], bytes[15]) = (0, 1)
        return bytes
    }
}
