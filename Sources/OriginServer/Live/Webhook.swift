import Cryptography
import Foundation
import FoundationNetworking
import Platform

/// Posts JSON to an operator's address, signed, with a time limit and retries.
///
/// Blocks the calling thread: publishers' threads and a queue of its own call it, never an event
/// loop. Secrets and keys never come into logs.
package final class Webhook: Sendable {
    private let url: URL
    private let secret: [UInt8]
    private let timeout: Duration
    private let session: URLSession
    private let reader = WebhookReader()

    /// What the other side answered.
    package struct Answer: Sendable {
        package var status: Int
        package var body: [UInt8]
    }

    package enum Failure: Error, Hashable, Sendable {
        case badURL(String)
        case unreachable(String)
        /// The answer is larger than `answerLimitBytes`.
        case tooLarge
    }

    /// An answer that says who may publish is a line.
    static let answerLimitBytes = 64 << 10
    /// A post is tried so often, where the other side cannot be reached or has a fault of its own.
    static let tryCount = 3
    static let firstPause = Duration.milliseconds(100)

    package init(url text: String, secret: String, timeout: Duration) throws(Failure) {
        guard let url = URL(string: text), url.host != nil else { throw .badURL(text) }
        self.url = url
        self.secret = Array(secret.utf8)
        self.timeout = timeout
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Double(timeout.milliseconds) / 1000
        configuration.httpMaximumConnectionsPerHost = 16
        configuration.httpShouldSetCookies = false
        session = URLSession(configuration: configuration, delegate: reader, delegateQueue: nil)
    }

    deinit {
        // It holds its delegate until it is told so.
        session.invalidateAndCancel()
    }

    /// Posts until there is an answer below 500, at most `tryCount` times within the time limit.
    package func post(_ json: String) throws -> Answer {
        let end = ContinuousClock.now + timeout
        var pause = Self.firstPause
        var tries = 1
        while true {
            let outcome = Result { try postOnce(json, until: end) }
            if case .success(let answer) = outcome, answer.status < 500 { return answer }
            // It would be no smaller the next time.
            if case .failure(Failure.tooLarge) = outcome { throw Failure.tooLarge }
            guard tries < Self.tryCount, ContinuousClock.now + pause < end else {
                return try outcome.get()
            }
            Thread.sleep(forTimeInterval: Double(pause.milliseconds) / 1000)
            pause *= 2
            tries += 1
        }
    }

    private func postOnce(_ json: String, until end: ContinuousClock.Instant) throws -> Answer {
        let body = Array(json.utf8)
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if !secret.isEmpty {
            let code = try HMACSHA256(key: secret).code(of: body.span, then: [UInt8]().span)
            request.setValue(code.hexadecimal, forHTTPHeaderField: "X-Millrace-Signature")
        }
        let task = session.dataTask(with: request)
        let reading = reader.begin(task)
        guard let result = reading.wait(for: end - ContinuousClock.now) else {
            task.cancel()
            throw Failure.unreachable("no answer within \(timeout)")
        }
        return try result.get()
    }
}

extension Digest256 {
    fileprivate var hexadecimal: String {
        var text = ""
        for index in bytes.indices {
            let byte = bytes[index]
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
