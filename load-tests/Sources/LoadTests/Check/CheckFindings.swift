import Synchronization

/// What a check found, rule by rule; from any thread.
package final class CheckFindings: Sendable {
    package struct Entry: Sendable, Equatable {
        package var passes = 0
        package var failures = 0
        /// The first few.
        package var examples: [String] = []
    }

    package enum Verdict: String, Sendable {
        case pass
        case fail
        case notSeen = "not seen"
    }

    private static let examples = 3
    private let entries = Mutex<[CheckRule: Entry]>([:])

    package init() {}

    /// Takes down whether a rule held; `found` says what was there instead.
    package func check(_ rule: CheckRule, _ holds: Bool, _ found: @autoclosure () -> String) {
        let example = holds ? nil : found()
        entries.withLock { entries in
            if let example {
                entries[rule, default: Entry()].failures += 1
                if entries[rule, default: Entry()].examples.count < Self.examples {
                    entries[rule, default: Entry()].examples.append(example)
                }
            } else {
                entries[rule, default: Entry()].passes += 1
            }
        }
    }

    package func entry(_ rule: CheckRule) -> Entry {
        entries.withLock { $0[rule] } ?? Entry()
    }

    package func verdict(_ rule: CheckRule) -> Verdict {
        let entry = entry(rule)
        return entry.failures > 0 ? .fail : entry.passes > 0 ? .pass : .notSeen
    }

    package var hasFailed: Bool { CheckRule.allCases.contains { verdict($0) == .fail } }

    /// A line for each rule, with examples below those that failed.
    package var table: String {
        CheckRule.allCases.map { rule in
            let entry = entry(rule)
            let verdict = verdict(rule).rawValue
            let space = String(repeating: " ", count: max(1, 9 - verdict.count))
            let times = entry.passes + entry.failures
            let count = times == 0 ? "" : " [\(entry.passes)/\(times)]"
            let examples = entry.examples.map { "             \($0)\n" }.joined()
            return "\(verdict)\(space)\(rule.title)\(count)\n\(examples)"
        }.joined()
    }

    package var json: String {
        let rules = CheckRule.allCases.map { rule in
            let entry = entry(rule)
            let examples = entry.examples.map { "\"\(JSONString.escaped($0))\"" }
            return "{\"rule\":\"\(rule.rawValue)\",\"title\":\"\(JSONString.escaped(rule.title))\","
                + "\"verdict\":\"\(verdict(rule).rawValue)\",\"passes\":\(entry.passes),"
                + "\"failures\":\(entry.failures),\"examples\":[\(examples.joined(separator: ","))]}"
        }
        return "{\"failed\":\(hasFailed),\"rules\":[\n\(rules.joined(separator: ",\n"))\n]}\n"
    }
}
