/// Viewers who ask for one address after another on connections that they keep, and look at every
/// byte.
struct Crowd: Sendable {
    struct Result: Sendable {
        var answers = 0
        /// The first of each viewer's.
        var faults: [String] = []
    }

    let count: Int
    let port: Int
    let paths: [String]
    let expected: @Sendable (String) -> [UInt8]

    init(
        of count: Int,
        on port: Int,
        paths: [String],
        expected: @escaping @Sendable (String) -> [UInt8]
    ) {
        self.count = count
        self.port = port
        self.paths = paths
        self.expected = expected
    }

    /// Goes on until that is so.
    func run(until isOver: @escaping @Sendable () -> Bool) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for index in 0..<count {
                group.addTask { try await view(from: index, until: isOver) }
            }
            var sum = Result()
            for try await result in group {
                sum.answers += result.answers
                sum.faults += result.faults
            }
            return sum
        }
    }

    private func view(from start: Int, until isOver: () -> Bool) async throws -> Result {
        var result = Result()
        let viewer = try await Viewer.connect(to: port)
        var index = start
        while !isOver() {
            let path = paths[index % paths.count]
            index += 1
            do {
                let reply = try await viewer.get(path)
                result.answers += 1
                guard reply.status == 200, reply.isWhole, reply.body == expected(path) else {
                    result.faults = ["\(path): \(reply.status), \(reply.body.count) bytes"]
                    break
                }
            } catch {
                result.faults = ["\(path): \(error) after \(result.answers) answers"]
                break
            }
        }
        await viewer.close()
        return result
    }
}
