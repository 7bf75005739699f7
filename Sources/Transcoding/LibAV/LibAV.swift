// This folder wraps libav: no C type leaves it, and every return code is checked at its call.
// Unsafe pointers are used here because libav hands out nothing else. All of it runs in the child
// process, on one thread.

import CLibAV

/// Checks a return code of libav: 0 or more is fine, anything else becomes a typed error.
///
/// `error` makes the error from libav's own words.
///
/// - Returns: the code.
/// - Throws: what `error` makes.
@discardableResult
func check(_ code: CInt, or error: (String) -> TranscodingError) throws(TranscodingError) -> CInt {
    guard code >= 0 else { throw error(LibAV.text(code)) }
    return code
}

/// What concerns libav as a whole.
enum LibAV {
    /// Sets the limits that hold for the process; called once, before any file is opened.
    ///
    /// - Parameter allocationBytes: no single allocation of libav is larger.
    static func prepare(allocationBytes: Int = ImportLimits.allocationBytes) {
        av_max_alloc(allocationBytes)
        LibAVLog.route()
    }

    /// The reason of a failure: the last thing that libav logged as an error, else the code's text.
    static func text(_ code: CInt) -> String {
        if let logged = LibAVLog.takeLastError() { return logged }
        return unsafe withUnsafeTemporaryAllocation(
            of: CChar.self,
            capacity: Int(AV_ERROR_MAX_STRING_SIZE)
        ) { buffer in
            guard let base = buffer.baseAddress,
                unsafe av_strerror(code, base, buffer.count) == 0
            else {
                return "error \(code)"
            }
            return unsafe String(cString: base)
        }
    }
}
