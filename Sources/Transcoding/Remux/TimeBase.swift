package import Packaging

/// The unit of a stream's timestamps: `numerator`/`denominator` seconds, both above 0.
package struct TimeBase: Hashable {
    package var numerator: Int32
    package var denominator: Int32

    /// Nil for what a damaged file may say: zero or negative terms.
    package init?(numerator: Int32, denominator: Int32) {
        guard numerator > 0, denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// A timestamp in this unit as a time.
    ///
    /// - Throws: `TranscodingError.damaged` beyond any real time, so that sums of times that got
    ///   through never overflow.
    package func time(_ value: Int64) throws(TranscodingError) -> MediaTime {
        let (product, overflow) = value.multipliedReportingOverflow(by: Int64(numerator))
        let limit = Int64(denominator).multipliedReportingOverflow(
            by: ImportLimits.timestampSeconds
        )
        guard !overflow, limit.overflow || product.magnitude <= limit.partialValue.magnitude else {
            throw .damaged(detail: "the timestamp \(value) cannot be")
        }
        return MediaTime(product, timescale: UInt32(denominator))
    }
}
