// Unsafe on purpose: this file and `TransportMultiplex+Apply.swift` write a segment at the speed of
// memory. What keeps them inside the output is checked once for each PES packet, in `begin`: its
// bytes fit its transport packets and suffice to give each of them one. From there on 188 bytes
// are written for each packet, whatever they are; and the packets of all units together are what
// the output was measured for.

/// Cuts PES packets into transport packets.
///
/// Packets are filled from the front: each takes 184 bytes as long as those behind it keep one
/// byte each, and what a packet lacks is stuffing in its adaptation field. So any payload between
/// the number of packets and their capacity comes out as exactly that number of packets.
///
/// ISO/IEC 13818-1 §2.4.3.2
@safe struct PacketWriter {
    static let packetSizeBytes = 188
    static let payloadSizeBytes = 184
    /// An adaptation field with a PCR: length, flags, PCR.
    static let clockFieldSizeBytes = 8

    /// Where the next byte goes.
    private var output: UnsafeMutableRawPointer
    /// Payload bytes that the open packet still takes.
    private var room = 0
    /// Of the open PES packet: transport packets not yet opened, and bytes that go into them.
    private var packetsLeft = 0
    private var payloadLeft = 0
    /// Sync byte, PID and "payload only" as a big-endian number, without the counter.
    private var header: UInt32 = 0
    private var counter: UInt32 = 0

    /// Writes from `output` on, which has room for all packets that will be begun.
    @unsafe init(_ output: UnsafeMutableRawPointer) {
        unsafe self.output = unsafe output
    }

    /// Starts a PES packet of `size` bytes, header included, over `packets` transport packets.
    ///
    /// `counter` is the continuity counter of the PID's packet before and moves on by `packets`;
    /// `clock` is a PCR base, wrapped. False where the bytes do not fit or do not suffice; nothing
    /// is written then.
    @inline(__always)
    mutating func begin(
        pid: UInt16,
        size: Int,
        packets: Int,
        counter: inout UInt32,
        clock: UInt64?,
        isRandomAccess: Bool
    ) -> Bool {
        let field = clock == nil ? 0 : Self.clockFieldSizeBytes
        guard size >= packets, size <= packets * Self.payloadSizeBytes - field else {
            return false
        }
        header = 0x4700_0010 | UInt32(pid) << 8
        self.counter = counter
        packetsLeft = packets
        payloadLeft = size
        open(
            min(Self.payloadSizeBytes - field, size - packets + 1),
            flags: Self.unitStart,
            clock: clock,
            isRandomAccess: isRandomAccess
        )
        counter = (counter &+ UInt32(truncatingIfNeeded: packets)) & 0x0F
        return true
    }

    /// Appends to the open PES packet; all calls together give it exactly its size.
    @inline(__always)
    @unsafe mutating func append(_ bytes: UnsafeRawPointer, _ count: Int) {
        var source = unsafe bytes
        var count = count
        while count > room {
            unsafe output.copyMemory(from: source, byteCount: room)
            unsafe output += room
            unsafe source += room
            count -= room
            room = 0
            // Full packets, as many as leave a byte for each packet behind them.
            let full = min(
                count / Self.payloadSizeBytes,
                (payloadLeft - packetsLeft) / (Self.payloadSizeBytes - 1)
            )
            if full > 0 {
                unsafe copyFullPackets(source, full)
                unsafe source += full * Self.payloadSizeBytes
                count -= full * Self.payloadSizeBytes
                if count == 0 { return }
            }
            open(
                min(Self.payloadSizeBytes, payloadLeft - packetsLeft + 1),
                flags: 0,
                clock: nil,
                isRandomAccess: false
            )
        }
        unsafe output.copyMemory(from: source, byteCount: count)
        unsafe output += count
        room -= count
    }

    /// Writes a packet that carries a PCR and no payload; it does not move the counter.
    mutating func writeClock(pid: UInt16, counter: UInt32, clock: UInt64) {
        header = 0x4700_0000 | UInt32(pid) << 8
        self.counter = counter &- 1
        packetsLeft = 1
        payloadLeft = 0
        open(0, flags: 0, clock: clock, isRandomAccess: false)
    }

    /// payload_unit_start_indicator.
    private static let unitStart: UInt32 = 0x0040_0000

    /// The inner loop: a header and 184 bytes, `count` times.
    @inline(__always)
    @unsafe private mutating func copyFullPackets(_ bytes: UnsafeRawPointer, _ count: Int) {
        var source = unsafe bytes
        var target = unsafe output
        for _ in 0..<count {
            counter = (counter &+ 1) & 0x0F
            unsafe target.storeBytes(of: (header | counter).bigEndian, as: UInt32.self)
            // Two pieces, as the compiler makes moves through registers of up to 128 bytes.
            unsafe (target + 4).copyMemory(from: source, byteCount: 96)
            unsafe (target + 100).copyMemory(from: source + 96, byteCount: 88)
            unsafe target += Self.packetSizeBytes
            unsafe source += Self.payloadSizeBytes
        }
        unsafe output = unsafe target
        packetsLeft -= count
        payloadLeft -= count * Self.payloadSizeBytes
    }

    /// Writes the header of a packet that takes `take` bytes, its adaptation field included.
    @inline(never)
    private mutating func open(
        _ take: Int,
        flags: UInt32,
        clock: UInt64?,
        isRandomAccess: Bool
    ) {
        packetsLeft -= 1
        payloadLeft -= take
        room = take
        counter = (counter &+ 1) & 0x0F
        let field = Self.payloadSizeBytes - take
        let control: UInt32 = field == 0 ? 0 : 0x20
        unsafe output.storeBytes(
            of: (header | flags | control | counter).bigEndian,
            as: UInt32.self
        )
        unsafe output += 4
        guard field > 0 else { return }
        unsafe output.storeBytes(of: UInt8(field - 1), as: UInt8.self)
        if field > 1 {
            let stuffing = unsafe output + 2
            unsafe stuffing.initializeMemory(as: UInt8.self, repeating: 0xFF, count: field - 2)
            var indicators: UInt8 = isRandomAccess ? 0x40 : 0
            if let clock {
                indicators |= 0x10
                // program_clock_reference_base, six reserved bits, an extension of 0.
                let reference = clock << 15 | 0x7E00
                unsafe stuffing.storeBytes(
                    of: UInt32(truncatingIfNeeded: reference >> 16).bigEndian,
                    as: UInt32.self
                )
                unsafe (stuffing + 4).storeBytes(
                    of: UInt16(truncatingIfNeeded: reference).bigEndian,
                    as: UInt16.self
                )
            }
            unsafe (output + 1).storeBytes(of: indicators, as: UInt8.self)
        }
        unsafe output += field
    }
}
