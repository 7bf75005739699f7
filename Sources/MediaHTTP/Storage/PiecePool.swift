import NIOCore

/// The buffers of one event loop, kept by size class so that a request costs no fresh memory.
///
/// Fresh memory is what serving from files is slow by: each page of it is a fault. Buffers are kept
/// last in, first out, so that the next request gets one that is still in the CPU's cache.
///
/// Every buffer in use or idle is counted. Above three quarters of the limit, pieces are small, so
/// that many slow clients share the rest; at the limit, answers wait.
struct PiecePool {
    private static let smallestClassBits = 14
    private static let largestClassBits = 22

    private let limits: MediaLimits
    private var idle: [[Piece]]
    /// The fewest idle buffers of each class since the last trim: those nobody needed.
    private var unneeded: [Int]
    private(set) var usedBytes = 0
    private(set) var idleBytes = 0

    init(limits: MediaLimits) {
        self.limits = limits
        self.idle = Array(
            repeating: [],
            count: Self.largestClassBits - Self.smallestClassBits + 1
        )
        self.unneeded = idle.map(\.count)
    }

    /// Lets go of the buffers that nobody needed since the last call.
    ///
    /// So the pool is as large as the load of the last moments asks for, and gives memory back when
    /// a crowd has gone.
    mutating func trim() {
        for sizeClass in idle.indices {
            for piece in idle[sizeClass].prefix(unneeded[sizeClass]) {
                idleBytes -= piece.capacityBytes
            }
            // The first are the oldest: the last is taken next, as it is still in the CPU's cache.
            idle[sizeClass].removeFirst(unneeded[sizeClass])
            unneeded[sizeClass] = idle[sizeClass].count
        }
    }

    /// How many bytes a piece should hold at most just now.
    var pieceSizeBytes: Int {
        usedBytes < limits.pieceMemoryBytes / 2 ? limits.pieceSizeBytes : limits.smallPieceSizeBytes
    }

    /// A buffer of at least this capacity, or nothing when the memory for them is used up.
    mutating func take(capacityBytes: Int) -> Piece? {
        let sizeClass = Self.sizeClass(capacityBytes)
        let rounded = sizeClass.map { 1 << ($0 + Self.smallestClassBits) } ?? capacityBytes
        // One piece is always allowed, so that a limit below its size does not stop everything.
        guard usedBytes == 0 || usedBytes + rounded <= limits.pieceMemoryBytes else { return nil }
        usedBytes += rounded
        if let sizeClass, let piece = idle[sizeClass].popLast() {
            idleBytes -= piece.capacityBytes
            unneeded[sizeClass] = min(unneeded[sizeClass], idle[sizeClass].count)
            // Not when it is given back: SwiftNIO still holds the storage while it tells that a
            // write is done, and clearing a shared buffer takes fresh memory.
            piece.buffer.clear()
            return piece
        }
        return Piece(capacityBytes: rounded, sizeClass: sizeClass)
    }

    /// Two buffers, or none.
    mutating func takePair(
        _ inputSizeBytes: Int,
        _ outputSizeBytes: Int
    ) -> (input: Piece, output: Piece)? {
        guard let input = take(capacityBytes: inputSizeBytes) else { return nil }
        guard let output = take(capacityBytes: outputSizeBytes) else {
            giveBack(input)
            return nil
        }
        return (input, output)
    }

    /// Whether so much could be taken when nothing else is in use, rounded up as it may be.
    func canEverHold(_ sizeBytes: Int) -> Bool {
        sizeBytes <= limits.pieceMemoryBytes / 2
    }

    /// Takes a buffer back, whose storage nobody else will need.
    mutating func giveBack(_ piece: Piece) {
        usedBytes -= piece.capacityBytes
        guard let sizeClass = piece.sizeClass,
            idleBytes + piece.capacityBytes <= limits.idlePieceMemoryBytes
        else { return }
        idleBytes += piece.capacityBytes
        idle[sizeClass].append(piece)
    }

    private static func sizeClass(_ capacityBytes: Int) -> Int? {
        let bits = Int.bitWidth - max(capacityBytes - 1, 1).leadingZeroBitCount
        return bits > largestClassBits ? nil : max(bits, smallestClassBits) - smallestClassBits
    }
}
