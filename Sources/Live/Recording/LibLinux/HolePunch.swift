internal import CLinux

/// Gives the middle of a file back to the system.
enum HolePunch {
    /// Whole pages of the run; what is read there afterwards is zeros.
    ///
    /// - Returns: false where the file system cannot do it.
    static func punch(_ descriptor: Int32, offsetBytes: UInt64, sizeBytes: UInt64) -> Bool {
        MillracePunchHole(descriptor, Int64(offsetBytes), Int64(sizeBytes)) == 0
    }
}
