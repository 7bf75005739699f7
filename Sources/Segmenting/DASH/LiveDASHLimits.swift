/// What bounds a live manifest.
enum LiveDASHLimits {
    /// A segment begins within this share of its duration of where its number says.
    ///
    /// ISO/IEC 23009-1 §7.2.1 allows a half.
    static let deviationDivisor: Int64 = 4
    /// How far the encoder's clock may run from ours before a period takes up the difference.
    static let driftMicroseconds: Int64 = 500_000
    /// Segments of equal duration in a row before a timeline gives way to numbers; doubled by
    /// each return to a timeline, up to the most.
    static let fewestRegularSegments = 4
    static let mostRegularSegments = 64
    /// Lateness is told in steps of this, so that manifests seldom change.
    static let latenessStepMicroseconds: Int64 = 50_000
    /// Periods kept; the window holds fewer unless every segment is a discontinuity.
    static let periods = 64
}
