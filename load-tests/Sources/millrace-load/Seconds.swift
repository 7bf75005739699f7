import ArgumentParser

/// A time as people write it: `500ms`, `10s`, `15m`, `2h`; a bare number is seconds.
struct Seconds: ExpressibleByArgument {
    let value: Double

    init(value: Double) {
        self.value = value
    }

    init?(argument: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
        for (unit, factor) in units where argument.hasSuffix(unit) {
            if let number = Double(argument.dropLast(unit.count)), number >= 0, number.isFinite {
                value = number * factor
                return
            }
        }
        return nil
    }

    var defaultValueDescription: String { "\(value) s" }
}

/// `NAME=NUMBER`.
struct NamedNumber: ExpressibleByArgument {
    let name: String
    let number: Double

    init?(argument: String) {
        let halves = argument.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, let number = Double(halves[1]) else { return nil }
        name = String(halves[0])
        self.number = number
    }
}
