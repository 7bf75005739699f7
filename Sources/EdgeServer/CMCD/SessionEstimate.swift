import Synchronization

/// About how many different sessions spoke in the last full minute; from any thread.
///
/// A HyperLogLog of 1,024 registers: 1 KiB for the minute that runs and 1 KiB for the one before,
/// whatever the crowd; its standard error is 3 %. What is added must be a good hash, seeded anew
/// in each process, or a client could choose ids that make it lie.
///
/// Flajolet et al., HyperLogLog, 2007
final class SessionEstimate: Sendable {
    private static let indexBits = 10
    private static let registerCount = 1 << indexBits
    private static let minuteSeconds: Int64 = 60

    private struct State {
        var registers = [UInt8](repeating: 0, count: registerCount)
        var minute: Int64 = .min
        var last = 0.0
    }

    private let state = Mutex(State())

    /// Counts a session in the minute of `second`, which is of a clock that does not go back.
    func add(hash: Int, second: Int64) {
        let bits = UInt64(bitPattern: Int64(hash))
        let index = Int(bits >> UInt64(64 - Self.indexBits))
        // The bit at the end bounds the rank where all others are zero.
        let rest = bits << UInt64(Self.indexBits) | 1 << UInt64(Self.indexBits - 1)
        let rank = UInt8(rest.leadingZeroBitCount + 1)
        state.withLock { state in
            Self.turn(&state, to: second / Self.minuteSeconds)
            if state.registers[index] < rank { state.registers[index] = rank }
        }
    }

    /// Of the last full minute.
    func count(second: Int64) -> Int64 {
        state.withLock { state in
            Self.turn(&state, to: second / Self.minuteSeconds)
            return Int64(state.last.rounded())
        }
    }

    private static func turn(_ state: inout State, to minute: Int64) {
        guard minute > state.minute else { return }
        state.last = minute - 1 == state.minute ? estimate(state.registers) : 0
        state.registers = [UInt8](repeating: 0, count: registerCount)
        state.minute = minute
    }

    private static func estimate(_ registers: [UInt8]) -> Double {
        let count = Double(registerCount)
        var sum = 0.0
        var zeroCount = 0.0
        for register in registers {
            sum += 1 / Double(UInt64(1) << UInt64(register))
            if register == 0 { zeroCount += 1 }
        }
        let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
        // Few sessions leave registers empty, and counting those is more exact.
        guard raw <= 2.5 * count, zeroCount > 0 else { return raw }
        return count * logarithm(count / zeroCount)
    }

    /// The natural one, of numbers from 1 to 1,024, to ten digits: the standard library has none.
    private static func logarithm(_ value: Double) -> Double {
        // value = significand · 2^exponent; ln(significand) = 2 artanh((s - 1) / (s + 1)).
        let ratio = (value.significand - 1) / (value.significand + 1)
        var term = ratio
        var sum = 0.0
        for odd in stride(from: 1, through: 23, by: 2) {
            sum += term / Double(odd)
            term *= ratio * ratio
        }
        return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
    }
}
