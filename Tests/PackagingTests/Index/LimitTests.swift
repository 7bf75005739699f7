import ISOBMFF
import Packaging
import Testing

struct LimitTests {
    private func expectLimit(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout Track) -> Void
    ) {
        var track = MovieBuilder.video(frames: 10, gop: 10)
        change(&track)
        #expect(sourceLocation: sourceLocation) {
            try MovieBuilder.index(MovieBuilder.file(track))
        } throws: {
            if case PackagingError.limitExceeded = $0 { true } else { false }
        }
    }

    @Test func timesBeyondTheLimitsAreRefused() {
        expectLimit { $0.timescale = .max }
        expectLimit { $0.edit = Edit(emptyDuration: .max) }
        expectLimit { $0.edit = Edit(mediaTime: .max / 2) }
        expectLimit { $0.edit = Edit(mediaTime: -1) }
        expectLimit { $0.edit = Edit(duration: .max) }
        expectLimit { $0.samples.firstDecodeTime = .min }
        expectLimit {
            $0.timescale = 1
            $0.samples.durations = [UInt32](repeating: .max, count: 10)
        }
        expectLimit {
            $0.samples.compositionOffsets = [.min] + [Int32](repeating: .max, count: 9)
        }
        expectLimit { $0.sampleEntries = [SampleEntry](repeating: MovieBuilder.avc(), count: 256) }
    }

    @Test func sizesAndCountsBeyondTheLimitsAreRefused() {
        var huge = MovieBuilder.file(MovieBuilder.video(frames: 10, gop: 10))
        huge.sizeBytes = .max
        #expect(throws: PackagingError.limitExceeded("file size")) { try MovieBuilder.index(huge) }
        let files = [SourceFile](
            repeating: MovieBuilder.file(MovieBuilder.video(frames: 1, gop: 1)),
            count: IndexLimits.files + 1
        )
        #expect(throws: PackagingError.limitExceeded("64 files")) {
            try AssetIndex.build(
                from: AssetSource(files: files),
                configuration: PackagingConfiguration()
            )
        }
    }

    @Test func samplesOutsideTheFileAreAnError() {
        var file = MovieBuilder.file(MovieBuilder.video(frames: 10, gop: 10))
        file.sizeBytes = 20000
        #expect(throws: ISOBMFFError.self) { try MovieBuilder.index(file) }
        var track = MovieBuilder.video(frames: 10, gop: 10)
        track.samples.offsetsBytes[5] = .max
        #expect(throws: ISOBMFFError.self) { try MovieBuilder.index(MovieBuilder.file(track)) }
    }
}
