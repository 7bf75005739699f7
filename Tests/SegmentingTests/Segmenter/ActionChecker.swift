import Segmenting
import Testing

/// Walks what a segmenter told and says which rule it broke.
struct ActionChecker {
    var targetDurationSeconds: Int64 = 6

    private struct State {
        var number: UInt64?
        var isOpen = false
        var isGap = false
        var partIndex = 0
        var duration: Int64 = 0
        var shortPart: Int64?
        var programDateTime = Int64.min
        var discontinuitySequence: UInt64 = 0
        var timescale: Int64 = 1
        var initialization = 0
        var nextDecodeTime = Int64.min
    }

    private var states: [LiveTrackID: State] = [:]
    private var sequences: [UInt64: UInt64] = [:]
    private var target: Int64?
    private(set) var faults: [String] = []

    static func faults(_ segmented: Segmented, targetDurationSeconds: Int64 = 6) -> [String] {
        var checker = ActionChecker(targetDurationSeconds: targetDurationSeconds)
        for action in segmented.actions { checker.check(action) }
        for (track, state) in checker.states where state.isOpen {
            checker.faults.append("\(track.name) is left open")
        }
        let numbers = Set(checker.states.values.compactMap(\.number))
        if numbers.count > 1 { checker.faults.append("last numbers differ: \(numbers)") }
        return checker.faults
    }

    init(targetDurationSeconds: Int64 = 6) {
        self.targetDurationSeconds = targetDurationSeconds
    }

    private mutating func require(_ holds: Bool, _ rule: @autoclosure () -> String) {
        if !holds { faults.append(rule()) }
    }

    mutating func check(_ action: SegmenterAction) {
        switch action {
        case .initialization(let header):
            states[header.track.id, default: State()].timescale = Int64(header.track.timescale)
            states[header.track.id]?.initialization = header.number
        case .lowLatency(.parts(let microseconds)): target = microseconds
        case .lowLatency(.none): target = nil
        case .segmentBegan(let start): check(start)
        case .part(let part): check(part)
        case .segmentEnded(let end): check(end)
        case .event: break
        }
    }

    private mutating func check(_ start: SegmentStart) {
        let name = "\(start.track.name) \(start.number)"
        guard var state = states[start.track] else { return faults.append("\(name): no header") }
        require(!state.isOpen, "\(name): begins while one is open")
        if let before = state.number {
            require(start.number == before + 1, "\(name): follows \(before)")
            require(
                start.isDiscontinuity
                    == (start.discontinuitySequence == state.discontinuitySequence + 1),
                "\(name): discontinuity sequence"
            )
            require(
                start.isDiscontinuity || start.discontinuitySequence == state.discontinuitySequence,
                "\(name): discontinuity sequence jumps"
            )
        }
        require(start.programDateTime > state.programDateTime, "\(name): date goes back")
        require(start.initializationNumber == state.initialization, "\(name): header")
        require(
            sequences[start.number, default: start.discontinuitySequence]
                == start.discontinuitySequence,
            "\(name): discontinuity sequence differs from another track's"
        )
        sequences[start.number] = start.discontinuitySequence
        state.number = start.number
        state.isOpen = true
        state.isGap = start.isGap
        state.partIndex = 0
        state.duration = 0
        state.shortPart = nil
        state.programDateTime = start.programDateTime
        state.discontinuitySequence = start.discontinuitySequence
        // How long the last sample before it would have lasted is not known.
        if start.isDiscontinuity { state.nextDecodeTime = .min }
        require(target == nil || start.isIndependent, "\(name): not independent")
        states[start.track] = state
    }

    private mutating func check(_ part: LivePart) {
        let name = "\(part.track.name) \(part.segmentNumber).\(part.index)"
        guard var state = states[part.track] else { return }
        require(
            state.isOpen && state.number == part.segmentNumber,
            "\(name): not of the open segment"
        )
        require(part.index == state.partIndex, "\(name): index")
        require(part.duration > 0, "\(name): no duration")
        require(
            part.isGap || part.decodeTime >= state.nextDecodeTime,
            "\(name): time goes back by \(state.nextDecodeTime &- part.decodeTime)"
        )
        require(part.isGap == state.isGap && part.isGap == (part.sizeBytes == 0), "\(name): gap")
        if let shortPart = state.shortPart {
            faults.append("\(name): \(shortPart) µs before it is short of \(target ?? 0)")
        }
        let microseconds = part.duration * 1_000_000 / state.timescale
        if let target {
            require(microseconds <= target, "\(name): \(microseconds) > \(target)")
            state.shortPart =
                microseconds * 100 < target * 85 && !part.isGap ? microseconds : nil
        } else {
            state.shortPart = nil
        }
        if !part.isGap {
            let offset = part.descriptionIndexOffset
            require(
                Array(part.header[offset..<offset + 4]) == [0, 0, 0, 1],
                "\(name): description"
            )
        }
        // A gap's times are those of the tracks that have media; the next media may overlap them.
        if !part.isGap { state.nextDecodeTime = part.decodeTime + part.duration }
        state.duration += part.duration
        state.partIndex += 1
        states[part.track] = state
    }

    private mutating func check(_ end: SegmentEnd) {
        let name = "\(end.track.name) \(end.number)"
        guard var state = states[end.track] else { return }
        require(state.isOpen && state.number == end.number, "\(name): ends what is not open")
        require(end.duration == state.duration, "\(name): duration is not its parts'")
        require(state.partIndex > 0, "\(name): empty")
        let rounded = (end.duration * 10 / state.timescale + 5) / 10
        require(rounded <= targetDurationSeconds, "\(name): lasts \(rounded) s")
        state.isOpen = false
        states[end.track] = state
    }
}
