/// Why a saved purge log cannot be used.
package enum PurgeLogError: Error, Hashable, Sendable {
    /// The line, counted from 1; the one behind the last where the end is missing.
    case malformed(line: Int)
}

/// A purge log as text: a title, a line for each purge (what, Unix milliseconds, which), the number
/// of them as the end, so that a file that was cut off is noticed.
enum PurgeLogText {
    struct Purge {
        let target: PurgeTarget
        let time: Int64
        let line: Int
    }

    private static let title = "millrace purges 1"
    private static let end = "end"

    static func write(_ purges: [(target: PurgeTarget, time: Int64)]) -> [UInt8] {
        var text = title + "\n"
        for purge in purges {
            switch purge.target {
            case .everything: text += "everything \(purge.time)\n"
            case .tag(let name): text += "tag \(purge.time) \(name)\n"
            case .address(let address): text += "address \(purge.time) \(address)\n"
            case .prefix(let prefix): text += "prefix \(purge.time) \(prefix)\n"
            }
        }
        return Array((text + "\(end) \(purges.count)\n").utf8)
    }

    static func read(_ bytes: [UInt8]) throws(PurgeLogError) -> [Purge] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard lines.first.map({ String(decoding: $0, as: UTF8.self) }) == title else {
            throw .malformed(line: 1)
        }
        // The targets, a log's floor, the title and the end.
        guard lines.count <= PurgeLimits.mostTargets + 3 else {
            throw .malformed(line: lines.count)
        }
        var purges: [Purge] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let words = String(decoding: line, as: UTF8.self)
                .split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count >= 2, let number = Int64(words[1]) else {
                throw .malformed(line: index + 1)
            }
            if words[0] == end {
                guard number == purges.count, index == lines.count - 1, words.count == 2 else {
                    throw .malformed(line: index + 1)
                }
                return purges
            }
            guard let target = target(words) else { throw .malformed(line: index + 1) }
            purges.append(Purge(target: target, time: number, line: index + 1))
        }
        throw .malformed(line: lines.count + 1)
    }

    private static func target(_ words: [Substring]) -> PurgeTarget? {
        if words[0] == "everything" { return words.count == 2 ? .everything : nil }
        guard words.count == 3 else { return nil }
        let text = String(words[2])
        let target: PurgeTarget? =
            switch words[0] {
            case "tag": .tag(text)
            case "address": .address(text)
            case "prefix": .prefix(text)
            default: nil
            }
        return target.flatMap { $0.isUsable ? $0 : nil }
    }
}
