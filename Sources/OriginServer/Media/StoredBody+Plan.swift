// Unsafe: hands the lane's buffers on to a packaging transform, bounds and all.

import MediaHTTP
import Packaging

extension StoredBody {
    /// A plan over an asset's open files.
    init(_ plan: Plan, files: [StoredFile]) {
        self.init(
            header: plan.header,
            ranges: plan.ranges.map { range in
                StoredRange(
                    file: files[range.fileIndex],
                    offsetBytes: range.offsetBytes,
                    sizeBytes: range.sizeBytes
                )
            },
            transform: plan.transform.map(PackagingTransform.init),
            sizeBytes: plan.sizeBytes
        )
    }
}

/// A packaging transform as the lane calls it; the lane knows nothing of packaging.
private struct PackagingTransform: BodyTransform {
    let transform: any PlanTransform

    var inputSizeBytes: Int { transform.inputSizeBytes }
    var outputSizeBytes: Int { transform.outputSizeBytes }

    func apply(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) throws {
        try unsafe transform.apply(input, to: output)
    }
}
