/// How many more samples a file may have: what bounds the memory that reading takes.
///
/// A size or duration that a table lists costs bytes of the file, so tables cannot ask for much.
/// Samples that share one size cost none: of those, all tracks together may not hold more bytes
/// than the file does, as tracks do not share bytes. Memory so stays within about 50 bytes for each
/// byte of the file, and within the limit on samples whatever its size.
struct SampleBudget {
    private var samples: Int
    private var uniformBytes: UInt64

    init(limits: ISOBMFFLimits, fileSizeBytes: UInt64) {
        self.samples = limits.samples
        self.uniformBytes = fileSizeBytes
    }

    /// Takes samples that a table of a box lists.
    mutating func take(_ count: Int, of box: FourCC) throws(ISOBMFFError) {
        guard count <= samples else {
            throw .tooMany(box: box, count: UInt64(count), limit: UInt64(samples))
        }
        samples -= count
    }

    /// Takes samples that a box says to have one size.
    mutating func take(
        _ count: Int,
        of box: FourCC,
        uniformSizeBytes size: UInt32
    ) throws(ISOBMFFError) {
        guard size > 0 else {
            throw .invalid(box: box, field: "sample_size", value: 0)
        }
        let total = UInt64(size) * UInt64(count)
        guard total <= uniformBytes else {
            throw .tooMany(box: box, count: UInt64(count), limit: uniformBytes / UInt64(size))
        }
        try take(count, of: box)
        uniformBytes -= total
    }
}
