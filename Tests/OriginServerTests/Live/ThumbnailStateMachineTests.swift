import OriginServer
import Testing

struct ThumbnailStateMachineTests {
    private typealias Machine = ThumbnailStateMachine

    @Test func eachStreamHasItsTurnOnceInItsInterval() {
        var machine = Machine(interval: .seconds(5))
        #expect(machine.next(of: ["a", "b"], at: .seconds(1)) == .make("a"))
        machine.worked(at: .seconds(1))
        #expect(machine.next(of: ["a", "b"], at: .seconds(1)) == .wait(.milliseconds(250)))
        #expect(machine.next(of: ["a", "b"], at: .milliseconds(1250)) == .make("b"))
        machine.worked(at: .milliseconds(1250))
        #expect(machine.next(of: ["a", "b"], at: .seconds(2)) == .wait(Machine.Limits.look))
        #expect(machine.next(of: ["a", "b"], at: .seconds(5.5)) == .wait(.milliseconds(500)))
        #expect(machine.next(of: ["a", "b"], at: .seconds(6)) == .make("a"))
    }

    @Test func manyStreamsShareWhatOneProcessMayDo() {
        var machine = Machine(interval: .seconds(5))
        let streams = (0..<200).map { "s\($0)" }
        var made: [String: Int] = [:]
        var now = Duration.zero
        while now < .seconds(100) {
            switch machine.next(of: streams, at: now) {
            case .make(let id):
                made[id, default: 0] += 1
                machine.worked(at: now)
            case .wait(let duration): now += duration
            }
        }
        #expect(made.values.reduce(0, +) == 400)
        // Each as often as any other.
        #expect(Set(made.values) == [2])
        #expect(made.count == 200)
    }

    @Test func aStreamWithoutANewKeyFrameTakesNoTurnOfOthers() {
        var machine = Machine(interval: .seconds(5))
        // Nothing was made for it: the next one is told at once.
        #expect(machine.next(of: ["a", "b"], at: .zero) == .make("a"))
        #expect(machine.next(of: ["a", "b"], at: .zero) == .make("b"))
    }

    @Test func aStreamThatEndsTheDecoderWaitsLonger() {
        var machine = Machine(interval: .seconds(5))
        #expect(machine.next(of: ["a"], at: .zero) == .make("a"))
        machine.worked(at: .zero)
        machine.failed("a", at: .zero)
        #expect(machine.next(of: ["a"], at: .seconds(59.5)) == .wait(.milliseconds(500)))
        #expect(machine.next(of: ["a"], at: .seconds(60)) == .make("a"))
    }

    @Test func aStreamThatHasGoneIsForgotten() {
        var machine = Machine(interval: .seconds(5))
        #expect(machine.next(of: ["a"], at: .zero) == .make("a"))
        #expect(machine.next(of: [], at: .seconds(1)) == .wait(Machine.Limits.look))
        #expect(machine.next(of: ["a"], at: .seconds(2)) == .make("a"))
    }
}
