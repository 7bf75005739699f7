import ArgumentParser
import Platform

/// Where a command's configuration comes from.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "YAML file with options; see edge-config/edge.yaml.")
    var config: String?

    /// The file's values below those of the environment.
    func values() throws -> ConfigurationValues {
        let environment = ConfigurationValues.processEnvironment
        guard let config else { return ConfigurationValues(environment: environment) }
        return try ConfigurationValues(path: config, environment: environment)
    }
}
