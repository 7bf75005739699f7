// Unsafe on purpose, see `PacketWriter.swift`. Reads stay inside the input because every slice was
// laid out inside it, and every NAL unit is measured against its slice before any is copied.

extension TransportMultiplex {
    /// Writes the segment in one pass; nothing is allocated for a sample.
    ///
    /// - Throws: `.damagedSamples` for a NAL unit that is longer than its sample, and for a buffer
    ///   that has not the size that was asked for. What was written then is no segment.
    func apply(
        _ input: UnsafeRawBufferPointer,
        to output: UnsafeMutableRawBufferPointer
    ) throws(PackagingError) {
        guard input.count == inputSizeBytes, output.count == outputSizeBytes,
            let source = input.baseAddress, let target = output.baseAddress
        else {
            throw .damagedSamples(file: self.source)
        }
        unsafe output.copyBytes(from: tables)
        var pass = unsafe TransportPass(source, PacketWriter(target + tables.count))
        let isWhole = unsafe (video?.delimiter ?? []).withUnsafeBytes { delimiter in
            unsafe (video?.syncPrefix ?? []).withUnsafeBytes { syncPrefix in
                unsafe pass.run(self, delimiter: delimiter, syncPrefix: syncPrefix)
            }
        }
        guard isWhole else { throw .damagedSamples(file: self.source) }
    }
}

/// The state of one pass over a segment.
@safe private struct TransportPass {
    private let source: UnsafeRawPointer
    private var writer: PacketWriter
    /// Continuity counters of the last packets; 15, as every segment ends there.
    private var videoCounter: UInt32 = 15
    private var audioCounter: UInt32 = 15

    @unsafe init(_ source: UnsafeRawPointer, _ writer: PacketWriter) {
        unsafe self.source = unsafe source
        self.writer = writer
    }

    /// Writes all units; false where samples are damaged.
    @unsafe mutating func run(
        _ multiplex: TransportMultiplex,
        delimiter: UnsafeRawBufferPointer,
        syncPrefix: UnsafeRawBufferPointer
    ) -> Bool {
        for unit in multiplex.units {
            switch unit.kind {
            case .video:
                guard let framing = multiplex.video else { return false }
                let prefix = unsafe unit.isSync ? syncPrefix : delimiter
                let slice = multiplex.slices[unit.firstSlice]
                guard unsafe writeAccessUnit(unit, slice, framing, prefix) else { return false }
            case .audio:
                guard let framing = multiplex.audio else { return false }
                let slices = multiplex.slices[unit.firstSlice..<unit.firstSlice + unit.sliceCount]
                guard writeFrames(unit, slices, framing) else { return false }
            case .clock:
                let isVideo = multiplex.clockPID == ProgramTables.videoPID
                writer.writeClock(
                    pid: multiplex.clockPID,
                    counter: isVideo ? videoCounter : audioCounter,
                    clock: UInt64(unit.clockTime & TransportTime.mask)
                )
            }
        }
        return true
    }

    /// Writes a video sample: prefix, then its NAL units behind start codes.
    @inline(__always)
    @unsafe private mutating func writeAccessUnit(
        _ unit: TransportUnit,
        _ slice: InputLayout.Slice,
        _ framing: VideoFraming,
        _ prefix: UnsafeRawBufferPointer
    ) -> Bool {
        let sample = unsafe source + Int(slice.offsetBytes)
        var units = unsafe NALUnits(sample, Int(slice.sizeBytes), framing)
        guard let size = units.measure(), let head = prefix.baseAddress,
            begin(unit, ProgramTables.videoPID, size: unit.headerSizeBytes + prefix.count + size)
        else {
            return false
        }
        writeHeader(unit, streamID: 0xE0, sizeBytes: nil)
        unsafe writer.append(head, prefix.count)
        var startCode = UInt32(1).bigEndian
        while let (nal, count) = unsafe units.next() {
            unsafe writer.append(&startCode, 4)
            unsafe writer.append(nal, count)
        }
        return true
    }

    /// Writes a PES packet of audio frames.
    @inline(__always)
    private mutating func writeFrames(
        _ unit: TransportUnit,
        _ slices: ArraySlice<InputLayout.Slice>,
        _ framing: AudioFraming
    ) -> Bool {
        guard begin(unit, ProgramTables.audioPID, size: unit.plannedSizeBytes) else { return false }
        writeHeader(unit, streamID: framing.streamID, sizeBytes: unit.plannedSizeBytes)
        for slice in slices {
            let size = Int(slice.sizeBytes)
            if let empty = framing.frameHeader {
                let length = size + ADTS.headerSizeBytes
                var header = ADTS.header(empty, frameSizeBytes: length).bigEndian
                unsafe writer.append(&header, ADTS.headerSizeBytes)
            }
            unsafe writer.append(source + Int(slice.offsetBytes), size)
        }
        return true
    }

    @inline(__always)
    private mutating func begin(_ unit: TransportUnit, _ pid: UInt16, size: Int) -> Bool {
        let isVideo = pid == ProgramTables.videoPID
        var counter = isVideo ? videoCounter : audioCounter
        defer { if isVideo { videoCounter = counter } else { audioCounter = counter } }
        return writer.begin(
            pid: pid,
            size: size,
            packets: unit.packetCount,
            counter: &counter,
            clock: unit.hasClock ? UInt64(unit.clockTime & TransportTime.mask) : nil,
            isRandomAccess: unit.isSync
        )
    }

    @inline(__always)
    private mutating func writeHeader(_ unit: TransportUnit, streamID: UInt8, sizeBytes: Int?) {
        let words = PESHeader.words(
            streamID: streamID,
            sizeBytes: sizeBytes,
            presentationTime: unit.presentationTime,
            decodeTime: unit.decodeTime
        )
        var bytes = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian)
        unsafe writer.append(&bytes, unit.headerSizeBytes)
    }
}
