/// Gives each picture of a run its place in the order of showing, from picture order counts.
///
/// A run goes from one picture that sets the count to 0 to the next; it must be whole before the
/// first of its places is known.
package struct PresentationOrder<Picture> {
    private var run: [(picture: Picture, count: Int32)] = []

    package init() {}

    package var waiting: Int { run.count }

    /// Takes the next picture in decode order.
    ///
    /// - Returns: the run before, where this picture begins another, in decode order.
    package mutating func add(
        _ picture: Picture,
        count: Int32,
        isKey: Bool
    ) -> [(picture: Picture, place: Int)] {
        let finished = isKey && count <= 0 ? end() : []
        run.append((picture, count))
        return finished
    }

    /// The last run, at the end of the file.
    package mutating func end() -> [(picture: Picture, place: Int)] {
        var places = [Int](repeating: 0, count: run.count)
        // Equal counts, which only damage makes, stay in decode order.
        let shown = run.indices.sorted { (run[$0].count, $0) < (run[$1].count, $1) }
        for (place, index) in shown.enumerated() { places[index] = place }
        defer { run.removeAll(keepingCapacity: true) }
        return zip(run, places).map { ($0.picture, $1) }
    }
}
