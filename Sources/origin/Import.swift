import ArgumentParser
import OriginServer
import Platform
import Transcoding

/// `origin import`: brings a media file of any container into the library, remuxed.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings a media file of any container into the library; nothing is re-encoded."
    )

    @Argument(help: "The media file: MKV, WebM, MOV, MPEG-TS, FLV, AVI, MP4, …")
    var path: String

    @Option(help: "The video's id in addresses. Default: from the file's name.")
    var id: String?

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "Folder for indexes and all else the origin makes.")
    var data: String?

    @Option(help: "Folder that holds the videos.")
    var media: String?

    func run() async throws {
        let configuration: OriginConfiguration
        do {
            var values = try options.values()
            values.override("data", data)
            values.override("library", media)
            configuration = try OriginConfiguration(&values)
            try FileBytes.makeFolders(configuration.mediaFolder)
        } catch let error as ConfigurationError {
            throw ValidationError("\(error)")
        }
        let code = await ImportCommand.run(path: path, library: configuration.mediaFolder, id: id)
        guard code == 0 else { throw ExitCode(code) }
    }
}

/// The child process that does an import's work; `origin import` starts it.
struct ImportChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-child",
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() throws {
        throw ExitCode(ImportChild.main(arguments: arguments))
    }
}
