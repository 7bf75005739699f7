/// Which parts of the live stream exist at a time.
///
/// A function of the clock alone: part `n` exists from `(n + 1)` part durations after the start.
/// The stream begins a window before time 0, so that its playlist is whole at once.
package struct LiveTimeline: Sendable {
    package let options: StandInOptions

    package init(_ options: StandInOptions) {
        self.options = options
    }

    private var partSeconds: Double { options.partSeconds / options.speed }
    private var history: Int { options.windowSegments * options.partsPerSegment }

    /// The first part that does not exist yet, at a time of the clock since the start.
    package func edge(atSeconds seconds: Double) -> PartPosition {
        // A timer that is woken a hair early must find its part.
        position(history + Int((seconds + 0.0005) / partSeconds))
    }

    /// When a part comes to exist, seconds of the clock since the start.
    package func availableAtSeconds(_ position: PartPosition) -> Double {
        Double(index(position) + 1 - history) * partSeconds
    }

    package func index(_ position: PartPosition) -> Int {
        position.number * options.partsPerSegment + position.part
    }

    package func position(_ index: Int) -> PartPosition {
        PartPosition(
            number: index / options.partsPerSegment,
            part: index % options.partsPerSegment
        )
    }
}
