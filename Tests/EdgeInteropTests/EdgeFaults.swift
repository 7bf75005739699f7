import Testing

/// Edges as operators run them, in front of origins that fail; what must hold is in the tests' names.
///
/// One after another: most have something to say about time, and each has processes of its own.
@Suite(.serialized)
enum EdgeFaults {}
