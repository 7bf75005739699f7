import NIOCore

/// The media of small bodies that are asked for again and again, kept by one event loop.
///
/// An audio segment or a live part costs more to read from the page cache than all else about its
/// answer together. So its second request within a while puts its bytes here; the first does not, so
/// that a walk through a whole library puts out nothing. What is asked for again when its turn to go
/// has come gets another (the clock algorithm). Headers are not kept: packaging makes them.
///
/// The caller asks each file for its state before it sends kept bytes, as for bytes just read.
struct HotBodies {
    private struct Key: Hashable {
        let file: ObjectIdentifier
        let offsetBytes: UInt64
        let sizeBytes: UInt64
    }

    private struct Entry {
        /// Held, so that its identity names nothing else; compared in full.
        let ranges: [StoredRange]
        let bytes: ByteBuffer
        var wasUsed = false
    }

    private let limits: MediaLimits
    private var entries: [Key: Entry] = [:]
    private var order: CircularBuffer<Key> = []
    private var keptBytes = 0
    /// What was asked for once, by a few bits of its key's hash.
    private var seen: [Int]

    private static let seenSlots = 1 << 12

    init(limits: MediaLimits) {
        self.limits = limits
        self.seen = Array(repeating: 0, count: Self.seenSlots)
    }

    /// Whether a body is of the kind that is kept.
    func takes(_ body: StoredBody) -> Bool {
        body.transform == nil && !body.ranges.isEmpty
            && body.sizeBytes <= UInt64(limits.hotBodySizeBytes)
    }

    /// The media bytes of a body, all its ranges together.
    mutating func bytes(of body: StoredBody) -> ByteBuffer? {
        guard let key = Self.key(body), let entry = entries[key],
            Self.isEqual(entry.ranges, body.ranges)
        else {
            return nil
        }
        if !entry.wasUsed { entries[key]?.wasUsed = true }
        return entry.bytes
    }

    /// Notes that a body was read, and keeps its bytes where that is not the first time.
    ///
    /// - Parameters:
    ///   - body: what was read.
    ///   - media: gives the bytes of all ranges; called only when they are kept.
    mutating func note(_ body: StoredBody, media: () -> ByteBuffer) {
        guard let key = Self.key(body), entries[key] == nil else { return }
        let hash = key.hashValue
        let slot = hash & (Self.seenSlots - 1)
        guard seen[slot] == hash else {
            seen[slot] = hash
            return
        }
        let bytes = media()
        keptBytes += bytes.storageCapacity
        entries[key] = Entry(ranges: body.ranges, bytes: bytes)
        order.append(key)
        while keptBytes > limits.hotMemoryBytes, let oldest = order.popFirst() { pass(oldest) }
    }

    /// Lets go of what nobody asked for since the last call, and with it of files that are gone.
    mutating func trim() {
        for _ in 0..<order.count {
            guard let oldest = order.popFirst() else { return }
            pass(oldest)
        }
    }

    /// Another round for an entry that was used, the end for one that was not.
    private mutating func pass(_ key: Key) {
        guard let entry = entries[key] else { return }
        if entry.wasUsed {
            entries[key]?.wasUsed = false
            order.append(key)
        } else {
            keptBytes -= entry.bytes.storageCapacity
            entries[key] = nil
        }
    }

    private static func key(_ body: StoredBody) -> Key? {
        body.ranges.first.map {
            Key(
                file: ObjectIdentifier($0.file),
                offsetBytes: $0.offsetBytes,
                sizeBytes: body.sizeBytes - UInt64(body.header.count)
            )
        }
    }

    private static func isEqual(_ left: [StoredRange], _ right: [StoredRange]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy {
                $0.file === $1.file && $0.offsetBytes == $1.offsetBytes
                    && $0.sizeBytes == $1.sizeBytes
            }
    }
}

extension StoredBody {
    /// Whether every file of it is as it was when it was opened.
    var isUnchanged: Bool {
        var last: StoredFile?
        for range in ranges where range.file !== last {
            guard range.file.isUnchanged else { return false }
            last = range.file
        }
        return true
    }
}
