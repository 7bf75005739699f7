/// Where the parts of a sample entry lie.
enum SampleEntryLayout {
    /// Box header, reserved bytes and `data_reference_index`. ISO/IEC 14496-12 §8.5.2.2
    static let commonSize = 16
    /// Up to the boxes of a VisualSampleEntry. ISO/IEC 14496-12 §12.1.3.2
    static let visualSize = 86
    /// Up to the boxes of an AudioSampleEntry of version 0. ISO/IEC 14496-12 §12.2.3.2
    static let soundSize = 36

    struct Child {
        var type: FourCC
        /// The whole box, in the entry's bytes.
        var place: Range<Int>
    }

    /// The boxes from `start` to the end of `bytes`; nil where what stands there is no boxes.
    ///
    /// A box without a name, or fewer than eight bytes behind the last box, are QuickTime's
    /// terminator. A name that is not made of characters shows that the boxes start elsewhere.
    static func children(of bytes: [UInt8], from start: Int) -> [Child]? {
        children(of: bytes, in: start..<bytes.count)
    }

    static func children(of bytes: [UInt8], in range: Range<Int>) -> [Child]? {
        var children: [Child] = []
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            let size = Int(bigEndian(bytes, at: offset))
            guard size >= 8, size <= range.upperBound - offset else { return nil }
            if size == 8, bytes[offset + 4..<offset + 8].allSatisfy({ $0 == 0 }) { break }
            guard bytes[offset + 4..<offset + 8].allSatisfy({ $0 >= 0x20 }) else { return nil }
            let type = FourCC(rawValue: bigEndian(bytes, at: offset + 4))
            children.append(Child(type: type, place: offset..<offset + size))
            offset += size
        }
        return children
    }

    /// Sets the box's size to what it is, and the data reference to the first and only one.
    static func finish(_ bytes: inout [UInt8]) {
        let size = UInt32(bytes.count)
        for place in 0..<4 {
            bytes[place] = UInt8(truncatingIfNeeded: size >> (24 - 8 * UInt32(place)))
        }
        (bytes[14], bytes[15]) = (0, 1)
    }

    private static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
