import ISOBMFF

// Boxes laid out by hand, independent of the writer, so that a mistake that reader and writer share
// does not hide.

/// A box with a 32-bit size around parts.
func box(_ type: String, _ parts: [UInt8]...) -> [UInt8] {
    let body = parts.flatMap { $0 }
    return u32(UInt32(body.count + 8)) + code(type) + body
}

/// A box with version and flags in front of its parts.
func fullBox(
    _ type: String,
    version: UInt8 = 0,
    flags: UInt32 = 0,
    _ parts: [UInt8]...
) -> [UInt8] {
    box(type, u32(UInt32(version) << 24 | flags) + parts.flatMap { $0 })
}

func u8(_ values: UInt8...) -> [UInt8] { values }

func u16(_ values: UInt16...) -> [UInt8] {
    values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
}

func u32(_ values: UInt32...) -> [UInt8] {
    values.flatMap { value in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
}

func u64(_ values: UInt64...) -> [UInt8] {
    values.flatMap { u32(UInt32($0 >> 32), UInt32(truncatingIfNeeded: $0)) }
}

/// A 32-bit field that holds a signed number.
func i32(_ values: Int32...) -> [UInt8] {
    values.flatMap { u32(UInt32(bitPattern: $0)) }
}

func zeros(_ count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: count)
}

/// Reads a file that stands in memory.
func read(_ bytes: [UInt8], limits: ISOBMFFLimits = .default) throws -> Movie {
    try MovieReader.read(MemoryByteSource(bytes), limits: limits)
}

/// The error that reading gives, nil where it gives a movie.
func readError(_ bytes: [UInt8], limits: ISOBMFFLimits = .default) -> ISOBMFFError? {
    do {
        _ = try read(bytes, limits: limits)
        return nil
    } catch {
        return error as? ISOBMFFError
    }
}
