extension SampleEntry {
    /// The entry as ISO/IEC 14496-12 gives it, to stand in a file that refers to itself only.
    ///
    /// Boxes stay as they are in the source. What only QuickTime knows does not: the terminator
    /// behind the boxes, sound descriptions of version 1 and 2, and `wave` around a configuration.
    /// Throws `ISOBMFFError` where the bytes are no sample entry or have no configuration.
    ///
    /// ISO/IEC 14496-12 §8.5.2, §12.1.3, §12.2.3
    package func isoBoxBytes() throws(ISOBMFFError) -> [UInt8] {
        if audio != nil {
            return try SoundSampleEntry(self).isoBoxBytes()
        }
        let fixedSize = video == nil ? SampleEntryLayout.commonSize : SampleEntryLayout.visualSize
        guard boxBytes.count >= fixedSize else {
            throw .truncated(box: format, offsetBytes: 0)
        }
        // A text entry has fields before its boxes that differ by format, and no terminator.
        var bytes = boxBytes
        if video != nil, let children = SampleEntryLayout.children(of: boxBytes, from: fixedSize) {
            bytes.removeSubrange((children.last?.place.upperBound ?? fixedSize)...)
        }
        SampleEntryLayout.finish(&bytes)
        return bytes
    }
}
