/// What a low-latency playlist and its server owe, one line of the report each.
///
/// draft-pantos-hls-rfc8216bis; sections of it in the titles.
package enum CheckRule: String, CaseIterable, Sendable {
    case readable
    case targetDurationFixed
    case partTargetFixed
    case serverControlSame
    case holdBack
    case partHoldBack
    case skipUntil
    case version
    case noTypeWhenSliding
    case longEnough
    case segmentWithinTarget
    case segmentIsSumOfParts
    case partWithinTarget
    case partLongEnough
    case partsOnlyAtTheEnd
    case tagsBeforeParts
    case programDateTime
    case sequenceNumber
    case discontinuitySequence
    case segmentsUnchanged
    case hintPresent
    case hintBecomesPart
    case hintServedWhole
    case reports
    case reportsFresh
    case partMeasured
    case independentParts
    case segmentIsItsParts
    case droppedPartsKept
    case heldUntilThere
    case neverUnchanged
    case partsInTime
    case unavailableOnlyLate
    case oldNumberAtOnce
    case partWithoutNumber
    case numberTooFar
    case partTooFar
    case malformedNumber
    case unknownPart
    case futureErrorsUncached
    case deltaUpdate
    case playlistCache
    case reloadCache
    case mediaCache
    case age
    case gzip
    case inStep

    package var title: String {
        switch self {
        case .readable: "what is named is there and can be read"
        case .targetDurationFixed: "TARGETDURATION never changes, one for all (6.2.1, 6.2.4)"
        case .partTargetFixed: "PART-TARGET never changes, one for all"
        case .serverControlSame: "SERVER-CONTROL is the same everywhere"
        case .holdBack: "HOLD-BACK is at least 3 target durations (4.4.3.8)"
        case .partHoldBack: "PART-HOLD-BACK is at least 3 PART-TARGET (Apple 14.3)"
        case .skipUntil: "CAN-SKIP-UNTIL is at least 6 target durations (4.4.3.8)"
        case .version: "EXT-X-VERSION is what is used (8)"
        case .noTypeWhenSliding: "no PLAYLIST-TYPE while segments go (6.2.2)"
        case .longEnough: "never shorter than 3 target durations (6.2.2)"
        case .segmentWithinTarget: "EXTINF, rounded, is at most TARGETDURATION (4.4.3.1)"
        case .segmentIsSumOfParts: "EXTINF is its parts' sum"
        case .partWithinTarget: "a part is at most PART-TARGET (4.4.4.9)"
        case .partLongEnough: "a part is at least 85 % of it, where it must (4.4.4.9)"
        case .partsOnlyAtTheEnd: "no parts further than 3 target durations from the end (6.2.2)"
        case .tagsBeforeParts: "MAP, DISCONTINUITY, dates stand before the first part (4.4.4.9)"
        case .programDateTime: "PROGRAM-DATE-TIME is there and goes on with the media"
        case .sequenceNumber: "media sequence numbers never go back (6.2.2)"
        case .discontinuitySequence: "discontinuity sequence goes on with what left (6.2.2)"
        case .segmentsUnchanged: "what was told stays (6.2.1)"
        case .hintPresent: "one PRELOAD-HINT for a part, none after the end (4.4.5.3)"
        case .hintBecomesPart: "what was hinted becomes the next part"
        case .hintServedWhole: "a hinted part is held, then served whole (6.2.6)"
        case .reports: "RENDITION-REPORT for every other playlist (B.1)"
        case .reportsFresh: "reports are no older than a part"
        case .partMeasured: "a part's samples are as long as its DURATION"
        case .independentParts: "INDEPENDENT parts start with a sync sample"
        case .segmentIsItsParts: "a segment's bytes are its parts'"
        case .droppedPartsKept: "parts that left can still be had (6.2.2)"
        case .heldUntilThere: "a blocking reload has what it waited for (6.2.5.2)"
        case .neverUnchanged: "a blocking reload is never what was there before"
        case .partsInTime: "a part comes within a PART-TARGET of the one before (6.2.1)"
        case .unavailableOnlyLate: "503 only after 3 target durations (6.2.5.2)"
        case .oldNumberAtOnce: "an old number is answered at once, in full (6.2.5.2)"
        case .partWithoutNumber: "a part without a number is 400 (6.2.5.2)"
        case .numberTooFar: "a number too far ahead is 400 (6.2.5.2)"
        case .partTooFar: "a part too far ahead is 400 (6.2.5.2)"
        case .malformedNumber: "a number that is none is 400"
        case .unknownPart: "a part that nobody hinted is 404 (6.2.6)"
        case .futureErrorsUncached: "an error for what is not there yet has no life in caches"
        case .deltaUpdate: "a delta update is the playlist without its old segments (6.2.5.1)"
        case .playlistCache: "a playlist lives half a target duration in caches (B.1)"
        case .reloadCache: "a blocking reload lives up to 6 target durations (B.1)"
        case .mediaCache: "media may be cached (B.1)"
        case .age: "Age is a number of seconds where it is told (B.1)"
        case .gzip: "playlists come compressed to those who take it"
        case .inStep: "playlists are in step: same numbers, dates and lengths (6.2.4)"
        }
    }
}
