// Unsafe: asks libc.

internal import Glibc

/// The folder for what outlives the edge.
enum DataFolder {
    /// Makes it and those above it, for this user alone.
    static func make(_ path: String) throws(EdgeError) {
        var made = path.hasPrefix("/") ? "" : "."
        for name in path.split(separator: "/") {
            made += "/" + name
            guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw .dataFolder(path, errno: errno)
            }
        }
    }
}

enum SystemError {
    static func text(_ number: Int32) -> String {
        unsafe String(cString: strerror(number)).lowercased()
    }
}
