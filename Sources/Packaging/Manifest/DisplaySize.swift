import ISOBMFF

extension AssetTrack {
    /// Size in square pixels at which the video is meant to be seen, after rotation.
    ///
    /// The track header's size where it has one, else the coded size stretched in width by the
    /// sample aspect ratio. This is what `RESOLUTION` says.
    package var displaySize: (width: Int, height: Int) {
        var (width, height) = (displayWidth, displayHeight)
        if width <= 0 || height <= 0, let video = sampleEntries.first?.video {
            (width, height) = (video.width, video.height)
            let (across, down) = (video.pixelAspectHorizontal, video.pixelAspectVertical)
            if across > 0, down > 0 {
                width = (width * Int(across) + Int(down) / 2) / Int(down)
            }
        }
        return rotationDegrees % 180 == 0 ? (width, height) : (height, width)
    }

    /// Thousandths of frames a second, rounded to the nearest; 0 where not known.
    package var frameRateThousandths: Int64 {
        guard frameRateDenominator > 0 else { return 0 }
        let denominator = Int64(frameRateDenominator)
        return (Int64(frameRateNumerator) * 1000 + denominator / 2) / denominator
    }
}
