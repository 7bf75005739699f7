/// Why a configuration is refused; says the key, so that a person can mend it.
package enum ConfigurationError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case notYAML(path: String, reason: String)
    /// A value that its key cannot have.
    case invalid(key: String, value: String, expected: String)
    /// A key that no option has, often a slip of the pen.
    case unknownKey(key: String, nearest: String?)
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the configuration \(path): \(reason)"
        case .notYAML(let path, let reason):
            "\(path) is not valid YAML: \(reason)"
        case .invalid(let key, let value, let expected):
            "\(key): \"\(value)\" is not \(expected)"
        case .unknownKey(let key, let nearest):
            if let nearest {
                "\(key): there is no such option; did you mean \(nearest)?"
            } else {
                "\(key): there is no such option"
            }
        }
    }
}
