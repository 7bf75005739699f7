/// The entry point that libFuzzer calls: any bytes must give a movie or a typed error.
///
/// Compiled together with the sources of ISOBMFF by `run`.

/// A source that gives what is asked for and no byte more.
private struct FuzzedBytes: ByteSource {
    let bytes: [UInt8]

    var sizeBytes: UInt64 { UInt64(bytes.count) }

    func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] {
        precondition(offsetBytes + UInt64(count) <= sizeBytes, "a read outside the file")
        return Array(bytes[Int(offsetBytes)..<Int(offsetBytes) + count])
    }
}

/// Reads the bytes that the fuzzer made, and checks what every user of a movie relies on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMovieReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let source = unsafe FuzzedBytes(bytes: Array(UnsafeBufferPointer(start: start, count: count)))
    do {
        let movie = try MovieReader.read(source)
        var sampleCount = 0
        for track in movie.tracks {
            checkInvariants(of: track, fileSizeBytes: source.sizeBytes)
            sampleCount += track.samples.count
        }
        // Tables list at most two samples a byte (`stz2`); of one size there is at most one.
        precondition(sampleCount <= 3 * count, "more samples than the bytes account for")
    } catch is ISOBMFFError {
        // What is wrong with the bytes has a name: fine.
    } catch {
        preconditionFailure("an error without a name: \(error)")
    }
    return 0
}

/// What every user of a track relies on.
private func checkInvariants(of track: Track, fileSizeBytes: UInt64) {
    let samples = track.samples
    precondition(samples.count > 0 && track.timescale > 0 && !track.sampleEntries.isEmpty)
    precondition(samples.offsetsBytes.count == samples.count)
    precondition(samples.durations.count == samples.count)
    for count in [
        samples.compositionOffsets.count,
        samples.dependencies.count,
        samples.descriptionIndexes.count,
    ] {
        precondition(count == 0 || count == samples.count)
    }
    for (offset, size) in zip(samples.offsetsBytes, samples.sizesBytes) {
        precondition(offset + UInt64(size) <= fileSizeBytes, "a sample outside the file")
    }
    for index in samples.descriptionIndexes {
        precondition(track.sampleEntries.indices.contains(Int(index)))
    }
}
