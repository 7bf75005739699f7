#pragma once

// No feature macros here: they would change structures that other modules see without them.
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/// Reads at an offset only what is in the page cache; -1 with errno EAGAIN where the first byte is not.
/// glibc shows its wrapper to those who define _GNU_SOURCE only, so the call is made by number.
static inline ssize_t MillraceReadResident(int descriptor, void *destination, size_t count, int64_t offset) {
    struct iovec vector = { .iov_base = destination, .iov_len = count };
    // RWF_NOWAIT = 8, <linux/fs.h>; the offset goes as two longs, low one first.
    return syscall(SYS_preadv2, descriptor, &vector, 1UL, (long)offset, 0L, 8);
}

/// What tells one state of a file from another. Times in nanoseconds: Swift has no stable owner for struct timespec.
struct MillraceFileStatus {
    uint64_t sizeBytes;
    uint64_t inode;
    int64_t modificationTimeNanoseconds;
    int64_t changeTimeNanoseconds;
    int isRegularFile;
};

/// fstat; -1 with errno where it fails.
static inline int MillraceGetFileStatus(int descriptor, struct MillraceFileStatus *status) {
    struct stat found;
    if (fstat(descriptor, &found) != 0) {
        return -1;
    }
    status->sizeBytes = (uint64_t)found.st_size;
    status->inode = (uint64_t)found.st_ino;
    status->modificationTimeNanoseconds = found.st_mtim.tv_sec * 1000000000LL + found.st_mtim.tv_nsec;
    status->changeTimeNanoseconds = found.st_ctim.tv_sec * 1000000000LL + found.st_ctim.tv_nsec;
    status->isRegularFile = S_ISREG(found.st_mode);
    return 0;
}

/// Whether every page of a run of bytes is in the page cache, by cachestat (Linux 6.5): 1 or 0; -1 with errno otherwise.
static inline int MillraceIsResident(int descriptor, uint64_t offset, uint64_t count) {
    struct { uint64_t offset, count; } range = { offset, count };
    struct { uint64_t cached, dirty, writeback, evicted, recentlyEvicted; } found = { 0 };
    // SYS_cachestat = 451 on every architecture, <asm-generic/unistd.h>; older headers do not name it.
    if (syscall(451, descriptor, &range, &found, 0) != 0) {
        return -1;
    }
    const uint64_t pageSize = (uint64_t)getpagesize();
    return found.cached == (offset + count - 1) / pageSize - offset / pageSize + 1;
}

/// Makes blocks of this size and more mappings of their own, which go back to the system when they are freed.
static inline void MillraceMapBlocksFrom(int sizeBytes) {
    mallopt(M_MMAP_THRESHOLD, sizeBytes);
}

/// A file in a folder without a name there; -1 with errno where the folder's system has none.
static inline int MillraceCreateNamelessFile(int folder, const char *path) {
    // __O_TMPFILE, <asm-generic/fcntl.h>, which glibc shows to those who define _GNU_SOURCE only.
    return openat(folder, path, 020000000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0600);
}

/// A file of a tmpfs that nobody else sees, in large folios; -1 with errno where the process may mount none.
static inline int MillraceCreateLargeFolioFile(void) {
    // fsopen = 430, fsconfig = 431, fsmount = 432 on every architecture; FSOPEN_CLOEXEC = FSMOUNT_CLOEXEC = 1,
    // FSCONFIG_SET_STRING = 1, FSCONFIG_CMD_CREATE = 6, <linux/mount.h> (Linux 5.2).
    const int context = (int)syscall(430, "tmpfs", 1U);
    if (context < 0) {
        return -1;
    }
    int file = -1;
    // No limit of its own, as a memory file has none; folios as large as what is written.
    if (syscall(431, context, 1U, "size", "0", 0) == 0 && syscall(431, context, 1U, "huge", "within_size", 0) == 0
        && syscall(431, context, 6U, NULL, NULL, 0) == 0) {
        const int mount = (int)syscall(432, context, 1U, 0U);
        if (mount >= 0) {
            file = MillraceCreateNamelessFile(mount, ".");
            close(mount);
        }
    }
    close(context);
    return file;
}

/// A file that is memory and has no name; -1 with errno where there is none to be had.
static inline int MillraceCreateMemoryFile(const char *name) {
    const int file = MillraceCreateLargeFolioFile();
    // MFD_CLOEXEC = 1, <linux/memfd.h>
    return file >= 0 ? file : (int)syscall(SYS_memfd_create, name, 1U);
}

/// Gives whole pages of a file's middle back to the system.
static inline int MillracePunchHole(int descriptor, int64_t offset, int64_t count) {
    // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, <linux/falloc.h>
    return (int)syscall(SYS_fallocate, descriptor, 3, (long)offset, (long)count);
}
