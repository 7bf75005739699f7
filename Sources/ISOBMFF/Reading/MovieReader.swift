/// Reads what the headers of an MP4 file say: `moov`, and the `moof`s of a fragmented file.
///
/// ISO/IEC 14496-12
package struct MovieReader {
    /// Reads a file's headers; the bytes of its samples are not touched.
    ///
    /// A fragmented file that ends in the middle of a fragment, as a recording that was killed
    /// does, yields the fragments that are whole.
    ///
    /// - Throws: `ISOBMFFError` for what is wrong with the file, else what the source throws.
    package static func read(
        _ source: some ByteSource,
        limits: ISOBMFFLimits = .default
    ) throws -> Movie {
        guard source.sizeBytes <= limits.fileBytes else {
            let (size, limit) = (source.sizeBytes, limits.fileBytes)
            throw ISOBMFFError.fileTooLarge(sizeBytes: size, limitBytes: limit)
        }
        willRead(source)
        var scan = TopLevelScan(source, limits: limits)
        guard let first = try firstBox(&scan) else { throw ISOBMFFError.notISOBMFF }
        var assembly: MovieAssembly?
        var mayBeFastStart = false
        var next: TopLevelScan.Box? = first
        while let box = next {
            switch box.header.type {
            case "ftyp" where !box.isCut && box.sizeBytes <= limits.fileTypeBoxBytes:
                mayBeFastStart = try isMP4(scan.read(box, limitBytes: limits.fileTypeBoxBytes))
            case "mdat" where assembly == nil:
                mayBeFastStart = false
                // A `moov` behind the samples is the rest of the file.
                if !box.isCut {
                    let end = box.offsetBytes + box.sizeBytes
                    source.willNeed(offsetBytes: end, count: tailBytes)
                }
            case "moov" where assembly == nil:
                source.willNeed(
                    offsetBytes: box.offsetBytes,
                    count: Int(min(box.sizeBytes, limits.movieBoxBytes)) + frontBytes
                )
                let moov = try scan.read(box, limitBytes: limits.movieBoxBytes)
                assembly = try MovieAssembly(
                    moov,
                    fileSizeBytes: source.sizeBytes,
                    limits: limits
                )
            case "moof" where !box.isCut:
                guard assembly != nil else { throw ISOBMFFError.missing(box: "moov") }
                let moof = try scan.read(box, limitBytes: limits.fragmentBoxBytes)
                try assembly?.append(moof)
            default:
                break
            }
            // Without `mvex` the `moov` has said everything: no need to look behind it.
            if assembly?.isFragmented == false { break }
            next = try scan.next()
        }
        guard let assembly else { throw ISOBMFFError.missing(box: "moov") }
        var movie = try assembly.movie()
        movie.isFastStart = mayBeFastStart && !movie.isFragmented
        return movie
    }

    /// Says that a file will soon be read; blocks no longer than it takes to ask.
    package static func willRead(_ source: some ByteSource) {
        source.willNeed(offsetBytes: 0, count: frontBytes)
    }

    /// Says the same of the `moov` itself, for which it looks where that is.
    ///
    /// For a file that is read after another one, so that it comes meanwhile. What is wrong with
    /// the file, `read` will tell.
    package static func willReadMovieBox(
        _ source: some ByteSource,
        limits: ISOBMFFLimits = .default
    ) {
        var scan = TopLevelScan(source, limits: limits)
        while let box = try? scan.next() {
            switch box.header.type {
            case "moov":
                let size = min(box.sizeBytes, limits.movieBoxBytes)
                return source.willNeed(offsetBytes: box.offsetBytes, count: Int(size))
            case "mdat" where !box.isCut:
                let end = box.offsetBytes + box.sizeBytes
                return source.willNeed(offsetBytes: end, count: tailBytes)
            case "moof", "mdat":
                return
            default:
                continue
            }
        }
    }

    /// Read ahead in one go, so that a disk is waited for once: the `moov` of a few minutes with its
    /// first samples; of a longer one what follows it.
    private static let frontBytes = 64 << 10
    /// Likewise of a `moov` behind the samples.
    private static let tailBytes = 1 << 20

    /// Whether a `ftyp` names no QuickTime file, whose sample entries MP4 players need not know.
    private static func isMP4(_ fileType: BoxReader) throws(ISOBMFFError) -> Bool {
        var fileType = fileType
        guard fileType.remaining >= 4 else { return false }
        return try fileType.readFourCC() != "qt  "
    }

    /// Box types that a file may start with; anything else is no MP4 file.
    private static let firstTypes: Set<FourCC> = [
        "ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "pnot", "sidx", "uuid",
        "meta", "udta", "prft", "emsg",
    ]

    private static func firstBox<Source: ByteSource>(
        _ scan: inout TopLevelScan<Source>
    ) throws -> TopLevelScan<Source>.Box? {
        do {
            guard let box = try scan.next(), firstTypes.contains(box.header.type) else {
                return nil
            }
            return box
        } catch ISOBMFFError.invalid {
            return nil
        }
    }
}
