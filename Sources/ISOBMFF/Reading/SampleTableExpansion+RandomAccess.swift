extension SampleTableExpansion {
    /// What samples are to random access by `stss` and the `rap ` group; empty where every sample
    /// is a sync sample, as it is without `stss`.
    func dependencies(
        _ stss: Stss?,
        randomAccess: Sbgp?
    ) throws(ISOBMFFError) -> [SampleTable.Dependency] {
        guard let stss else { return [] }
        var dependencies = [SampleTable.Dependency](repeating: .dependent, count: sampleCount)
        if let randomAccess {
            mark(randomAccess, in: &dependencies)
        }
        let table = stss.table
        let span = unsafe table.bytes.span.bytes
        var syncCount = 0
        for entry in 0..<table.count {
            let number = Int(span.bigEndianUInt32(at: table.start + entry * Stss.entrySize))
            guard number >= 1, number <= sampleCount else {
                throw .invalid(box: "stss", field: "sample_number", value: Int64(number))
            }
            if dependencies[number - 1] != .sync { syncCount += 1 }
            dependencies[number - 1] = .sync
        }
        return syncCount == sampleCount ? [] : dependencies
    }

    private func mark(_ group: Sbgp, in dependencies: inout [SampleTable.Dependency]) {
        let table = group.table
        let span = unsafe table.bytes.span.bytes
        var sample = 0
        for entry in 0..<table.count {
            let position = table.start + entry * Sbgp.entrySize
            let count = min(Int(span.bigEndianUInt32(at: position)), sampleCount - sample)
            if span.bigEndianUInt32(at: position + 4) != 0 {
                for index in sample..<sample + count { dependencies[index] = .randomAccess }
            }
            sample += count
        }
    }
}
