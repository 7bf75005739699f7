import Logging

/// What a restart finds of one stream: finishes what a crash cut short, and brings back the window.
struct StreamRecovery: Sendable {
    let streamID: String
    let surroundings: RecordingSurroundings

    struct Found: Sendable {
        var finished: [FinishedRecording] = []
        /// With media that are in the window still, oldest first.
        var publishes: [RestoredPublish] = []
    }

    /// Blocks; for before anything is published.
    func run() -> Found {
        var found = Found()
        let folder = surroundings.configuration.folder + "/" + streamID
        for id in Folder.names(in: folder) where Folder.exists(folder + "/" + id) {
            let places = RecordingPlaces(
                streamID: streamID,
                id: id,
                configuration: surroundings.configuration,
                isSplit: surroundings.isSplit
            )
            do throws(RecordingError) {
                try recover(places, &found)
            } catch {
                surroundings.logger.error(
                    "what is left of a recording cannot be used",
                    metadata: ["recording": "\(id)", "error": "\(error)"]
                )
            }
        }
        Folder.removeEmpty(folder)
        found.publishes.sort { $0.startMicroseconds < $1.startMicroseconds }
        return found
    }

    private func recover(
        _ places: RecordingPlaces,
        _ found: inout Found
    ) throws(RecordingError) {
        var summary = Folder.read(places.summary, limitBytes: RecordingLimits.summaryBytes)
            .flatMap { FinishedRecording(text: String(decoding: $0, as: UTF8.self)) }
        let isMoved = Folder.exists(places.libraryFolder)
        if summary != nil, !isMoved, !Folder.exists(places.mediaFolder) {
            // Somebody removed the video from the library.
            Folder.remove(places.folder)
            return
        }
        guard Folder.fileSizeBytes(places.journal) != nil else {
            if let summary, isMoved { found.finished.append(summary) }
            if summary == nil { Folder.remove(places.folder) }
            return
        }
        let isWhole = summary != nil || !surroundings.configuration.isOn && isMoved
        var publish = try RestoredPublish(
            places,
            mediaFolder: isWhole || isNamed(places) ? nil : places.mediaFolder
        )
        if !(summary != nil && isMoved), surroundings.configuration.isOn {
            summary = try finish(publish, places)
        }
        if let summary { found.finished.append(summary) }
        let window =
            surroundings.configuration.rewindMicroseconds + RecordingLimits.removalMicroseconds
        guard publish.endMicroseconds + window > surroundings.now() else {
            Folder.removeFile(places.journal)
            if summary == nil {
                Folder.remove(places.mediaFolder)
                Folder.remove(places.folder)
            }
            return
        }
        publish.isVideo = summary != nil
        openReaders(of: &publish, in: publish.isVideo ? places.libraryFolder : places.mediaFolder)
        found.publishes.append(publish)
    }

    /// Whether files have their last names already: then they are complete.
    private func isNamed(_ places: RecordingPlaces) -> Bool {
        Folder.fileSizeBytes(places.mediaFolder + "/v0.mp4") == nil
            && Folder.fileSizeBytes(places.mediaFolder + "/a0.mp4") == nil
            && !Folder.names(in: places.mediaFolder).isEmpty
    }

    private func finish(
        _ publish: RestoredPublish,
        _ places: RecordingPlaces
    ) throws(RecordingError) -> FinishedRecording? {
        if !isNamed(places) { try publish.cutFiles(in: places.mediaFolder) }
        let work = RecordingFinish(
            places: places,
            files: publish.files,
            readers: [],
            endedMicroseconds: publish.endMicroseconds,
            isComplete: publish.isEnded,
            configuration: surroundings.configuration
        )
        return try work.run()
    }

    private func openReaders(of publish: inout RestoredPublish, in folder: String) {
        let kept = publish.files.filter { $0.endBytes > UInt64($0.header.sizeBytes) }
        let names = RecordingFinish.names(of: kept)
        var next = 0
        publish.readers = publish.files.map { file in
            guard file.endBytes > UInt64(file.header.sizeBytes) else { return nil }
            defer { next += 1 }
            let name = publish.isVideo ? names[next] : file.fileName
            let reader = try? RecordedFile(
                opening: folder + "/" + name,
                headerBytes: file.header.sizeBytes
            )
            if publish.isVideo { reader?.note(patches: file.patches.map(\.offsetBytes)) }
            return reader
        }
    }
}
