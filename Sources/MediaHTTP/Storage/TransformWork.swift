// Unsafe: gives a transform the memory of two pieces.

import NIOCore

/// A transform under way: fills its input, then makes its output; can go on with another reader.
struct TransformWork: Sendable {
    let transform: any BodyTransform
    var cursor: BodyCursor
    let input: Piece
    /// May hold a head already; the output goes behind it.
    let output: Piece

    mutating func run(
        _ reading: FileReading,
        from source: FileReading.Source
    ) -> BodyCursor.Outcome {
        let outcome = cursor.fill(input, upTo: transform.inputSizeBytes, reading, from: source)
        guard outcome == .filled else { return outcome }
        let sizeBytes = transform.outputSizeBytes
        var isMade = true
        unsafe output.buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: sizeBytes) { room in
            do {
                try unsafe input.buffer.withUnsafeReadableBytes { source in
                    try unsafe transform.apply(
                        source,
                        to: UnsafeMutableRawBufferPointer(rebasing: room[..<sizeBytes])
                    )
                }
                return sizeBytes
            } catch {
                isMade = false
                return 0
            }
        }
        return isMade ? .filled : .failed(.transformFailed)
    }
}
