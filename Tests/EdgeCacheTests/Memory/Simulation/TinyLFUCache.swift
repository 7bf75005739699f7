/// The other candidate: W-TinyLFU with a window of 1 %, a segmented main part, and admission by
/// frequency against all victims together.
///
/// G. Einziger et al., "TinyLFU", 2017; "Lightweight robust size aware cache management", 2021.
struct TinyLFUCache: SimulatedCache {
    private var window: LinkedSizes
    private var probation: LinkedSizes
    private var protected: LinkedSizes
    private var sketch: FrequencySketch
    private let windowBytes: Int
    private let mainBytes: Int
    private let protectedBytes: Int

    init(capacityBytes: Int, objectCount: Int, averageSizeBytes: Int) {
        window = LinkedSizes(objectCount: objectCount)
        probation = window
        protected = window
        windowBytes = capacityBytes / 100
        mainBytes = capacityBytes - windowBytes
        protectedBytes = mainBytes / 5 * 4
        sketch = FrequencySketch(objectsHeld: capacityBytes / averageSizeBytes)
    }

    var costBytes: Int { window.sizeBytes + probation.sizeBytes + protected.sizeBytes }

    mutating func request(_ index: Int, sizeBytes: Int) -> Bool {
        sketch.add(index)
        if window.contains(index) {
            window.remove(index)
            window.append(index, sizeBytes: sizeBytes)
            return true
        }
        if protected.contains(index) {
            protected.remove(index)
            protected.append(index, sizeBytes: sizeBytes)
            return true
        }
        if probation.contains(index) {
            probation.remove(index)
            protected.append(index, sizeBytes: sizeBytes)
            while protected.sizeBytes > protectedBytes, let oldest = protected.oldest {
                let size = protected.size(of: oldest)
                protected.remove(oldest)
                probation.append(oldest, sizeBytes: size)
            }
            return true
        }
        window.append(index, sizeBytes: sizeBytes)
        while window.sizeBytes > windowBytes, let oldest = window.oldest {
            let size = window.size(of: oldest)
            window.remove(oldest)
            admit(oldest, sizeBytes: size)
        }
        return false
    }

    private mutating func admit(_ index: Int, sizeBytes: Int) {
        let wanted = sketch.estimate(index)
        var free = mainBytes - probation.sizeBytes - protected.sizeBytes
        var victims: [Int] = []
        var lost = 0
        var next = probation.oldest
        while free < sizeBytes, let victim = next {
            free += probation.size(of: victim)
            lost += sketch.estimate(victim)
            victims.append(victim)
            next = probation.next(after: victim)
        }
        guard free >= sizeBytes, victims.isEmpty || wanted > lost else { return }
        for victim in victims { probation.remove(victim) }
        probation.append(index, sizeBytes: sizeBytes)
    }
}

/// Counts of 0 to 15 in four rows, halved after ten times as many additions as objects are held.
private struct FrequencySketch {
    private var rows: [[UInt8]]
    private let mask: Int
    private var additions = 0
    private let halvedAfter: Int

    init(objectsHeld: Int) {
        var width = 1024
        while width < objectsHeld { width *= 2 }
        mask = width - 1
        rows = Array(repeating: Array(repeating: 0, count: width), count: 4)
        halvedAfter = 10 * max(objectsHeld, 64)
    }

    func estimate(_ index: Int) -> Int {
        Int((0..<4).map { rows[$0][slot(index, $0)] }.min() ?? 0)
    }

    mutating func add(_ index: Int) {
        for row in 0..<4 where rows[row][slot(index, row)] < 15 {
            rows[row][slot(index, row)] += 1
        }
        additions += 1
        guard additions >= halvedAfter else { return }
        additions /= 2
        for row in 0..<4 {
            for column in rows[row].indices { rows[row][column] /= 2 }
        }
    }

    private func slot(_ index: Int, _ row: Int) -> Int {
        var mixed = (UInt64(index) &+ UInt64(row + 1) &* 0x9E37_79B9_7F4A_7C15)
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: mixed ^ (mixed >> 31)) & mask
    }
}
