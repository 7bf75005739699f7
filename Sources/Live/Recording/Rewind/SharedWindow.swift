import MediaHTTP
import Segmenting
import Synchronization

/// A stream's window and the texts made of it; the writer changes it, all others look.
///
/// Everything under the lock is memory only. A text is made at most once per change, by whoever
/// asks first, and shared by those who ask behind.
final class SharedWindow: Sendable {
    struct State: Sendable {
        var window: RewindWindow
        var playlists: [LiveTrackID: CompressibleText] = [:]
        var multivariant: CompressibleText?
        /// Whether the texts say that nothing more will come.
        var isTextEnded = false
        /// When the newest publish ended; nil while one goes on.
        var endedAt: Int64?
    }

    private let state: Mutex<State>

    init(windowMicroseconds: Int64, endedAt: Int64) {
        var state = State(window: RewindWindow(windowMicroseconds: windowMicroseconds))
        state.endedAt = endedAt
        self.state = Mutex(state)
    }

    /// Changes the window; texts made before are of no use any more.
    func change<Value: Sendable>(_ work: (inout RewindWindow) -> Value) -> Value {
        state.withLock { state in
            state.playlists.removeAll(keepingCapacity: true)
            state.multivariant = nil
            return work(&state.window)
        }
    }

    /// Changes the window where no text shows it: a part of an open segment.
    func note(_ work: (inout RewindWindow) -> Void) {
        state.withLock { work(&$0.window) }
    }

    func read<Value: Sendable>(_ work: (RewindWindow) -> Value) -> Value {
        state.withLock { work($0.window) }
    }

    func withTexts<Value: Sendable>(_ work: (inout State) -> Value) -> Value {
        state.withLock { work(&$0) }
    }
}
