import MediaHTTP

/// Makes a video of the library of what a publish left; on a writer's thread, or at the start after
/// a crash.
///
/// Each step may be done again when it was cut short.
struct RecordingFinish: Sendable {
    let places: RecordingPlaces
    let files: [RecordedTrack]
    /// Who still reads each file; empty after a restart.
    let readers: [RecordedFile]
    let endedMicroseconds: Int64
    let isComplete: Bool
    let configuration: RecordingConfiguration

    /// - Returns: the video, or nil where not a single part was kept.
    func run() throws(RecordingError) -> FinishedRecording? {
        let kept = files.indices.filter { files[$0].endBytes > UInt64(files[$0].header.sizeBytes) }
        guard !kept.isEmpty else {
            Folder.remove(places.mediaFolder)
            Folder.remove(places.folder)
            return nil
        }
        let names = Self.names(of: kept.map { files[$0] })
        if !Folder.exists(places.libraryFolder) {
            try complete(kept, names)
            Folder.removeFiles(in: places.mediaFolder, except: Set(names))
        }
        let finished = FinishedRecording(
            id: places.id,
            streamID: places.streamID,
            endedMicroseconds: endedMicroseconds,
            sizeBytes: kept.reduce(0) { $0 + files[$1].endBytes },
            isComplete: isComplete,
            files: names
        )
        // The summary first: whoever finds it knows that the folder of this id was made here.
        try write(finished)
        if !Folder.exists(places.libraryFolder) {
            try Folder.make(configuration.libraryFolder)
            try Folder.rename(places.mediaFolder, to: places.libraryFolder)
            if configuration.sync != .never { Folder.sync(configuration.libraryFolder) }
        }
        return finished
    }

    private func complete(_ kept: [Int], _ names: [String]) throws(RecordingError) {
        for (index, name) in zip(kept, names) {
            let path = places.mediaFolder + "/" + files[index].fileName
            let final = places.mediaFolder + "/" + name
            // All were complete before the first got its name.
            if Folder.fileSizeBytes(path) == nil, Folder.fileSizeBytes(final) != nil { continue }
            let reader = readers.indices.contains(index) ? readers[index] : nil
            try files[index].complete(in: places.mediaFolder, file: reader)
            if configuration.sync != .never { try WritableFile(path).sync() }
        }
        for (index, name) in zip(kept, names) {
            let path = places.mediaFolder + "/" + files[index].fileName
            guard Folder.fileSizeBytes(path) != nil else { continue }
            try Folder.rename(path, to: places.mediaFolder + "/" + name)
        }
        if configuration.sync != .never { Folder.sync(places.mediaFolder) }
    }

    private func write(_ finished: FinishedRecording) throws(RecordingError) {
        let temporary = places.summary + ".tmp"
        let file = try WritableFile(temporary)
        try file.truncate(to: 0)
        try file.write(Array(finished.text.utf8), at: 0)
        if configuration.sync != .never { try file.sync() }
        try Folder.rename(temporary, to: places.summary)
    }

    /// Names in the library, one for each file.
    static func names(of files: [RecordedTrack]) -> [String] {
        var taken: Set<String> = []
        return files.map { file in
            let name = RecordingName.file(
                file.track,
                generation: file.generation,
                taken: taken
            )
            taken.insert(name)
            return name
        }
    }
}

extension Folder {
    /// Removes the files of a folder but some.
    static func removeFiles(in path: String, except kept: Set<String>) {
        for name in names(in: path) where !kept.contains(name) { removeFile(path + "/" + name) }
    }

    /// All of a small file of ours; nil where there is none.
    static func read(_ path: String, limitBytes: Int) -> [UInt8]? {
        guard let file = try? StoredFile(opening: path),
            file.identity.sizeBytes <= UInt64(limitBytes)
        else {
            return nil
        }
        return try? file.bytes(offsetBytes: 0, count: Int(file.identity.sizeBytes))
    }
}
