import Foundation

/// How a packaged video differs from its source.
struct Comparison {
    var source: Decoded
    var packaged: Decoded
    /// Pictures that may come before the source's first.
    ///
    /// An edit list that hides the start of a frame group cannot be said in HLS: those are shown.
    var lead = 0
    /// How far a picture may stand from its time, 90 000 a second: one for rounding, more where
    /// the source itself counts in milliseconds.
    var tickTolerance: Int64 = 1
    /// Samples in a coded frame of sound.
    var soundFrame = 1024

    /// The first difference of the pictures or of their distances in time, nil for none.
    var pictureDifference: String? {
        let extra = packaged.pictures.count - source.pictures.count
        guard (0...lead).contains(extra) else {
            return "\(packaged.pictures.count) pictures instead of \(source.pictures.count)"
        }
        let pictures = packaged.pictures.dropFirst(extra)
        guard let first = pictures.first, let sourceFirst = source.pictures.first else {
            return nil
        }
        for (index, (ours, theirs)) in zip(pictures, source.pictures).enumerated() {
            if ours.hash != theirs.hash { return "picture \(index) differs" }
            let (time, expected) = (ours.ticks - first.ticks, theirs.ticks - sourceFirst.ticks)
            if abs(time - expected) > tickTolerance {
                return "picture \(index) at \(time), not \(expected)"
            }
        }
        return nil
    }

    /// The first difference of the sound, sample for sample, nil for none.
    ///
    /// The decoder needs two frames to find its feet. As much may come before the source's start
    /// (priming) and behind its end.
    var soundDifference: String? {
        guard let shift = soundShift else { return "the sound is not the source's" }
        let slack = 2 * soundFrame
        let soundLead = lead * source.sampleRate / 25
        guard (-slack...(slack + soundLead)).contains(shift) else {
            return "the sound is \(shift) samples from its place"
        }
        let (ours, theirs) = (packaged.sound, source.sound)
        guard abs(ours.count - theirs.count) <= slack + soundLead else {
            return "\(ours.count) samples of sound instead of \(theirs.count)"
        }
        let common = min(theirs.count, ours.count - shift)
        guard theirs[slack..<common] == ours[(slack + shift)..<(common + shift)] else {
            return "the sound differs after a while"
        }
        return nil
    }

    /// Samples of packaged sound before the source's first: where its middle is found again,
    /// looking ever further from where it was.
    private var soundShift: Int? {
        let length = source.sampleRate / 100
        let middle = source.sound.count / 2
        guard middle + length <= source.sound.count else { return nil }
        let probe = source.sound[middle..<(middle + length)]
        for distance in 0...(16 * soundFrame) {
            for shift in [distance, -distance] {
                let start = middle + shift
                guard start >= 0, start + length <= packaged.sound.count else { continue }
                if packaged.sound[start..<(start + length)] == probe { return shift }
            }
        }
        return nil
    }

    /// Seconds that sound comes later against the picture than in the source.
    var soundDelaySeconds: Double? {
        guard let shift = soundShift, !source.pictures.isEmpty else { return nil }
        let extra = packaged.pictures.count - source.pictures.count
        guard packaged.pictures.indices.contains(extra) else { return nil }
        let sound = packaged.soundStartSeconds + Double(shift) / Double(packaged.sampleRate)
        let video = packaged.pictures[extra].seconds
        return (sound - video) - (source.soundStartSeconds - source.pictures[0].seconds)
    }
}
