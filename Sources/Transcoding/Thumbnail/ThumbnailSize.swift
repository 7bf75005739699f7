/// The size of a thumbnail: within the limits, never larger than its source, both sides even, as
/// colours are halved.
package struct ThumbnailSize: Hashable {
    package var width: Int32
    package var height: Int32

    /// nil where the source has no size.
    ///
    /// - Parameters:
    ///   - width: of the coded picture.
    ///   - height: of the same.
    ///   - pixelAspect: a pixel's width over its height.
    package init?(width: Int32, height: Int32, pixelAspect: Double) {
        guard width > 0, height > 0, pixelAspect.isFinite, pixelAspect > 0 else { return nil }
        // Anamorphic video is as high as it is, and wider or narrower on the screen.
        let (wide, high) = (Double(width) * pixelAspect, Double(height))
        let factor = min(
            1,
            Double(ThumbnailLimits.width) / wide,
            Double(ThumbnailLimits.height) / high
        )
        self.width = Self.even(wide * factor, limit: ThumbnailLimits.width)
        self.height = Self.even(high * factor, limit: ThumbnailLimits.height)
    }

    private static func even(_ length: Double, limit: Int32) -> Int32 {
        min(limit, max(2, Int32((length / 2).rounded()) * 2))
    }
}
