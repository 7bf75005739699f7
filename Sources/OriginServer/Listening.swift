import Glibc
import NIOCore
package import Platform
import ServiceLifecycle

/// Why a listener could not be had, in the words of the configuration.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The option's key: `api.listen`.
    package var option: String
    package var address: ListenAddress
    package var reason: String

    init(option: String, address: ListenAddress, reason: String) {
        self.option = option
        self.address = address
        self.reason = reason
    }

    package var description: String { "\(option): cannot listen on \(address): \(reason)" }

    init(option: String, address: ListenAddress, _ error: any Error) {
        self.option = option
        self.address = address
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE:
            reason = "another program listens there"
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
            reason = "this machine has no such address"
        case let error as IOError:
            reason = unsafe String(cString: strerror(error.errnoCode)).lowercased()
        case is SocketAddressError.UnknownHost:
            reason = "the host name is not known"
        default:
            reason = "\(error)"
        }
    }
}

/// A listener as a service; what fails before it listens is told in the words of its option.
struct Listener<Application: Service>: Service {
    let option: String
    let address: ListenAddress
    let isListening: @Sendable () -> Bool
    let application: Application

    func run() async throws {
        do {
            try await application.run()
        } catch  where !isListening() && !(error is CancellationError) {
            throw ListenError(option: option, address: address, error)
        }
    }
}
