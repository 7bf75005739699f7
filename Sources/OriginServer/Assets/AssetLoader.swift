import ISOBMFF
package import Logging
import MediaHTTP
package import Packaging
import Synchronization

/// Makes a loaded asset of the files of a video: from its stored index where that fits, else by
/// reading the files' headers.
///
/// Blocks, so it runs on the store's threads.
package struct AssetLoader: Sendable {
    private let configuration: PackagingConfiguration
    private let indexFile: IndexFile
    private let logger: Logger
    private let keeping = KeepingState()

    package init(configuration: PackagingConfiguration, indexFile: IndexFile, logger: Logger) {
        self.configuration = configuration
        self.indexFile = indexFile
        self.logger = logger
    }

    /// What was loaded, and whether its index should be stored.
    package struct Result: Sendable {
        package var asset: LoadedAsset
        package var isFresh: Bool
    }

    package func load(id: String, snapshot: LibrarySnapshot) throws(AssetFailure) -> Result {
        // Before the files, whose headers need not be read where it fits.
        let kept = indexFile.read(id: id, snapshot: snapshot, configuration: configuration)
        var files: [StoredFile] = []
        for file in snapshot.mediaFiles {
            let stored = try open(file)
            // All of them at once, so that the disk is waited for once.
            if kept == nil { MovieReader.willRead(DiskByteSource(stored)) }
            files.append(stored)
        }
        if let kept, kept.files.count == files.count {
            let asset = LoadedAsset(id: id, index: kept, files: files, snapshot: snapshot)
            return Result(asset: asset, isFresh: false)
        }
        let index = try build(id: id, snapshot: snapshot, files: files)
        let asset = LoadedAsset(id: id, index: index, files: files, snapshot: snapshot)
        return Result(asset: asset, isFresh: true)
    }

    /// Keeps a fresh index for the next start; that it cannot be kept costs time only.
    ///
    /// A full disk is told of once, and not for each video.
    package func store(_ asset: LoadedAsset) {
        do {
            try indexFile.write(
                asset.index,
                id: asset.id,
                snapshot: asset.snapshot,
                configuration: configuration
            )
            if keeping.isFailing.exchange(false, ordering: .relaxed) {
                logger.notice("indexes are kept again")
            }
        } catch {
            guard !keeping.isFailing.exchange(true, ordering: .relaxed) else { return }
            logger.warning(
                "an index could not be kept; more such are not told",
                metadata: ["video": "\(asset.id)", "error": "\(error)"]
            )
        }
    }

    /// Opens a file and makes sure that it is the one that the snapshot saw.
    private func open(_ file: LibrarySnapshot.File) throws(AssetFailure) -> StoredFile {
        let stored: StoredFile
        do {
            stored = try StoredFile(opening: file.path)
        } catch {
            throw .unavailable(reason: "\(file.name) cannot be opened")
        }
        guard FileIdentity(stored.identity) == file.identity else {
            throw .unavailable(reason: "\(file.name) is being replaced")
        }
        return stored
    }

    private func build(
        id: String,
        snapshot: LibrarySnapshot,
        files: [StoredFile]
    ) throws(AssetFailure) -> AssetIndex {
        var source = AssetSource(files: [])
        for (position, file) in snapshot.mediaFiles.enumerated() {
            let stored = files[position]
            do {
                if position + 1 < files.count {
                    // Comes while this one is read.
                    MovieReader.willReadMovieBox(DiskByteSource(files[position + 1]))
                }
                let bytes = DiskByteSource(stored)
                let movie = try MovieReader.read(bytes)
                var media = sourceFile(file, movie: movie)
                for track in movie.tracks where track.kind == .video {
                    media.hasCaptions[track.id] = try CaptionScan.hasCaptions(track, in: bytes)
                }
                for track in movie.tracks where EmbeddedText.reads(track) {
                    source.texts.append(try EmbeddedText(track, name: file.name, in: bytes))
                }
                source.files.append(media)
            } catch is StoredBodyError {
                throw .unavailable(reason: "\(file.name) cannot be read")
            } catch {
                throw .broken(file: file.name, reason: "\(error)")
            }
        }
        for file in snapshot.files {
            guard case .subtitles(let language, let role) = file.meaning,
                let bytes = FileBytes.read(path: file.path, limit: LibraryLimits.subtitleBytes)
            else {
                continue
            }
            source.subtitles.append(
                SubtitleFile(name: file.name, language: language, role: role, bytes: bytes)
            )
        }
        do {
            return try AssetIndex.build(from: source, configuration: configuration)
        } catch {
            throw .broken(file: snapshot.mediaFiles[0].name, reason: "\(error)")
        }
    }

    private func sourceFile(_ file: LibrarySnapshot.File, movie: Movie) -> SourceFile {
        var result = SourceFile(
            name: file.name,
            sizeBytes: file.identity.sizeBytes,
            movie: movie
        )
        switch file.meaning {
        case .rendition(let name):
            result.rendition = name
        case .audio(let language, let role):
            result.audioLanguage = language
            result.role = role
        case .subtitles, nil:
            break
        }
        return result
    }
}

/// Whether the last index could not be kept.
private final class KeepingState: Sendable {
    let isFailing = Atomic<Bool>(false)
}
