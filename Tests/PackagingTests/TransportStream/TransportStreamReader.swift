import Testing

/// A demultiplexer of the tests' own, as strict as ISO/IEC 13818-1 §2.4.3 is.
struct TransportStreamReader {
    struct Packet {
        var pid: Int
        var isUnitStart: Bool
        var counter: Int
        var hasPayload: Bool
        var isRandomAccess = false
        var hasDiscontinuity = false
        /// PCR base, 90 kHz.
        var clock: Int?
        var payload: ArraySlice<UInt8>
    }

    /// One PES packet.
    struct Unit {
        var streamID: UInt8
        /// PES_packet_length as it stands.
        var length: Int
        var presentationTime: Int
        var decodeTime: Int
        var hasDecodeTime: Bool
        var isRandomAccess: Bool
        var clock: Int?
        var payload: [UInt8]
        var packetCount: Int
        /// Payload bytes of its first transport packet.
        var firstPayloadSize: Int
    }

    private(set) var packets: [Packet] = []
    /// What is wrong, in words; empty for a stream without fault.
    private(set) var faults: [String] = []

    init(_ bytes: [UInt8]) {
        if bytes.count % 188 != 0 { faults.append("\(bytes.count) bytes are no whole packets") }
        var offset = 0
        while offset + 188 <= bytes.count {
            read(bytes[offset..<offset + 188])
            offset += 188
        }
        checkCounters()
        checkUnitLengths()
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>) {
        let at = bytes.startIndex
        if bytes[at] != 0x47 { faults.append("no sync byte at \(at)") }
        if bytes[at + 1] & 0x80 != 0 { faults.append("error indicator at \(at)") }
        if bytes[at + 3] & 0xC0 != 0 { faults.append("scrambled at \(at)") }
        let control = bytes[at + 3] >> 4 & 3
        if control == 0 { faults.append("reserved adaptation_field_control at \(at)") }
        var packet = Packet(
            pid: Int(bytes[at + 1] & 0x1F) << 8 | Int(bytes[at + 2]),
            isUnitStart: bytes[at + 1] & 0x40 != 0,
            counter: Int(bytes[at + 3] & 0x0F),
            hasPayload: control & 1 != 0,
            payload: bytes[at + 188..<at + 188]
        )
        var body = at + 4
        if control & 2 != 0 {
            let length = Int(bytes[body])
            if control == 2, length != 183 { faults.append("adaptation length \(length) at \(at)") }
            if control == 3, length > 182 { faults.append("adaptation length \(length) at \(at)") }
            readAdaptation(bytes[body + 1..<min(body + 1 + length, at + 188)], &packet)
            body += 1 + length
        }
        if packet.hasPayload { packet.payload = bytes[body..<at + 188] }
        packets.append(packet)
    }

    private mutating func readAdaptation(_ field: ArraySlice<UInt8>, _ packet: inout Packet) {
        guard let flags = field.first else { return }
        packet.hasDiscontinuity = flags & 0x80 != 0
        packet.isRandomAccess = flags & 0x40 != 0
        var stuffing = field.dropFirst()
        if flags & 0x10 != 0 {
            let value = stuffing.prefix(6).reduce(0) { $0 << 8 | Int($1) }
            packet.clock = value >> 15
            if value >> 9 & 0x3F != 0x3F { faults.append("reserved bits of a PCR") }
            if value & 0x1FF >= 300 { faults.append("PCR extension") }
            stuffing = stuffing.dropFirst(6)
        }
        if flags & 0x2F != 0 { faults.append("unexpected adaptation flags \(flags)") }
        if stuffing.contains(where: { $0 != 0xFF }) { faults.append("stuffing is not 0xFF") }
    }

    private mutating func checkCounters() {
        var last: [Int: Int] = [:]
        for (index, packet) in packets.enumerated() {
            if let before = last[packet.pid] {
                let expected = packet.hasPayload ? (before + 1) & 15 : before
                if packet.counter != expected {
                    faults.append(
                        "PID \(packet.pid) packet \(index): \(packet.counter) after \(before)"
                    )
                }
            }
            last[packet.pid] = packet.counter
        }
    }

    private mutating func checkUnitLengths() {
        for pid in [0x100, 0x101] {
            for unit in units(pid: pid) where unit.length != 0 {
                let header = unit.hasDecodeTime ? 13 : 8
                if unit.length != unit.payload.count + header {
                    faults.append("PES_packet_length \(unit.length) of PID \(pid)")
                }
            }
        }
    }

    /// The PES packets of a PID, put together.
    func units(pid: Int) -> [Unit] {
        var units: [Unit] = []
        var open: (bytes: [UInt8], first: Packet, count: Int)?
        for packet in packets where packet.pid == pid && packet.hasPayload {
            if packet.isUnitStart {
                if let open { units.append(Self.unit(open.bytes, open.first, open.count)) }
                open = (Array(packet.payload), packet, 1)
            } else {
                open?.bytes += packet.payload
                open?.count += 1
            }
        }
        if let open { units.append(Self.unit(open.bytes, open.first, open.count)) }
        return units
    }

    private static func unit(_ bytes: [UInt8], _ first: Packet, _ count: Int) -> Unit {
        guard bytes.count >= 14, bytes[0..<3] == [0, 0, 1], bytes[6] & 0xC0 == 0x80 else {
            Issue.record("no PES header: \(bytes.prefix(20))")
            return Unit(
                streamID: 0,
                length: 0,
                presentationTime: -1,
                decodeTime: -1,
                hasDecodeTime: false,
                isRandomAccess: false,
                payload: [],
                packetCount: count,
                firstPayloadSize: 0
            )
        }
        let hasDecodeTime = bytes[7] & 0x40 != 0
        let presentation = time(bytes[9..<14])
        return Unit(
            streamID: bytes[3],
            length: Int(bytes[4]) << 8 | Int(bytes[5]),
            presentationTime: presentation,
            decodeTime: hasDecodeTime ? time(bytes[14..<19]) : presentation,
            hasDecodeTime: hasDecodeTime,
            isRandomAccess: first.isRandomAccess,
            clock: first.clock,
            payload: Array(bytes[(9 + Int(bytes[8]))...]),
            packetCount: count,
            firstPayloadSize: first.payload.count
        )
    }

    private static func time(_ bytes: ArraySlice<UInt8>) -> Int {
        let value = bytes.reduce(0) { $0 << 8 | Int($1) }
        #expect(value & 0x01_0001_0001 == 0x01_0001_0001 & 0x01_0001_0001, "marker bits")
        return (value >> 33 & 7) << 30 | (value >> 17 & 0x7FFF) << 15 | value >> 1 & 0x7FFF
    }

    /// NAL units of a byte stream, start codes of four bytes or three.
    static func nalUnits(_ bytes: [UInt8]) -> [[UInt8]] {
        var units: [[UInt8]] = []
        var start: Int?
        var index = 0
        while index + 3 <= bytes.count {
            if bytes[index] == 0, bytes[index + 1] == 0, bytes[index + 2] == 1 {
                if let start { units.append(trimmed(bytes[start..<index])) }
                start = index + 3
                index += 3
            } else {
                index += 1
            }
        }
        if let start { units.append(trimmed(bytes[start...])) }
        return units
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(bytes[..<((bytes.lastIndex { $0 != 0 } ?? bytes.startIndex - 1) + 1)])
    }
}
