import Foundation
import FoundationNetworking
import Platform
import Synchronization

/// Takes answers as they come in, and lets go of one that is larger than it may be.
final class WebhookReader: NSObject, URLSessionDataDelegate, Sendable {
    private let readings = Mutex<[Int: WebhookReading]>([:])

    /// Starts a task.
    ///
    /// - Returns: what it comes to.
    func begin(_ task: URLSessionDataTask) -> WebhookReading {
        let reading = WebhookReading()
        readings.withLock { $0[task.taskIdentifier] = reading }
        task.resume()
        return reading
    }

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive data: Data
    ) {
        let reading = readings.withLock { $0[dataTask.taskIdentifier] }
        if reading?.take(data) == false { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didCompleteWithError error: (any Error)?
    ) {
        let reading = readings.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        reading?.end(task.response, error)
    }
}

/// What one task comes to, for the thread that waits.
final class WebhookReading: Sendable {
    private struct State {
        var body: [UInt8] = []
        var isTooLarge = false
        var result: Result<Webhook.Answer, Webhook.Failure>?
    }

    private let state = Mutex(State())
    private let done = DispatchSemaphore(value: 0)

    /// Takes bytes of the answer.
    ///
    /// - Returns: false where it is more than an answer may be.
    fileprivate func take(_ data: Data) -> Bool {
        state.withLock { state in
            guard state.body.count + data.count <= Webhook.answerLimitBytes else {
                state.isTooLarge = true
                state.body = []
                return false
            }
            state.body += data
            return !state.isTooLarge
        }
    }

    fileprivate func end(_ response: URLResponse?, _ error: (any Error)?) {
        state.withLock { state in
            if state.isTooLarge {
                state.result = .failure(.tooLarge)
            } else if error == nil, let response = response as? HTTPURLResponse {
                let answer = Webhook.Answer(status: response.statusCode, body: state.body)
                state.result = .success(answer)
            } else {
                let reason = error.map { $0.localizedDescription } ?? "no answer"
                state.result = .failure(.unreachable(reason))
            }
        }
        done.signal()
    }

    /// Waits for the end; nil where that does not come in time.
    func wait(for time: Duration) -> Result<Webhook.Answer, Webhook.Failure>? {
        let limit = DispatchTime.now() + .milliseconds(Int(max(0, time.milliseconds)))
        guard done.wait(timeout: limit) == .success else { return nil }
        return state.withLock { $0.result }
    }
}
