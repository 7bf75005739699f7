/// How the memcached of this edge alone is run.
package struct PrivateMemcachedConfiguration: Hashable, Sendable {
    /// Values that do not fit into memory.
    package struct Flash: Hashable, Sendable {
        /// A file on a fast disk, made where it is missing, of `sizeGigabytes` from the start.
        package var path: String
        package var sizeGigabytes: Int

        package init(path: String, sizeGigabytes: Int) {
            self.path = path
            self.sizeGigabytes = sizeGigabytes
        }
    }

    /// Holds the socket, for this user alone; one edge per folder.
    package var folder: String
    package var sizeMegabytes = 1024
    /// The largest value; most objects then are one slice.
    package var itemLimitMegabytes = 8
    package var threadCount = 2
    package var connectionLimit = 256
    package var flash: Flash?
    /// A name to be found by the PATH, or a path.
    package var program = "memcached"
    /// For a server that starts or ends.
    package var limit = Duration.seconds(5)

    package init(folder: String) {
        self.folder = folder
    }

    package var socketPath: String { "\(folder)/memcached.sock" }

    /// What a slice may have, so that it fits the item limit.
    package var sliceSizeBytes: Int {
        (itemLimitMegabytes << 20) - MemcachedLimits.itemOverheadBytes
    }

    func validate() throws(PrivateMemcachedError) {
        guard socketPath.utf8.count <= MemcachedLimits.socketPathSizeBytes else {
            throw .socketPathTooLong(socketPath, limitBytes: MemcachedLimits.socketPathSizeBytes)
        }
        // memcached takes no item limit of more than half of its memory.
        guard (1...128).contains(itemLimitMegabytes), sizeMegabytes >= 2 * itemLimitMegabytes,
            sizeMegabytes <= 16 << 20
        else { throw .badSize(megabytes: sizeMegabytes, itemLimitMegabytes: itemLimitMegabytes) }
        guard let flash else { return }
        guard flash.path.hasPrefix("/"), !flash.path.contains(where: { ",: ".contains($0) }),
            flash.sizeGigabytes >= 1
        else { throw .badFlash(path: flash.path, gigabytes: flash.sizeGigabytes) }
    }

    /// The arguments that it is started with, and recognised by.
    func arguments(user: String?) -> [String] {
        var words = [
            "-d", "-s", socketPath, "-a", "600", "-m", "\(sizeMegabytes)",
            "-I", "\(itemLimitMegabytes)m", "-t", "\(threadCount)", "-c", "\(connectionLimit)",
        ]
        if let flash {
            // A value that is moved to flash must fit one of its write buffers.
            let buffer = max(8, 2 * itemLimitMegabytes)
            words += [
                "-o",
                // The size of pages has to stand before the path.
                "ext_page_size=\(max(64, 4 * buffer)),ext_wbuf_size=\(buffer),"
                    + "ext_path=\(flash.path):\(flash.sizeGigabytes)G",
            ]
        }
        if let user { words += ["-u", user] }
        return words
    }
}

package enum PrivateMemcachedError: Error, Hashable, Sendable {
    /// Choose a folder with a shorter path: the kernel takes no longer one for a socket.
    case socketPathTooLong(String, limitBytes: Int)
    /// The item limit is 1 to 128 MB and at most half of the size.
    case badSize(megabytes: Int, itemLimitMegabytes: Int)
    /// An absolute path without colons, commas and spaces, and at least 1 GB.
    case badFlash(path: String, gigabytes: Int)
    case cannotUseFolder(String, errno: Int32)
    /// Another edge is starting or ending a server here, and does not come to an end.
    case busy(String)
    case cannotStart(program: String, errno: Int32)
    /// It was started and does not answer: `memcached` with these arguments in a terminal says why.
    case doesNotAnswer(arguments: [String])
    /// Something else listens there.
    case socketInUse(String, pid: Int32)
    case doesNotEnd(pid: Int32)
}
