package import MediaHTTP

/// What tells whether a file is still the one that was read.
///
/// Same size, modification and change time and inode: a file that was replaced by rename has
/// another inode, and one that was written in place another change time.
package struct FileIdentity: Hashable, Sendable {
    package var sizeBytes: UInt64
    package var modifiedNanoseconds: Int64
    package var changedNanoseconds: Int64
    package var inode: UInt64

    package init(
        sizeBytes: UInt64,
        modifiedNanoseconds: Int64,
        changedNanoseconds: Int64,
        inode: UInt64
    ) {
        self.sizeBytes = sizeBytes
        self.modifiedNanoseconds = modifiedNanoseconds
        self.changedNanoseconds = changedNanoseconds
        self.inode = inode
    }
}

extension FileIdentity {
    package init(_ identity: StoredFile.Identity) {
        self.init(
            sizeBytes: identity.sizeBytes,
            modifiedNanoseconds: identity.modificationTimeNanoseconds,
            changedNanoseconds: identity.changeTimeNanoseconds,
            inode: identity.inode
        )
    }
}
