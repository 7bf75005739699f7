extension VideoAssembly {
    /// What the units of one frame are.
    private struct Survey {
        var hasSets = false
        var hasPicture = false
        var isRefresh = false
        var isOpenRefresh = false
        var isSkippedLeading = false
        var isRecoveryPoint = false

        var isSync: Bool { isRefresh || isOpenRefresh }
    }

    private func kind(_ header: UInt8) -> NALUnitKind {
        sets.isHEVC ? .hevc(header) : .avc(header)
    }

    /// An access unit of AVC or HEVC.
    mutating func frameOfNALUnits(
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        _ units: inout NALUnitRanges,
        limit: Int
    ) -> Outcome {
        guard units.find(in: body, range, lengthSize: lengthSize, limit: limit),
            !units.units.isEmpty
        else { return .dropped(.malformed) }
        let survey = survey(body, units)
        isAtRecoveryPoint = survey.isRecoveryPoint
        var setsToStrip = false
        if survey.hasSets || (survey.isSync && waitingSets != nil) {
            guard takeSets(body, units, survey, &setsToStrip) else {
                return .dropped(.invalidConfiguration)
            }
        }
        guard survey.hasPicture else { return survey.hasSets ? .nothing : .dropped(.malformed) }
        guard entry != nil else { return .dropped(.noConfiguration) }
        if survey.isSync {
            // Leading pictures of the first one refer to what nobody has.
            skipsLeading = waitsForSync && survey.isOpenRefresh
            waitsForSync = false
        }
        guard !waitsForSync else { return .dropped(.beforeKeyFrame) }
        if skipsLeading, survey.isSkippedLeading { return .dropped(.leadingPicture) }
        guard units.isByteStream || setsToStrip else {
            return .frame(Bytes.copy(body, range), isSync: survey.isSync)
        }
        return .frame(assemble(body, units, strip: setsToStrip), isSync: survey.isSync)
    }

    private func survey(_ body: Span<UInt8>, _ units: NALUnitRanges) -> Survey {
        var survey = Survey()
        for unit in units.units {
            switch kind(body[unit.lowerBound]) {
            case .parameterSet: survey.hasSets = true
            case .refresh: (survey.hasPicture, survey.isRefresh) = (true, true)
            case .openRefresh: (survey.hasPicture, survey.isOpenRefresh) = (true, true)
            case .skippedLeading: (survey.hasPicture, survey.isSkippedLeading) = (true, true)
            case .picture: survey.hasPicture = true
            case .supplemental:
                let isFound = RecoveryPoint.isIn(body, unit, headerCount: sets.isHEVC ? 2 : 1)
                survey.isRecoveryPoint = survey.isRecoveryPoint || isFound
            case .other: break
            }
        }
        return survey
    }

    /// Takes the sets of a frame that decoding starts at, and those waiting for one.
    ///
    /// Sets that others refer to in mid-GOP stay in their frame: a new entry starts at a key frame.
    ///
    /// - Returns: false where they cannot be.
    private mutating func takeSets(
        _ body: Span<UInt8>,
        _ units: NALUnitRanges,
        _ survey: Survey,
        _ setsToStrip: inout Bool
    ) -> Bool {
        var found = ParameterSets(isHEVC: sets.isHEVC)
        var areKnown = true
        for unit in units.units {
            guard case .parameterSet(let kind) = kind(body[unit.lowerBound]) else { continue }
            let bytes = Bytes.copy(body, unit)
            areKnown = areKnown && sets.contains(bytes, kind: kind)
            found.sets[kind].append(bytes)
        }
        if !survey.hasPicture {
            var waiting = waitingSets ?? ParameterSets(isHEVC: sets.isHEVC)
            waiting.replace(with: found)
            guard waiting.isPossible else { return false }
            waitingSets = waiting
            return true
        }
        guard survey.isSync else {
            setsToStrip = areKnown && entry != nil
            return true
        }
        var next = sets
        if let waitingSets {
            next.replace(with: waitingSets)
            self.waitingSets = nil
        }
        if !areKnown { next.replace(with: found) }
        setsToStrip = survey.hasSets
        guard next != sets || entry == nil else { return true }
        guard let record = next.record(lengthSize: lengthSize) else { return entry != nil }
        let picture =
            sets.isHEVC
            ? HEVCSequenceParameterSet(next.sets[1][0])?.picture
            : AVCSequenceParameterSet(next.sets[1][0])?.picture
        guard let picture, update(picture, record) else { return false }
        sets = next
        return true
    }

    /// The units behind lengths, without sets that the entry has.
    private func assemble(_ body: Span<UInt8>, _ units: NALUnitRanges, strip: Bool) -> [UInt8] {
        func isKept(_ unit: Range<Int>) -> Bool {
            guard strip, case .parameterSet = kind(body[unit.lowerBound]) else { return true }
            return false
        }
        var size = 0
        for unit in units.units where isKept(unit) { size += lengthSize + unit.count }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        for unit in units.units where isKept(unit) {
            for shift in stride(from: 8 * (lengthSize - 1), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: unit.count >> shift))
            }
            Bytes.append(body, unit, to: &bytes)
        }
        return bytes
    }
}
