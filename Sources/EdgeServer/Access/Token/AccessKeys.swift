package import Cryptography

/// A secret that signs tokens.
package struct AccessKey: Sendable {
    /// Named in each token; so that a new key can stand beside the old one.
    package let id: UInt8
    /// Unix seconds after which its tokens open nothing, however late they expire themselves.
    package let notAfter: Int64?
    let code: HMACSHA256

    /// - Throws: `AccessKeyError.secretTooShort`; `.unavailable` where libcrypto has no HMAC.
    package init(
        id: UInt8,
        secret: [UInt8],
        notAfter: Int64? = nil
    ) throws(AccessKeyError) {
        guard secret.count >= AccessLimits.secretSizeBytes else {
            throw .secretTooShort(id: id, sizeBytes: secret.count)
        }
        do throws(CryptographyError) {
            code = try HMACSHA256(key: secret)
        } catch {
            throw .unavailable(error)
        }
        self.id = id
        self.notAfter = notAfter
    }
}

package enum AccessKeyError: Error, Hashable, Sendable {
    case secretTooShort(id: UInt8, sizeBytes: Int)
    case repeatedID(UInt8)
    case unavailable(CryptographyError)
}

/// The keys that are valid side by side.
///
/// Keys are changed in three steps, each a reload: add the new key everywhere; sign with it; give the
/// old one a `notAfter`, or remove it, once its last token has expired.
package struct AccessKeys: Sendable {
    private var byID: [UInt8: AccessKey] = [:]

    /// - Throws: `AccessKeyError.repeatedID`.
    package init(_ keys: [AccessKey]) throws(AccessKeyError) {
        for key in keys {
            guard byID.updateValue(key, forKey: key.id) == nil else { throw .repeatedID(key.id) }
        }
    }

    package var isEmpty: Bool { byID.isEmpty }

    package subscript(id: UInt8) -> AccessKey? { byID[id] }
}
