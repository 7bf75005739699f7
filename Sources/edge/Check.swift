import ArgumentParser
import EdgeServer
import Platform

/// `edge check`: says whether a configuration is fit to start with.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates a configuration; exits 0, or names the key that is wrong."
    )

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        do {
            var values = try options.values()
            try EdgeConfiguration(&values).check()
        } catch let error as ConfigurationError {
            throw ValidationError("\(error)")
        }
    }
}
