import EdgeServer

/// Three regions as tests see them.
enum Regions {
    static let texts = [
        "eu https://eu.example.org", "us https://us.example.org preference=2 capacity=2",
        "asia https://asia.example.org/ preference=2",
    ]

    static func configuration(
        own: String = "eu",
        _ texts: [String] = texts,
        ttlSeconds: Int = 60
    ) throws -> SteeringConfiguration {
        try SteeringConfiguration(
            own: own,
            regions: texts.map { text throws(SteeringConfigurationError) in
                try SteeringRegion(text)
            },
            ttlSeconds: ttlSeconds
        )
    }
}
