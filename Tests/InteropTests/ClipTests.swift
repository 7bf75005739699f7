import Foundation
import TestSupport
import Testing

/// `?start=&end=`: a clip from key frame to key frame, in every format.
@Suite(.origin(["basic", "bframes"]))
struct ClipTests {
    @Test(arguments: ["basic", "bframes"])
    func aClipIsThatPartOfTheSource(_ fixture: String) async throws {
        let origin = try Origin.running
        let source = try await Decoded.decode(try await Fixture.path(fixture))
        for format in Format.allCases {
            // Key frames are 2 s apart, so one stands at either end.
            let clip = format.path(of: fixture) + "?start=2&end=8"
            let packaged = try await Decoded.decode(origin.media + clip)
            var part = source
            part.pictures = Array(source.pictures[50..<200])
            #expect(packaged.pictures.map(\.hash) == part.pictures.map(\.hash), "\(format)")
            let seconds = Double(packaged.sound.count) / Double(packaged.sampleRate)
            #expect(abs(seconds - 6) < 0.1, "\(format): \(seconds) s of sound")
        }
    }

    @Test(arguments: ["start=x", "start=5&end=3", "start=100", "start=-1"])
    func aClipThatCannotBeIsRefused(_ query: String) async throws {
        let origin = try Origin.running
        for format in Format.allCases {
            let response = try await origin.get(
                "\(origin.media)\(format.path(of: "basic"))?\(query)"
            )
            #expect(response.status == 400, "\(format)")
        }
    }
}
