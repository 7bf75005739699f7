import NIOCore
import Segmenting

/// The segments of one track that are in memory, oldest first.
struct SegmentShelf: Sendable {
    struct Entry: Sendable {
        let number: UInt64
        let token: String
        let initializationNumber: Int
        let body: GrowingSegment
        var sizeBytes = 0
        var isComplete = false
    }

    private(set) var entries: [Entry] = []

    var newest: Entry? { entries.last }

    func entry(_ number: UInt64, token: String) -> Entry? {
        entries.last { $0.number == number && $0.token == token }
    }

    mutating func begin(_ start: SegmentStart, token: String) {
        entries.append(
            Entry(
                number: start.number,
                token: token,
                initializationNumber: start.initializationNumber,
                body: GrowingSegment()
            )
        )
    }

    /// Adds a part to the open segment; who waits for it is told by `wake`.
    mutating func append(_ bytes: ByteBuffer, to number: UInt64, _ wake: inout BodyWake) {
        guard let index = entries.lastIndex(where: { $0.number == number }) else { return }
        entries[index].sizeBytes += bytes.readableBytes
        wake.add(entries[index].body.append(bytes))
    }

    mutating func complete(_ number: UInt64, _ wake: inout BodyWake) {
        guard let index = entries.lastIndex(where: { $0.number == number }) else { return }
        entries[index].isComplete = true
        wake.add(entries[index].body.complete())
    }

    /// Takes the open segment back, as nothing of it was told.
    mutating func removeOpen(_ wake: inout BodyWake) {
        guard let last = entries.last, !last.isComplete else { return }
        wake.add(last.body.complete())
        entries.removeLast()
    }

    /// Forgets complete segments, but never the newest one, by which it shows what comes next.
    ///
    /// - Returns: how many bytes that gives back.
    mutating func forget(where isForgotten: (Entry) -> Bool) -> Int {
        guard let newest else { return 0 }
        var freed = 0
        entries.removeAll { entry in
            guard entry.isComplete, entry.body !== newest.body, isForgotten(entry) else {
                return false
            }
            freed += entry.sizeBytes
            return true
        }
        return freed
    }
}
