/// The values of a database's data section, found by their offset in it.
///
/// Nothing is built of them. Each step counts against a budget, values are passed over without
/// recursion, and a pointer may not lead to another, so any bytes come to an end.
/// MaxMind DB format 2.0, "Output Data Section"
struct GeoValues {
    private let bytes: ArraySlice<UInt8>
    private var budget: Int

    init(_ bytes: ArraySlice<UInt8>, budget: Int = AccessLimits.databaseValues) {
        self.bytes = bytes
        self.budget = budget
    }

    /// A value's type and size, and where what it holds begins.
    struct Field {
        enum Kind: Hashable { case pointer, string, unsigned, map, array, scalar }

        var kind: Kind
        /// Bytes; of maps and arrays entries; of pointers the offset that they lead to.
        var size: Int
        var payload: Int
    }

    /// The value for a key of the map at an offset.
    ///
    /// - Returns: its offset; nil where the map has no such key.
    mutating func member(_ name: String, ofMapAt offset: Int) throws(GeoDatabaseError) -> Int? {
        let map = try resolved(offset)
        guard map.kind == .map else { throw .badValue(offsetBytes: offset) }
        var next = map.payload
        for _ in 0..<map.size {
            let isMatch = try text(at: next).elementsEqual(name.utf8)
            let value = try skip(next)
            if isMatch { return value }
            next = try skip(value)
        }
        return nil
    }

    mutating func text(at offset: Int) throws(GeoDatabaseError) -> ArraySlice<UInt8> {
        let field = try resolved(offset)
        guard field.kind == .string else { throw .badValue(offsetBytes: offset) }
        return try slice(field.payload, field.size)
    }

    mutating func unsigned(at offset: Int) throws(GeoDatabaseError) -> UInt64 {
        let field = try resolved(offset)
        guard field.kind == .unsigned, field.size <= 8 else {
            throw .badValue(offsetBytes: offset)
        }
        return try slice(field.payload, field.size).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The offset behind a value and all that is inside it.
    private mutating func skip(_ offset: Int) throws(GeoDatabaseError) -> Int {
        var next = offset
        var pending = 1
        while pending > 0 {
            let field = try field(at: next)
            pending -= 1
            switch field.kind {
            case .pointer: next = field.payload
            case .map:
                pending += 2 * field.size
                next = field.payload
            case .array:
                pending += field.size
                next = field.payload
            case .string, .unsigned, .scalar: next = field.payload + field.size
            }
        }
        return next
    }

    /// The field at an offset, or the one that a pointer there leads to.
    private mutating func resolved(_ offset: Int) throws(GeoDatabaseError) -> Field {
        let field = try field(at: offset)
        guard field.kind == .pointer else { return field }
        let target = try self.field(at: field.size)
        guard target.kind != .pointer else { throw .badValue(offsetBytes: offset) }
        return target
    }

    private mutating func field(at offset: Int) throws(GeoDatabaseError) -> Field {
        budget -= 1
        guard budget >= 0 else { throw .tooManyValues }
        let control = Int(try integer(offset, 1))
        var payload = offset + 1
        var type = control >> 5
        if type == 1 { return try pointer(control, at: payload) }
        if type == 0 {
            type = 7 + Int(try integer(payload, 1))
            payload += 1
        }
        var size = control & 31
        if size >= 29 {
            let count = size - 28
            let bases = [29, 285, 65_821]
            size = bases[count - 1] + Int(try integer(payload, count))
            payload += count
        }
        switch type {
        case 2: return Field(kind: .string, size: size, payload: payload)
        case 5, 6, 9, 10: return Field(kind: .unsigned, size: size, payload: payload)
        case 7: return Field(kind: .map, size: size, payload: payload)
        case 11: return Field(kind: .array, size: size, payload: payload)
        case 3, 4, 8, 15: return Field(kind: .scalar, size: size, payload: payload)
        // A boolean's size is its value.
        case 14: return Field(kind: .scalar, size: 0, payload: payload)
        default: throw .badValue(offsetBytes: offset)
        }
    }

    private func pointer(_ control: Int, at payload: Int) throws(GeoDatabaseError) -> Field {
        let count = (control >> 3 & 3) + 1
        let low = Int(try integer(payload, count))
        // The shorter forms begin behind what the ones before them reach.
        let target =
            switch count {
            case 1: (control & 7) << 8 | low
            case 2: ((control & 7) << 16 | low) + 2048
            case 3: ((control & 7) << 24 | low) + 526_336
            default: low
            }
        return Field(kind: .pointer, size: target, payload: payload + count)
    }

    private func integer(_ offset: Int, _ count: Int) throws(GeoDatabaseError) -> UInt32 {
        try slice(offset, count).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func slice(_ offset: Int, _ count: Int) throws(GeoDatabaseError) -> ArraySlice<UInt8> {
        guard offset >= 0, offset <= bytes.count, count <= bytes.count - offset else {
            throw .badValue(offsetBytes: offset)
        }
        let start = bytes.startIndex + offset
        return bytes[start..<start + count]
    }
}
