import Foundation
package import Live
package import Logging
import Platform
import Segmenting

/// Asks an operator's address who may publish.
///
/// Posts `{"event":"publish","key":…,"application":…,"query":…,"address":…,"encoder":…,"secure":…}`;
/// 200 with `{"stream":"id"}`, optionally `"backup":true`, is yes; anything below 500 is no. Where
/// it cannot be reached nobody new publishes: `unavailable`, so that encoders try again.
package struct WebhookAuthority: PublishAuthority {
    private let webhook: Webhook
    private let logger: Logger

    package init(webhook: Webhook, logger: Logger) {
        self.webhook = webhook
        self.logger = logger
    }

    private struct Verdict: Decodable {
        var stream: String
        var backup: Bool?
    }

    package func decide(_ attempt: PublishAttempt) -> Result<PublishGrant, PublishRefusal> {
        let quote = JSONText.quoted
        let json =
            "{\"event\":\"publish\",\"key\":\(quote(attempt.key)),"
            + "\"application\":\(quote(attempt.application)),\"query\":\(quote(attempt.query)),"
            + "\"address\":\(quote(attempt.clientAddress)),"
            + "\"encoder\":\(quote(attempt.encoder)),\"secure\":\(attempt.isSecure)}"
        let answer: Webhook.Answer
        do {
            answer = try webhook.post(json)
        } catch {
            logger.error(
                "the webhook cannot be asked who may publish",
                metadata: ["error": "\(error)", "address": "\(attempt.clientAddress)"]
            )
            return .failure(.unavailable("the key cannot be checked now; try again"))
        }
        guard answer.status < 500 else {
            logger.error(
                "the webhook failed when asked who may publish",
                metadata: ["status": "\(answer.status)"]
            )
            return .failure(.unavailable("the key cannot be checked now; try again"))
        }
        guard answer.status == 200 else { return .failure(.unknownKey) }
        guard
            let verdict = try? JSONDecoder().decode(Verdict.self, from: Data(answer.body)),
            LiveAddress.isStreamID(verdict.stream)
        else {
            logger.error("the webhook's answer names no stream that can be")
            return .failure(.unavailable("the key cannot be checked now; try again"))
        }
        let role: PublishGrant.Role = verdict.backup == true ? .backup : .primary
        return .success(PublishGrant(streamID: verdict.stream, role: role))
    }
}
