/// Track header.
///
/// ISO/IEC 14496-12 §8.3.2
struct Tkhd {
    let isEnabled: Bool
    let trackId: UInt32
    let matrix: [UInt32]
    /// Whole pixels; the fraction of the 16.16 fields is dropped.
    let width: Int
    let height: Int

    private static let enabledFlag: UInt32 = 1

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (version, flags) = try box.readVersionAndFlags()
        self.isEnabled = flags & Self.enabledFlag != 0
        _ = try box.readUInt64(version: version)  // creation_time
        _ = try box.readUInt64(version: version)  // modification_time
        self.trackId = try box.readUInt32()
        guard trackId > 0 else {
            throw .invalid(box: box.type, field: "track_ID", value: 0)
        }
        try box.skip(4)
        _ = try box.readUInt64(version: version)  // duration
        try box.skip(8 + 2 + 2 + 2 + 2)  // reserved, layer, alternate_group, volume, reserved
        var matrix: [UInt32] = []
        for _ in 0..<9 {
            matrix.append(try box.readUInt32())
        }
        self.matrix = matrix
        self.width = Int(try box.readUInt32() >> 16)
        self.height = Int(try box.readUInt32() >> 16)
    }

    /// Clockwise rotation that the matrix asks for, the nearest multiple of 90 degrees.
    ///
    /// The matrix {a b u, c d v, x y w} takes a picture's x axis to (a, b), its y axis to (c, d).
    var rotationDegrees: Int {
        let (a, b) = (Int32(bitPattern: matrix[0]), Int32(bitPattern: matrix[1]))
        if a.magnitude >= b.magnitude {
            let d = Int32(bitPattern: matrix[4])
            return a < 0 && d < 0 ? 180 : 0
        }
        return b > 0 ? 90 : 270
    }
}
