import Foundation
import OriginServer
import Platform
import Testing

struct OriginConfigurationTests {
    /// The file that is shipped, as it stands in the repository.
    private let shipped = #filePath.replacingOccurrences(
        of: "Tests/OriginServerTests/OriginConfigurationTests.swift",
        with: "origin-config/origin.yaml"
    )

    @Test func theShippedFileIsValidAndSaysTheDefaults() throws {
        var values = try ConfigurationValues(path: shipped, environment: [:])
        var nothing = ConfigurationValues(environment: [:])
        let fromFile = try OriginConfiguration(&values)
        let standard = try OriginConfiguration(&nothing)
        #expect(String(describing: fromFile) == String(describing: standard))
    }

    @Test func everyOptionStandsInTheShippedFile() throws {
        let text = try String(contentsOfFile: shipped, encoding: .utf8)
        var values = ConfigurationValues(environment: [:])
        _ = try OriginConfiguration(&values)
        for key in values.knownKeys {
            let name = key.split(separator: ".").last.map(String.init) ?? key
            #expect(text.contains("\(name):"), "\(key) is not described")
        }
    }

    @Test func theLibraryIsInTheDataFolderByDefault() throws {
        var values = ConfigurationValues(environment: ["MILLRACE_DATA": "/srv/millrace"])
        #expect(try OriginConfiguration(&values).mediaFolder == "/srv/millrace/media")
    }

    @Test(arguments: [
        "media: {listen: nowhere}", "media: {event_loops: -1}", "packaging: {segment_duration: 0s}",
        "log: {level: loud}", "assets: {memory: 1}", "media: {idle_timeout: 75}", "nonsense: 1",
    ])
    func aWrongValueIsRefused(yaml: String) throws {
        var values = ConfigurationValues(environment: [:])
        try values.add(yaml: yaml, path: "test.yaml")
        #expect(throws: ConfigurationError.self) { try OriginConfiguration(&values) }
    }
}
