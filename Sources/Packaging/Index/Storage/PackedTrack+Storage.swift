extension ByteWriter {
    mutating func append(_ track: PackedTrack) {
        append(track.rows) { $0.append($1) }
        append(track.durations)
        append(track.compositionOffsets)
        append(track.descriptions) {
            $0.append($1.firstGroup)
            $0.append($1.descriptionIndex)
        }
    }

    private mutating func append(_ row: GroupRow) {
        append(row.decodeTime)
        append(row.presentationStart)
        append(row.bytesBefore)
        append(row.offsetBytes)
        append(row.samplesBefore)
        append(row.blockOffset)
    }

    private mutating func append(_ coding: ValueCoding) {
        switch coding {
        case .constant(let value):
            append(UInt8(0))
            append(value)
        case .palette(let values, _):
            append(UInt8(1))
            append(values) { $0.append($1) }
        case .blocks:
            append(UInt8(2))
        }
    }
}

extension ByteReader {
    mutating func packedTrack() throws(PackagingError) -> PackedTrack {
        PackedTrack(
            rows: try list(atMost: IndexLimits.groups + 1, elementSize: 40) {
                reader throws(PackagingError) in try reader.row()
            },
            durations: try valueCoding(),
            compositionOffsets: try valueCoding(),
            descriptions: try list(elementSize: 5) { reader throws(PackagingError) in
                PackedTrack.DescriptionRun(
                    firstGroup: try reader.integer(),
                    descriptionIndex: try reader.integer()
                )
            }
        )
    }

    private mutating func row() throws(PackagingError) -> GroupRow {
        GroupRow(
            decodeTime: try integer(),
            presentationStart: try integer(),
            bytesBefore: try integer(),
            offsetBytes: try integer(),
            samplesBefore: try integer(),
            blockOffset: try integer()
        )
    }

    private mutating func valueCoding() throws(PackagingError) -> ValueCoding {
        switch try integer(UInt8.self) {
        case 0: return .constant(try integer())
        case 1:
            let values = try list(atMost: IndexLimits.paletteValues, elementSize: 4) {
                reader throws(PackagingError) in try reader.integer(UInt32.self)
            }
            let width = BitWriter.width(of: UInt64(max(values.count, 1) - 1))
            guard values.count == 1 << width, width > 0 else {
                throw .unusableIndex("a palette has \(values.count) values")
            }
            return .palette(values, width: width)
        case 2: return .blocks
        default: throw .unusableIndex("a coding is not known")
        }
    }
}
