// Unsafe on purpose, see `PacketWriter.swift`. A length is read only where its bytes are inside the
// sample, and a unit is given out only where all of it is.

/// The NAL units of one sample, each behind its length.
///
/// Empty ones are left out, and so is an access unit delimiter at the start: the multiplex writes
/// its own. ISO/IEC 14496-15 §5.3.4.2
@safe struct NALUnits {
    private let sample: UnsafeRawPointer
    private let sizeBytes: Int
    private let lengthSize: Int
    private let delimiterMask: UInt8
    private let delimiterType: UInt8
    private var offset = 0

    @unsafe init(_ sample: UnsafeRawPointer, _ sizeBytes: Int, _ framing: VideoFraming) {
        unsafe self.sample = unsafe sample
        self.sizeBytes = sizeBytes
        lengthSize = framing.lengthSize
        delimiterMask = framing.delimiterMask
        delimiterType = framing.delimiterType
    }

    /// Bytes of all units, each behind a start code of 4; nil where one overruns the sample.
    @inline(__always)
    func measure() -> Int? {
        var walk = self
        var total = 0
        while let (_, count) = unsafe walk.next() {
            total += 4 + count
        }
        return walk.offset == sizeBytes ? total : nil
    }

    /// The next unit that is kept; nil at the sample's end, and where a unit overruns it.
    @inline(__always)
    @unsafe mutating func next() -> (UnsafeRawPointer, Int)? {
        while sizeBytes - offset >= lengthSize {
            let count = readLength()
            let start = offset + lengthSize
            guard count <= sizeBytes - start else { return nil }
            let isFirst = offset == 0
            offset = start + count
            if count == 0 { continue }
            let unit = unsafe sample + start
            if isFirst, unsafe unit.load(as: UInt8.self) & delimiterMask == delimiterType {
                continue
            }
            return unsafe (unit, count)
        }
        return nil
    }

    @inline(__always)
    private func readLength() -> Int {
        switch lengthSize {
        case 4:
            Int(
                unsafe UInt32(
                    bigEndian: sample.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                )
            )
        case 2:
            Int(
                unsafe UInt16(
                    bigEndian: sample.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
                )
            )
        default:
            Int(unsafe sample.load(fromByteOffset: offset, as: UInt8.self))
        }
    }
}
