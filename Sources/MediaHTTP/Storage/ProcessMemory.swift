internal import CLinux

/// How the process treats memory that it no longer needs.
package enum ProcessMemory {
    /// Gives large blocks back to the system when they are freed; to be called once, at the start.
    ///
    /// glibc raises its own threshold with every large block that is freed, and then keeps such
    /// blocks for good. The lane pools the buffers it needs again, so what it frees it has no use for.
    package static func giveBackLargeBlocks() {
        MillraceMapBlocksFrom(512 << 10)
    }
}
