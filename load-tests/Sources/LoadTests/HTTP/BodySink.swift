package import NIOCore

/// Where a body goes: into its hash, and only a playlist's into memory.
package struct BodySink {
    package private(set) var hash = XXH64()
    package private(set) var sizeBytes = 0
    /// The body, where it is wanted.
    package private(set) var text: ByteBuffer?
    private let keepsText: Bool

    package init(keepsText: Bool) {
        self.keepsText = keepsText
    }

    /// Takes up to `atMost` bytes; returns how many.
    mutating func take(_ input: inout ByteBuffer, atMost: Int) -> Int {
        let count = min(atMost, input.readableBytes)
        guard count > 0 else { return 0 }
        hash.update(input.readableBytesSpan.extracting(0..<count))
        sizeBytes += count
        if keepsText, sizeBytes <= CrowdLimits.playlistSizeBytes {
            // Written, never referenced: the input's memory is the loop's.
            if text == nil { text = ByteBuffer() }
            text?.writeBytes(input.readableBytesView.prefix(count))
        }
        input.moveReaderIndex(forwardBy: count)
        return count
    }

    func checked(
        _ progress: ResponseReader.Progress
    ) throws(ResponseFault) -> ResponseReader.Progress {
        guard !keepsText || sizeBytes <= CrowdLimits.playlistSizeBytes else {
            throw .playlistTooLarge
        }
        return progress
    }
}
