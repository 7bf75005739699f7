/// When a sample is decoded and shown, and for how long, in its track's timescale.
package struct SampleTime: Hashable, Sendable {
    package var dts: Int64
    package var pts: Int64
    package var duration: Int64

    package init(dts: Int64, pts: Int64, duration: Int64) {
        self.dts = dts
        self.pts = pts
        self.duration = duration
    }
}
