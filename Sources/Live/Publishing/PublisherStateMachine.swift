/// Who may publish one stream, and whose media is taken.
///
/// There is room for one primary and one backup. The primary's media is taken when it has some; the
/// backup's while there is no primary, or while the primary is frozen. A change happens when the
/// one that comes has something to begin with: a key frame.
package struct PublisherStateMachine: Sendable {
    /// 1-based, counts publishers of all streams.
    package typealias ID = UInt64

    package struct Slot: Hashable, Sendable {
        package var id: ID
        /// Steady microseconds of its newest media, at first of its coming.
        package var mediaAt: Int64
    }

    /// What became of a publisher that came.
    package enum Arrival: Hashable, Sendable {
        case accepted
        /// Another one is to be closed.
        case acceptedInPlaceOf(ID)
        case refused
    }

    /// What is to be done when one has gone.
    package enum Departure: Hashable, Sendable {
        /// Its media was not taken: nothing.
        case nothing
        /// Its media was taken, and another one is here to go on.
        case othersGoOn
        /// Nobody is left: the grace period begins.
        case nobodyLeft
    }

    private let takeover: LiveHubConfiguration.Takeover
    private let frozenMicroseconds: Int64
    package private(set) var primary: Slot?
    package private(set) var backup: Slot?
    /// Whose media is taken.
    package private(set) var active: ID?

    package init(takeover: LiveHubConfiguration.Takeover, frozenMicroseconds: Int64) {
        self.takeover = takeover
        self.frozenMicroseconds = frozenMicroseconds
    }

    /// Nobody publishes.
    package var isEmpty: Bool { primary == nil && backup == nil }

    package mutating func arrive(_ id: ID, _ role: PublishGrant.Role, now: Int64) -> Arrival {
        let present = role == .primary ? primary : backup
        if let present, takeover == .reject, now - present.mediaAt < frozenMicroseconds {
            return .refused
        }
        let slot = Slot(id: id, mediaAt: now)
        if role == .primary { primary = slot } else { backup = slot }
        return present.map { .acceptedInPlaceOf($0.id) } ?? .accepted
    }

    /// One has media from a key frame on: whether it is taken from now on.
    ///
    /// It is told once; whoever was active before finds out by asking `isActive`.
    package mutating func offer(_ id: ID, now: Int64) -> Bool {
        touch(id, now: now)
        guard id != active else { return true }
        let isTaken: Bool
        if id == primary?.id {
            isTaken = true
        } else if id == backup?.id {
            // Also where the primary has only just come, and has no key frame yet; one that was
            // replaced and still sends is gone in a moment, so it is not jumped in for.
            isTaken = active == nil || isFrozen(active, now: now)
        } else {
            isTaken = false
        }
        if isTaken { active = id }
        return isTaken
    }

    /// Media came from it.
    package mutating func touch(_ id: ID, now: Int64) {
        if primary?.id == id { primary?.mediaAt = now }
        if backup?.id == id { backup?.mediaAt = now }
    }

    package mutating func leave(_ id: ID) -> Departure {
        if primary?.id == id { primary = nil }
        if backup?.id == id { backup = nil }
        // One that was replaced before anything of the new one's was taken is still active.
        guard active == id else { return isEmpty && active == nil ? .nobodyLeft : .nothing }
        active = nil
        return isEmpty ? .nobodyLeft : .othersGoOn
    }

    private func isFrozen(_ id: ID?, now: Int64) -> Bool {
        guard let slot = primary?.id == id ? primary : backup, slot.id == id else { return false }
        return now - slot.mediaAt >= frozenMicroseconds
    }
}
