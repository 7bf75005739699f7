internal import CLibMemcached
internal import Glibc

/// A handle of libmemcached with its connections: for one thread, which it blocks.
///
/// The text protocol, as it costs no more than the binary one, which memcached has given up, and
/// whose reader in libmemcached trusts every length that a server says. Keys are placed by ketama
/// over the servers that can be reached; one that cannot be connected to is left out, and tried
/// again after a while.
/// What changes a server asks for no answer: libmemcached would read one into its own structure,
/// which has no room for an answer that is too long; see `FencedMemory`.
@safe
final class MemcachedClient {
    let handle: UnsafeMutablePointer<memcached_st>
    let memory: FencedMemory

    /// Connects to nobody yet.
    ///
    /// - Throws: `.malformed` where libmemcached refuses a server or a setting.
    init(
        _ configuration: MemcachedConfiguration,
        pool: ValuePool
    ) throws(MemcachedFailure) {
        guard let handle = unsafe memcached_create(nil) else { throw .malformed }
        let limit = max(
            configuration.sliceSizeBytes + 4 * MemcachedLimits.itemOverheadBytes,
            MemcachedLimits.handleSizeBytes
        )
        let made = unsafe FencedMemory(handle, largestAllocationBytes: limit, pool: pool)
        guard let memory = made else {
            unsafe memcached_free(handle)
            throw .malformed
        }
        unsafe (self.handle, self.memory) = unsafe (handle, memory)
        try setBehaviours(configuration)
        for server in configuration.servers { try add(server) }
    }

    deinit {
        unsafe memory.end(freeing: unsafe handle)
    }

    /// Where a key is placed while all servers can be reached, by place in the configuration.
    func server(for key: [UInt8]) -> Int {
        unsafe key.withUnsafeBytes { bytes in
            Int(
                unsafe memcached_generate_hash(
                    handle,
                    bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    bytes.count
                )
            )
        }
    }

    /// Closes all connections, as what comes next on them is not known.
    func disconnect() {
        unsafe memcached_quit(handle)
    }

    private func setBehaviours(_ configuration: MemcachedConfiguration) throws(MemcachedFailure) {
        let milliseconds = UInt64(configuration.serverTimeout.wholeMilliseconds)
        let seconds = UInt64((configuration.retryAfter.wholeMilliseconds + 999) / 1000)
        let behaviours: [(memcached_behavior_t, UInt64)] = [
            (MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1),
            (MEMCACHED_BEHAVIOR_NOREPLY, 1),
            (MEMCACHED_BEHAVIOR_TCP_NODELAY, 1),
            (MEMCACHED_BEHAVIOR_TCP_KEEPALIVE, 1),
            (MEMCACHED_BEHAVIOR_VERIFY_KEY, 1),
            (MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, milliseconds),
            (MEMCACHED_BEHAVIOR_POLL_TIMEOUT, milliseconds),
            (MEMCACHED_BEHAVIOR_SND_TIMEOUT, milliseconds * 1000),
            (MEMCACHED_BEHAVIOR_RCV_TIMEOUT, milliseconds * 1000),
            // At 2, a server would wait for its second trial before others get its share.
            (MEMCACHED_BEHAVIOR_SERVER_FAILURE_LIMIT, 1),
            (MEMCACHED_BEHAVIOR_REMOVE_FAILED_SERVERS, 1),
            (MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, seconds),
            (MEMCACHED_BEHAVIOR_DEAD_TIMEOUT, seconds),
        ]
        for (behaviour, value) in behaviours {
            guard unsafe memcached_behavior_set(handle, behaviour, value) == MEMCACHED_SUCCESS
            else { throw .malformed }
        }
    }

    private func add(_ server: MemcachedServer) throws(MemcachedFailure) {
        let code =
            switch server {
            case .tcp(let host, let port): unsafe memcached_server_add(handle, host, port)
            case .unix(let path): unsafe memcached_server_add_unix_socket(handle, path)
            }
        guard code == MEMCACHED_SUCCESS else { throw .malformed }
    }
}

extension MemcachedFailure {
    /// Of a code that is neither success nor the absence of a key.
    init(_ code: memcached_return_t) {
        switch code {
        case MEMCACHED_TIMEOUT, MEMCACHED_IN_PROGRESS:
            self = .timedOut
        case MEMCACHED_CONNECTION_FAILURE, MEMCACHED_HOST_LOOKUP_FAILURE, MEMCACHED_ERRNO,
            MEMCACHED_SERVER_MARKED_DEAD, MEMCACHED_SERVER_TEMPORARILY_DISABLED,
            MEMCACHED_NO_SERVERS, MEMCACHED_WRITE_FAILURE, MEMCACHED_FAILURE,
            MEMCACHED_SOME_ERRORS:
            self = .unreachable
        default:
            self = .malformed
        }
    }
}
