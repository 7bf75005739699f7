/// Where one publish keeps its files.
///
/// While it runs: `{folder}/{stream}/{id}/` with its journal, and its media in `media/` below. Where
/// the library is on another file system, the media lie there from the start, in a folder that the
/// library does not look into, as a finished recording moves by one rename.
struct RecordingPlaces: Hashable, Sendable {
    let streamID: String
    let id: String
    /// Of the journal and the summary; stays as long as either is needed.
    let folder: String
    /// Of the media while they are written.
    let mediaFolder: String
    /// Of the video that it becomes.
    let libraryFolder: String

    init(streamID: String, id: String, configuration: RecordingConfiguration, isSplit: Bool) {
        self.streamID = streamID
        self.id = id
        folder = configuration.folder + "/" + streamID + "/" + id
        mediaFolder =
            isSplit ? configuration.libraryFolder + "/.live/" + id : folder + "/media"
        libraryFolder = configuration.libraryFolder + "/" + id
    }

    var journal: String { folder + "/journal" }
    var summary: String { folder + "/summary" }

    /// A track's file while it is written: `v0.mp4`, `v0-2.mp4`.
    static func fileName(_ track: String, generation: Int) -> String {
        generation == 1 ? "\(track).mp4" : "\(track)-\(generation).mp4"
    }
}
