import Testing

/// Real encoders into a real origin, real players and the rule checker at it and at a real edge.
///
/// Encoders and players come one after the other each, beside one another: what pushes and what
/// plays needs the machine's time to keep the clock's. All share one broadcast, see `Broadcast`.
@Suite(.broadcast)
struct LiveInteropTests {
    @Suite(.serialized)
    struct Encoders {}

    @Suite(.serialized)
    struct Players {}
}
