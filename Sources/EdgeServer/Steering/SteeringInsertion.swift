/// Puts steering into playlists and manifests on their way to players.
///
/// Pure, and the same for every viewer, so that the result can be kept. A text that steers already,
/// that has pathways of its own or that is none of its kind comes back as it was.
package struct SteeringInsertion: Hashable, Sendable {
    let configuration: SteeringConfiguration
    /// To be added to the entity tag of a text that was changed: another one for another
    /// configuration, the same in every process.
    package let entityTagSuffix: String

    package init(_ configuration: SteeringConfiguration) {
        self.configuration = configuration
        // FNV-1a, 64 bits, of all that stands in the texts.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in [configuration.own.id]
            + configuration.regions.map({ "\n\($0.id) \($0.baseURL)" })
        {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        entityTagSuffix = "-s" + String(hash, radix: 36)
    }

    var own: SteeringRegion { configuration.own }

    /// The player says with each asking whose playlist it holds: any region can then tell it the
    /// pathways that it lacks.
    func address(_ format: SteeringFormat, isCloned: Bool) -> String {
        format.path + (isCloned ? "?\(SteeringQuery.baseParameter)=\(own.id)" : "")
    }
}
