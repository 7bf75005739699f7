import Foundation
import Yams

/// The values of a configuration by dotted key, before any meaning is given to them.
///
/// Three layers, the later the stronger: a YAML file, environment variables
/// (`media.listen` is `MILLRACE_MEDIA_LISTEN`), and options of the command line.
package struct ConfigurationValues: Sendable {
    private var values: [String: String] = [:]
    private var environment: [String: String]
    /// Keys that a reader asked for; what stands in the file beyond them is refused.
    private var known: Set<String> = []

    /// The variables that this process was started with.
    package static var processEnvironment: [String: String] {
        ProcessInfo.processInfo.environment
    }

    /// Values from environment variables alone.
    package init(environment: [String: String]) {
        self.environment = environment
    }

    /// Reads the YAML file at `path` below the environment's values.
    package init(path: String, environment: [String: String]) throws(ConfigurationError) {
        self.init(environment: environment)
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw .unreadable(path: path, reason: Self.reason(error, path: path))
        }
        try add(yaml: text, path: path)
    }

    private static func reason(_ error: any Error, path: String) -> String {
        var isFolder: ObjCBool = false
        if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        {
            return "it is a folder"
        }
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return "there is no such file"
        case .fileReadNoPermission: return "permission denied"
        case .fileReadCorruptFile, .fileReadInapplicableStringEncoding: return "it is not UTF-8"
        default: return error.localizedDescription
        }
    }

    /// Adds the mappings of a YAML document; nested keys are joined by dots.
    package mutating func add(yaml: String, path: String) throws(ConfigurationError) {
        let document: Node?
        do {
            document = try Yams.compose(yaml: yaml)
        } catch {
            throw .notYAML(path: path, reason: "\(error)")
        }
        guard let document else { return }
        if document.scalar?.string.isEmpty == true { return }
        guard document.mapping != nil else {
            throw .notYAML(path: path, reason: "the top level must be keys and values")
        }
        try flatten(document, prefix: "")
    }

    /// Sets a value as an option of the command line does.
    package mutating func override(_ key: String, _ value: String?) {
        guard let value else { return }
        values[key] = value
        environment[Self.environmentName(key)] = nil
    }

    /// The text of a key, and a note that the key exists.
    package mutating func text(_ key: String) -> String? {
        known.insert(key)
        return environment[Self.environmentName(key)] ?? values[key]
    }

    /// Refuses keys that nobody asked for.
    ///
    /// To be called after all options were read.
    package func refuseUnknownKeys() throws(ConfigurationError) {
        for key in values.keys.sorted() where !known.contains(key) {
            let nearest = known.sorted().min { distance($0, key) < distance($1, key) }
            let isNear = nearest.map { distance($0, key) <= 3 } ?? false
            throw .unknownKey(key: key, nearest: isNear ? nearest : nil)
        }
    }

    /// All keys that were asked for so far, sorted.
    package var knownKeys: [String] { known.sorted() }

    package static func environmentName(_ key: String) -> String {
        "MILLRACE_" + key.uppercased().replacing(".", with: "_")
    }

    private mutating func flatten(_ node: Node, prefix: String) throws(ConfigurationError) {
        guard let mapping = node.mapping else { return }
        for (keyNode, value) in mapping {
            let key = prefix + (keyNode.string ?? "")
            switch value {
            case .mapping:
                try flatten(value, prefix: key + ".")
            case .scalar(let scalar):
                // An empty value is the key left at its default.
                if !scalar.string.isEmpty { values[key] = scalar.string }
            case .sequence(let sequence):
                values[key] = sequence.compactMap(\.string).joined(separator: ",")
            case .alias:
                throw .invalid(key: key, value: "*", expected: "a plain value")
            }
        }
    }

    /// Levenshtein's distance, for "did you mean".
    private func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substitution = diagonal + (right[j] == character ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
