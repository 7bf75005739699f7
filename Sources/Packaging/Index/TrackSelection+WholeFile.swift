import ISOBMFF

extension TrackSelection {
    /// Whether a video's file can be answered as it stands where a progressive file is asked for.
    ///
    /// It must be fast to start, hold the video and the audio that a muxed file would, nothing
    /// else, and need nothing that packaging would do: no sample left out by an edit list, no other
    /// start of the timeline. The file is better than one made of it: it keeps what packaging does
    /// not know of, and is one range to send.
    func isWholeFile(_ choice: Choice) -> Bool {
        guard choice.track.kind == .video, choice.file.movie.isFastStart,
            all.contains(where: { $0.timed.start == 0 }), choice.timed.isUntrimmed
        else { return false }
        let others = choice.file.movie.tracks.filter { $0.id != choice.track.id }
        guard let audio = defaultAudio else { return others.isEmpty }
        guard others.count == 1, others[0].kind == .audio, audio.timed.isUntrimmed else {
            return false
        }
        return LanguageTag.shortest(of: others[0].language) == audio.language
            && others[0].isSameMedia(as: audio.track)
    }

    /// The audio that plays where nobody chooses; a progressive file has it alone.
    private var defaultAudio: Choice? {
        audio.first { $0.role == .main } ?? audio.first
    }
}

extension TimedTrack {
    /// Whether all samples of the source are packaged.
    fileprivate var isUntrimmed: Bool { range == 0..<source.samples.count }
}
