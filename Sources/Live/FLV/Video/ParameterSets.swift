import ISOBMFF

/// VPS, SPS and PPS of a stream, and the configuration record that holds them.
struct ParameterSets: Hashable {
    let isHEVC: Bool
    /// By kind: VPS, SPS, PPS.
    var sets: [[[UInt8]]] = [[], [], []]

    /// What a record holds: sets of a kind, and bytes of each.
    private static let mostSets = 16
    private static let mostBytes = 4096

    init(isHEVC: Bool) {
        self.isHEVC = isHEVC
    }

    init(_ avc: AVCConfiguration) {
        isHEVC = false
        sets = [[], avc.sequenceParameterSets, avc.pictureParameterSets]
    }

    init(_ hevc: HEVCConfiguration) {
        isHEVC = true
        for unit in hevc.parameterSets {
            guard let first = unit.first, case .parameterSet(let kind) = NALUnitKind.hevc(first)
            else { continue }
            sets[kind].append(unit)
        }
    }

    func contains(_ unit: [UInt8], kind: Int) -> Bool {
        sets[kind].contains(unit)
    }

    /// Takes a frame's own sets: those of a kind replace what was known of it.
    mutating func replace(with found: ParameterSets) {
        for kind in sets.indices where !found.sets[kind].isEmpty { sets[kind] = found.sets[kind] }
    }

    /// Whether a record can hold so many of this size.
    var isPossible: Bool {
        sets.allSatisfy { $0.count <= Self.mostSets }
            && sets.joined().allSatisfy { $0.count <= Self.mostBytes }
    }

    /// The record's bytes, lengths of 4 bytes; nil where sets are missing or cannot be.
    func record(lengthSize: Int) -> [UInt8]? {
        guard !sets[1].isEmpty, !sets[2].isEmpty, !isHEVC || !sets[0].isEmpty, isPossible,
            sets.joined().allSatisfy({ $0.count >= 4 })
        else { return nil }
        return isHEVC ? hevcRecord(lengthSize) : avcRecord(lengthSize)
    }

    /// AVCDecoderConfigurationRecord. ISO/IEC 14496-15 §5.3.3.1
    private func avcRecord(_ lengthSize: Int) -> [UInt8]? {
        let first = sets[1][0]
        guard let picture = AVCSequenceParameterSet(first)?.picture else { return nil }
        var writer = BoxWriter(reservingBytes: 128)
        writer.append(contentsOf: [1, first[1], first[2], first[3], 0xFC | UInt8(lengthSize - 1)])
        writer.append(0xE0 | UInt8(sets[1].count))
        for unit in sets[1] { writer.append(unit: unit) }
        writer.append(UInt8(sets[2].count))
        for unit in sets[2] { writer.append(unit: unit) }
        if ![66, 77, 88].contains(first[1]) {
            writer.append(0xFC | UInt8(picture.chromaFormat))
            writer.append(0xF8 | UInt8(truncatingIfNeeded: picture.bitDepthLuma - 8))
            writer.append(0xF8 | UInt8(truncatingIfNeeded: picture.bitDepthChroma - 8))
            writer.append(UInt8(0))
        }
        return writer.bytes
    }

    /// HEVCDecoderConfigurationRecord. ISO/IEC 14496-15 §8.3.3.1
    private func hevcRecord(_ lengthSize: Int) -> [UInt8]? {
        guard let parsed = HEVCSequenceParameterSet(sets[1][0]) else { return nil }
        var writer = BoxWriter(reservingBytes: 256)
        writer.append(UInt8(1))
        writer.append(contentsOf: parsed.profileTierLevel)
        writer.append(UInt16(0xF000))  // min_spatial_segmentation_idc
        writer.append(UInt8(0xFC))  // parallelismType
        writer.append(0xFC | UInt8(parsed.picture.chromaFormat))
        writer.append(0xF8 | UInt8(parsed.picture.bitDepthLuma - 8))
        writer.append(0xF8 | UInt8(parsed.picture.bitDepthChroma - 8))
        writer.append(UInt16(0))  // avgFrameRate
        let layers = UInt8(parsed.temporalLayers) << 3
        writer.append(layers | (parsed.isTemporalNesting ? 4 : 0) | UInt8(lengthSize - 1))
        writer.append(UInt8(3))
        for (kind, type) in zip(0..<3, [32, 33, 34] as [UInt8]) {
            writer.append(0x80 | type)
            writer.append(UInt16(sets[kind].count))
            for unit in sets[kind] { writer.append(unit: unit) }
        }
        return writer.bytes
    }
}

extension BoxWriter {
    /// Appends a NAL unit behind its length of 16 bits.
    fileprivate mutating func append(unit: [UInt8]) {
        append(UInt16(unit.count))
        append(contentsOf: unit)
    }
}
