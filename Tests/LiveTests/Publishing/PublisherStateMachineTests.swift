import Live
import Testing

struct PublisherStateMachineTests {
    /// Lets expectations call what changes it.
    private final class Machine {
        private var machine: PublisherStateMachine

        init(_ takeover: LiveHubConfiguration.Takeover) {
            machine = PublisherStateMachine(takeover: takeover, frozenMicroseconds: 3_000_000)
        }

        var isEmpty: Bool { machine.isEmpty }
        var active: PublisherStateMachine.ID? { machine.active }

        func arrive(
            _ id: PublisherStateMachine.ID,
            _ role: PublishGrant.Role,
            now: Int64
        ) -> PublisherStateMachine.Arrival {
            machine.arrive(id, role, now: now)
        }

        func offer(_ id: PublisherStateMachine.ID, now: Int64) -> Bool {
            machine.offer(id, now: now)
        }

        func touch(_ id: PublisherStateMachine.ID, now: Int64) {
            machine.touch(id, now: now)
        }

        func leave(_ id: PublisherStateMachine.ID) -> PublisherStateMachine.Departure {
            machine.leave(id)
        }
    }

    private func machine(_ takeover: LiveHubConfiguration.Takeover = .replace) -> Machine {
        Machine(takeover)
    }

    @Test func thePrimarysMediaIsTaken() {
        let machine = machine()
        #expect(machine.arrive(1, .primary, now: 0) == .accepted)
        #expect(machine.offer(1, now: 1))
        #expect(machine.leave(1) == .nobodyLeft)
        #expect(machine.isEmpty)
    }

    @Test func anotherOneOfTheSameRoleReplaces() {
        let machine = machine()
        _ = machine.arrive(1, .primary, now: 0)
        #expect(machine.offer(1, now: 1))
        #expect(machine.arrive(2, .primary, now: 2) == .acceptedInPlaceOf(1))
        #expect(machine.active == 1)
        #expect(machine.offer(2, now: 3))
        #expect(!machine.offer(1, now: 4))
        #expect(machine.leave(1) == .nothing)
        #expect(machine.leave(2) == .nobodyLeft)
    }

    @Test func oneThatWasReplacedMayLeaveLast() {
        let machine = machine()
        _ = machine.arrive(1, .primary, now: 0)
        #expect(machine.offer(1, now: 1))
        _ = machine.arrive(2, .primary, now: 2)
        #expect(machine.leave(2) == .nothing)
        #expect(machine.leave(1) == .nobodyLeft)
    }

    @Test func theBackupWaitsWhileThePrimarySends() {
        let machine = machine()
        _ = machine.arrive(1, .primary, now: 0)
        #expect(machine.arrive(2, .backup, now: 0) == .accepted)
        #expect(machine.offer(2, now: 1))
        #expect(machine.offer(1, now: 2))
        #expect(!machine.offer(2, now: 3))
        machine.touch(1, now: 2_000_000)
        #expect(!machine.offer(2, now: 4_000_000))
        #expect(machine.offer(2, now: 5_000_000))
        #expect(machine.leave(2) == .othersGoOn)
        #expect(machine.offer(1, now: 6_000_000))
    }

    @Test func aFrozenOneIsReplacedWhereOthersAreRefused() {
        let machine = machine(.reject)
        _ = machine.arrive(1, .primary, now: 0)
        #expect(machine.arrive(2, .primary, now: 2_999_999) == .refused)
        #expect(machine.arrive(3, .primary, now: 3_000_000) == .acceptedInPlaceOf(1))
    }

    @Test func leavingWithoutMediaIsLeaving() {
        let machine = machine()
        _ = machine.arrive(1, .primary, now: 0)
        #expect(machine.leave(1) == .nobodyLeft)
    }
}
