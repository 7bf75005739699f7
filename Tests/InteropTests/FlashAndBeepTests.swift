import Foundation
import TestSupport
import Testing

/// A white flash and a beep at the same moment, once a second: measured after decoding, not read
/// from time stamps.
@Suite(.origin(["flashbeep"]))
struct FlashAndBeepTests {
    /// Where the mean brightness of a picture says that it is a flash.
    private static let white: UInt8 = 128
    private static let loud = 8000

    /// The moments at which flashes and beeps begin, on the clock of the player.
    private func moments(_ input: String) async throws -> (flashes: [Double], beeps: [Double]) {
        let folder = try TemporaryFolder()
        try await Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-i", input, "-map", "0:v:0", "-vf",
                "scale=1:1:flags=area,format=gray", "-vsync", "passthrough", "-f", "rawvideo",
                folder.path("brightness"),
            ]
        )
        let brightness = try Data(contentsOf: URL(fileURLWithPath: folder.path("brightness")))
        let decoded = try await Decoded.decode(input)
        var flashes: [Double] = []
        for (index, value) in brightness.enumerated() where value > Self.white {
            if index == 0 || brightness[index - 1] <= Self.white {
                flashes.append(decoded.pictures[index].seconds)
            }
        }
        var beeps: [Double] = []
        var lastLoud = -decoded.sampleRate
        for (index, value) in decoded.sound.enumerated() where abs(Int(value)) > Self.loud {
            if index - lastLoud > decoded.sampleRate / 2 {
                beeps.append(
                    decoded.soundStartSeconds + Double(index) / Double(decoded.sampleRate)
                )
            }
            lastLoud = index
        }
        return (flashes, beeps)
    }

    @Test(arguments: Format.allCases)
    func flashAndBeepStayTogether(_ format: Format) async throws {
        let origin = try Origin.running
        let (flashes, beeps) = try await moments(origin.media + format.path(of: "flashbeep"))
        #expect(flashes.count == 10)
        #expect(beeps.count == 10)
        let audioFrame = 1024.0 / 48_000
        for (flash, beep) in zip(flashes, beeps) {
            #expect(abs(flash - beep) <= audioFrame, "flash at \(flash) s, beep at \(beep) s")
        }
    }

    @Test func theSourceItselfIsTogether() async throws {
        let (flashes, beeps) = try await moments(try await Fixture.path("flashbeep"))
        #expect(flashes.count == 10)
        #expect(zip(flashes, beeps).allSatisfy { abs($0 - $1) < 0.005 })
    }
}
