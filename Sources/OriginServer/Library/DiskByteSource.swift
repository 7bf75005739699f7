import ISOBMFF
import MediaHTTP

/// The bytes of an open file, for the reader; every read may block.
struct DiskByteSource: ByteSource, Sendable {
    private let file: StoredFile

    init(_ file: StoredFile) {
        self.file = file
    }

    var sizeBytes: UInt64 { file.identity.sizeBytes }

    func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] {
        guard offsetBytes <= sizeBytes, UInt64(count) <= sizeBytes - offsetBytes else {
            throw ISOBMFFError.outOfFile(offsetBytes: offsetBytes, sizeBytes: UInt64(count))
        }
        return try file.bytes(offsetBytes: offsetBytes, count: count)
    }

    func willNeed(offsetBytes: UInt64, count: Int) {
        guard offsetBytes < sizeBytes else { return }
        file.willNeed(offsetBytes: offsetBytes, sizeBytes: UInt64(count))
    }
}
