/// When each sample of a track is presented, in decode order.
///
/// A table only where one is needed: the times of an audio, hundreds of thousands in two hours, are
/// a start and a step as a rule, and fresh memory for them costs more than to work them out.
struct PresentationTimes: RandomAccessCollection, Sendable {
    private let first: Int64
    private let step: Int64
    /// Empty where `first` and `step` say it all.
    private let table: [Int64]
    let count: Int

    static let none = PresentationTimes(first: 0, step: 0, count: 0)

    /// Samples that are presented one after another, each for as long.
    init(first: Int64, step: Int64, count: Int) {
        (self.first, self.step, self.count, table) = (first, step, count, [])
    }

    init(_ table: [Int64]) {
        (first, step, count, self.table) = (0, 0, table.count, table)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    @inline(__always)
    subscript(index: Int) -> Int64 {
        guard table.isEmpty else { return table[index] }
        precondition(index >= 0 && index < count)
        return first + Int64(index) * step
    }
}
