import Foundation
import TestSupport
import Testing

/// The whole way: what ffmpeg decodes from the origin is what it decodes from the source.
@Suite(.origin(PlaybackCase.all.map(\.fixture) + ["ladder"]))
struct PlaybackTests {
    @Test(arguments: PlaybackCase.all)
    func everyFormatDecodesToTheSource(_ item: PlaybackCase) async throws {
        let origin = try Origin.running
        let source = try await Decoded.decode(
            try await Fixture.path(item.fixture),
            video: item.hasVideo,
            audio: item.hasAudio
        )
        for format in Format.allCases where format != .transportStream || item.fitsTransportStream {
            let packaged = try await Decoded.decode(
                origin.media + format.path(of: item.fixture),
                video: item.hasVideo,
                audio: item.hasAudio
            )
            let comparison = Comparison(
                source: source,
                packaged: packaged,
                lead: item.lead,
                soundFrame: item.soundFrame
            )
            if item.hasVideo { #expect(comparison.pictureDifference == nil, "\(format)") }
            if item.hasAudio { #expect(comparison.soundDifference == nil, "\(format)") }
            if item.hasVideo, item.hasAudio {
                let delay = comparison.soundDelaySeconds
                let frame = Double(item.soundFrame) / Double(source.sampleRate)
                #expect(abs(delay ?? .infinity) <= frame, "\(format)")
            }
        }
    }

    @Test func aQualityAndALanguageCanBeChosen() async throws {
        let origin = try Origin.running
        let folder = try await Fixture.path("ladder")
        let picture = try await Decoded.decode(folder + "/360p.mp4", audio: false)
        let sound = try await Decoded.decode(folder + "/audio.de.m4a", video: false)
        for format in Format.allCases {
            let chosen = format.path(of: "ladder") + "?quality=360p&audio=de"
            let packaged = try await Decoded.decode(origin.media + chosen)
            let pictures = Comparison(source: picture, packaged: packaged)
            let sounds = Comparison(source: sound, packaged: packaged)
            #expect(pictures.pictureDifference == nil, "\(format)")
            // In MPEG-TS the default language is in the video's segments and all are offered.
            if format != .transportStream {
                #expect(sounds.soundDifference == nil, "\(format)")
            }
        }
    }
}
