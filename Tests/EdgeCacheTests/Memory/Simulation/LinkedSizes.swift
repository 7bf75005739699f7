/// Objects in an order, with the sum of their sizes.
struct LinkedSizes {
    private var newer: [Int]
    private var older: [Int]
    private var sizes: [Int]
    private(set) var oldest: Int?
    private var newest: Int?
    private(set) var sizeBytes = 0

    private static let outside = -2
    private static let end = -1

    init(objectCount: Int) {
        newer = Array(repeating: Self.outside, count: objectCount)
        older = newer
        sizes = Array(repeating: 0, count: objectCount)
    }

    func contains(_ index: Int) -> Bool { newer[index] != Self.outside }

    func size(of index: Int) -> Int { sizes[index] }

    func next(after index: Int) -> Int? { newer[index] < 0 ? nil : newer[index] }

    mutating func append(_ index: Int, sizeBytes size: Int) {
        newer[index] = Self.end
        older[index] = newest ?? Self.end
        if let newest { newer[newest] = index }
        newest = index
        if oldest == nil { oldest = index }
        sizes[index] = size
        sizeBytes += size
    }

    mutating func remove(_ index: Int) {
        let before = older[index]
        let after = newer[index]
        if before >= 0 { newer[before] = after } else { oldest = after < 0 ? nil : after }
        if after >= 0 { older[after] = before } else { newest = before < 0 ? nil : before }
        newer[index] = Self.outside
        older[index] = Self.outside
        sizeBytes -= sizes[index]
    }
}
