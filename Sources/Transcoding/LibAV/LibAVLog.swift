import CLibAV
import Synchronization

/// Takes libav's log away from stderr and keeps its last error, which says more than its codes.
///
/// The state is the process's because libav's callback is: it carries no context.
enum LibAVLog {
    private static let lastError = Mutex<String?>(nil)
    private static let lineBytes = 400

    static func route() {
        unsafe av_log_set_callback { source, level, format, arguments in
            guard level <= AV_LOG_ERROR, let format = unsafe format,
                let arguments = unsafe arguments
            else { return }
            unsafe LibAVLog.keep(source, level, format, arguments)
        }
    }

    /// The last error since the previous call.
    static func takeLastError() -> String? {
        lastError.withLock { line in
            defer { line = nil }
            return line
        }
    }

    private static func keep(
        _ source: UnsafeMutableRawPointer?,
        _ level: CInt,
        _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer
    ) {
        var printsPrefix: CInt = 0
        let line = unsafe withUnsafeTemporaryAllocation(
            of: CChar.self,
            capacity: lineBytes
        ) { buffer -> String in
            guard let base = buffer.baseAddress else { return "" }
            unsafe av_log_format_line(
                source,
                level,
                format,
                arguments,
                base,
                CInt(lineBytes),
                &printsPrefix
            )
            return unsafe String(cString: base)
        }
        // A file's bytes can stand in the line: keep what a terminal shows harmlessly.
        let clean = String(line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
        guard !clean.isEmpty else { return }
        lastError.withLock { $0 = clean }
    }
}
