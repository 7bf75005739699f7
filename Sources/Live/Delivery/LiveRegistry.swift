/// Knows which origin has which stream, where there are several.
package protocol LiveRegistry: Sendable {
    /// The base address of the other origin that has it, such as `https://origin-2.example.net`
    /// without a slash at its end; nil where none does.
    ///
    /// On event loops: answers from memory.
    func owner(of streamID: String) -> String?

    /// This origin has it from now on. From any thread, without waiting.
    func claim(_ streamID: String)

    /// It does no longer, if nobody else has claimed it meanwhile. Likewise.
    func release(_ streamID: String)
}
